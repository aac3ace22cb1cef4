import type {
  Connection,
  NotRemembered,
  Question,
  RecordedStatement,
  RequestView,
  UnconfirmedConnection,
} from '../../contract/types';
import type { RequestDescription } from '../../requests/description';
import { questionText } from '../../requests/question-text';
import type { TimelineEvent } from '../../requests/timeline';
import { candidatesText } from '../terminal/candidates-text';
import { ownerText } from './owner-text';
import { printable } from '../../contract/rules/printable';
import { table } from '../terminal/table';
import { moment } from '../terminal/time';

/** A request as `--json` shows it; times inside the view are in milliseconds since the epoch, as everywhere. */
export function requestJson(id: string, startedAt: Date, view: RequestView): object {
  return { id, startedAt, ...view };
}

/** The description of a request, a line for each fact. */
export function descriptionText({
  ref,
  view,
  startedAt,
  closedAt,
  connection,
  replacedBy,
}: RequestDescription): string {
  const {
    status,
    integration,
    owner,
    slot,
    question,
    reminders,
    subscribers,
    extras,
    unwritten,
    scopes,
    moreScopes,
    missingScopes,
    moreMissingScopes,
    notRemembered,
    coolDownUntil,
  } = view;
  const change = question?.accountChange;
  const facts: [name: string, fact: string | number | undefined][] = [
    ['Request', ref.id],
    ['Status', status],
    ['Integration', integration],
    ['Who', ownerText(owner)],
    ['Slot', slot],
    ['Scopes', scopes && listOf(scopes, ' ', moreScopes)],
    ['Granted', grantedText(question?.scopes, connection)],
    ['Missing', question?.scopes && (listOf(question.scopes.missing, ' ', question.scopes.more?.missing) || undefined)],
    ['To request', toRequestText(ref.id, question)],
    ['Not granted', missingScopes && listOf(missingScopes, ' ', moreMissingScopes)],
    ['Began', moment(startedAt)],
    ['Asked', question && openedText(integration, question)],
    ['Account', change && `${change.found} instead of ${change.recorded}: \`temporal-nango requests answer\``],
    ['Confirmed', question?.confirmed && confirmedText(question.confirmed)],
    ...(question?.confirmed === undefined ? (question?.unconfirmed ?? []) : []).map(unconfirmedFact),
    ...(view.unconfirmed ?? []).map(leftFact),
    ['Choose', question?.candidates && 'one of these: `temporal-nango requests choose`'],
    ['Reminded', reminders],
    ['Waiters', closedAt === undefined ? subscribers : undefined],
    ['Extras', extras || undefined],
    ['Not put back', unwritten && `${unwritten.join(', ')}: the key lacks environment:connections:update`],
    ['Not remembered', notRemembered && NOT_REMEMBERED[notRemembered]],
    ['Ended', closedAt && moment(closedAt)],
    ['Connection', connection?.connectionId],
    ['Not asked again until', coolDownUntil && moment(coolDownUntil)],
    ['Replaced', replacedBy && 'by a newer request of the same name'],
  ];
  const known = facts.filter(([, fact]) => fact !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  const lines = known.map(([name, fact]) => `${name.padEnd(width)}  ${printable(String(fact))}`);
  const { candidates = [] } = question ?? {};
  return [...lines, ...(candidates.length === 0 ? [] : ['', candidatesText(candidates)])].join('\n');
}

const NOT_REMEMBERED: { [why in NotRemembered]: string } = {
  forbidden: 'the key lacks environment:connections:update',
  too_many_tags: 'the connection has ten tags of its own',
};

function openedText(integration: string, { kind, since, deadline }: Question): string {
  return `${questionText(integration, kind)}, since ${moment(since)}, until ${moment(deadline)}`;
}

function confirmedText({ by, at }: RecordedStatement): string {
  return `by ${by}, ${moment(at)}: it is being accepted`;
}

function unconfirmedFact(unconfirmed: UnconfirmedConnection): [name: string, fact: string] {
  const { connectionId, since, refusedBy, usedTwice } = unconfirmed;
  if (refusedBy !== undefined) return ['Refused', `${connectionId}, by ${refusedBy}`];
  if (usedTwice)
    return ['Not confirmed', `${connectionId}: its link was used more than once, a new one has to be clicked`];
  return ['Not confirmed', `${connectionId}, connected ${moment(since)}: \`temporal-nango requests confirm\``];
}

/** Of a request that has ended: nobody can say any more who it was. */
function leftFact({ connectionId, since, refusedBy }: UnconfirmedConnection): [name: string, fact: string] {
  if (refusedBy !== undefined) return ['Refused', `${connectionId}, by ${refusedBy}`];
  return ['Not confirmed', `${connectionId}, connected ${moment(since)}`];
}

function toRequestText(id: string, question: Question | undefined): string | undefined {
  const { toRequest, more } = question?.scopes ?? {};
  return toRequest && `${listOf(toRequest, ',', more?.toRequest)}: \`temporal-nango requests update-scopes ${id}\``;
}

function grantedText(ofQuestion: Question['scopes'], connection: Connection | undefined): string | undefined {
  if (connection?.scopesChecked === false) return 'unknown: the key or the provider does not tell';
  const granted = ofQuestion?.granted ?? connection?.grantedScopes;
  return granted && (listOf(granted, ' ', ofQuestion?.more?.granted) || 'none');
}

/** @param more how many there are beside them, which only a running worker can name */
export function listOf(scopes: string[], by: string, more?: number): string {
  return `${scopes.join(by)}${more === undefined ? '' : ` and ${more} more`}`;
}

/** What happened, in the order it did. */
export function timelineText(timeline: TimelineEvent[]): string {
  const rows = timeline.map(({ at, what, by, choice, connectionId, until }) => [
    moment(at),
    [WORDS[what], choice, connectionId, until && `until ${moment(until)}`]
      .filter((part) => part !== undefined)
      .join(' '),
    by ?? '',
  ]);
  return table(['WHEN', 'WHAT', 'BY'], rows);
}

const WORDS: { [what in TimelineEvent['what']]: string } = {
  began: 'began',
  opened: 'asked',
  clicked: 'link opened',
  notified: 'told',
  reminded: 'reminded',
  accountChanged: 'another account found',
  unconfirmed: 'connected, not confirmed:',
  ownerConfirmed: 'confirmed:',
  ownerRefused: 'refused:',
  scopesMissing: 'scopes found missing',
  severalFound: 'several connections found',
  notWidened: 'no scopes added by the approval',
  recreationOpened: 'asked to make it anew',
  decided: 'answered',
  scopesDecided: 'scopes of the integration:',
  extended: 'extended',
  declined: 'declined',
  connected: 'connected',
  extra: 'another connection by the same link',
  timedOut: 'timed out',
  cancelled: 'cancelled',
};
