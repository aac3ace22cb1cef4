import { LRUCache } from 'lru-cache';

const WINDOW_MS = 60_000;
/** Beyond this the address that has been quiet for longest is forgotten: memory stays bounded, whoever comes. */
const MAX_ADDRESSES = 10_000;

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

  count(address: string): void {
    const counted = this.counts.get(address);
    if (counted === undefined) this.counts.set(address, { count: 1 });
    else counted.count += 1;
  }

  /** @returns seconds until the address may come again; nothing if it may come now */
  retryAfter(address: string): number | undefined {
    const counted = this.counts.get(address);
    if (counted === undefined || counted.count < this.perMinute) return undefined;
    return Math.max(1, Math.ceil(this.counts.getRemainingTTL(address) / 1_000));
  }
}
