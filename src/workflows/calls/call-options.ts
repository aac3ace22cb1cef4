import type { ActivityOptions } from '@temporalio/workflow';
import { fairnessKeyOf, HEARTBEAT, retryOf, summaryOf } from '../../contract/rules/one-request';
import type { ConnectionRef } from '../../contract/types';
import { runState } from '../run-state';

/** Hashed once for all calls on a connection. */
function fairnessKey({ integration, connectionId }: ConnectionRef): string {
  const run = runState();
  const of = `${integration}\n${connectionId}`;
  if (run.fairness?.of !== of) run.fairness = { of, key: fairnessKeyOf({ integration, connectionId }) };
  return run.fairness.key;
}

/** What is the same for all calls on a connection. @param summary for Temporal's UI */
export function sharedOptions(connection: ConnectionRef, taskQueue: string, summary: string): ActivityOptions {
  return {
    taskQueue,
    summary: summaryOf(summary),
    priority: { fairnessKey: fairnessKey(connection) },
  };
}

/** How a call that is one request is carried out. */
interface OneRequest {
  write: boolean;
  /** milliseconds */
  timeoutMs: number;
  taskQueue: string;
  summary: string;
}

/** Reads are retried by Temporal, but for a failing refresh: others know whether the connection works again. */
export function callOptions(
  connection: ConnectionRef,
  { write, timeoutMs, taskQueue, summary }: OneRequest,
): ActivityOptions {
  return {
    ...sharedOptions(connection, taskQueue, summary),
    startToCloseTimeout: timeoutMs,
    heartbeatTimeout: HEARTBEAT,
    retry: { ...retryOf(write), nonRetryableErrorTypes: ['Nango.RefreshFailing'] },
    // A write in flight is waited for, never abandoned.
    cancellationType: write ? 'WAIT_CANCELLATION_COMPLETED' : 'TRY_CANCEL',
  };
}
