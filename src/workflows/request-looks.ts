import { condition, isCancellation, log, sleep } from '@temporalio/workflow';
import { detailsOf, findNangoFailure } from '../contract/errors';
import type { Failure } from '../contract/types';
import type { Read, RequestReads } from './request-reads';

/** A lookup that failed for good is tried again after this, then after ever longer. */
const AGAIN_MS = 60_000;
const AGAIN_MOST_MS = 3_600_000;

/** What came of a look. */
export type Seen = Read | { type: 'unusable'; failure: Failure };

/** What an earlier run leaves: hinted connections it had not looked at, and whether it had its first look. */
export interface EarlierLooks {
  pending: string[];
  firstIsOver: boolean;
}

/**
 * The looks of a request: one after the other, whatever number of reasons there is. It begins with one by owner.
 */
export class Looks {
  /** Looks by owner that were answered, or were not in good time. */
  private made = 0;
  /** Whether the first has been answered. */
  private firstIsOver: boolean;
  private busy = false;
  private resting = false;
  /** `undefined` looks by owner, an id re-reads that connection */
  private readonly wanted: Set<string | undefined>;
  private current: string | undefined;

  constructor(
    private readonly reads: RequestReads,
    private readonly onSeen: (seen: Seen) => void,
    earlier: EarlierLooks,
  ) {
    this.firstIsOver = earlier.firstIsOver;
    this.wanted = new Set([undefined, ...earlier.pending]);
  }

  /** Whether one by owner has been made, with or without an answer. */
  get madeOne(): boolean {
    return this.made > 0;
  }

  /** Hinted connections that have not been looked at to the end, for the next run. */
  get pending(): string[] {
    return [this.current, ...this.wanted].filter((id) => id !== undefined);
  }

  /**
   * There is a reason to look.
   *
   * @param connectionId at this connection; default: by owner
   * @returns whether the look is over, or is not worth waiting for
   */
  want(connectionId?: string): () => boolean {
    this.wanted.add(connectionId);
    const before = this.made;
    const late = this.busy;
    return () => late || this.resting || this.made > before;
  }

  /** Never ends by itself. */
  async keepLooking(): Promise<never> {
    for (let failures = 0; ;) {
      await condition(() => this.wanted.size > 0);
      this.busy = true;
      let failed = false;
      for (const target of [...this.wanted]) {
        this.wanted.delete(target);
        this.current = target;
        if (await this.look(target)) continue;
        // What could not be looked at is not forgotten: nobody may tell of it again.
        this.wanted.add(target);
        failed = true;
      }
      this.current = undefined;
      this.busy = false;
      failures = failed ? failures + 1 : 0;
      if (!failed) continue;
      this.resting = true;
      await sleep(Math.min(AGAIN_MS * 2 ** (failures - 1), AGAIN_MOST_MS), { summary: 'looks again' });
      this.resting = false;
    }
  }

  /** @returns whether there was an answer */
  private async look(connectionId: string | undefined): Promise<boolean> {
    if (connectionId !== undefined) return (await this.attempt(() => this.reads.hinted(connectionId))) === 'answered';
    // Somebody may wait for it: first in good time, and only then with all the patience in the world.
    let came = await this.attempt(() => this.readByOwner(true));
    this.made++;
    if (came === 'late') came = await this.attempt(() => this.readByOwner(false));
    this.firstIsOver ||= came === 'answered';
    return came === 'answered';
  }

  private readByOwner(quick: boolean): Promise<Read> {
    return this.firstIsOver ? this.reads.byOwner(quick) : this.reads.first(quick);
  }

  private async attempt(read: () => Promise<Read>): Promise<'answered' | 'late' | 'refused'> {
    try {
      this.onSeen(await read());
      return 'answered';
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('A lookup failed', { error: String(error) });
      const failure = findNangoFailure(error);
      // What may be tried again says nothing yet, even if the time for it has run out.
      if (failure?.nonRetryable !== true) return 'late';
      const { status, code, connections } = detailsOf(failure);
      this.onSeen({ type: 'unusable', failure: { type: failure.type, status, code, connections } });
      return 'refused';
    }
  }
}
