import { condition, isCancellation, log, sleep } from '@temporalio/workflow';
import { detailsOf, findNangoFailure } from '../contract/errors';
import type { Failure } from '../contract/types';
import type { Read, RequestReads } from './request-reads';

/** A lookup that failed for good is tried again after this, then after ever longer. */
const AGAIN_MS = 60_000;
const AGAIN_MOST_MS = 3_600_000;

/** What came of a look. */
export type Seen = Read | { type: 'unusable'; failure: Failure };

/**
 * The looks of a request: one after the other, whatever number of reasons there is. It begins with one by owner.
 */
export class Looks {
  /** Whether one has been made, with or without an answer. */
  madeOne = false;
  /** Whether the first has been answered. */
  private firstIsOver: boolean;
  /** `undefined` looks by owner, an id re-reads that connection */
  private readonly wanted: Set<string | undefined>;
  private current: string | undefined;

  /** @param earlier what an earlier run leaves: hinted connections it had not looked at, and whether it had its first look */
  constructor(
    private readonly reads: RequestReads,
    private readonly onSeen: (seen: Seen) => void,
    earlier: { pending: string[]; firstIsOver: boolean },
  ) {
    this.firstIsOver = earlier.firstIsOver;
    this.wanted = new Set([undefined, ...earlier.pending]);
  }

  /** Hinted connections that have not been looked at to the end, for the next run. */
  get pending(): string[] {
    return [this.current, ...this.wanted].filter((id) => id !== undefined);
  }

  /** There is a reason to look. @param connectionId at this connection; default: by owner */
  want(connectionId?: string): void {
    this.wanted.add(connectionId);
  }

  /** Never ends by itself. */
  async keepLooking(): Promise<never> {
    for (let failures = 0; ;) {
      await condition(() => this.wanted.size > 0);
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
      const hurried = !this.madeOne;
      this.madeOne = true;
      failures = failed && !hurried ? failures + 1 : 0;
      if (failures > 0)
        await sleep(Math.min(AGAIN_MS * 2 ** (failures - 1), AGAIN_MOST_MS), { summary: 'looks again' });
    }
  }

  /** @returns whether there was an answer */
  private async look(connectionId: string | undefined): Promise<boolean> {
    try {
      this.onSeen(await this.read(connectionId));
      this.firstIsOver ||= connectionId === undefined;
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('A lookup failed', { error: String(error) });
      const failure = findNangoFailure(error);
      // What may be tried again says nothing yet, even if the time for it has run out.
      if (failure?.nonRetryable !== true) return false;
      const { status, code, connections } = detailsOf(failure);
      this.onSeen({ type: 'unusable', failure: { type: failure.type, status, code, connections } });
      return false;
    }
  }

  private async read(connectionId: string | undefined): Promise<Read> {
    if (connectionId !== undefined) return await this.reads.hinted(connectionId);
    return this.firstIsOver ? await this.reads.byOwner() : await this.reads.first(!this.madeOne);
  }
}
