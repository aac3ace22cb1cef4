import { isCancellation, patched } from '@temporalio/workflow';
import { CALLS_AT_ONCE, FAN_OUT_WINDOW, MAX_FAN_OUT_BYTES } from '../../../contract/limits';
import type { Call, ConnectionRef, FanOutOptions, Outcome } from '../../../contract/types';
import { checkCalls, checkFanOutOptions } from '../../../contract/rules/check-fan-out';
import { checkConnection } from '../../../contract/rules/healing';
import { isForAccount, isProxyCall, isWrite } from '../../../contract/rules/check-call';
import { checkTemporalName } from '../../../contract/rules/check-shape';
import { nextNumber } from '../run-call';
import { inBatches } from './in-batches';
import { oneByOne } from './one-by-one';
import { show, showInDetails } from './progress';
import { runningFanOut } from './running';
import type { RunningFanOut } from './running';

/**
 * Runs calls: those that may be repeated in batches, the others an activity each. Budgets are in bytes: what is in flight
 * leaves in one workflow task, and responses stay in the history whether or not they are returned.
 *
 * @param maxBytes of all outcomes together
 * @returns outcomes in the order of the calls
 * @throws Nango.InvalidRequest before the first call; the cancellation
 */
export async function fanOut(
  connection: ConnectionRef,
  calls: Call[],
  taskQueue: string,
  options: FanOutOptions = {},
  maxBytes = MAX_FAN_OUT_BYTES,
): Promise<Outcome[]> {
  checkTemporalName(taskQueue, 'taskQueue');
  checkConnection(connection);
  const bodies = checkCalls(calls);
  checkFanOutOptions(options);
  const numbers = calls.map(nextNumber);
  const isOld = calls.length === 0 || !patched('temporal-nango/batches');
  const running = runningFanOut({ connection, calls, bodies, numbers, taskQueue, isOld }, maxBytes, options);
  show(running.progress);
  try {
    if (isOld) await oneByOne(running, [...calls.keys()], FAN_OUT_WINDOW);
    else await carryOut(running, options.concurrency ?? CALLS_AT_ONCE);
    running.progress.status = 'completed';
  } catch (error) {
    if (isCancellation(error)) running.progress.status = 'cancelled';
    throw error;
  } finally {
    showInDetails(running.progress);
  }
  return running.outcomes;
}

async function carryOut(fanOut: RunningFanOut, atOnce: number): Promise<void> {
  const repeatable: number[] = [];
  const others: number[] = [];
  fanOut.calls.forEach((call, place) => {
    // What must not go to the account is refused where it is run, one by one.
    (isProxyCall(call) && !isWrite(call) && isForAccount(fanOut.connection, call) ? repeatable : others).push(place);
  });
  const window = Math.min(FAN_OUT_WINDOW, atOnce);
  if (repeatable.length === 0 || others.length === 0 || atOnce <= FAN_OUT_WINDOW) {
    // One after the other where there is not enough for both.
    await inBatches(fanOut, repeatable, atOnce);
    await oneByOne(fanOut, others, window);
  } else await Promise.all([inBatches(fanOut, repeatable, atOnce - window), oneByOne(fanOut, others, window)]);
}
