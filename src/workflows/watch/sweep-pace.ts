import type { SweepResult } from '../../contract/types';

const FASTEST_MS = 5_000;
/** A connection is found within two minutes: this, and the sweep. */
const SLOWEST_MS = 100_000;
/**
 * Of the account's rate limit, however many links there are and whether or not sweeps succeed. Less than the twentieth
 * that is promised, so that this holds in any minute, also in one with a sweep at each end.
 */
const SHARE_OF_LIMIT = 0.04;
/** Requests a minute, until the server has said: a self-hosted one allows no more. */
const ASSUMED_LIMIT = 200;
/** What a sweep of which nothing was heard may have made: three pages of two lists, and one connection. */
const MOST_REQUESTS = 7;

/** What a run hands on to the next. */
export interface CarriedPace {
  limitPerMinute: number;
  failures: number;
  pauseMs: number;
}

/** How long a watch waits between its sweeps. */
export class SweepPace {
  private limitPerMinute: number;
  private failures: number;
  /** Before the next sweep at the least, whatever comes. */
  pauseMs: number;

  /** @param lists how many requests the first sweep is likely to make */
  constructor(carried: CarriedPace | undefined, lists: number) {
    this.limitPerMinute = carried?.limitPerMinute ?? ASSUMED_LIMIT;
    this.failures = carried?.failures ?? 0;
    this.pauseMs = carried?.pauseMs ?? this.worth(lists);
  }

  get carried(): CarriedPace {
    const { limitPerMinute, failures, pauseMs } = this;
    return { limitPerMinute, failures, pauseMs };
  }

  /** What remains to be waited after the last link, so that another watch, which would begin anew, uses no more. */
  get debtMs(): number {
    return Math.min(Math.max(this.pauseMs - this.worth(1), 0), SLOWEST_MS);
  }

  /** @param result undefined: the sweep was not heard of again */
  swept(result: SweepResult | undefined): void {
    this.limitPerMinute = result?.limitPerMinute ?? this.limitPerMinute;
    const pause = this.worth(result?.requests ?? MOST_REQUESTS);
    if (result !== undefined && result.failure === undefined) {
      this.failures = 0;
      this.pauseMs = pause;
      return;
    }
    // Later each time, and not before Nango says: a failed sweep counts against the limit too.
    const later = Math.min(FASTEST_MS * 2 ** ++this.failures, SLOWEST_MS);
    this.pauseMs = Math.max(pause, later, result?.failure?.retryAfterMs ?? 0);
  }

  /** How much longer than that it waits if nothing new is heard of: quick while somebody is likely to be connecting. */
  slackMs(ageOfNewestLink: number): number {
    return Math.max(Math.min(ageOfNewestLink / 4, SLOWEST_MS) - this.pauseMs, 0);
  }

  /** How long it takes until so many requests are no more than our share. */
  private worth(requests: number): number {
    return Math.max(FASTEST_MS, (60_000 * requests) / (SHARE_OF_LIMIT * this.limitPerMinute));
  }
}
