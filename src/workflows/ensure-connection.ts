import { CancellationScope, condition, isCancellation, setHandler, uuid4, workflowInfo } from '@temporalio/workflow';
import { findNangoFailure } from '../contract/errors';
import { DEFAULT_WAIT_MS } from '../contract/limits';
import { DEFAULT_TASK_QUEUE, SIGNAL } from '../contract/names';
import type {
  Connection,
  Join,
  JoinEnd,
  RequestAnswer,
  Subject,
  WorkflowEnsureConnectionInput,
} from '../contract/types';
import { checkRequestAnswer } from '../contract/rules/check-messages';
import { checkEnsureInput } from '../contract/rules/check-request';
import { forScopes } from '../contract/scopes-checked';
import { endedWait, waitEnd } from '../contract/wait-end';
import { activitiesWith, PATIENT } from './activity-proxies';
import { answerSignal, isSound } from './messages';
import { runState } from './run-state';

/**
 * Returns the connection of an owner; if there is none, asks for it and waits until the owner has made it, for as
 * long as the deadline allows, across restarts of everything.
 *
 * With `scopes`, a connection that no link made for them says `scopesChecked: false`: it may have been granted others.
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
 *   Nango.AccountChanged when the wait ends without a connection
 */
export async function ensureConnection(input: WorkflowEnsureConnectionInput): Promise<Connection> {
  const { subject, join } = checkEnsureInput(input, Date.now());
  const { taskQueue = DEFAULT_TASK_QUEUE, askAgain = false, adopt, scopes } = input;
  if (adopt !== undefined) return forScopes(await adopted(subject, adopt, taskQueue), scopes);
  const deadline = join.deadline ?? Date.now() + DEFAULT_WAIT_MS;
  const end = await connected(subject, { ...join, deadline }, askAgain, taskQueue);
  if (end.status === 'connected') return end.connection;
  throw endedWait(end);
}

async function adopted(subject: Subject, connectionId: string, taskQueue: string): Promise<Connection> {
  const { 'nango.adoptConnection': adopt } = activitiesWith({ ...PATIENT, taskQueue, summary: 'adopts a connection' });
  return await adopt({ subject, connectionId });
}

/**
 * Looks for the connection, or joins the request for it and waits for its answer; leaves it when the caller is cancelled.
 */
async function connected(
  subject: Subject,
  wish: Omit<Join, 'joinId'>,
  askAgain: boolean,
  taskQueue: string,
): Promise<JoinEnd> {
  const join = { ...wish, joinId: uuid4(), subscriber: { workflowId: workflowInfo().workflowId } };
  const wait = listen(join.joinId);
  let end: JoinEnd | undefined;
  let failure: unknown;
  // Stays open while the request is pending: should the answer be lost, or the request be terminated, a retry joins again.
  const insurance = new CancellationScope();
  void insurance
    .run(() =>
      activitiesWith(ensureOptions(subject, taskQueue))['nango.ensureConnection']({
        subject,
        join,
        askAgain,
        at: Date.now(),
      }),
    )
    .then(
      (answer) => (end ??= answer),
      (error: unknown) => (failure = error),
    );
  try {
    await condition(() => end !== undefined || failure !== undefined || wait.answer !== undefined);
  } catch (error) {
    if (isCancellation(error)) await leave(subject, join.joinId, taskQueue, () => end ?? failure);
    throw error;
  } finally {
    runState().waits.delete(join.joinId);
  }
  const { answer } = wait;
  insurance.cancel();
  if (answer !== undefined) {
    // A try to join that was under way may have opened another request, for what has taken place already. Who only reads
    // stays, so that somebody can say yes.
    const stays = answer.connection?.accountChanged ?? false;
    if (join.reconnect !== undefined && !stays) await leave(subject, join.joinId, taskQueue, () => end ?? failure);
    return waitEnd(answer);
  }
  if (end !== undefined) return end;
  throw findNangoFailure(failure) ?? failure;
}

/** An attempt looks, at Nango, and joins, at Temporal. */
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

function listen(joinId: string): { answer?: RequestAnswer } {
  const { waits } = runState();
  const wait: { answer?: RequestAnswer } = {};
  waits.set(joinId, wait);
  setHandler(answerSignal, (answer) => {
    if (!isSound(SIGNAL.answer, () => checkRequestAnswer(answer))) return;
    const waiting = waits.get(answer.joinId);
    if (waiting !== undefined) waiting.answer = answer;
  });
  return wait;
}
