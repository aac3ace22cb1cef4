/** Nango's limiter: a fixed window that begins with its first request; its end is told in whole seconds. */
export class FixedWindow {
  private startedAt = -Infinity;
  private used = 0;

  constructor(
    private readonly calls: number,
    private readonly windowMs: number,
  ) {}

  /** Counts a request. @returns headers of its answer, and whether it is refused */
  count(now: number): { refused: boolean; headers: { [name: string]: string } } {
    if (now >= this.startedAt + this.windowMs) {
      this.startedAt = now;
      this.used = 0;
    }
    this.used++;
    const end = this.startedAt + this.windowMs;
    const refused = this.used > this.calls;
    const headers = {
      'x-ratelimit-limit': String(this.calls),
      'x-ratelimit-remaining': String(Math.max(this.calls - this.used, 0)),
      'x-ratelimit-reset': String(Math.ceil(end / 1_000)),
    };
    // Rounded down, so that it may be 0.
    const retryAfter = String(Math.floor((end - now) / 1_000));
    return { refused, headers: refused ? { ...headers, 'retry-after': retryAfter } : headers };
  }
}
