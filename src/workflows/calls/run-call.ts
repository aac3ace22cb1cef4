import { workflowInfo } from '@temporalio/workflow';
import { sha256Hex } from '../../contract/request-id';
import type { CallResponse, Call, ConnectionRef, ProxyCall } from '../../contract/types';
import { isGet, isProxyCall, isWrite, refuseOtherAccount } from '../../contract/rules/check-call';
import { pathOf } from '../../contract/rules/endpoint';
import { activitiesWith } from '../activity-proxies';
import { withoutAdvice } from './advice';
import { runAsyncAction } from './async-action';
import { attempts } from './attempts';
import { ACTION_TIMEOUT_MS, PROXY_TIMEOUT_MS } from '../../contract/limits';
import { callOptions } from './call-options';
import { runState } from '../run-state';

/** Numbers a call within the run, before anything is awaited: its idempotency key hangs on it. */
export function nextNumber(): number {
  return runState().callsMade++;
}

/**
 * What a provider is told of a call that is no GET. It survives a reset and differs after a continue-as-new.
 *
 * @param number of the call within the run
 */
export function idempotencyKeyOf(call: ProxyCall, number: number): string | undefined {
  if (call.method === 'GET') return undefined;
  const { workflowId, originalExecutionRunId } = workflowInfo();
  return sha256Hex(`${workflowId}\n${originalExecutionRunId}\n${number}`);
}

/**
 * Carries out one checked call as one activity, an async action as two. Reads are retried by Temporal; a write is one
 * attempt, scheduled anew only when it surely did not run.
 *
 * @throws a failure of the taxonomy
 */
export async function runCall(...args: Parameters<typeof startCall>): Promise<CallResponse> {
  return await startCall(...args);
}

/**
 * The same without a promise of its own. Temporal notes where each promise of a workflow was made, and for a fan-out that
 * was half of what its workflow tasks took. {@link runCall} keeps its own: what is awaited once less comes sooner, and
 * might be ahead of what it was behind in a history.
 *
 * @throws at once Nango.AccountChanged, and as a rejection what {@link runCall} throws
 */
export function startCall(
  connection: ConnectionRef,
  call: Call,
  number: number,
  taskQueue: string,
): Promise<CallResponse> {
  const write = isWrite(call);
  if (connection.heal === undefined) refuseOtherAccount(connection, call);
  const attempted = { connection, taskQueue, write, isGet: isGet(call) };
  if (isProxyCall(call)) {
    const summary = `${call.method} ${pathOf(call.endpoint)}`;
    const options = callOptions(connection, { write, timeoutMs: PROXY_TIMEOUT_MS, taskQueue, summary });
    const { 'nango.proxy': proxy } = activitiesWith(options);
    const idempotencyKey = idempotencyKeyOf(call, number);
    const { integration } = connection;
    return attempts(
      attempted,
      (ref) => proxy({ connection: ref, call, idempotencyKey }),
      (response) => withoutAdvice(integration, response),
    );
  }
  const { async, deadline, ...action } = call;
  if (async) return runAsyncAction(connection, action, taskQueue, deadline);
  const options = callOptions(connection, { write, timeoutMs: ACTION_TIMEOUT_MS, taskQueue, summary: call.action });
  const { 'nango.triggerAction': trigger } = activitiesWith(options);
  return attempts(attempted, (ref) => trigger({ connection: ref, call: action }));
}
