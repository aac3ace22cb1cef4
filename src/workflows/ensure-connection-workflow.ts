import { checkObject } from '../contract/rules/check-shape';
import { DEFAULT_TASK_QUEUE } from '../contract/names';
import { MAX_WORKFLOW_RESULT_BYTES } from '../contract/limits';
import type { Call, Connection, EnsureConnectionInput, Outcome } from '../contract/types';
import { checkCalls, fanOut } from './calls/fan-out';
import * as library from './ensure-connection';

/**
 * The workflow for callers that have none of their own: waits for the connection, then runs its calls, and returns the
 * connection and every call's outcome. Outcomes beyond 1 MB in all end as `Nango.ResponseTooLarge`.
 *
 * @throws what the function {@link library.ensureConnection} throws; a failed call is an outcome, not a failure
 */
export async function ensureConnection(
  input: EnsureConnectionInput & { calls?: Call[] },
): Promise<{ connection: Connection; outcomes: Outcome[] }> {
  checkObject(input, 'input');
  const { calls = [], ...wanted } = input;
  // Before the wait: nobody shall be asked for a connection that cannot be used.
  checkCalls(calls);
  const connection = await library.ensureConnection(wanted);
  const queue = wanted.taskQueue ?? DEFAULT_TASK_QUEUE;
  return { connection, outcomes: await fanOut(connection, calls, queue, MAX_WORKFLOW_RESULT_BYTES) };
}
