import { randomUUID } from 'node:crypto';
import { ActivityExecutionAlreadyStartedError } from '@temporalio/client';
import type { ActivityHandle, ActivityOptions } from '@temporalio/client';
import { invalid } from '../contract/errors';
import { ACTION_TIMEOUT_MS, PROXY_TIMEOUT_MS, WRITE_PATIENCE_MS } from '../contract/limits';
import { ACTIVITY } from '../contract/names';
import { checkCall, isProxyCall, isWrite, refuseOtherAccount } from '../contract/rules/check-call';
import { pathOf } from '../contract/rules/endpoint';
import { checkConnection } from '../contract/rules/healing';
import { fairnessKeyOf, HEARTBEAT, retryOf, summaryOf } from '../contract/rules/one-request';
import type { Action, Call, CallRef, ConnectionRef, ProxyCall } from '../contract/types';
import { requireWorker } from '../requests/pollers';
import type { Place } from '../requests/start';
import { activityIdOf, digestOf, idempotencyKeyOf } from './call-identity';
import { endOfWait, endOfStart, withCallFailures } from './call-failures';

/** How a call is made without a workflow. */
export interface CallOptions {
  /**
   * for whoever may say the same twice: the call is made once under it, for as long as the namespace keeps it; 1 to 255
   * characters. Default: a new one
   */
  id?: string;
}

/**
 * Starts a call as an activity of its own, or finds the one of this id.
 *
 * @throws Nango.InvalidRequest before any I/O, and naming `id` if it is another call's; Nango.AccountChanged; Nango.NoWorker;
 *   Nango.TemporalUnavailable, and a write was not sent then; Nango.OutcomeUnknown with its `callId` if it may have been
 */
export async function startCall(
  place: Place,
  connection: ConnectionRef,
  given: Call,
  { id }: CallOptions = {},
): Promise<CallRef> {
  checkConnection(connection);
  checkCall(given);
  const call = inOneRequest(given);
  const activityId = activityIdOf(place, id ?? randomUUID());
  refuseOtherAccount(connection, call);
  const digest = digestOf(connection, call);
  return await withCallFailures(async () => {
    await requireWorker(place, 'activities');
    const handle = await started(place, connection, call, { activityId, digest });
    const ref = { id: activityId, runId: handle.runId ?? '', write: isWrite(call) };
    if (id !== undefined && (await keptDigest(handle, ref)) !== digest)
      throw invalid('id', 'is the id of another call');
    return ref;
  });
}

function inOneRequest(call: Call): ProxyCall | Action {
  if (isProxyCall(call)) return call;
  const { async, ...action } = call;
  if (async) throw invalid('call.async', 'needs a workflow, which waits for the output');
  return action;
}

async function started(
  place: Place,
  connection: ConnectionRef,
  call: ProxyCall | Action,
  { activityId, digest }: { activityId: string; digest: string },
): Promise<ActivityHandle<unknown>> {
  const { client, taskQueue } = place;
  const { integration, connectionId } = connection;
  const { name, summary, ...how } = activityOf(call, connection);
  const idempotencyKey = idempotencyKeyOf(place, call, activityId);
  const input = { connection: { integration, connectionId }, call, idempotencyKey };
  try {
    return await client.activity.start<unknown>(name, {
      id: activityId,
      taskQueue,
      // The worker looks at the first only.
      args: [name === ACTIVITY.healingRead ? { ...input, heal: connection.heal } : input, digest],
      summary: summaryOf(summary),
      heartbeatTimeout: HEARTBEAT,
      priority: { fairnessKey: fairnessKeyOf(connection) },
      idReusePolicy: 'REJECT_DUPLICATE',
      idConflictPolicy: 'USE_EXISTING',
      ...how,
    });
  } catch (error) {
    if (!(error instanceof ActivityExecutionAlreadyStartedError))
      throw isWrite(call) ? endOfStart(error, activityId) : error;
    return client.activity.getHandle(activityId, error.runId);
  }
}

/** Which activity a call is, and how long and how often it may be tried. */
function activityOf(
  call: ProxyCall | Action,
  { heal }: ConnectionRef,
): Pick<ActivityOptions, 'startToCloseTimeout' | 'scheduleToCloseTimeout' | 'retry'> & {
  name: string;
  summary: string;
} {
  const { name, timeoutMs, summary } = isProxyCall(call)
    ? { name: ACTIVITY.proxy, timeoutMs: PROXY_TIMEOUT_MS, summary: `${call.method} ${pathOf(call.endpoint)}` }
    : { name: ACTIVITY.triggerAction, timeoutMs: ACTION_TIMEOUT_MS, summary: call.action };
  if (isWrite(call)) {
    return { name, summary, startToCloseTimeout: timeoutMs + WRITE_PATIENCE_MS, retry: retryOf(true) };
  }
  const retry = retryOf(false);
  if (heal === undefined || heal.fails) return { name, summary, startToCloseTimeout: timeoutMs, retry };
  return {
    name: ACTIVITY.healingRead,
    summary,
    startToCloseTimeout: timeoutMs,
    // It counts its attempts itself: those that waited for its owner do not count.
    retry: { ...retry, maximumAttempts: undefined },
    scheduleToCloseTimeout: heal.waitMs,
  };
}

/** What was kept beside the call when it was started. @returns nothing if this client cannot read it */
async function keptDigest(handle: ActivityHandle<unknown>, { id, write }: CallRef): Promise<unknown> {
  const description = await handle.describe({ includeInput: true }).catch((error: unknown) => {
    throw write ? endOfWait(error, id) : error;
  });
  const [, digest] = (await description.getInput().catch(() => [])) as unknown[];
  return digest;
}
