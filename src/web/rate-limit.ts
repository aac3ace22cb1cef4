import { LRUCache } from 'lru-cache';

const WINDOW_MS = 60_000;
/** Beyond this the address that has been quiet for longest is forgotten: memory stays bounded, whoever comes. */
const MAX_ADDRESSES = 10_000;

/** An attempt that has been counted; or, as `retryAfter`, the seconds until its address may come again. */
export type Attempt = { retryAfter: number; forgive?: undefined } | { retryAfter?: undefined; forgive: () => void };

/** Counts by address, a minute at a time from the first count. In memory, so each process counts for itself. */
export class RateLimit {
  private readonly counts: LRUCache<string, { count: number }>;

  /**
   * @param perMinute counts that are allowed
   * @param now in milliseconds, from any beginning; default: the monotonic clock
   */
  constructor(
    private readonly perMinute: number,
    now: () => number = () => performance.now(),
  ) {
    this.counts = new LRUCache({ max: MAX_ADDRESSES, ttl: WINDOW_MS, ttlResolution: 0, perf: { now } });
  }

  /**
   * Counts an attempt before anything of it is looked at: a thousand that are begun at once are still a thousand. What has
   * turned out to be right is forgiven, which takes its count back, in the minute in which it was counted.
   */
  attempt(address: string): Attempt {
    const retryAfter = this.retryAfter(address);
    if (retryAfter !== undefined) return { retryAfter };
    const counted = this.count(address);
    return { forgive: () => void (counted.count -= 1) };
  }

  count(address: string): { count: number } {
    const counted = this.counts.get(address) ?? { count: 0 };
    if (counted.count === 0) this.counts.set(address, counted);
    counted.count += 1;
    return counted;
  }

  /** @returns seconds until the address may come again; nothing if it may come now */
  retryAfter(address: string): number | undefined {
    const counted = this.counts.get(address);
    if (counted === undefined || counted.count < this.perMinute) return undefined;
    return Math.max(1, Math.ceil(this.counts.getRemainingTTL(address) / 1_000));
  }
}
