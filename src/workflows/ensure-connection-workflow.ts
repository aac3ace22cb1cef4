import { checkCalls } from '../contract/rules/check-fan-out';
import { checkObject } from '../contract/rules/check-shape';
import { DEFAULT_TASK_QUEUE } from '../contract/names';
import { MAX_WORKFLOW_RESULT_BYTES } from '../contract/limits';
import type { Call, Connection, Outcome, WorkflowEnsureConnectionInput } from '../contract/types';
import { fanOut } from './calls/fan-out/fan-out';
import { current } from './healing/healed';
import * as library from './ensure-connection';

/** What the workflow `ensureConnection` is given. */
export interface EnsureAndCallInput extends WorkflowEnsureConnectionInput {
  /** carried out as by `fanOut` once there is a connection; 2,000 at most. Default: none */
  calls?: Call[];
}

/** What the workflow `ensureConnection` returns. */
export interface ConnectionAndOutcomes {
  /** the one that the calls were made with */
  connection: Connection;
  /** one for each call, in the order of the calls */
  outcomes: Outcome[];
}

/**
 * The workflow for callers that have none of their own: waits for the connection, then runs its calls, and returns the
 * connection and every call's outcome. Outcomes beyond 1 MB in all end as `Nango.ResponseTooLarge`.
 *
 * @throws what the function `ensureConnection` of `temporal-nango/workflow` throws; a failed call is an outcome, no
 *   failure
 */
export async function ensureConnection(input: EnsureAndCallInput): Promise<ConnectionAndOutcomes> {
  checkObject(input, 'input');
  const { calls = [], ...wanted } = input;
  // Before the wait: nobody shall be asked for a connection that cannot be used.
  checkCalls(calls);
  const healing = await library.ensureConnection({ heal: true, ...wanted });
  const queue = wanted.taskQueue ?? DEFAULT_TASK_QUEUE;
  const outcomes = await fanOut(healing, calls, queue, {}, MAX_WORKFLOW_RESULT_BYTES);
  const { heal, ...connection } = current(healing);
  return { connection: wanted.heal ? { ...connection, heal } : connection, outcomes };
}
