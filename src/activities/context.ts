import { Context } from '@temporalio/activity';
import type { LRUCache } from 'lru-cache';
import { detailsOf, findNangoFailure, nangoFailure } from '../contract/errors';
import type { NangoConfig } from '../config';
import { MAX_PAYLOAD_BYTES } from '../contract/limits';
import { MAX_RESPONSE_BYTES } from '../nango/http/http';
import type { SharedLimits } from '../limits/shared-limits';
import type { NangoApi } from '../nango/http/http';
import type { GrantedScopesReader } from '../nango/granted-scopes';
import type { Inventory } from '../nango/inventory';
import type { ProviderCatalog } from '../nango/provider-facts';
import type { Notifier, OperatorNotifier } from '../notifier';
import type { HoldBatches } from '../requests/hold-batches';
import type { JoinBatches } from '../requests/join-batches';
import type { Place } from '../requests/start';
import type { ActionInputs } from './action-inputs/action-inputs';
import type { ActionAdvice } from './action-advice';
import type { Holds } from './holds';
import type { ConnectionsInUse } from './in-use';

/** What every activity needs and no history may hold: the server with its key, settings, notifier, what it shares. */
export interface ActivityDependencies {
  api: NangoApi;
  config: NangoConfig;
  notifier: Notifier;
  operatorNotifier: OperatorNotifier;
  /** what was read of providers */
  catalog: ProviderCatalog;
  /** what the environment has */
  inventory: Inventory;
  /** holds inputs of actions against what is deployed; none where they are not checked */
  actionInputs?: ActionInputs;
  /** what connections were granted */
  scopes: GrantedScopesReader;
  /** the joins of this worker, which travel together */
  batches: JoinBatches;
  /** the connections that this worker is to have held, which travel together */
  holdBatches: HoldBatches;
  /** mean bytes of a response, by what it is of, as the last batch of this worker found it */
  responseSizes: LRUCache<string, number>;
  /** whether the packages as they are installed can hand a payload to External Storage */
  canOffload: boolean;
  /** what calls of this worker may be sent */
  limits: SharedLimits;
  /** which runs could do with an action; absent where nobody wants to be advised */
  advice?: ActionAdvice;
  /** which connections may have come into somebody else's hands */
  holds: Holds;
  /** connections that work, as calls of this worker show */
  inUse: ConnectionsInUse;
}

const DEFAULT_DEADLINE_MS = 30_000;
const MARGIN_MS = 5_000;
/** An activity waits so long for an update's result: shorter than a client, since it is tried again. */
export const WORKER_UPDATE_MS = 10_000;
const HEARTBEAT_MS = 3_000;
const REFRESH_PAUSE_MS = 30_000;
const LONGEST_REFRESH_PAUSE_MS = 3_600_000;

/** Bounds of a request to Nango. The client gives up before Temporal does, so that the error says what happened. */
export function bounds(): { deadlineMs: number; signal: AbortSignal } {
  const { info, cancellationSignal } = Context.current();
  const limit = info.startToCloseTimeoutMs ?? info.scheduleToCloseTimeoutMs ?? DEFAULT_DEADLINE_MS + MARGIN_MS;
  return { deadlineMs: Math.max(limit - MARGIN_MS, limit * 0.8), signal: cancellationSignal };
}

/**
 * The largest response that may be a result. With External Storage the history holds a reference only; the worker's
 * client has the data converter that the worker ended up with, whichever plugin brought it. A call without a workflow is
 * read by a client, which may have none.
 */
export function maxResponseBytes({ canOffload }: Pick<ActivityDependencies, 'canOffload'>): number {
  const { client, info } = Context.current();
  const storage = client.options.loadedDataConverter.externalStorage;
  const takesIt = storage !== undefined && storage.payloadSizeThreshold <= MAX_PAYLOAD_BYTES;
  return takesIt && canOffload && info.inWorkflow ? MAX_RESPONSE_BYTES : MAX_PAYLOAD_BYTES;
}

/** The Temporal and queue this activity runs on; a request is started where the activity runs. */
export function here({ config }: ActivityDependencies): Place {
  const { client, info } = Context.current();
  return { client, taskQueue: info.taskQueue, environment: config.environment };
}

/** An update waits for a worker; one that has stopped polling must not hold up this one, which may be draining too. */
export function promptly<T>(call: () => Promise<T>): Promise<T> {
  return Context.current().client.withDeadline(Date.now() + WORKER_UPDATE_MS, call);
}

/**
 * A second attempt of a write says that the first one may have run. Whatever retry policy the caller chose, it ends
 * here.
 */
export function refuseSecondWrite(write: boolean): void {
  if (write && Context.current().info.attempt > 1)
    throw nangoFailure('Nango.OutcomeUnknown', { reason: 'second_attempt' });
}

/**
 * Heartbeats while something takes its time, so that a dead worker is noticed and a cancellation arrives.
 *
 * @param details what a heartbeat says; default: nothing
 */
export async function heartbeating<T>(
  work: Promise<T>,
  everyMs = HEARTBEAT_MS,
  details: () => unknown = () => undefined,
): Promise<T> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(details()), everyMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

/**
 * Carries out a call of the caller's. A failing refresh is left alone for longer each time, since Nango counts failures
 * against the connection.
 *
 * @param details as of {@link heartbeating}
 */
export async function calling<T>(work: Promise<T>, details?: () => unknown): Promise<T> {
  try {
    return await heartbeating(work, HEARTBEAT_MS, details);
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure?.type !== 'Nango.RefreshFailing') throw error;
    const { retryAfterMs = REFRESH_PAUSE_MS, ...details } = detailsOf(failure);
    throw nangoFailure(failure.type, {
      ...details,
      nonRetryable: failure.nonRetryable ?? true,
      retryAfterMs: Math.min(retryAfterMs * 2 ** (Context.current().info.attempt - 1), LONGEST_REFRESH_PAUSE_MS),
    });
  }
}
