import { ASSUMED_WINDOW_MS, MAX_LEASE_CALLS } from '../contract/limits';
import type { KnownLimit, Lease, LeaseRequest, LimitFacts } from '../contract/types';
import { HeldRoom } from './held-room';
import { Unleased } from './unleased';
import { Waiters } from './waiters';
import type { Admission } from './waiters';

/** Of a window: what a worker that makes few calls sends without a lease. */
const FREE_SHARE = 0.02;
/** Of a window: what a worker sends by itself while its limiter does not respond. */
const ALONE_SHARE = 0.1;
/** Calls that a worker keeps for the next single one, where the limit is not small itself. */
const SMALL_LEASE = 5;
/** A limiter that did not respond is tried again after so long, then doubled. */
const FIRST_AWAY_MS = 1_000;
const LONGEST_AWAY_MS = 30_000;
/** Of a lease: after it, what was sent is reported and what is left is given back. */
const REPORT_AFTER = 0.5;
/** The same once there was no room: the others wait for it. */
const REPORT_SOON_MS = 500;
const LONGEST_RETRY_MS = 3_600_000;

/** Where leases come from. */
export interface Limiter {
  /** @throws whatever kept it from responding in time */
  lease(request: LeaseRequest): Promise<Lease>;
}

/** How calls wait for room. */
export interface Terms {
  /** the workflow and connection that they are of */
  claimant: string;
  /** milliseconds since the epoch, until which they wait */
  until: number;
  signal?: AbortSignal;
}

/**
 * One limit as a worker sees it: what it holds, who waits here, and one request at a time to the limiter. Without a limit
 * that is known there is no waiting and no request.
 */
export class LeasedLimit {
  private known: KnownLimit | undefined;
  private readonly held = new HeldRoom();
  private readonly unleased = new Unleased();
  /** admitted without a lease, and not sent yet */
  private openFree = 0;
  private readonly waiters = new Waiters();
  private facts: { heard: LimitFacts; at: number } | undefined;
  /** calls of a window, as the limiter last said; undefined: it has said nothing yet */
  private share: number | undefined;
  private leasedAt = -Infinity;
  private leaseMs = 0;
  private retryAt = 0;
  private pausedUntil = 0;
  /** calls that were turned away are spread over the time in which room will come */
  private promisedUntil = 0;
  private awayUntil = 0;
  private awayMs = 0;
  private isPumping = false;
  private wake = (): void => undefined;
  private reporting: NodeJS.Timeout | undefined;
  private reportAt = 0;

  /**
   * @param holder this worker, by a name that no other has
   * @param limitOf whose limit it is
   * @param measure reads what the server says; what comes of it is heard
   */
  constructor(
    private readonly holder: string,
    private readonly limitOf: 'account' | 'connection',
    private readonly limiter: Limiter,
    private readonly measure: () => Promise<void> = () => Promise.resolve(),
  ) {}

  get isKnown(): boolean {
    return this.known !== undefined;
  }

  private get windowMs(): number {
    return this.known?.perMs ?? ASSUMED_WINDOW_MS;
  }

  /** What it may send without a lease, and no more than which it keeps of one. */
  private get freeCalls(): number {
    return Math.floor((this.known?.calls ?? 0) * FREE_SHARE);
  }

  private get keptCalls(): number {
    return Math.min(SMALL_LEASE, this.freeCalls);
  }

  /** There is such a limit. */
  know(limit: KnownLimit): void {
    this.known ??= limit;
  }

  /** There is none, or it is not worth knowing any more. */
  forget(): void {
    this.known = undefined;
    this.facts = undefined;
    this.retryAt = this.pausedUntil = this.promisedUntil = 0;
    this.wake();
  }

  /** @throws the reason of the signal */
  async take(count: number, terms: Terms): Promise<Admission> {
    const taken = this.takeNow(count);
    return taken > 0 ? { admitted: taken } : await this.wait(count, terms);
  }

  /** Of calls that were admitted and are not sent. */
  putBack(count: number): void {
    this.openFree -= Math.min(count - this.held.putBack(count), this.openFree);
    if (this.waiters.claimants > 0) this.distribute();
    else this.reportLater();
  }

