import { connectionKey } from '../../contract/request-id';
import type { FailingReport, ForcedRefresh, HealthReading, HealthVerdict } from '../../contract/types';
import type { DueVerdict, HealthState, Suspect } from './health-state';
import { isOutage, isWaitedFor, judging, stillOfUse, tally } from './judge';
import type { Tally } from './judge';
import { UNAUTHORIZED_PAUSE_MS, nextTries, recoveryTries, turnAfterMs } from './tries';

/** The state machine of an integration's health, without Temporal: pure, and fed with events by its workflow. */

export type HealthEvent =
  /** `countsAnew`: it is the first 401, of {@link isFirst401} */
  | ({ type: 'reported'; countsAnew?: boolean } & FailingReport)
  | { type: 'works'; connectionId: string }
  /** `revived`: the dead that are dead no longer, of {@link revivedBy} */
  | ({ type: 'read'; revived?: string[] } & HealthReading)
  | { type: 'refreshed'; connectionId: string; outcome: ForcedRefresh }
  /** something may have changed: the list is read, and a connection that was made again is tried */
  | { type: 'hint'; connectionId?: string }
  | { type: 'tick' };

export interface HealthStep {
  state: HealthState;
  verdicts: DueVerdict[];
}

const HOUR_MS = 3_600_000;
/** Nango's list is read so often while a verdict may be near; and later. */
const READ_SOON_MS = HOUR_MS / 4;
const READ_LATER_MS = HOUR_MS;
/** And no more often than this, whatever number of hints there is. */
const READ_AT_MOST_EVERY_MS = HOUR_MS / 60;
const SOON_FOR_MS = 2 * HOUR_MS;
/** Whoever was sent to try and says nothing has gone. */
const TRYING_MS = HOUR_MS / 12;
/** A suspect that nobody has met, or waited for, for so long is forgotten. */
const FORGET_AFTER_MS = 24 * HOUR_MS;
/** As many wait: whoever is not kept comes again by itself. */
const MAX_WAITERS = 5_000;

export function step(before: HealthState, event: HealthEvent, now: number): HealthStep {
  const { state, verdicts } = takenIn(before, event, now);
  const ticked = tick(state, now);
  // The last word for each: whoever was to try need not, once it is known that this is in vain.
  const last = new Map([...verdicts, ...ticked.verdicts].map((due) => [due.waitId, due]));
  return { state: ticked.state, verdicts: [...last.values()] };
}

/** When something is due by time alone. */
export function nextDue(state: HealthState, now: number): number {
  const deadAt = judging(state, tally(state, now), now);
  return state.suspects.reduce(
    (dueAt, suspect) =>
      Math.min(
        dueAt,
        suspect.isDead ? Infinity : deadAt(suspect),
        suspect.trying === undefined ? Infinity : suspect.trying.at + TRYING_MS,
        isWaitedFor(suspect) ? Infinity : suspect.reportedAt + FORGET_AFTER_MS,
      ),
    Math.min(state.readAt, nextTries(state, now).dueAt),
  );
}

/** Of signals that come together, as hundreds do in an outage, so many are judged one by one: for each all suspects are looked at. */
export const MOST_JUDGED = 100;

/** What an event says by itself. Of many that come together each is taken in, and a `tick` after them draws the conclusions. */
export function takenIn(state: HealthState, event: HealthEvent, now: number): HealthStep {
  switch (event.type) {
    case 'reported':
      return reported(state, event, now);
    case 'works':
      return works(state, [connectionKey(event.connectionId)], now);
    case 'read':
      return read(state, event, now);
    case 'refreshed':
      return unchanged(refreshed(state, event.connectionId, event.outcome));
    case 'hint':
      return hinted(state, event.connectionId, now);
    case 'tick':
      return unchanged(state);
  }
}

/** A 401 of a suspect that has met none: that its refresh was tried in vain is no refusal. */
export function isFirst401({ suspects }: HealthState, { connectionId, sign }: FailingReport): boolean {
  if (sign !== 'unauthorized') return false;
  const known = suspects.find((one) => one.connectionId === connectionId);
  return known !== undefined && !known.isDead && known.sign !== 'unauthorized';
}

