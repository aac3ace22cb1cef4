import {
  CancellationScope,
  condition,
  isCancellation,
  patched,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { findNangoFailure } from '../contract/errors';
import { DEFAULT_WAIT_MS } from '../contract/limits';
import { DEFAULT_TASK_QUEUE, SIGNAL } from '../contract/names';
import type {
  Connection,
  Join,
  JoinEnd,
  JoinResolution,
  Subject,
  WorkflowEnsureConnectionInput,
} from '../contract/types';
import { checkJoinResolution } from '../contract/rules/check-messages';
import { checkEnsureInput } from '../contract/rules/check-request';
import { forScopes } from '../contract/rules/scopes';
import { joinFailure, joinEndOf } from '../contract/join-end';
import { activitiesWith, PATIENT } from './activity-proxies';
import { resolveSignal, isSound } from './messages';
import { runState } from './run-state';

/**
 * Returns the connection of an owner; if there is none, asks for it and waits until the owner has made it, for as
 * long as the deadline allows, across restarts of everything.
 *
 * With `scopes`, what the connection was not granted is asked of its owner too, once; where nobody can know what it was
 * granted it says `scopesChecked: false`.
 *
 * Callers for the same owner share one request; each has its own deadline, and cancelling one cancels no other. With
 * `reconnect` the connection of that id is asked for anew, and returned once its owner has connected it.
 *
 * @example
 * ```ts
 * const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } });
 * ```
 *
 * @throws Nango.InvalidRequest before any I/O, or for a connection of another owner; Nango.IntegrationNotFound,
 *   Nango.ConnectionNotFound, Nango.Misconfigured, Nango.Forbidden, Nango.ConnectionAmbiguous (with what tells them
 *   apart) after the lookup; Nango.ConnectionTimedOut, Nango.ConnectionDeclined, Nango.RequestCancelled,
 *   Nango.AccountChanged, Nango.ScopesMissing when the wait ends without what was wanted
 */
export async function ensureConnection(input: WorkflowEnsureConnectionInput): Promise<Connection> {
  const { subject, join } = checkEnsureInput(input, Date.now());
  const { taskQueue = DEFAULT_TASK_QUEUE, ignoreCoolDown = false, adopt, scopes } = input;
  if (adopt !== undefined) {
    const connection = await adopted(subject, adopt, taskQueue);
    if (scopes === undefined || scopes.length === 0 || !patched('temporal-nango/scopes')) {
      return forScopes(connection, scopes);
    }
  }
  const deadline = join.deadline ?? Date.now() + DEFAULT_WAIT_MS;
  const end = await connected(subject, { ...join, deadline }, ignoreCoolDown, taskQueue);
  if (end.status === 'connected') return end.connection;
  throw joinFailure(end);
}

async function adopted(subject: Subject, connectionId: string, taskQueue: string): Promise<Connection> {
  const { 'nango.adoptConnection': adopt } = activitiesWith({ ...PATIENT, taskQueue, summary: 'adopts a connection' });
  return await adopt({ subject, connectionId });
}

/**
 * Looks the connection up, or joins the request for it and waits for the resolution; leaves it when the caller is
 * cancelled.
 */
async function connected(
  subject: Subject,
  terms: Omit<Join, 'joinId'>,
  ignoreCoolDown: boolean,
  taskQueue: string,
): Promise<JoinEnd> {
  const join = { ...terms, joinId: uuid4(), subscriber: { workflowId: workflowInfo().workflowId } };
  const wait = listen(join.joinId);
  let end: JoinEnd | undefined;
  let failure: unknown;
  // Stays open while the request is pending: if the resolution is lost, or the request terminated, a retry joins again.
  const insurance = new CancellationScope();
  void insurance
    .run(() =>
      activitiesWith(ensureOptions(subject, taskQueue))['nango.ensureConnection']({
        subject,
        join,
        ignoreCoolDown,
        at: Date.now(),
      }),
    )
    .then(
      (response) => (end ??= response),
      (error: unknown) => (failure = error),
    );
  try {
    await condition(() => end !== undefined || failure !== undefined || wait.resolution !== undefined);
  } catch (error) {
    if (isCancellation(error)) await leave(subject, join.joinId, taskQueue, () => end ?? failure);
    throw error;
  } finally {
    runState().waits.delete(join.joinId);
  }
  const { resolution } = wait;
  insurance.cancel();
  if (resolution !== undefined) {
    // A try to join that was under way may have opened another request, for what has taken place already. Who only reads
    // stays, so that somebody can say yes.
    const stays = resolution.status === 'connected' && (resolution.connection.accountChanged ?? false);
    if (join.reconnect !== undefined && !stays) await leave(subject, join.joinId, taskQueue, () => end ?? failure);
    return joinEndOf(resolution);
  }
  if (end !== undefined) return end;
  throw findNangoFailure(failure) ?? failure;
}

/** An attempt looks up, at Nango, and joins, at Temporal. */
function ensureOptions({ integration }: Subject, taskQueue: string) {
  const startToCloseTimeout = '45 seconds';
  const summary = `the ${integration} connection, or the wait for it`;
  return {
    ...PATIENT,
    startToCloseTimeout,
    taskQueue,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    summary,
  } as const;
}

/** First the join must be over, so that it cannot arrive after the leave. */
async function leave(subject: Subject, joinId: string, taskQueue: string, over: () => unknown): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await condition(() => over() !== undefined);
    await activitiesWith({ ...PATIENT, taskQueue })['nango.leaveRequest']({ subject, joinId });
  });
}

function listen(joinId: string): { resolution?: JoinResolution } {
  const { waits } = runState();
  const wait: { resolution?: JoinResolution } = {};
  waits.set(joinId, wait);
  setHandler(resolveSignal, (resolution) => {
    if (!isSound(SIGNAL.resolve, () => checkJoinResolution(resolution))) return;
    const waiting = waits.get(resolution.joinId);
    if (waiting !== undefined) waiting.resolution = resolution;
  });
  return wait;
}
