import type { Duration } from '@temporalio/common';
import type { ActivityOptions } from '@temporalio/workflow';
import { sha256Hex } from '../contract/request-id';
import type { ConnectionRef } from '../contract/types';

/** A dead worker is noticed this soon; the activities beat more often. */
const HEARTBEAT = '10 seconds';
export const PROXY_TIMEOUT = '90 seconds';
export const MAX_ATTEMPTS = 10;
export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 60_000;

/** What is the same for all calls on a connection. */
export function sharedOptions(connection: ConnectionRef, taskQueue: string): ActivityOptions {
  return {
    taskQueue,
    priority: { fairnessKey: sha256Hex(`${connection.integration}\n${connection.connectionId}`).slice(0, 32) },
  };
}

/** Of a call that is one request: reads are retried by Temporal, a write is one attempt. */
export function callOptions(
  connection: ConnectionRef,
  write: boolean,
  startToCloseTimeout: Duration,
  taskQueue: string,
): ActivityOptions {
  return {
    ...sharedOptions(connection, taskQueue),
    startToCloseTimeout,
    heartbeatTimeout: HEARTBEAT,
    retry: {
      initialInterval: FIRST_PAUSE_MS,
      maximumInterval: LONGEST_PAUSE_MS,
      maximumAttempts: write ? 1 : MAX_ATTEMPTS,
    },
    // A write in flight is waited for, never abandoned.
    cancellationType: write ? 'WAIT_CANCELLATION_COMPLETED' : 'TRY_CANCEL',
  };
}
