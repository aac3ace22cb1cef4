import { condition, isCancellation, log, sleep } from '@temporalio/workflow';
import { detailsOf, findNangoFailure, outcomeFailure } from '../../contract/errors';
import { MAX_HINTED_LOOKUPS } from '../../contract/limits';
import type { Failure } from '../../contract/types';
import type { Pace, Read, RequestReads } from './request-reads';

/** A lookup that failed for good is tried again after this, then after ever longer. */
const AGAIN_MS = 60_000;
const AGAIN_MOST_MS = 3_600_000;
const FINISH_MS = 2_000;

/** What came of a lookup. */
export type LookupEvent = Read | { type: 'unusable'; failure: Failure };

/** What an earlier run leaves: hinted connections it had not looked up, and whether it had its first lookup. */
export interface EarlierLookups {
  pending: string[];
  firstIsOver: boolean;
}

/**
 * The lookups of a request: by owner one after the other, whatever number of reasons there is, beginning with one at
 * once; and of each hinted connection by itself, so that no lookup waits for another.
 */
export class ConnectionLookups {
  /** Lookups by owner that were answered, or were not in good time. */
  private made = 0;
  /** Whether the first has been answered. */
  private firstIsOver: boolean;
  private wanted = true;
  private busy = false;
  private resting = false;
  /** Somebody waits in an update for what the next lookup by owner finds. */
  private hurried = false;
  private quick = false;
  private finishing = false;
  /** Hinted connections: `wanted` until a lookup of it begins, and again if it is hinted at during that. */
  private readonly hinted = new Map<string, { wanted: boolean; busy: boolean }>();

  constructor(
    private readonly reads: RequestReads,
    private readonly onSeen: (seen: LookupEvent) => void,
    earlier: EarlierLookups,
  ) {
    this.firstIsOver = earlier.firstIsOver;
    for (const connectionId of earlier.pending) this.follow(connectionId);
  }

  /** Whether one by owner has been made, with or without an answer, or none will be. */
  get madeOne(): boolean {
    return this.made > 0 || this.finishing;
  }

  /** Hinted connections that have not been looked up to the end, for the next run. */
  get pending(): string[] {
    return [...this.hinted.keys()];
  }

  /** Whether a lookup by owner is under way that may take its time. */
  get isSlow(): boolean {
    return this.busy && !this.quick;
  }

  /** The next lookup by owner has to be over soon. */
  hurry(): void {
    this.hurried = true;
  }

  /** There is a reason for a lookup by owner. @returns whether that is over, or is not worth waiting for */
  want(): () => boolean {
    this.wanted = true;
    const before = this.made;
    const late = this.busy;
    return () => late || this.resting || this.finishing || this.made > before;
  }

  /** There is a reason to look up a connection; beyond so many at a time, by owner instead. */
  follow(connectionId: string): void {
    const hinted = this.hinted.get(connectionId);
    if (hinted !== undefined) hinted.wanted = true;
    else if (this.hinted.size < MAX_HINTED_LOOKUPS) this.hinted.set(connectionId, { wanted: true, busy: false });
    else this.wanted = true;
  }

  /**
   * Begins no more lookups, and lets those that are under way end, in good time: the result of one whose workflow is
   * gone is an error in the worker's log, and stops the clock of Temporal's test server.
   */
  async finish(): Promise<void> {
    this.finishing = true;
    await condition(() => !this.busy && [...this.hinted.values()].every(({ busy }) => !busy), FINISH_MS, {
      summary: 'looks under way',
    });
  }

  /** Never ends by itself. */
  async run(): Promise<never> {
    return await Promise.race([this.runByOwner(), this.runHinted()]);
  }

  private async runByOwner(): Promise<never> {
    for (let failures = 0; ;) {
      await condition(() => this.wanted && !this.finishing);
      this.wanted = false;
      this.busy = true;
      const done = await this.lookUpByOwner();
      this.busy = false;
      failures = done ? 0 : failures + 1;
      if (done) continue;
      // What could not be looked up is not forgotten: nobody may tell of it again.
      this.wanted = true;
      this.resting = true;
      await sleep(Math.min(AGAIN_MS * 2 ** (failures - 1), AGAIN_MOST_MS), { summary: 'looks again' });
      this.resting = false;
    }
  }

  private async runHinted(): Promise<never> {
    const next = (): string[] => [...this.hinted].flatMap(([id, { wanted, busy }]) => (wanted && !busy ? [id] : []));
    for (;;) {
      await condition(() => next().length > 0 && !this.finishing);
      for (const connectionId of next()) void this.lookUpHinted(connectionId);
    }
  }

  /** @returns whether there was an answer */
  private async lookUpByOwner(): Promise<boolean> {
    this.quick = this.hurried;
    this.hurried = false;
    // First in good time, whoever waits for it, and only then with all the patience in the world.
    let came = await this.attempt(() => this.readByOwner(this.quick ? 'quick' : 'soon'));
    this.made++;
    this.quick = false;
    if (came === 'late') came = await this.attempt(() => this.readByOwner('patient'));
    this.firstIsOver ||= came === 'conclusive';
    return came === 'conclusive';
  }

  private readByOwner(pace: Pace): Promise<Read> {
    return this.firstIsOver ? this.reads.byOwner(pace) : this.reads.first(pace);
  }

  private async attempt(read: () => Promise<Read>): Promise<'conclusive' | 'late' | 'refused'> {
    try {
      this.onSeen(await read());
      return 'conclusive';
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('A lookup failed', { error: String(error) });
      const failure = findNangoFailure(error);
      // What may be tried again says nothing yet, even if the time for it has run out.
      if (failure?.nonRetryable !== true) return 'late';
      const { connections } = detailsOf(failure);
      this.onSeen({ type: 'unusable', failure: { ...outcomeFailure(failure), connections } });
      return 'refused';
    }
  }

  /** However long Nango is away; one that is cut off by the end of the run stays pending. */
  private async lookUpHinted(connectionId: string): Promise<void> {
    const hinted = this.hinted.get(connectionId);
    if (hinted === undefined) return;
    hinted.wanted = false;
    hinted.busy = true;
    try {
      this.onSeen(await this.reads.hinted(connectionId, () => this.finishing));
    } catch (error) {
      if (isCancellation(error)) return;
      log.warn('A hinted connection cannot be read', { error: String(error) });
      // Refused for good, perhaps for the key alone: if it is the owner's, the list has it as well.
      this.wanted = true;
    }
    hinted.busy = false;
    if (!hinted.wanted) this.hinted.delete(connectionId);
  }
}
