import type { RequestView } from '../../contract/types';
import type { Standing } from '../../requests/standing';
import type { Happening } from '../../requests/timeline';
import { ownerText } from './owner-text';
import { printable } from '../../contract/rules/printable';
import { table } from '../terminal/table';
import { moment } from '../terminal/time';

/** A request as `--json` shows it; times inside the view are in milliseconds since the epoch, as everywhere. */
export function requestJson(id: string, startedAt: Date, view: RequestView): object {
  return { id, startedAt, ...view };
}

/** How a request stands, a line for each fact. */
export function standingText({ ref, view, startedAt, closedAt, connection, replacedBy }: Standing): string {
  const { status, integration, owner, slot, ask, reminders, subscribers, extras, unwritten, scopes, coolDownUntil } =
    view;
  const change = ask?.accountChange;
  const facts: [name: string, fact: string | number | undefined][] = [
    ['Request', ref.id],
    ['Status', status],
    ['Integration', integration],
    ['Who', ownerText(owner)],
    ['Slot', slot],
    ['Scopes', scopes?.join(' ')],
    ['Began', moment(startedAt)],
    ['Asked', ask && `${moment(ask.since)}, until ${moment(ask.deadline)}`],
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
  const told = facts.filter(([, fact]) => fact !== undefined);
  const width = Math.max(...told.map(([name]) => name.length));
  return told.map(([name, fact]) => `${name.padEnd(width)}  ${printable(String(fact))}`).join('\n');
}

/** What happened, in the order it did. */
export function timelineText(timeline: Happening[]): string {
  const rows = timeline.map(({ at, what, by, answer, until }) => [
    moment(at),
    [WORDS[what], answer, until && `until ${moment(until)}`].filter((part) => part !== undefined).join(' '),
    by ?? '',
  ]);
  return table(['WHEN', 'WHAT', 'BY'], rows);
}

const WORDS: { [what in Happening['what']]: string } = {
  began: 'began',
  asked: 'asked',
  clicked: 'link opened',
  told: 'told',
  reminded: 'reminded',
  accountChanged: 'another account found',
  answered: 'answered',
  extended: 'extended',
  declined: 'declined',
  connected: 'connected',
  extra: 'another connection by the same link',
  timedOut: 'timed out',
  cancelled: 'cancelled',
};
