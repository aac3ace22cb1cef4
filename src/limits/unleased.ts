/** Calls that were sent without a lease, for as long as a window is. */
export class Unleased {
  private calls: { at: number; reported: boolean }[] = [];

  /** Of the last window. */
  count(windowMs: number, now: number): number {
    this.calls = this.calls.filter(({ at }) => at + windowMs > now);
    return this.calls.length;
  }

  /** @param reported they are reported otherwise */
  add(count: number, now: number, reported = false): void {
    for (let i = 0; i < count; i++) this.calls.push({ at: now, reported });
  }

  /** When the first of them is over. */
  nextAt(windowMs: number): number {
    return (this.calls[0]?.at ?? 0) + windowMs;
  }

  /** Those that no limiter has heard of yet. */
  report(windowMs: number, now: number): number {
    this.count(windowMs, now);
    const fresh = this.calls.filter(({ reported }) => !reported);
    for (const call of fresh) call.reported = true;
    return fresh.length;
  }

  /** A report that was lost: of the newest. */
  restore(count: number): void {
    for (const call of this.calls.slice(Math.max(this.calls.length - count, 0))) call.reported = false;
  }
}
