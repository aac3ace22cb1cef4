import { DAY_MS } from '../../contract/limits';
import type { Owner } from '../../contract/types';
import { foreign } from '../foreign';
import { inboxTexts } from '../texts/current';

/** A page stays small whatever the number of what it lists. */
export const MAX_SHOWN = 500;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Whose connection is wanted, by name. */
export function whoOf({ endUser, organization }: Owner): string {
  const { named, of, nobody, organization: org, id } = inboxTexts().who;
  if (endUser === undefined) return organization === undefined ? nobody : org(organization.id);
  const user = endUser.displayName === undefined ? id(endUser.id) : named(endUser.displayName, endUser.id);
  return organization === undefined ? user : of(user, organization.id);
}

/** Scopes that a line has room for; they are names of others. */
const MAX_SCOPES_SHOWN = 30;

/** Scopes in a line. @param more how many there are beside them; @param room for so many */
export function scopesIn(scopes: string[], more = 0, room = MAX_SCOPES_SHOWN): string {
  const { noScopes, moreScopes } = inboxTexts().detail;
  const shown = scopes.slice(0, room).map(foreign);
  const left = scopes.length - shown.length + more;
  return [...shown, ...(left > 0 ? [moreScopes(left)] : [])].join(', ') || noScopes;
}

/** A length of time in milliseconds, rounded, in the unit that fits; from two days on in days. */
export function durationOf(ms: number): string {
  const { moment, minutes, hours, days } = inboxTexts().duration;
  const [inMinutes, inHours] = [Math.round(ms / MINUTE_MS), Math.round(ms / HOUR_MS)];
  if (inMinutes < 1) return moment;
  if (inMinutes < 60) return minutes(inMinutes);
  return inHours < 48 ? hours(inHours) : days(Math.round(ms / DAY_MS));
}

/** A number as people read it, such as `61,500`; a small one with a decimal. */
export function numberOf(n: number): string {
  return (n < 10 ? n : Math.round(n)).toLocaleString('en-US', { maximumFractionDigits: 1 });
}
