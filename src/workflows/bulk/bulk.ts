import { CancellationScope, condition, continueAsNew, log, setHandler, workflowInfo } from '@temporalio/workflow';
import { findNangoFailure, nangoFailure } from '../../contract/errors';
import { CALLS_AT_ONCE } from '../../contract/limits';
import { SIGNAL } from '../../contract/names';
import { checkActor, checkBulkInput, checkPageRead, checkPageWaits } from '../../contract/rules/check-bulk';
import type { Actor, BulkInput, BulkProgress, BulkResult, Pace, PageRead } from '../../contract/types';
import { isSound, pageReadSignal, pageWaitsSignal, pauseUpdate, progressQuery, resumeUpdate } from '../messages';
import { stopUpdate } from '../messages';
import { firstState, progressOf, resultOf } from './bulk-state';
import type { BulkState } from './bulk-state';
import { addCursor } from './cursors';
import { memoOf } from './memo';
import { PagesInFlight } from './pages-in-flight';
import type { PageEnd } from './pages-in-flight';
import { addSample } from './rate';
import { addTally } from './tally';

/** No history is over 8,000 events or 20 MB: the pages in flight still end after this. */
const MAX_EVENTS = 7_000;
const MAX_BYTES = 16 * 1024 * 1024;
/** While one hands its outcomes to the sink, the others make calls. */
const PAGES_AT_ONCE = 4;

/**
 * Makes the calls of a source, and hands their outcomes to a sink. The calls stand in the histories of its pages, each a
 * child; this one has their counts.
 *
 * @returns counts; a failed call fails nothing
 * @throws Nango.InvalidRequest before any I/O; Nango.BulkFailed once what was begun is over and the sink has it
 */
export function bulk(input: BulkInput): Promise<BulkResult>;
export async function bulk(input: BulkInput, carried?: BulkState): Promise<BulkResult> {
  const state = carried ?? firstState(Date.now());
  const pages = new PagesInFlight(ended);
  let failure: Error | undefined;
  let cancellation: Error | undefined;
  let news = 0;
  const change = (): void => void news++;

  setHandler(pageReadSignal, (page) => {
    if (isSound(SIGNAL.pageRead, () => checkPageRead(page))) read(page);
  });
  setHandler(pageWaitsSignal, (waits) => {
    if (!isSound(SIGNAL.pageWaits, () => checkPageWaits(waits))) return;
    // What is being read is over only once it has been read.
    if (waits.page !== pages.reading?.page) pages.setWait(waits.page, waits.for);
    change();
  });
  const validator = (actor?: Actor): void => {
    checkActor(actor);
    if (state.pace !== 'stop') return;
    throw nangoFailure('Nango.InvalidRequest', { reason: 'bulk_stopping', hint: 'The run is being stopped.' });
  };
  setHandler(pauseUpdate, (actor) => setPace('pause', actor), { validator });
  setHandler(resumeUpdate, () => setPace('go'), { validator });
  setHandler(stopUpdate, (actor) => setPace('stop', actor), { validator: checkActor });
  setHandler(progressQuery, progress);
  checkBulkInput(input);
  const { source, sink, concurrency = CALLS_AT_ONCE } = input;
  const { integration, connectionId, accountChanged, heal } = input.connection;
  // Each page is a run of its own, which does not know what another one was let read: all wait for a yes.
  const healing = heal && { ...heal, readsOnAccountChange: undefined };
  const connection = { integration, connectionId, accountChanged, heal: healing };
  const window = Math.min(PAGES_AT_ONCE, concurrency);
  pages.setPace(state.pace);
  CancellationScope.current().cancelRequested.catch((error: Error) => {
    cancellation = error;
    setPace('stop');
  });
  return await CancellationScope.nonCancellable(run);

  async function run(): Promise<BulkResult> {
    const memo = memoOf(progress);
    for (;;) {
      const seen = news;
      if (mayBegin()) begin();
      memo.show();
      if (pages.count === 0) {
        const end = failure ?? cancellation;
        if (end !== undefined) throw end;
        if (state.isLast || state.pace === 'stop') return resultOf(state);
        if (isLong()) await continueAsNew<(input: BulkInput, carried: BulkState) => Promise<BulkResult>>(input, state);
      }
      await condition(() => news > seen);
    }
  }

  function mayBegin(): boolean {
    const isOver = failure !== undefined || state.isLast || state.pace !== 'go' || isLong();
    return !isOver && pages.count < window && pages.reading === undefined;
  }

  function begin(): void {
    const { next: first, cursor, measured } = state;
    const each = Math.floor(concurrency / window);
    pages.begin({ connection, source, sink, concurrency: each, page: state.pages++, first, cursor, measured });
  }

  function read({ page, count, next, total }: PageRead): void {
    if (page !== pages.reading?.page) return;
    pages.setWait(page, 'calls');
    state.next += count;
    state.total = total ?? state.total;
    state.cursor = next;
    state.isLast = next === undefined;
    if (next !== undefined && !addCursor(state.cursors, next)) {
      const hint = `The page from call ${state.next} has been there before.`;
      failure ??= nangoFailure('Nango.BulkFailed', { reason: 'pages_do_not_end', index: state.next, hint });
    }
    change();
  }

  function ended(end: PageEnd): void {
    if ('result' in end) {
      addTally(state.tally, end.result.tally);
      state.undone += end.result.undone;
      state.measured = end.result.measured ?? state.measured;
      addSample(state.samples, Date.now(), state.tally.done);
    } else failure ??= pageFailure(end.error, end.first);
    change();
  }

  function setPace(pace: Pace, { by }: Actor = {}): void {
    state.pace = pace;
    state.by = by;
    pages.setPace(pace);
    change();
  }

  function progress(): BulkProgress {
    const { count, waitsFor } = pages;
    const { integration, connectionId } = input.connection;
    const names = { integration, connectionId };
    return progressOf(state, names, { pages: count, waitsFor, hasFailed: failure !== undefined });
  }
}

function isLong(): boolean {
  const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
  return historyLength >= MAX_EVENTS || historySize >= MAX_BYTES || continueAsNewSuggested;
}

/** Why a page has ended without a result. */
function pageFailure(error: unknown, index: number): Error {
  const failure = findNangoFailure(error);
  if (failure?.type === 'Nango.BulkFailed') return failure;
  log.warn('A page was lost', { index, error: String(error) });
  const hint = `The page from call ${index} was ended from outside.`;
  return nangoFailure('Nango.BulkFailed', { reason: 'page_lost', index, hint });
}
