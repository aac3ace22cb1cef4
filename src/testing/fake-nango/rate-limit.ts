const MINUTE_MS = 60_000;

/** Nango's limiter: a fixed window, one for all keys of the account, that begins with its first request. */
export class RateLimit {
  private windowStart = -Infinity;
  private used = 0;

  constructor(
    private readonly perWindow: number,
    private readonly clock: () => number,
    private readonly windowMs = MINUTE_MS,
  ) {}

  /** Counts a request. @returns headers for its response; `retryAfter` in seconds if it is one too many */
  count(): { headers: { [name: string]: string }; retryAfter?: number } {
    const now = this.clock();
    if (now >= this.windowStart + this.windowMs || now < this.windowStart) {
      this.windowStart = now;
      this.used = 0;
    }
    this.used++;
    const end = this.windowStart + this.windowMs;
    const headers = {
      'x-ratelimit-limit': String(this.perWindow),
      'x-ratelimit-remaining': String(Math.max(this.perWindow - this.used, 0)),
      'x-ratelimit-reset': String(Math.ceil(end / 1000)),
    };
    // Rounded down, so that it can be 0.
    return this.used > this.perWindow ? { headers, retryAfter: Math.floor((end - now) / 1000) } : { headers };
  }
}
