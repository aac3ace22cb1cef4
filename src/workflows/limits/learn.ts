import { ASSUMED_WINDOW_MS, FIRST_INFERRED_CALLS } from '../../contract/limits';
import type { AccountFacts, KnownLimit, LimitFacts } from '../../contract/types';
import type { LimitState } from './limit-state';

/** Resets come in whole seconds, rounded up, and are compared with a date that is rounded down. */
const ROUNDING_MS = 1_000;
const SHORTEST_INFERRED_WINDOW_MS = 1_000;
/** A limit may have been raised, which no refusal shows. */
const MEASURED_FOR_MS = 1_800_000;
const RAISED_BY = 1.25;

/** What a worker knows of the limit; its own option comes before whatever was heard. */
export function withKnown(state: LimitState, known: KnownLimit | undefined): LimitState {
  if (known === undefined) return state;
  return state.known === undefined || known.source === 'declared' ? { ...state, known } : state;
}

/** What was heard of the limit. */
export function learn(state: LimitState, facts: LimitFacts | undefined, now: number): LimitState {
  if (facts === undefined) return state;
  return facts.from === 'nango' ? fromNango(state, facts, now) : fromProvider(state, facts.pauseMs, now);
}

/**
 * Whether the next to come shall read what the server says: while nothing is known of it or of its windows, and after a
 * long time, in which it may have changed. A request for it is one of the limit.
 */
export function isStale(state: LimitState, now: number): boolean {
  if (state.known?.source !== 'nango' || now < state.measuringUntil) return false;
  if (state.statedAt === undefined) return true;
  return state.isMeasured ? now >= state.statedAt + MEASURED_FOR_MS : now >= (state.statedEnd ?? 0);
}

/** A limit that is only inferred rises while somebody wants more and nothing is refused. */
export function raised(state: LimitState, now: number): LimitState {
  const { known } = state;
  if (known?.source !== 'refusals' || now < state.inferredAt + known.perMs) return state;
  return { ...state, known: { ...known, calls: Math.ceil(known.calls * RAISED_BY) }, inferredAt: now };
}

/**
 * Nango counts in windows of fixed length that begin with their first call, and are over at the reset. How long they are
 * no header says; the first call of one shows it.
 */
function fromNango(
  state: LimitState,
  { calls, remaining, resetMs, windowMs, refused }: AccountFacts,
  now: number,
): LimitState {
  const { known } = state;
  const former = known?.perMs ?? ASSUMED_WINDOW_MS;
  // One measurement may be a second short, so that the longest counts, unless it is another window altogether.
  const isOther = windowMs !== undefined && (!state.isMeasured || windowMs < former - 2 * ROUNDING_MS);
  const perMs = isOther ? windowMs : Math.max(former, windowMs ?? resetMs - ROUNDING_MS);
  const end = now + resetMs;
  // Of one window less is left each time; what was granted since then is taken off already.
  const isSame = state.stated !== undefined && Math.abs((state.statedEnd ?? 0) - end) < 2 * ROUNDING_MS;
  const before = isSame ? (state.stated?.calls ?? Infinity) : Infinity;
  return {
    ...state,
    known: known?.source === 'declared' ? known : { calls, perMs, source: 'nango' },
    isMeasured: state.isMeasured || windowMs !== undefined,
    stated: { calls: refused ? 0 : Math.min(remaining, before), until: Math.max(end - ROUNDING_MS, now) },
    statedAt: now,
    statedEnd: end,
    measuringUntil: 0,
    withheldUntil: 0,
    pausedUntil: refused ? Math.max(state.pausedUntil, end) : state.pausedUntil,
    holders: state.holders.map((holder) => ({
      ...holder,
      sent: holder.sent.map((one) => ({ ...one, until: Math.min(one.until, end) })),
    })),
  };
}

/** All calls in flight may be refused at one moment: that counts once. */
function fromProvider(state: LimitState, pauseMs: number, now: number): LimitState {
  const pausedUntil = Math.max(state.pausedUntil, now + pauseMs);
  if (state.known?.source === 'declared' || now < state.pausedUntil) return { ...state, pausedUntil };
  const calls = Math.max(Math.floor((state.known?.calls ?? FIRST_INFERRED_CALLS) / 2), 1);
  const perMs = state.known?.perMs ?? Math.min(Math.max(pauseMs, SHORTEST_INFERRED_WINDOW_MS), ASSUMED_WINDOW_MS);
  return { ...state, pausedUntil, known: { calls, perMs, source: 'refusals' }, inferredAt: now };
}
