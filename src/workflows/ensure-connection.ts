import { CancellationScope, condition, isCancellation, setHandler, uuid4, workflowInfo } from '@temporalio/workflow';
import { choose } from '../contract/choose';
import { findNangoFailure, nangoFailure } from '../contract/errors';
import { DEFAULT_WAIT_MS } from '../contract/limits';
import { DEFAULT_TASK_QUEUE } from '../contract/names';
import type { Connection, EnsureConnectionInput, Join, JoinEnd, RequestAnswer, Subject } from '../contract/types';
import { checkEnsureInput } from '../contract/check-request';
import { endedWait, waitEnd } from '../contract/wait-end';
import { activitiesWith, PATIENT } from './activity-proxies';
import { answerSignal } from './messages';

/**
 * Returns the connection of an owner; if there is none, asks for it and waits until the owner has made it, for as
 * long as the deadline allows, across restarts of everything.
 *
 * Callers for the same owner share one request; each has its own deadline, and cancelling one cancels no other.
 *
 * @example
 * const hubspot = await ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } });
 * @throws Nango.InvalidRequest before any I/O; Nango.IntegrationNotFound, Nango.Misconfigured, Nango.Forbidden,
 *   Nango.ConnectionAmbiguous after the lookup; Nango.ConnectionTimedOut, Nango.ConnectionDeclined,
 *   Nango.RequestCancelled when the wait ends without a connection
 */
export async function ensureConnection(input: EnsureConnectionInput): Promise<Connection> {
  const { subject, join } = checkEnsureInput(input, Date.now());
  const { taskQueue = DEFAULT_TASK_QUEUE, askAgain = false } = input;
  const existing = choose(await activitiesWith({ ...PATIENT, taskQueue })['nango.findConnections'](subject));
  switch (existing.kind) {
    case 'one':
      return existing.connection;
    case 'several':
      throw nangoFailure('Nango.ConnectionAmbiguous', { hint: 'Name an owner or a slot.' });
    case 'none': {
      const deadline = join.deadline ?? Date.now() + DEFAULT_WAIT_MS;
      const end = await joined(subject, { ...join, deadline }, askAgain, taskQueue);
      if (end.status === 'connected') return end.connection;
      throw endedWait(end);
    }
  }
}

/** Joins the request and waits for its answer; leaves it when the caller is cancelled. */
async function joined(
  subject: Subject,
  wish: Omit<Join, 'joinId'>,
  askAgain: boolean,
  taskQueue: string,
): Promise<JoinEnd> {
  const join = { ...wish, joinId: uuid4(), subscriber: { workflowId: workflowInfo().workflowId } };
  listen();
  let end: JoinEnd | undefined;
  let failure: unknown;
  // Stays open while the request is pending: should the answer be lost, or the request be terminated, a retry joins again.
  const insurance = new CancellationScope();
  void insurance
    .run(() => activitiesWith(joinOptions(taskQueue))['nango.joinRequest']({ subject, join, askAgain, at: Date.now() }))
    .then(
      (answer) => (end ??= answer),
      (error: unknown) => (failure = error),
    );
  try {
    await condition(() => end !== undefined || failure !== undefined || answers.has(join.joinId));
  } catch (error) {
    if (isCancellation(error)) await leave(subject, join.joinId, taskQueue, () => end ?? failure);
    throw error;
  }
  const answer = answers.get(join.joinId);
  answers.delete(join.joinId);
  insurance.cancel();
  if (answer !== undefined) return waitEnd(answer);
  if (end !== undefined) return end;
  throw findNangoFailure(failure) ?? failure;
}

function joinOptions(taskQueue: string) {
  return { ...PATIENT, taskQueue, cancellationType: 'WAIT_CANCELLATION_COMPLETED' } as const;
}

/** First the join must be over, so that it cannot arrive after the leave. */
async function leave(subject: Subject, joinId: string, taskQueue: string, over: () => unknown): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await condition(() => over() !== undefined);
    await activitiesWith({ ...PATIENT, taskQueue })['nango.leaveRequest']({ subject, joinId });
  });
}

/** Answers of requests, by `joinId`: one signal handler serves every wait of the workflow. Module state is the run's own. */
const answers = new Map<string, RequestAnswer>();

function listen(): void {
  setHandler(answerSignal, (answer) => void answers.set(answer.joinId, answer));
}
