import { ActivityFailure, TimeoutFailure } from '@temporalio/common';
import type { ApplicationFailure } from '@temporalio/common';
import { isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import { detailsOf, findNangoFailure, nangoFailure } from '../contract/errors';
import type { NangoErrorType } from '../contract/errors';
import { sha256Hex } from '../contract/request-id';
import type { Answer, Call, ConnectionRef } from '../contract/types';
import { isProxyCall, isWrite } from '../contract/check-call';
import { activitiesWith } from './activity-proxies';

/** A dead worker is noticed this soon; the activities beat more often. */
const HEARTBEAT = '10 seconds';
const PROXY_TIMEOUT = '90 seconds';
/** Nango lets an action run for 15 minutes. */
const ACTION_TIMEOUT = '16 minutes';
const MAX_ATTEMPTS = 10;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/** Failures after which a write surely did not run. */
const DID_NOT_RUN: ReadonlySet<string> = new Set<NangoErrorType>([
  'Nango.Unavailable',
  'Nango.RateLimited',
  'Nango.ProviderRateLimited',
  'Nango.RefreshFailing',
]);

let callsMade = 0;

/**
 * Numbers a call within the run, before anything is awaited: its idempotency key hangs on it. The key survives a reset
 * and differs after a continue-as-new.
 */
export function nextIdempotencyKey(): string {
  const { workflowId, originalExecutionRunId } = workflowInfo();
  return sha256Hex(`${workflowId}\n${originalExecutionRunId}\n${callsMade++}`);
}

/**
 * Carries out one checked call as one activity. Reads are retried by Temporal; a write is one attempt, scheduled anew
 * only when it surely did not run.
 *
 * @throws a failure of the taxonomy
 */
export async function runCall(connection: ConnectionRef, call: Call, key: string, taskQueue: string): Promise<Answer> {
  const write = isWrite(call);
  const options = callOptions(connection, call, write, taskQueue);
  for (let attempt = 1; ; attempt++) {
    try {
      return await schedule(connection, call, key, options);
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = callFailure(error, write);
      const mayRepeat = write && attempt < MAX_ATTEMPTS && DID_NOT_RUN.has(failure.type ?? '');
      if (!mayRepeat) throw failure;
      await sleep(detailsOf(failure).retryAfterMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS));
    }
  }
}

function schedule(connection: ConnectionRef, call: Call, key: string, options: ActivityOptions): Promise<Answer> {
  const { integration, connectionId } = connection;
  const { 'nango.proxy': proxy, 'nango.triggerAction': triggerAction } = activitiesWith(options);
  if (!isProxyCall(call)) return triggerAction({ connection: { integration, connectionId }, call });
  const idempotencyKey = call.method === 'GET' ? undefined : key;
  return proxy({ connection: { integration, connectionId }, call, idempotencyKey });
}

function callOptions(connection: ConnectionRef, call: Call, write: boolean, taskQueue: string): ActivityOptions {
  return {
    taskQueue,
    startToCloseTimeout: isProxyCall(call) ? PROXY_TIMEOUT : ACTION_TIMEOUT,
    heartbeatTimeout: HEARTBEAT,
    retry: {
      initialInterval: FIRST_PAUSE_MS,
      maximumInterval: LONGEST_PAUSE_MS,
      maximumAttempts: write ? 1 : MAX_ATTEMPTS,
    },
    // A write in flight is waited for, never abandoned.
    cancellationType: write ? 'WAIT_CANCELLATION_COMPLETED' : 'TRY_CANCEL',
    priority: { fairnessKey: sha256Hex(`${connection.integration}\n${connection.connectionId}`).slice(0, 32) },
  };
}

/** Whatever ended an activity, as the taxonomy says it. */
function callFailure(error: unknown, write: boolean): ApplicationFailure {
  const failure = findNangoFailure(error);
  if (failure !== undefined) return failure;
  if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) {
    return nangoFailure(write ? 'Nango.OutcomeUnknown' : 'Nango.Unavailable', { code: 'TIMEOUT' });
  }
  return nangoFailure(write ? 'Nango.OutcomeUnknown' : 'Nango.Unavailable', { code: 'WORKER_FAILED' });
}