function reported(
  state: HealthState,
  { connectionId, sign, tried, waiter, countsAnew }: FailingReport & { countsAnew?: boolean },
  now: number,
): HealthStep {
  const key = connectionKey(connectionId);
  const at = indexOf(state, key);
  const known = state.suspects[at] ?? begun(state, connectionId, key, now);
  const wasTrying = known.trying !== undefined && known.trying.waiter.waitId === waiter?.waitId;
  // Calls that come by themselves try too: for a 401 a second one counts if it is not of the same moment.
  const counts = wasTrying || (sign === 'unauthorized' && now - known.triedAt >= UNAUTHORIZED_PAUSE_MS);
  const suspect: Suspect = {
    ...known,
    sign,
    reportedAt: now,
    triedAt: tried ? now : known.triedAt,
    tries: countsAnew ? 0 : known.tries + (tried && counts ? 1 : 0),
    trying: wasTrying ? undefined : known.trying,
    refresh: sign === 'unauthorized' ? (known.refresh ?? 'wanted') : undefined,
  };
  if (waiter !== undefined && suspect.isDead) {
    return { state: put(state, suspect, at), verdicts: [{ ...waiter, verdict: 'reconnect' }] };
  }
  const others = suspect.waiters.filter(({ waitId }) => waitId !== waiter?.waitId);
  const waiters = waiter === undefined || isFull(state) ? others : [...others, waiter];
  return unchanged(withoutNews(put(state, { ...suspect, waiters }, at), key));
}

function begun({ stoodThere = [] }: HealthState, connectionId: string, key: string, now: number): Suspect {
  return {
    ...{ connectionId, key, sign: 'refresh', isOld: stoodThere.includes(key), firstSeen: now, since: now },
    ...{ triedAt: now, tries: 0, listed: false, isDead: false, reportedAt: now, waiters: [] },
  };
}

/** They work: whoever waits for one of them goes on; in an outage, so may the others. */
function works(before: HealthState, keys: string[], now: number): HealthStep {
  const working = new Set(keys);
  let state: HealthState = {
    ...before,
    stoodThere: before.stoodThere?.filter((key) => !working.has(key)),
    news: Object.fromEntries(Object.entries(before.news).filter(([key]) => !working.has(key))),
    working: { ...before.working, ...Object.fromEntries(keys.map((key) => [key, now])) },
  };
  const verdicts: DueVerdict[] = [];
  const left = new Map(state.suspects.map((suspect) => [suspect.key, suspect]));
  for (const key of keys) {
    const suspect = left.get(key);
    if (suspect === undefined) continue;
    left.delete(key);
    verdicts.push(...verdictsFor(suspect, 'works'));
    if (state.outage === undefined || state.outage.recoveringSince !== undefined) continue;
    const outage = { ...state.outage, recoveringSince: now };
    const recovering = { ...state, suspects: [...left.values()], outage };
    const sent = sendToTry(recovering, recoveryTries(recovering), now);
    state = sent.state;
    for (const one of state.suspects) left.set(one.key, one);
    verdicts.push(...sent.verdicts);
  }
  return { state: { ...state, suspects: [...left.values()] }, verdicts };
}

/**
 * The dead through which calls have succeeded since they were met last, by their keys. A worker says what has worked since
 * the reading before, so whoever was met after that may have failed later than it worked.
 */
export function revivedBy({ suspects, lastReadAt = -Infinity }: HealthState, reading: HealthReading): string[] {
  const works = new Set(reading.working);
  for (const key of reading.failing) works.delete(key);
  return suspects
    .filter(({ key, isDead, reportedAt }) => isDead && reportedAt < lastReadAt && works.has(key))
    .map(({ key }) => key);
}

type Reading = HealthReading & { revived?: string[] };

