import { workflowInfo } from '@temporalio/workflow';
import { nangoFailure } from '../contract/errors';
import { sha256Hex } from '../contract/request-id';
import type { Answer, Call, ConnectionRef } from '../contract/types';
import { isProxyCall, isWrite } from '../contract/check-call';
import { activitiesWith } from './activity-proxies';
import { runAsyncAction } from './async-action';
import { attempts } from './attempts';
import { callOptions, PROXY_TIMEOUT } from './call-options';

/** Nango lets an action run for 15 minutes. */
const ACTION_TIMEOUT = '16 minutes';

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
 * Carries out one checked call as one activity, an async action as two. Reads are retried by Temporal; a write is one
 * attempt, scheduled anew only when it surely did not run.
 *
 * @throws a failure of the taxonomy
 */
export async function runCall(connection: ConnectionRef, call: Call, key: string, taskQueue: string): Promise<Answer> {
  const write = isWrite(call);
  if (write && connection.accountChanged) throw nangoFailure('Nango.AccountChanged');
  const { integration, connectionId } = connection;
  const ref = { integration, connectionId };
  if (isProxyCall(call)) {
    const { 'nango.proxy': proxy } = activitiesWith(callOptions(connection, write, PROXY_TIMEOUT, taskQueue));
    const idempotencyKey = call.method === 'GET' ? undefined : key;
    return await attempts(write, () => proxy({ connection: ref, call, idempotencyKey }));
  }
  const { async, deadline, ...action } = call;
  if (async) return await runAsyncAction(ref, action, taskQueue, deadline);
  const { 'nango.triggerAction': trigger } = activitiesWith(callOptions(connection, write, ACTION_TIMEOUT, taskQueue));
  return await attempts(write, () => trigger({ connection: ref, call: action }));
}
