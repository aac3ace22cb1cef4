import type { BulkRun } from '../../bulk/bulk-run';
import type { InboxTexts } from '../texts/inbox';

/** What an operator does to a bulk run. */
export interface BulkOperation {
  done: keyof InboxTexts['bulk']['outcome'];
  /** @throws what the run refuses */
  run(run: BulkRun, by: string): Promise<void>;
}

/** By the last part of the path that they are posted to. */
export const BULK_OPERATIONS = {
  pause: { done: 'paused', run: (run, by) => run.pause({ by }) },
  resume: { done: 'resumed', run: (run, by) => run.resume({ by }) },
  stop: { done: 'stopped', run: (run, by) => run.stop({ by }) },
} as const satisfies Record<string, BulkOperation>;
