import type { Owner, Question } from '../../contract/types';
import { isClosed, questionOf } from './request-state';
import type { RequestState } from './request-state';

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
  if (question === undefined) return [endedText(state, what), lacking].filter(Boolean).join('\n');
  const lines = [
    `Waiting for ${nameOf(subject.owner)} to ${TO_DO[question.kind](what)} since ${minuteOf(question.since)}${reminded(reminders)}.`,
    `Until ${minuteOf(question.deadline)}.`,
  ];
  if (question.kind === 'approve-scopes' && question.scopes !== undefined) {
    lines.push(`Granted: ${listOf(question.scopes.granted)}. Missing: ${listOf(question.scopes.missing)}.`);
  }
  if (found !== undefined) lines.push('Connected; what a reconnect wipes is being restored.');
  if (question.accountChange !== undefined) {
    lines.push(
      `It was ${question.accountChange.recorded}, now it is ${question.accountChange.found}: may it be written to?`,
    );
  }
  if (lacking !== undefined) lines.push(lacking);
  if (decision !== undefined) lines.push(`${decision.by} said ${decision.choice} at ${minuteOf(decision.at)}.`);
  return lines.join('\n');
}

const TO_DO: Record<Question['kind'], (what: string) => string> = {
  connect: (what) => `connect ${what}`,
  reconnect: (what) => `connect ${what} anew`,
  'approve-scopes': (what) => `grant ${what} more scopes`,
};

/** Of a request that asks nobody. */
function endedText(state: RequestState, what: string): string {
  const { status, subject } = state;
  const who = nameOf(subject.owner);
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

function listOf(scopes: string[]): string {
  return scopes.join(' ') || 'none';
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

/** `2026-11-24 14:05 UTC` */
function minuteOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
