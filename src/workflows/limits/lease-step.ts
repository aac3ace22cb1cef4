import { MAX_LEASE_CALLS } from '../../contract/limits';
import type { Lease, LeaseRequest } from '../../contract/types';
import { isStale, learn, raised, withKnown } from './learn';
import { expire, total, usageOf, windowOf, withSent } from './limit-state';
import type { Counted, Holder, LimitState } from './limit-state';

/** What is not sent by then is lost, and counts for a window from then. */
const LEASE_MS = 30_000;
/** Leases that a window is divided into for each worker that comes: small ones leave room for whoever comes next. */
const LEASES_A_WINDOW = 4;
/** Of a window, for a limiter that has not heard from the server: there may have been another one before it. */
const BLIND_SHARE = 0.1;
/** Room is kept for a worker until it is so late. */
const GRACE_MS = 1_000;
/** How long a worker may take to read what the server says. */
const MEASURE_MS = 2_000;
const MEASURE_RETRY_MS = 100;
const SHORTEST_RETRY_MS = 50;
/** While others hold leases, they may give some of them back. */
const RETRIES_A_WINDOW = 10;
/** Room that is kept for another is taken up or free this soon. */
const KEPT_RETRY_MS = 200;

/**
 * One request of a worker. Pure: the whole limiter is this function, and the workflow keeps the state.
 *
 * No more calls count at a time than the limit allows: what was sent for a window after it, what is leased until it is
 * reported or lost. So no interval as long as a window holds more than the limit, wherever the server's windows begin.
 */
export function leaseStep(before: LimitState, request: LeaseRequest, now: number): { state: LimitState; lease: Lease } {
  const expired = withKnown(expire(before, now), request.known);
  const state = learn(settle(expired, request, now), request.facts, now);
  return grant(state, request, now);
}

/** What was sent, and what is given back, is not leased any more. */
function settle(state: LimitState, request: LeaseRequest, now: number): LimitState {
  const {
    holder: name,
    used = 0,
    usedAgoMs = 0,
    giveBack = 0,
    unleased = 0,
    unleasedAgoMs = 0,
    claimants = 1,
  } = request;
  const windowMs = windowOf(state);
  const before = state.holders.find((one) => one.name === name) ?? newHolder(name, now);
  const [, afterUsed] = takeFrom(before.leases, used);
  const [back, reversed] = takeFrom(afterUsed.toReversed(), giveBack);
  const sent = withSent(before.sent, used, now - usedAgoMs, windowMs);
  const holder = {
    ...before,
    claimants,
    seenAt: now,
    leases: reversed.toReversed(),
    sent: withSent(sent, unleased, now - unleasedAgoMs, windowMs).filter(({ until }) => until > now),
  };
  const stated = state.stated && { ...state.stated, calls: state.stated.calls + back };
  return { ...withHolder(state, holder), stated };
}

function grant(
  given: LimitState,
  { holder: name, want }: LeaseRequest,
  now: number,
): { state: LimitState; lease: Lease } {
  const measure = want > 0 && isStale(given, now);
  const state = measure ? withheld(given, now) : given;
  const holder = state.holders.find((one) => one.name === name) ?? newHolder(name, now);
  const { known } = state;
  const share = shareOf(state, holder);
  const common = { leaseMs: LEASE_MS, limit: known, share: Math.floor(share), ...(measure && { measure }) };
  if (want === 0) {
    // It says that nothing waits there any more.
    return { state: withHolder(state, { ...holder, unmet: 0 }), lease: { granted: 0, ...common } };
  }
  if (known === undefined) return { state, lease: { granted: want, ...common } };

  const room = roomOf(state, now);
  const others = state.holders.filter((one) => one.name !== name && one.unmet > 0);
  const older = others.filter(({ since }) => since < (holder.unmet > 0 ? holder.since : now));
  const own = Math.min(room - keptFor(state, older), share - usageOf(holder));
  const most = Math.max(room - keptFor(state, others), own);
  const granted = Math.max(Math.floor(Math.min(want, chunkOf(state, now), most)), 0);
  const retryAfterMs = granted > 0 ? undefined : Math.ceil(retryAfter(state, name, room, now));
  const unmet = want - granted;
  const leased: Holder = {
    ...holder,
    leases: granted > 0 ? [...holder.leases, { calls: granted, until: now + LEASE_MS }] : holder.leases,
    unmet,
    since: holder.unmet > 0 && granted === 0 ? holder.since : now,
    overdue: unmet > 0 ? now + (retryAfterMs ?? 0) + GRACE_MS : 0,
  };
  const stated = state.stated && { ...state.stated, calls: Math.max(state.stated.calls - granted, 0) };
  const next = { ...withHolder(state, leased), stated };
  return {
    state: unmet > 0 && now >= state.pausedUntil ? raised(next, now) : next,
    lease: { granted, ...common, ...(retryAfterMs !== undefined && { retryAfterMs }) },
  };
}

