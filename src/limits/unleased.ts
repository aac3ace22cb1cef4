/** What is kept of a window, so that many calls take little room. */
const SLOTS = 100;

/** Calls that were sent at about one time. */
interface Slot {
  since: number;
  /** the last of them: all are as late as that one */
  at: number;
  calls: number;
  /** of these, no limiter has heard of */
  unreported: number;
  /** they do not count any longer than this, since the server's window ends */
  end: number;
}

/** Calls that were sent without a lease, for as long as a window is. */
export class Unleased {
  private slots: Slot[] = [];

  /** Of the last window. */
  count(windowMs: number, now: number): number {
    this.expire(windowMs, now);
    return this.slots.reduce((sum, { calls }) => sum + calls, 0);
  }

  /** @param reported they are reported otherwise */
  add(calls: number, windowMs: number, now: number, reported = false): void {
    this.expire(windowMs, now);
    const unreported = reported ? 0 : calls;
    const last = this.slots.at(-1);
    if (last === undefined || last.end !== Infinity || now - last.since > windowMs / SLOTS) {
      this.slots.push({ since: now, at: now, calls, unreported, end: Infinity });
      return;
    }
    last.at = now;
    last.calls += calls;
    last.unreported += unreported;
  }

  /** The server's window ends by then, and with it what was sent before now. */
  endBy(end: number): void {
    for (const slot of this.slots) slot.end = Math.min(slot.end, end);
  }

  /** When the first of them is over. */
  nextAt(windowMs: number): number {
    const [first] = this.slots;
    return first === undefined ? 0 : overAt(first, windowMs);
  }

  /** Those that no limiter has heard of yet, and how long ago the last of them was sent. */
  report(windowMs: number, now: number): { unleased: number; unleasedAgoMs: number } {
    this.expire(windowMs, now);
    const fresh = this.slots.filter(({ unreported }) => unreported > 0);
    const unleased = fresh.reduce((sum, { unreported }) => sum + unreported, 0);
    for (const slot of fresh) slot.unreported = 0;
    return { unleased, unleasedAgoMs: Math.max(now - (fresh.at(-1)?.at ?? now), 0) };
  }

  /** A report that was lost. */
  restore({ unleased }: { unleased: number }): void {
    const last = this.slots.at(-1);
    if (last !== undefined) last.unreported += unleased;
  }

  private expire(windowMs: number, now: number): void {
    const first = this.slots.findIndex((slot) => overAt(slot, windowMs) > now);
    this.slots.splice(0, first === -1 ? this.slots.length : first);
  }
}

function overAt({ at, end }: Slot, windowMs: number): number {
  return Math.min(at + windowMs, end);
}
