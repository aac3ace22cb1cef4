import type { BulkProgress, BulkResult, BulkStatus, BulkWait, ConnectionNames, Json, Pace } from '../../contract/types';
import type { Measured } from './chunk-size';
import { rateOf } from './rate';
import type { Sample } from './rate';
import { emptyTally } from './tally';
import type { Tally } from './tally';

/** What a bulk run knows, and hands on when it continues as new; no page is in flight then. */
export interface BulkState {
  begunAt: number;
  tally: Tally;
  /** calls of pages that were stopped before them */
  undone: number;
  pace: Pace;
  /** who has paused or stopped it */
  by?: string;
  /** number of the next page */
  pages: number;
  /** index of its first call */
  next: number;
  /** what leads to it */
  cursor?: Json;
  /** there is none */
  isLast: boolean;
  /** hashes of the cursors that were there */
  cursors: string[];
  total?: number;
  measured?: Measured;
  samples: Sample[];
}

export function firstState(now: number): BulkState {
  return {
    ...{ begunAt: now, tally: emptyTally(), undone: 0, pace: 'go' },
    ...{ pages: 0, next: 0, isLast: false, cursors: [], samples: [{ at: now, done: 0 }] },
  };
}

/** What a run knows beside its state. */
interface Beside {
  /** pages in flight */
  pages: number;
  waitsFor: BulkWait | undefined;
  hasFailed: boolean;
}

function statusOf(state: BulkState, { pages, hasFailed }: Beside): BulkStatus {
  if (hasFailed) return pages === 0 ? 'failed' : 'stopping';
  if (pages === 0 && isComplete(state)) return 'completed';
  if (state.pace === 'stop') return pages === 0 ? 'stopped' : 'stopping';
  return state.pace === 'pause' ? 'paused' : 'running';
}

/** Every call of the source has its outcome, once no page is in flight. */
function isComplete({ isLast, undone }: BulkState): boolean {
  return isLast && undone === 0;
}

export function progressOf(state: BulkState, connection: ConnectionNames, beside: Beside): BulkProgress {
  const { tally, total, begunAt, samples } = state;
  const status = statusOf(state, beside);
  const rate = rateOf(samples);
  const left = (total ?? 0) - tally.done - tally.skipped;
  const now = samples.at(-1)?.at ?? begunAt;
  const isMoving = status === 'running' && rate > 0 && left > 0;
  return {
    ...{ status, connection, ...tally, total, rate, begunAt },
    by: beside.hasFailed || status === 'completed' ? undefined : state.by,
    waitsFor: status === 'running' || status === 'stopping' ? beside.waitsFor : undefined,
    endsAt: isMoving ? Math.round(now + (left * 1_000) / rate) : undefined,
  };
}

export function resultOf(state: BulkState): BulkResult {
  return { status: isComplete(state) ? 'completed' : 'stopped', ...state.tally };
}
