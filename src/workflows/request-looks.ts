import { condition, isCancellation, log, sleep } from '@temporalio/workflow';
import { detailsOf, findNangoFailure } from '../contract/errors';
import type { Connection, Failure, Subject } from '../contract/types';
import { activitiesWith, PATIENT } from './activity-proxies';

/** A lookup that failed for good is tried again after this, then after ever longer. */
const AGAIN_MS = 60_000;
const AGAIN_MOST_MS = 3_600_000;
/** Lists lag behind webhooks: a hinted connection that is not there yet is read again after these. */
const REREAD_MS = [1_000, 4_000];

const { 'nango.findConnections': findConnections, 'nango.getConnection': getConnection } = activitiesWith(PATIENT);

/** What came of a look. */
export type Seen = { type: 'looked'; connections: Connection[] } | { type: 'unusable'; failure: Failure };

/**
 * The looks of a request: one after the other, whatever number of reasons there is. It begins with one by owner.
 */
export class Looks {
  /** Whether one has been made, with or without an answer. */
  madeOne = false;
  /** `undefined` looks by owner, an id re-reads that connection */
  private readonly wanted: Set<string | undefined>;
  private current: string | undefined;

  /** @param pending hinted connections that an earlier run had not looked at */
  constructor(
    private readonly subject: Subject,
    private readonly onSeen: (seen: Seen) => void,
    pending: string[] = [],
  ) {
    this.wanted = new Set([undefined, ...pending]);
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
      this.madeOne = true;
      failures = failed ? failures + 1 : 0;
      if (failed) await sleep(Math.min(AGAIN_MS * 2 ** (failures - 1), AGAIN_MOST_MS));
    }
  }

  /** @returns whether there was an answer */
  private async look(connectionId: string | undefined): Promise<boolean> {
    try {
      const byOwner = connectionId === undefined;
      const connections = byOwner ? await findConnections(this.subject) : await this.reread(connectionId);
      this.onSeen({ type: 'looked', connections });
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('A lookup failed', { error: String(error) });
      const failure = findNangoFailure(error);
      if (failure === undefined) return false;
      const { status, code } = detailsOf(failure);
      this.onSeen({ type: 'unusable', failure: { type: failure.type, status, code } });
      return false;
    }
  }

  private async reread(connectionId: string): Promise<Connection[]> {
    for (const pause of [...REREAD_MS, undefined]) {
      try {
        return [await getConnection({ integration: this.subject.integration, connectionId })];
      } catch (error) {
        if (findNangoFailure(error)?.type !== 'Nango.ConnectionNotFound') throw error;
        if (pause !== undefined) await sleep(pause);
      }
    }
    return [];
  }
}