  /** A call is being sent, admitted or not. */
  started(): void {
    const now = Date.now();
    if (!this.held.started(now)) {
      if (this.openFree > 0) this.openFree--;
      else this.unleased.add(1, this.windowMs, now);
    }
    this.reportLater();
  }

  /** Something was heard of the limit; the limiter hears it with the next request. */
  heard(facts: LimitFacts, initial: KnownLimit): void {
    const now = Date.now();
    this.facts = { heard: facts, at: now };
    this.known ??= initial;
    if (facts.from === 'nango') {
      if (this.known.source === 'nango') this.known = { ...this.known, calls: facts.calls };
      this.unleased.endBy(now + facts.resetMs);
      if (facts.refused) this.pause(now + facts.resetMs);
    } else {
      this.pause(now + facts.pauseMs);
    }
    // The others are about to be refused too.
    const isRefusal = facts.from === 'provider' || facts.refused;
    if (isRefusal && now < this.leasedAt + this.windowMs) this.reportAfter(0);
  }

  private pause(until: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, until);
  }

  /** Without I/O. @returns 0 where that takes a lease */
  private takeNow(count: number): number {
    const { known } = this;
    if (known === undefined) return count;
    const now = Date.now();
    if (now < this.pausedUntil || this.waiters.claimants > 0) return 0;
    const taken = this.held.take(count, now);
    if (taken > 0 || count > 1) return taken;
    const isQuiet = now >= this.leasedAt + known.perMs && now >= this.pausedUntil + known.perMs;
    if (!isQuiet || this.unleased.count(known.perMs, now) >= this.freeCalls) return 0;
    this.unleased.add(1, known.perMs, now);
    this.openFree++;
    return 1;
  }

  private async wait(count: number, { claimant, until, signal }: Terms): Promise<Admission> {
    signal?.throwIfAborted();
    // There is no use in waiting.
    if (until < Math.max(this.retryAt, this.pausedUntil)) return this.turnedAway();
    return await new Promise<Admission>((resolve, reject) => {
      const end = (how: () => void) => (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.waiters.remove(waiter);
        how();
      };
      const turnAway = end(() => resolve(this.turnedAway()));
      const abort = end(() => reject(signal?.reason as Error));
      const waiter = {
        ...{ claimant, count, until, turnAway },
        admit: (admitted: number) => end(() => resolve({ admitted }))(),
      };
      const timer = setTimeout(turnAway, Math.max(until - Date.now(), 0));
      signal?.addEventListener('abort', abort);
      this.waiters.add(waiter);
      void this.pump();
    });
  }

  /** One that is turned away may come again, after the other, at the pace of this worker's share. */
  private turnedAway(): Admission {
    const now = Date.now();
    const at = Math.max(this.promisedUntil, this.retryAt, this.pausedUntil, now + 1);
    const { calls = 1, perMs = 0 } = this.known ?? {};
    this.promisedUntil = at + perMs / Math.max(this.share ?? calls * ALONE_SHARE, 1);
    return { retryAfterMs: Math.min(Math.ceil(at - now), LONGEST_RETRY_MS), limitOf: this.limitOf };
  }

  /** Asks the limiter, one request after the other, for as long as anybody waits. */
  private async pump(): Promise<void> {
    if (this.isPumping) return;
    this.isPumping = true;
    // Those that come at one moment travel together.
    await Promise.resolve();
    while (this.waiters.claimants > 0) {
      const at = Math.max(this.retryAt, this.pausedUntil);
      for (const waiter of this.waiters.all) if (waiter.until < at) waiter.turnAway();
      const pause = at - Date.now();
      if (pause > 0 && this.waiters.claimants > 0) await this.pauseFor(pause);
      else if (this.waiters.claimants > 0) await this.leaseSome();
      this.distribute();
    }
    this.isPumping = false;
  }

  private async pauseFor(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, Math.min(ms, LONGEST_RETRY_MS)).unref();
    });
  }

  private async leaseSome(): Promise<void> {
    if (this.known === undefined) return;
    if (Date.now() < this.awayUntil) return this.goAlone();
    const wanted = this.waiters.all.reduce((sum, { count }) => sum + count, 0);
    // Where the limit is so large that nobody misses them, some for those that come next: each request is a round trip.
    const lease = await this.request(Math.min(Math.max(wanted, this.freeCalls), MAX_LEASE_CALLS), 0);
    if (lease === undefined) this.goAlone();
  }

  private async request(want: number, keep: number): Promise<Lease | undefined> {
    const { known } = this;
    if (known === undefined) return undefined;
    const now = Date.now();
    const settled = this.held.report(want > 0 ? Infinity : keep, now);
    const alone = this.unleased.report(known.perMs, now);
    const { facts } = this;
    this.facts = undefined;
    const claimants = Math.max(this.waiters.claimants, 1);
    try {
      const lease = await this.limiter.lease({
        ...{ holder: this.holder, want, claimants, known, ...settled, ...alone },
        facts: facts && later(facts.heard, now - facts.at),
      });
      this.apply(lease, want, now);
      return lease;
    } catch {
      this.held.restore(settled);
      this.unleased.restore(alone);
      this.facts ??= facts;
      this.awayMs = Math.min(Math.max(this.awayMs * 2, FIRST_AWAY_MS), LONGEST_AWAY_MS);
      this.awayUntil = Date.now() + this.awayMs;
      return undefined;
    }
  }

  private apply({ granted, leaseMs, retryAfterMs, limit, share, measure }: Lease, want: number, sentAt: number): void {
    this.awayMs = 0;
    if (this.known !== undefined) this.known = limit ?? this.known;
    this.share = share;
    this.leaseMs = leaseMs;
    if (want > 0) this.leasedAt = sentAt;
    if (granted > 0) this.held.add(granted, sentAt + leaseMs);
    if (want > 0) this.retryAt = retryAfterMs === undefined ? 0 : Date.now() + retryAfterMs;
    if (measure) void this.measure().catch(() => undefined);
  }

  /** Without a limiter: slower, but not for ever, and not all at once. */
  private goAlone(): void {
    const { known } = this;
    if (known === undefined) return;
    const now = Date.now();
    const most = Math.max(Math.floor(known.calls * ALONE_SHARE), 1);
    const room = most - this.unleased.count(known.perMs, now);
    if (room > 0) {
      // Reported as sent once it is, like what was leased.
      this.unleased.add(room, known.perMs, now, true);
      this.held.add(room, this.awayUntil + known.perMs);
    }
    this.retryAt = room > 0 ? 0 : Math.max(Math.min(this.unleased.nextAt(known.perMs), now + known.perMs), now + 1);
  }

  private distribute(): void {
    const now = Date.now();
    for (;;) {
      const free = this.held.free(now);
      const { claimants } = this.waiters;
      if (claimants === 0 || (free === 0 && this.known !== undefined)) return;
      const waiter = this.waiters.next();
      if (waiter === undefined) return;
      const fair = Math.max(Math.floor(free / claimants), 1);
      waiter.admit(this.known === undefined ? waiter.count : this.held.take(Math.min(waiter.count, fair), now));
    }
  }

  /** What was sent is to be known, and what is left over to be given back, before the lease is lost. */
  private reportLater(): void {
    if (this.known === undefined) return;
    const now = Date.now();
    if (!this.held.hasUsed && this.held.free(now) <= this.keptCalls) return;
    this.reportAfter(this.retryAt > now ? REPORT_SOON_MS : this.leaseMs * REPORT_AFTER);
  }

  private reportAfter(ms: number): void {
    const at = Date.now() + ms;
    if (this.reporting !== undefined && this.reportAt <= at) return;
    clearTimeout(this.reporting);
    this.reportAt = at;
    this.reporting = setTimeout(() => {
      this.reporting = undefined;
      if (Date.now() >= this.awayUntil) void this.request(0, this.keptCalls);
    }, ms);
    this.reporting.unref();
  }
}

/** The same some time later. */
function later(facts: LimitFacts, ms: number): LimitFacts | undefined {
  if (facts.from === 'nango') return facts.resetMs > ms ? { ...facts, resetMs: facts.resetMs - ms } : undefined;
  return facts.pauseMs > ms ? { ...facts, pauseMs: facts.pauseMs - ms } : undefined;
}
