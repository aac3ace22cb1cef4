import { isCancellation } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import { isWrite } from '../../contract/rules/check-call';
import { findNangoFailure, invalid } from '../../contract/errors';
import { ACTION_WAIT_MS, PROXY_TIMEOUT_MS } from '../../contract/limits';
import { pending } from '../../contract/pending';
import type { CallResponse, ConnectionRef, TriggerActionInput } from '../../contract/types';
import { activitiesWith } from '../activity-proxies';
import { attempts } from './attempts';
import { callOptions, sharedOptions } from './call-options';

/** An action that took until its deadline to start is asked about once. */
const ONE_POLL_MS = 10_000;

/**
 * Starts an action and waits for its output: two activities, however long it takes, since a poll is a retry. The action
 * itself cannot be stopped: a cancellation ends the waiting only.
 *
 * @param deadline milliseconds since the epoch; default: an hour from now
 * @throws Nango.OutcomeUnknown with the reason `pending` if there is no output at the deadline; and as `nango.action`
 */
export async function runAsyncAction(
  connection: ConnectionRef,
  call: TriggerActionInput['call'],
  taskQueue: string,
  deadline = Date.now() + ACTION_WAIT_MS,
): Promise<CallResponse> {
  if (deadline <= Date.now()) throw invalid('call.deadline', 'must not be in the past');
  const write = isWrite(call);
  const options = callOptions(connection, {
    write,
    timeoutMs: PROXY_TIMEOUT_MS,
    taskQueue,
    summary: `starts ${call.action}`,
  });
  const { 'nango.startAction': start } = activitiesWith(options);
  const attempted = { connection, taskQueue, write, isGet: false, until: deadline };
  const { id } = await attempts(attempted, (ref) => start({ connection: ref, call }));
  const { 'nango.getActionResult': getResult } = activitiesWith(
    pollOptions(connection, call.action, deadline, taskQueue),
  );
  try {
    return await getResult({ id, pick: call.pick, idempotent: call.idempotent });
  } catch (error) {
    if (isCancellation(error)) throw error;
    const failure = findNangoFailure(error);
    // Anything but a last word is what the last poll met before time was up.
    throw failure?.nonRetryable ? failure : pending();
  }
}

function pollOptions(connection: ConnectionRef, action: string, deadline: number, taskQueue: string): ActivityOptions {
  return {
    ...sharedOptions(connection, taskQueue, `waits for ${action}`),
    startToCloseTimeout: '30 seconds',
    scheduleToCloseTimeout: Math.max(deadline - Date.now(), ONE_POLL_MS),
    cancellationType: 'TRY_CANCEL',
  };
}
