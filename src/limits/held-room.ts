/** Room that was granted to this worker, and what became of it. */
export class HeldRoom {
  private leases: { calls: number; until: number }[] = [];
  /** admitted, and not sent yet */
  private open = 0;
  private used = 0;
  private usedAt = 0;
  private newestUntil = 0;

  free(now: number): number {
    this.leases = this.leases.filter(({ calls, until }) => calls > 0 && until > now);
    return this.leases.reduce((sum, { calls }) => sum + calls, 0);
  }

  add(calls: number, until: number): void {
    this.leases.push({ calls, until });
    this.newestUntil = until;
  }

  /** @returns how many of these there was room for */
  take(count: number, now: number): number {
    const taken = Math.min(count, this.free(now));
    this.remove(taken);
    this.open += taken;
    return taken;
  }

  /** @returns how many of these had been taken */
  putBack(count: number): number {
    const back = Math.min(count, this.open);
    this.open -= back;
    if (back > 0) this.add(back, this.newestUntil);
    return back;
  }

  /** One call is being sent. @returns whether it had been admitted */
  started(now: number): boolean {
    if (this.open === 0) return false;
    this.open--;
    this.used++;
    this.usedAt = now;
    return true;
  }

  get hasUsed(): boolean {
    return this.used > 0;
  }

  /** What a limiter has not heard yet, and what it gets back beyond what shall be kept. */
  report(keep: number, now: number): { used: number; usedAgoMs: number; giveBack: number } {
    const { used } = this;
    const giveBack = Math.max(this.free(now) - keep, 0);
    this.remove(giveBack);
    this.used = 0;
    return { used, usedAgoMs: used > 0 ? Math.max(now - this.usedAt, 0) : 0, giveBack };
  }

  /** A report that was lost. */
  restore({ used }: { used: number }): void {
    this.used += used;
  }

  private remove(count: number): void {
    let left = count;
    for (const lease of this.leases) {
      const taken = Math.min(lease.calls, left);
      lease.calls -= taken;
      left -= taken;
    }
  }
}