function read(before: HealthState, { failing, working, revived = [] }: Reading, now: number): HealthStep {
  const failingNow = new Set(failing);
  // Nobody waits for the dead; and that one of them works is no sign that an outage ends.
  const left = before.suspects.filter(({ key }) => !revived.includes(key));
  const suspects = left.map((one) => ({ ...one, listed: one.listed || failingNow.has(one.key) }));
  const isFirst = before.stoodThere === undefined;
  const stoodThere = before.stoodThere?.filter((key) => failingNow.has(key)) ?? failing;
  const known = new Set([...stoodThere, ...suspects.map(({ key }) => key)]);
  const news = Object.fromEntries(
    failing.filter((key) => !known.has(key)).map((key) => [key, before.news[key] ?? now]),
  );
  const kept = Object.entries(before.working).filter(([, at]) => now - at < FORGET_AFTER_MS);
  // What worked before the first reading worked before anything failed, for all that is known.
  const seen = isFirst ? [] : working.filter((key) => !failingNow.has(key)).map((key) => [key, now] as const);
  const inUse = stillOfUse(Object.fromEntries([...kept, ...seen]), now);
  const state = { ...before, suspects, stoodThere, news, working: inUse };
  const mended = suspects.filter(({ key, listed, sign }) => listed && sign !== 'unauthorized' && !failingNow.has(key));
  return works(
    { ...state, lastReadAt: now, readAt: now + pauseBeforeReading(state, now) },
    mended.map(({ key }) => key),
    now,
  );
}

function pauseBeforeReading({ suspects, outage }: HealthState, now: number): number {
  const isNear = outage !== undefined || suspects.some(({ isDead, since }) => !isDead && now - since < SOON_FOR_MS);
  return isNear ? READ_SOON_MS : READ_LATER_MS;
}

function refreshed(state: HealthState, connectionId: string, outcome: ForcedRefresh): HealthState {
  const at = state.suspects.findIndex((one) => one.connectionId === connectionId);
  const suspect = state.suspects[at];
  if (suspect?.refresh !== 'wanted') return state;
  if (outcome === 'failing') return put(state, { ...suspect, sign: 'refresh', refresh: undefined }, at);
  return put(state, { ...suspect, refresh: outcome === 'refreshed' ? 'made' : 'unknown' }, at);
}

function hinted(before: HealthState, connectionId: string | undefined, now: number): HealthStep {
  const isMeant = (suspect: Suspect): boolean => suspect.connectionId === connectionId;
  const suspects = before.suspects.map((one) => (isMeant(one) && one.isDead ? doubted(one, now) : one));
  const state = { ...before, suspects, readAt: Math.min(before.readAt, Math.max(now, soonestReading(before))) };
  return sendToTry(state, suspects.filter(isMeant), now);
}

/** In an outage a webhook tells of each refresh that fails. */
function soonestReading({ lastReadAt = -Infinity }: HealthState): number {
  return lastReadAt + READ_AT_MOST_EVERY_MS;
}

/** It may have been connected anew: whoever meets it still failing begins from the beginning. */
function doubted(suspect: Suspect, now: number): Suspect {
  const refresh = suspect.sign === 'unauthorized' ? ('wanted' as const) : undefined;
  return { ...suspect, isDead: false, firstSeen: now, since: now, tries: 0, listed: false, refresh };
}

/** What time alone brings about. */
function tick(before: HealthState, now: number): HealthStep {
  const known = forget(before, now);
  // What an outage changes in the suspects does not change the count.
  const counts = tally(known, now);
  const state = outageAt(known, counts, now);
  const deadAt = judging(state, counts, now);
  const dead: Suspect[] = [];
  for (const one of state.suspects) if (!one.isDead && deadAt(one) <= now) dead.push(one);
  const judged = changeEach(state, dead, (suspect) => ({
    suspect: { ...suspect, isDead: true, trying: undefined, waiters: [] },
    verdicts: verdictsFor(suspect, 'reconnect'),
  }));
  const { suspects, outage } = nextTries(judged.state, now);
  const sent = sendToTry({ ...judged.state, outage }, suspects, now);
  return { state: sent.state, verdicts: [...judged.verdicts, ...sent.verdicts] };
}

