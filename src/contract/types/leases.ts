/** A limit as far as it is known. */
export interface KnownLimit {
  /** calls that are let through in each window, 1 or more */
  calls: number;
  /** length of a window, in milliseconds */
  perMs: number;
  /** by whom: Nango's headers, an option of the plugin, or what was inferred from a provider's refusals */
  source: 'nango' | 'declared' | 'refusals';
}

/** What Nango's headers said of the account's limit. */
export interface AccountFacts {
  /** whose words they are */
  from: 'nango';
  /** calls of a window */
  calls: number;
  /** of these, what is left in this one */
  remaining: number;
  /** until the next window, in milliseconds, rounded up to whole seconds twice: up to 2 s too long */
  resetMs: number;
  /** the length of a window, in milliseconds, where this was the first call of one */
  windowMs?: number;
  /** it was Nango's own 429. Default false */
  refused?: boolean;
}

/** What a provider said of a connection's limit: that nothing is left of it. */
interface ConnectionFacts {
  /** whose words they are */
  from: 'provider';
  /** for how long it wants no calls, in milliseconds */
  pauseMs: number;
}

/** What was heard of a limit; durations only, since the clocks of workers differ. */
export type LimitFacts = AccountFacts | ConnectionFacts;

/** What a worker says to a limiter, by the update `nango.lease`. All counts are of calls. */
export interface LeaseRequest {
  /** the worker, by a name that no other has */
  holder: string;
  /** calls that wait for room; 0 to report only. At most `MAX_LEASE_CALLS` */
  want: number;
  /** workflows and connections that these calls are of: each is worth the same. Default 1 */
  claimants?: number;
  /** sent of its leases since the last report. Default 0 */
  used?: number;
  /** how long ago the last of these was sent, in milliseconds. Default 0 */
  usedAgoMs?: number;
  /** of its leases, not sent and not needed. Default 0 */
  giveBack?: number;
  /** sent without a lease since the last report. Default 0 */
  unleased?: number;
  /** how long ago the last of these was sent, in milliseconds. Default 0 */
  unleasedAgoMs?: number;
  /** the limit, for a limiter that knows none; a declared one replaces whatever is known */
  known?: KnownLimit;
  /** what was heard since the last report; default: nothing */
  facts?: LimitFacts;
}

/** What a limiter lets a worker send. Durations count from when the worker sent its request. */
export interface Lease {
  /** calls; 0 where there is no room */
  granted: number;
  /** for so many milliseconds; what is not sent by then is lost */
  leaseMs: number;
  /** with no room: when to come again, in milliseconds */
  retryAfterMs?: number;
  /** the limit; absent while nobody knows one */
  limit?: KnownLimit;
  /** calls that this worker may count on in each window as things are */
  share: number;
  /** read what Nango says of its limit, and report it with the next request */
  measure?: true;
}
