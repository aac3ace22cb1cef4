const WINDOW_MS = 60_000;

/** Nango's limiter: a fixed window of a minute, one for all keys of the account. */
export class RateLimit {
  private windowStart = -Infinity;
  private used = 0;

  constructor(
    private readonly perMinute: number,
    private readonly clock: () => number,
  ) {}

  /** Counts a request. @returns headers for its response; `retryAfter` in seconds if it is one too many */
  count(): { headers: { [name: string]: string }; retryAfter?: number } {
    const now = this.clock();
    if (now >= this.windowStart + WINDOW_MS || now < this.windowStart) {
      this.windowStart = now;
      this.used = 0;
    }
    this.used++;
    const end = this.windowStart + WINDOW_MS;
    const headers = {
      'x-ratelimit-limit': String(this.perMinute),
      'x-ratelimit-remaining': String(Math.max(this.perMinute - this.used, 0)),
      'x-ratelimit-reset': String(Math.ceil(end / 1000)),
    };
    // Rounded down, so that it can be 0.
    return this.used > this.perMinute ? { headers, retryAfter: Math.floor((end - now) / 1000) } : { headers };
  }
}