function forget(state: HealthState, now: number): HealthState {
  const isForgotten = (one: Suspect): boolean => !isWaitedFor(one) && now - one.reportedAt >= FORGET_AFTER_MS;
  const isGone = ({ trying }: Suspect): boolean => trying !== undefined && now - trying.at >= TRYING_MS;
  if (!state.suspects.some((one) => isForgotten(one) || isGone(one))) return state;
  const suspects = state.suspects
    .filter((one) => !isForgotten(one))
    .map((one) => (isGone(one) ? { ...one, trying: undefined } : one));
  return { ...state, suspects };
}

/** An outage begins, goes on, or is over; the time that it took counts against nobody. */
function outageAt(state: HealthState, counts: Tally, now: number): HealthState {
  const { outage } = state;
  if (isOutage(counts)) {
    if (outage === undefined) return { ...state, outage: { since: now, tryAt: now + turnAfterMs(state) } };
    const { recoveringSince, ...others } = outage;
    // It was one alone, or it did not last.
    const isOver = recoveringSince !== undefined && now - recoveringSince >= 2 * READ_SOON_MS;
    return isOver ? { ...state, outage: others } : state;
  }
  if (outage === undefined) return state;
  const since = outage.recoveringSince ?? now;
  const suspects = state.suspects.map((one): Suspect => {
    if (one.isDead) return one;
    const again = one.sign === 'unauthorized' ? { tries: 0, refresh: 'unknown' as const } : {};
    return { ...one, ...again, since: Math.max(since, one.since) };
  });
  return { ...state, suspects, outage: undefined };
}

/** One of those who wait for each is sent to try. */
function sendToTry(state: HealthState, suspects: Suspect[], now: number): HealthStep {
  return changeEach(state, suspects, (suspect) => {
    const [waiter, ...waiters] = suspect.waiters;
    if (waiter === undefined || suspect.trying !== undefined || suspect.isDead) return undefined;
    return {
      suspect: { ...suspect, waiters, trying: { waiter, at: now }, triedAt: now },
      verdicts: [{ ...waiter, verdict: 'try' }],
    };
  });
}

function verdictsFor({ waiters, trying }: Suspect, verdict: HealthVerdict): DueVerdict[] {
  // Whoever tries knows what comes of it, unless it tries in vain.
  const all = trying === undefined || verdict === 'works' ? waiters : [trying.waiter, ...waiters];
  return all.map((waiter) => ({ ...waiter, verdict }));
}

function isFull({ suspects }: HealthState): boolean {
  let waiting = 0;
  for (const { waiters } of suspects) waiting += waiters.length;
  return waiting >= MAX_WAITERS;
}

function indexOf({ suspects }: HealthState, key: string): number {
  for (let at = 0; at < suspects.length; at++) if (suspects[at]!.key === key) return at;
  return -1;
}

/** @param at where it is; -1 if it is new */
function put(state: HealthState, suspect: Suspect, at: number): HealthState {
  const suspects = [...state.suspects];
  suspects[at < 0 ? suspects.length : at] = suspect;
  return { ...state, suspects };
}

function withoutNews(state: HealthState, key: string): HealthState {
  if (!Object.hasOwn(state.news, key)) return state;
  const news = Object.entries(state.news).filter(([other]) => other !== key);
  return { ...state, news: Object.fromEntries(news) };
}

/** All at once: to put them one by one would go through all suspects for each of them. */
function changeEach(
  state: HealthState,
  suspects: Suspect[],
  change: (suspect: Suspect) => { suspect: Suspect; verdicts: DueVerdict[] } | undefined,
): HealthStep {
  const changed = new Map<string, Suspect>();
  const verdicts: DueVerdict[] = [];
  for (const before of suspects) {
    const next = change(before);
    if (next === undefined) continue;
    changed.set(before.key, next.suspect);
    verdicts.push(...next.verdicts);
  }
  if (changed.size === 0) return { state, verdicts };
  return { state: { ...state, suspects: state.suspects.map((one) => changed.get(one.key) ?? one) }, verdicts };
}

function unchanged(state: HealthState): HealthStep {
  return { state, verdicts: [] };
}
