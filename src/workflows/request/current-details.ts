import type { Candidate, Owner, Question, UnconfirmedConnection } from '../../contract/types';
import { leftBehind } from './confirming-step';
import { isReplacement } from './recreate-step';
import { isClosed, questionOf } from './request-state';
import type { RequestState } from './request-state';
import { minuteOf } from '../minute-of';

/**
 * A request in plain words, for whoever looks at it in Temporal's UI: "Waiting for u_42 to connect hubspot since …", or
 * "Waiting for u_42 to grant hubspot more scopes since …" and which.
 */
export function currentDetails(state: RequestState): string {
  const { subject, reminders, found, decision, unwritten } = state;
  const what = `${subject.integration}${subject.slot === undefined ? '' : ` (${subject.slot})`}`;
  const question = questionOf(state);
  const lacking =
    unwritten && `Not put back, since the key lacks environment:connections:update: ${unwritten.join(', ')}.`;
  if (question === undefined) {
    const left = isClosed(state) && state.status !== 'connected' ? (leftBehind(state) ?? []) : [];
    return [endedText(state, what), ...left.map(unconfirmedText), lacking].filter(Boolean).join('\n');
  }
  const toDo =
    question.kind === 'choose-connection'
      ? `somebody to choose between the ${what} connections of ${nameOf(subject.owner)}`
      : `${nameOf(subject.owner)} to ${TO_DO[question.kind](what)}`;
  const lines = [
    `Waiting for ${toDo} since ${minuteOf(question.since)}${reminded(reminders)}.`,
    `Until ${minuteOf(question.deadline)}.`,
  ];
  if (question.kind !== 'reconnect' && question.scopes !== undefined) {
    const { granted, missing, toRequest, more = {} } = question.scopes;
    lines.push(`Granted: ${listOf(granted, more.granted)}. Missing: ${listOf(missing, more.missing)}.`);
    if (toRequest !== undefined) {
      lines.push(`The integration is to request: ${listOf(toRequest, more.toRequest)}.`);
    }
  }
  if (found !== undefined) {
    lines.push(
      isReplacement(state, found)
        ? 'There is a new connection; the old one is deleted once it has all that the old one has.'
        : 'Connected; what a reconnect wipes is being restored.',
    );
  }
  if (question.accountChange !== undefined) {
    lines.push(
      `It was ${question.accountChange.recorded}, now it is ${question.accountChange.found}: may it be written to?`,
    );
  }
  if (question.unconfirmed !== undefined) lines.push(...question.unconfirmed.map(unconfirmedText));
  if (state.confirmed !== undefined) {
    lines.push(`${state.confirmed.by} said at ${minuteOf(state.confirmed.at)} that it was the owner who connected.`);
  }
  if (lacking !== undefined) lines.push(lacking);
  if (question.candidates !== undefined) {
    lines.push(...question.candidates.map((candidate) => `- ${candidateText(candidate)}`));
  }
  if (state.chosen !== undefined) {
    lines.push(`${state.chosen.by} chose ${state.chosen.connectionId} at ${minuteOf(state.chosen.at)}.`);
  }
  if (decision !== undefined) lines.push(`${decision.by} said ${decision.choice} at ${minuteOf(decision.at)}.`);
  return lines.join('\n');
}

const TO_DO: Record<Exclude<Question['kind'], 'choose-connection'>, (what: string) => string> = {
  connect: (what) => `connect ${what}`,
  reconnect: (what) => `connect ${what} anew`,
  'approve-scopes': (what) => `grant ${what} more scopes`,
  'update-integration-scopes': (what) => `get more scopes of ${what}, which an operator has to have it request first,`,
  'recreate-connection': (what) => `make the ${what} connection anew, for more scopes,`,
};

/** Of a request that asks nobody. */
function endedText(state: RequestState, what: string): string {
  const { status, subject } = state;
  const who = nameOf(subject.owner);
  if (isClosed(state) && state.choosing !== undefined) {
    const between = `between the ${what} connections of ${who}`;
    return status === 'timedOut' ? `Nobody chose ${between} in time.` : `Nobody need choose ${between} any more.`;
  }
  const { missingScopes, failure } = isClosed(state) && state.status !== 'connected' ? state : {};
  if (missingScopes === undefined) return ENDED[status](who, what, TO_DO.connect(what));
  // A person has answered, with less.
  const hasGrantedLess = status === 'cancelled' && failure?.type === 'Nango.ScopesMissing';
  const text = hasGrantedLess
    ? `${who} has granted ${what} less than is needed.`
    : ENDED[status](who, what, TO_DO['approve-scopes'](what));
  return `${text}\nNot granted: ${listOf(missingScopes)}.`;
}

const ENDED: Record<RequestState['status'], (who: string, what: string, toDo: string) => string> = {
  checking: (who, what) => `Looking for the ${what} connection of ${who}.`,
  waiting: (who, _, toDo) => `Waiting for ${who} to ${toDo}.`,
  connected: (who, what) => `${who} has connected ${what}.`,
  declined: (who, _, toDo) => `${who} declined to ${toDo}.`,
  timedOut: (who, _, toDo) => `${who} did not ${toDo} in time.`,
  cancelled: (who, _, toDo) => `Nobody waits for ${who} to ${toDo} any more.`,
};

function unconfirmedText({ connectionId, since, refusedBy, usedTwice }: UnconfirmedConnection): string {
  if (refusedBy !== undefined) return `Connected by somebody else, as ${refusedBy} said: ${connectionId}.`;
  const several = usedTwice ? '; its link was used more than once, a new one has to be clicked' : '';
  return `Connected, not confirmed: ${connectionId}, since ${minuteOf(since)}${several}.`;
}

function candidateText({ connectionId, createdAt, health, account, tags }: Candidate): string {
  const facts = [
    `made ${createdAt}`,
    account !== undefined && `account ${account}`,
    health === 'failing' && 'its credentials fail',
    ...Object.entries(tags).map(([key, value]) => `${key}=${value}`),
  ];
  return `${connectionId}: ${facts.filter(Boolean).join(', ')}`;
}

function listOf(scopes: string[], more?: number): string {
  return `${scopes.join(' ') || 'none'}${more === undefined ? '' : `, and ${more} more`}`;
}

function nameOf({ endUser, organization }: Owner): string {
  if (endUser === undefined && organization === undefined) return 'somebody';
  if (endUser === undefined) return `organization ${organization?.id}`;
  return organization === undefined ? endUser.id : `${endUser.id} of ${organization.id}`;
}

function reminded(times: number): string {
  if (times === 0) return '';
  return `, reminded ${times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`}`;
}