/**
 * Somebody measures. What is granted waits for it where it matters: a limiter that has just begun does not know what was
 * sent before, and the first call of a window alone shows how long one is.
 */
function withheld(state: LimitState, now: number): LimitState {
  const until = now + MEASURE_MS;
  const isFirst = state.measuringUntil === 0 && !(state.isMeasured && state.statedAt !== undefined);
  return { ...state, measuringUntil: until, withheldUntil: isFirst ? until : state.withheldUntil };
}

/** Calls that may be granted now. */
function roomOf(state: LimitState, now: number): number {
  const { known, stated, statedAt } = state;
  if (known === undefined || now < state.pausedUntil) return 0;
  const inUse = state.holders.reduce((sum, holder) => sum + usageOf(holder), 0);
  if (known.source !== 'nango') return known.calls - inUse;
  if (now < state.withheldUntil) return 0;
  if (statedAt === undefined) return Math.floor(known.calls * BLIND_SHARE) - inUse;
  return Math.min(known.calls - inUse, stated?.calls ?? Infinity);
}

/** What one that waits for room may count on: a part of the limit by what it is worth among those that wait. */
function shareOf(state: LimitState, holder: Holder): number {
  const { known } = state;
  if (known === undefined) return MAX_LEASE_CALLS;
  const waiting = state.holders.filter(({ name, unmet }) => name === holder.name || unmet > 0);
  const all = waiting.reduce((sum, { claimants }) => sum + claimants, 0);
  return Math.max((known.calls * holder.claimants) / Math.max(all, holder.claimants), 1);
}

/** Room that is kept for some that wait: what they want, up to their shares. */
function keptFor(state: LimitState, waiting: Holder[]): number {
  return waiting.reduce(
    (sum, holder) => sum + Math.min(holder.unmet, Math.max(shareOf(state, holder) - usageOf(holder), 0)),
    0,
  );
}

function chunkOf(state: LimitState, now: number): number {
  const { known, holders } = state;
  if (known === undefined) return Infinity;
  const active = holders.filter(({ seenAt }) => seenAt + known.perMs > now).length;
  return Math.ceil(known.calls / (LEASES_A_WINDOW * Math.max(active, 1)));
}

/** When there may be room. */
function retryAfter(state: LimitState, name: string, room: number, now: number): number {
  if (now < state.pausedUntil) return state.pausedUntil - now;
  if (now < state.withheldUntil) return MEASURE_RETRY_MS;
  if (room > 0) return KEPT_RETRY_MS;
  const windowMs = windowOf(state);
  const leases = state.holders.flatMap((one) => one.leases);
  const ends = [...state.holders.flatMap(({ sent }) => sent), ...leases.map(lostAt(windowMs))].map(
    ({ until }) => until,
  );
  const stated = state.stated?.calls === 0 ? state.stated.until : 0;
  const known = state.known?.calls ?? Infinity;
  const inUse = state.holders.reduce((sum, holder) => sum + usageOf(holder), 0);
  const first = inUse >= known ? ends.reduce((a, b) => Math.min(a, b), Infinity) : 0;
  const at = Math.max(first, stated) - now;
  const othersHold = state.holders.some((one) => one.name !== name && one.leases.length > 0);
  const most = othersHold ? windowMs / RETRIES_A_WINDOW : windowMs;
  return Math.max(Math.min(at, most), SHORTEST_RETRY_MS);
}

function lostAt(windowMs: number): (lease: Counted) => Counted {
  return ({ calls, until }) => ({ calls, until: until + windowMs });
}

/** @returns how many were there to be taken, and what is left */
function takeFrom(leases: Counted[], calls: number): [taken: number, left: Counted[]] {
  const wanted = Math.min(calls, total(leases));
  let left = wanted;
  const rest = leases.map((lease) => {
    const taken = Math.min(lease.calls, left);
    left -= taken;
    return { ...lease, calls: lease.calls - taken };
  });
  return [wanted, rest.filter(({ calls: some }) => some > 0)];
}

function newHolder(name: string, now: number): Holder {
  return { name, leases: [], sent: [], unmet: 0, overdue: 0, since: now, claimants: 1, seenAt: now };
}

function withHolder(state: LimitState, holder: Holder): LimitState {
  return { ...state, holders: [...state.holders.filter(({ name }) => name !== holder.name), holder] };
}
