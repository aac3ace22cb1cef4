import type { Connection, Question, RequestView } from '../../contract/types';
import type { RequestDescription } from '../../requests/description';
import { questionText } from '../../requests/question-text';
import type { TimelineEvent } from '../../requests/timeline';
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
    missingScopes,
    coolDownUntil,
  } = view;
  const change = question?.accountChange;
  const facts: [name: string, fact: string | number | undefined][] = [
    ['Request', ref.id],
    ['Status', status],
    ['Integration', integration],
    ['Who', ownerText(owner)],
    ['Slot', slot],
    ['Scopes', scopes?.join(' ')],
    ['Granted', grantedText(question?.scopes?.granted, connection)],
    ['Missing', question?.scopes?.missing.join(' ') || undefined],
    ['Not granted', missingScopes?.join(' ')],
    ['Began', moment(startedAt)],
    ['Asked', question && openedText(integration, question)],
    ['Account', change && `${change.found} instead of ${change.recorded}: \`temporal-nango requests answer\``],
    ['Reminded', reminders],
    ['Waiters', closedAt === undefined ? subscribers : undefined],
    ['Extras', extras || undefined],
    ['Not put back', unwritten && `${unwritten.join(', ')}: the key lacks environment:connections:update`],
    ['Ended', closedAt && moment(closedAt)],
    ['Connection', connection?.connectionId],
    ['Not asked again until', coolDownUntil && moment(coolDownUntil)],
    ['Replaced', replacedBy && 'by a newer request of the same name'],
  ];
  const known = facts.filter(([, fact]) => fact !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, fact]) => `${name.padEnd(width)}  ${printable(String(fact))}`).join('\n');
}

function openedText(integration: string, { kind, since, deadline }: Question): string {
  return `${questionText(integration, kind)}, since ${moment(since)}, until ${moment(deadline)}`;
}

function grantedText(ofQuestion: string[] | undefined, connection: Connection | undefined): string | undefined {
  if (connection?.scopesChecked === false) return 'unknown: the key or the provider does not tell';
  const granted = ofQuestion ?? connection?.grantedScopes;
  return granted && (granted.join(' ') || 'none');
}

/** What happened, in the order it did. */
export function timelineText(timeline: TimelineEvent[]): string {
  const rows = timeline.map(({ at, what, by, choice, until }) => [
    moment(at),
    [WORDS[what], choice, until && `until ${moment(until)}`].filter((part) => part !== undefined).join(' '),
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
  scopesMissing: 'scopes found missing',
  decided: 'answered',
  extended: 'extended',
  declined: 'declined',
  connected: 'connected',
  extra: 'another connection by the same link',
  timedOut: 'timed out',
  cancelled: 'cancelled',
};
