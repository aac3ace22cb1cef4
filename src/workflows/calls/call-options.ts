import type { Duration } from '@temporalio/common';
import type { ActivityOptions } from '@temporalio/workflow';
import { sha256Hex } from '../../contract/request-id';
import type { ConnectionRef } from '../../contract/types';
import { runState } from '../run-state';

/** A dead worker is noticed this soon; the activities' heartbeats are more frequent. */
const HEARTBEAT = '10 seconds';
export const PROXY_TIMEOUT = '90 seconds';
/** Nango lets an action run for 15 minutes. */
export const ACTION_TIMEOUT = '16 minutes';
export const MAX_ATTEMPTS = 10;
export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 60_000;

const MAX_SUMMARY_CHARS = 120;

/** Hashed once for all calls on a connection. */
function fairnessKeyOf({ integration, connectionId }: ConnectionRef): string {
  const run = runState();
  const of = `${integration}\n${connectionId}`;
  if (run.fairness?.of !== of) run.fairness = { of, key: sha256Hex(of).slice(0, 32) };
  return run.fairness.key;
}

/** What is the same for all calls on a connection. @param summary for Temporal's UI */
export function sharedOptions(connection: ConnectionRef, taskQueue: string, summary: string): ActivityOptions {
  return {
    taskQueue,
    summary: summary.slice(0, MAX_SUMMARY_CHARS),
    priority: { fairnessKey: fairnessKeyOf(connection) },
  };
}

/** How a call that is one request is carried out. */
export interface OneRequest {
  write: boolean;
  timeout: Duration;
  taskQueue: string;
  summary: string;
}

/** Reads are retried by Temporal, a write is one attempt. */
export function callOptions(
  connection: ConnectionRef,
  { write, timeout, taskQueue, summary }: OneRequest,
): ActivityOptions {
  return {
    ...sharedOptions(connection, taskQueue, summary),
    startToCloseTimeout: timeout,
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
