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
import { healingOf, withHealing } from '../contract/rules/healing';
import { forScopes } from '../contract/rules/scopes';
import { joinFailure, joinEndOf } from '../contract/join-end';
import { activitiesWith, PATIENT } from './activity-proxies';
import { lookedUp } from './healing/healed';
import { resolveSignal, isSound } from './messages';
import { runState } from './run-state';
import { afterSetUp } from './set-up/after-set-up';

/**
 * Returns the connection of an owner; if there is none, asks for it and waits until the owner has made it, for as
 * long as the deadline allows, across restarts of everything.
 *
 * With `scopes`, what the connection was not granted is asked of its owner too, once; where nobody can know what it was
 * granted it says `scopesChecked: false`.
 *
 * With `provider` an integration that is missing is set up first, within the same deadline.
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
 *   apart) after the lookup with `several: 'fail'`, or when nobody has chosen in time; Nango.ConnectionTimedOut,
 *   Nango.ConnectionDeclined, Nango.RequestCancelled, Nango.AccountChanged, Nango.ScopesMissing when the wait ends without
 *   what was wanted; with `provider` what `ensureIntegration` throws
 */
export async function ensureConnection(input: WorkflowEnsureConnectionInput): Promise<Connection> {
  const { subject, join } = checkEnsureInput(input, Date.now());
  const { taskQueue = DEFAULT_TASK_QUEUE, ignoreCoolDown = false, adopt, scopes } = input;
  const heal = healingOf(input, subject, Date.now());
  if (adopt !== undefined) {
    const connection = await adopted(subject, adopt, join, taskQueue);
    const isDone = scopes === undefined || scopes.length === 0 || !patched('temporal-nango/scopes');
    if (connection !== undefined && isDone) {
      return lookedUp(withHealing(forScopes(connection, scopes), heal));
    }
  }
  const deadline = join.deadline ?? Date.now() + DEFAULT_WAIT_MS;
  const terms = { ignoreCoolDown, taskQueue, since: Date.now() };
  const end = await afterSetUp(input, deadline, () => connected(subject, { ...join, deadline }, terms));
  if (end.status === 'connected') return lookedUp(withHealing(end.connection, heal));
  throw joinFailure(end);
}

/** @returns nothing if the owner has several, and somebody has to choose */
async function adopted(
  subject: Subject,
  connectionId: string,
  { choose, several }: Pick<Join, 'choose' | 'several'>,
  taskQueue: string,
): Promise<Connection | undefined> {
  const { 'nango.adoptConnection': adopt } = activitiesWith({ ...PATIENT, taskQueue, summary: 'adopts a connection' });
  try {
    return await adopt({ subject, connectionId, choose });
  } catch (error) {
    const isAmbiguous = findNangoFailure(error)?.type === 'Nango.ConnectionAmbiguous';
    // Those that had begun to wait before somebody could be asked have failed with it.
    if (isAmbiguous && several !== 'fail' && patched('temporal-nango/choose')) return undefined;
    throw error;
  }
}

/** How somebody joins a request. */
interface JoinOptions {
  /** even though the person has said no */
  ignoreCoolDown: boolean;
  /** of the worker that holds the key */
  taskQueue: string;
  /** when it was first wanted, in milliseconds since the epoch: who has connected it anew after that need not do so again */
  since: number;
  /** as in the input of the activity */
  waitsItsTurn?: true;
}

/**
 * Looks the connection up, or joins the request for it and waits for the resolution; leaves it when the caller is
 * cancelled.
 */
export async function connected(
  subject: Subject,
  wanted: Omit<Join, 'joinId'>,
  { ignoreCoolDown, taskQueue, since, waitsItsTurn }: JoinOptions,
): Promise<JoinEnd> {
  const join = { ...wanted, joinId: uuid4(), subscriber: { workflowId: workflowInfo().workflowId } };
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
        since: since < Date.now() ? since : undefined,
        waitsItsTurn,
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
