import { CancellationScope, condition, continueAsNew, patched, setHandler, workflowInfo } from '@temporalio/workflow';
import { checkPace } from '../../contract/rules/check-bulk';
import { MAX_CHUNK_BYTES } from '../../contract/limits';
import { SIGNAL } from '../../contract/names';
import type { BulkInput, BulkOutcome, Json, Pace } from '../../contract/types';
import { fanOut } from '../calls/fan-out/fan-out';
import { isSound, paceSignal } from '../messages';
import { chunkSize, measure } from './chunk-size';
import type { Measured } from './chunk-size';
import { sinkAll } from './sink';
import { readPage } from './source';
import { emptyTally } from './tally';
import type { Tally } from './tally';
import { sortPage, takeIn } from './to-do';
import type { PageState } from './to-do';
import { sayIfSlow, sayRead } from './to-run';

/** Beyond these a page continues as new; before that it may make one more fan-out, and hand its outcomes to the sink. */
const MAX_EVENTS = 3_500;
const MAX_BYTES = 8 * 1024 * 1024;

/** What a bulk run gives one of its pages. */
export interface BulkPageInput extends BulkInput {
  /** number of the page, from 0 */
  page: number;
  /** index of its first call */
  first: number;
  /** what leads to it; absent: it is the first */
  cursor?: Json;
  /** most calls of this page in flight */
  concurrency: number;
  /** what earlier pages have shown */
  measured?: Measured;
  /** whether calls may be begun */
  pace: Pace;
  /** of a page that was continued as new */
  rest?: PageState;
}

/** What a page completes with: counts only. */
export interface BulkPageResult {
  tally: Tally;
  /** calls that were not begun, since the run was stopped */
  undone: number;
  measured?: Measured;
}

/** A page, as its run starts it; nobody else does. */
export type BulkPageWorkflow = (input: BulkPageInput) => Promise<BulkPageResult>;

/** One page of a bulk run: reads it, says so to the run, makes its calls, and hands their outcomes to the sink. Started by its run alone. */
export function bulkPage(input: never): Promise<unknown>;
export async function bulkPage(input: BulkPageInput): Promise<BulkPageResult> {
  let { pace } = input;
  setHandler(paceSignal, (next) => {
    if (isSound(SIGNAL.pace, () => checkPace(next)) && pace !== 'stop') pace = next;
  });
  // What was begun comes to its end: a run that is cancelled stops its pages by the signal.
  return await CancellationScope.nonCancellable(() => runPage(input, () => pace));
}

async function runPage(input: BulkPageInput, pace: () => Pace): Promise<BulkPageResult> {
  const { connection, sink, page, concurrency } = input;
  const { taskQueue } = workflowInfo();

  async function keep(outcomes: BulkOutcome[]): Promise<void> {
    if (sink !== 'discard') await sayIfSlow(page, 'sink', sinkAll(sink, outcomes));
  }

  let { measured, rest: state } = input;
  if (state === undefined) {
    const found = await readUnlessStopped(input, pace);
    if (found === undefined) return { tally: emptyTally(), undone: 0, measured };
    const { refused, ...sorted } = found;
    await keep(refused);
    state = sorted;
  }
  while (state.toDo.length > 0) {
    await condition(() => pace() !== 'pause');
    if (pace() === 'stop') break;
    if (isLong()) await continueAsNew<BulkPageWorkflow>({ ...input, pace: pace(), measured, rest: state });
    const chunk = state.toDo.splice(0, chunkSize(measured));
    const begunAt = Date.now();
    const calls = chunk.map(({ call }) => call);
    const outcomes = await fanOut(connection, calls, taskQueue, { concurrency }, MAX_CHUNK_BYTES);
    const { ended, bytes } = takeIn(state, chunk, outcomes);
    measured = measure(measured, chunk.length, bytes, Date.now() - begunAt);
    await keep(ended);
  }
  return { tally: state.tally, undone: state.toDo.length, measured };
}

/** A stop does not wait for a source whose worker has gone. */
async function readUnlessStopped(input: BulkPageInput, pace: () => Pace) {
  let isRead = false;
  // The run counts on what it is told of: what is not done of that has to be told as well.
  const isCountedOn = (): boolean => isRead && patched('temporal-nango/stopped-pages');
  const stopped = condition(() => pace() === 'stop' && !isCountedOn());
  return await Promise.race([read(input, () => (isRead = true)), stopped]);
}

async function read({ source, cursor, page, first }: BulkPageInput, onRead: () => void) {
  const found = await sayIfSlow(page, 'source', readPage(source, cursor, first));
  onRead();
  const { calls, next, total } = found;
  await sayRead({ page, count: calls.length, next, total });
  return sortPage(found, first);
}

function isLong(): boolean {
  const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
  return historyLength >= MAX_EVENTS || historySize >= MAX_BYTES || continueAsNewSuggested;
}
