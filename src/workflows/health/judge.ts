import type { HealthState, Suspect } from './health-state';
import { timesOf } from './times';

/**
 * Tells a revoked grant from an outage, which look alike at first: by how many others fail, and how many work. No time
 * of Nango's is believed, since its list has none: all times are of this workflow.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** One alone that has failed for so long is dead, where others prove that the provider is not down. */
const RECONNECT_AFTER_MS = HOUR_MS;
/** The same where nothing proves anything. */
const RECONNECT_UNPROVED_AFTER_MS = DAY_MS;
/** After an outage that has ended: it has just been tried together with those that work again. */
const RECONNECT_AFTER_OUTAGE_MS = HOUR_MS / 2;
/** The others that have to work, so that there are three in use. */
const PROOF = 2;
/** A connection that was seen to work, or began to fail, counts for so long: an hourly job comes round in it. */
const COUNTS_FOR_MS = 90 * MINUTE_MS;
/** As many that fail are more than chance, unless ten times as many work. */
const MANY = 3;
const WORKING_FOR_EACH = 10;

/** How many fail and work, among those that are in use. */
export interface Tally {
  failing: number;
  working: number;
}

export function tally({ suspects, news, working }: HealthState, now: number): Tally {
  let failing = timesOf(news).countAfter(now - COUNTS_FOR_MS);
  for (const suspect of suspects) {
    const isInUse = isWaitedFor(suspect) || suspect.reportedAt > now - COUNTS_FOR_MS;
    if (isInUse && countsAsNew(suspect)) failing++;
  }
  return { failing, working: timesOf(working).countAfter(now - COUNTS_FOR_MS) };
}

/** Many have begun to fail together. */
export function isOutage({ failing, working }: Tally): boolean {
  return failing >= MANY && failing * WORKING_FOR_EACH >= working;
}

/**
 * When a suspect is dead, if it fails until then. Of a burst each step judges all suspects, so what is the same for all
 * of them is found out once.
 *
 * @param counts the tally of this state
 */
export function judging(state: HealthState, counts: Tally, now: number): (suspect: Suspect) => number {
  if (state.outage !== undefined) {
    // Most of those in use work all the same, and have for a day.
    const mostWork = counts.working >= Math.max(counts.failing, PROOF);
    const afterMs = mostWork ? RECONNECT_UNPROVED_AFTER_MS : Infinity;
    return ({ firstSeen }) => firstSeen + afterMs;
  }
  const proves = proof(state);
  return (suspect) => {
    if (isProof(suspect)) return now;
    if (!proves(suspect)) return suspect.since + RECONNECT_UNPROVED_AFTER_MS;
    return suspect.since + (suspect.since > suspect.firstSeen ? RECONNECT_AFTER_OUTAGE_MS : RECONNECT_AFTER_MS);
  };
}

/** Those known to work without whom a verdict might be another: they count, or are the latest of all. */
export function stillOfUse(working: HealthState['working'], now: number): HealthState['working'] {
  const atLeast = Math.min(now - COUNTS_FOR_MS, timesOf(working).latest(PROOF + 1));
  return Object.fromEntries(Object.entries(working).filter(([, at]) => at >= atLeast));
}

/** What nothing but a person can mend, unless all are hit. */
function isProof({ sign, tries, refresh }: Suspect): boolean {
  if (sign === 'exhausted') return true;
  // Refused with a new token, or twice with what it has.
  return sign === 'unauthorized' && tries > 0 && refresh !== 'wanted';
}

/** Whether enough others were seen to work since a suspect began to fail. */
function proof({ working }: HealthState): (suspect: Suspect) => boolean {
  const times = timesOf(working);
  const until = times.latest(PROOF);
  const untilWithout = times.latest(PROOF + 1);
  return ({ since, key }) => {
    if (since > until) return false;
    // It is no proof of itself.
    const own = working[key] ?? -Infinity;
    return own < until || since <= untilWithout;
  };
}

/** Somebody waits for it, or has been sent to try. */
export function isWaitedFor({ waiters, trying }: Suspect): boolean {
  return waiters.length > 0 || trying !== undefined;
}

/** What stood there before does not count, nor what is known to be dead. */
function countsAsNew({ isOld, isDead }: Suspect): boolean {
  return !isOld && !isDead;
}
