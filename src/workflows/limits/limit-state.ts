import { ASSUMED_WINDOW_MS } from '../../contract/limits';
import type { KnownLimit } from '../../contract/types';

/** What was sent is kept by the hundredth of a window, so that a state stays small. */
const GRAINS = 100;

/** A call arrives so much later than it was sent. */
const TRANSIT_MS = 100;

/** Calls that count until a time, in milliseconds since the epoch. */
export interface Counted {
  calls: number;
  until: number;
}

/** A worker as a limiter knows it. */
export interface Holder {
  name: string;
  /** what it may send, and has not reported as sent */
  leases: Counted[];
  /** what it has sent, until a window later */
  sent: Counted[];
  /** calls that it wanted and did not get; room is kept for them until it is overdue */
  unmet: number;
  overdue: number;
  /** since when it waits; whoever waits longest is first */
  since: number;
  /** what it is worth beside the others */
  claimants: number;
  seenAt: number;
}

/** All that a limiter knows; plain data, handed on when it continues as new. */
export interface LimitState {
  known?: KnownLimit;
  /** the length of a window was measured, and is not assumed */
  isMeasured: boolean;
  /** what the server said is left, until its window ends */
  stated?: Counted;
  /** when that was; undefined: nothing was heard yet */
  statedAt?: number;
  /** when the window ends of which was heard last */
  statedEnd?: number;
  /** some worker is to measure until then; 0: none was */
  measuringUntil: number;
  /** nothing is granted until then: the first measurement is under way */
  withheldUntil: number;
  /** nothing is granted until then */
  pausedUntil: number;
  /** when a limit that is inferred was last changed */
  inferredAt: number;
  holders: Holder[];
}

/** A limiter that has just begun. */
export function begin(): LimitState {
  return { isMeasured: false, measuringUntil: 0, withheldUntil: 0, pausedUntil: 0, inferredAt: 0, holders: [] };
}

/** Length of a window. */
export function windowOf({ known }: LimitState): number {
  return known?.perMs ?? ASSUMED_WINDOW_MS;
}

export function total(counted: Counted[]): number {
  return counted.reduce((sum, { calls }) => sum + calls, 0);
}

/** What a holder has of the window. */
export function usageOf({ leases, sent }: Holder): number {
  return total(leases) + total(sent);
}

/** Adds what was sent at a time, which counts for a window. */
export function withSent(sent: Counted[], calls: number, at: number, windowMs: number): Counted[] {
  if (calls <= 0) return sent;
  const grain = Math.max(windowMs / GRAINS, 1);
  const until = Math.ceil((at + windowMs + TRANSIT_MS) / grain) * grain;
  const same = sent.find((one) => one.until === until);
  const others = sent.filter((one) => one !== same);
  return [...others, { calls: calls + (same?.calls ?? 0), until }];
}

/** Time has passed. What was leased and never reported may have been sent at the last moment. */
export function expire(state: LimitState, now: number): LimitState {
  const windowMs = windowOf(state);
  const live = ({ until }: Counted): boolean => until > now;
  const holders = state.holders.map((holder): Holder => {
    const lost = holder.leases.filter((lease) => !live(lease));
    const sent = lost.reduce((all, { calls, until }) => withSent(all, calls, until, windowMs), holder.sent);
    const waits = holder.overdue > now;
    return { ...holder, leases: holder.leases.filter(live), sent: sent.filter(live), unmet: waits ? holder.unmet : 0 };
  });
  return {
    ...state,
    stated: state.stated !== undefined && live(state.stated) ? state.stated : undefined,
    holders: holders.filter((one) => usageOf(one) > 0 || one.unmet > 0 || one.seenAt + windowMs > now),
  };
}

/** When all that is remembered is over; nothing is lost by ending then. */
export function restsAt(state: LimitState): number {
  const windowMs = windowOf(state);
  const times = state.holders.flatMap(({ leases, sent, overdue, unmet }) => [
    ...leases.map(({ until }) => until + windowMs),
    ...sent.map(({ until }) => until),
    unmet > 0 ? overdue : 0,
  ]);
  return [state.pausedUntil, state.stated?.until ?? 0, ...times].reduce((a, b) => Math.max(a, b), 0);
}
