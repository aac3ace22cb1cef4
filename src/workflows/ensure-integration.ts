import { CancellationScope, condition, isCancellation, setHandler, uuid4, workflowInfo } from '@temporalio/workflow';
import { findNangoFailure } from '../contract/errors';
import { DEFAULT_WAIT_MS } from '../contract/limits';
import { DEFAULT_TASK_QUEUE, SIGNAL } from '../contract/names';
import { checkEnsureIntegrationInput, checkSetUpResolution } from '../contract/rules/check-set-up';
import { setUpFailure } from '../contract/set-up-end';
import type { MadeIntegration, SetUpEnd, SetUpJoin, WorkflowEnsureIntegrationInput } from '../contract/types';
import { activitiesWith, PATIENT } from './activity-proxies';
import { isSound } from './messages';
import { runState } from './run-state';
import { resolveSetUpSignal } from './set-up/set-up-messages';

/**
 * Returns the integration of a key; if there is none, sets it up: at once where Nango's API can, else by the decision of an
 * operator, for whom it waits as long as the deadline allows, across restarts of everything.
 *
 * Callers for the same integration share one set-up; each has its own deadline, and cancelling one cancels no other.
 *
 * @example
 * ```ts
 * await ensureIntegration({ provider: 'hubspot' });
 * ```
 *
 * @throws Nango.InvalidRequest before any I/O, and with the field `provider` for one that Nango does not know or that is not
 *   the one being set up; Nango.Forbidden with the `scope` that the key lacks, Nango.Misconfigured; Nango.SetUpTimedOut,
 *   Nango.SetUpDeclined, Nango.SetUpCancelled when the wait ends without an integration
 */
export async function ensureIntegration(input: WorkflowEnsureIntegrationInput): Promise<MadeIntegration> {
  const { subject, join } = checkEnsureIntegrationInput(input, Date.now());
  const { taskQueue = DEFAULT_TASK_QUEUE, ignoreCoolDown = false } = input;
  const deadline = join.deadline ?? Date.now() + DEFAULT_WAIT_MS;
  const end = await setUp(subject.integration, { ...join, deadline }, ignoreCoolDown, taskQueue);
  if (end.status === 'ready') return end.made;
  throw setUpFailure(end);
}

async function setUp(
  integration: string,
  terms: Omit<SetUpJoin, 'joinId'>,
  ignoreCoolDown: boolean,
  taskQueue: string,
): Promise<SetUpEnd> {
  const join = { ...terms, joinId: uuid4(), subscriber: { workflowId: workflowInfo().workflowId } };
  const { joinId } = join;
  const wait = listen(joinId);
  let end: SetUpEnd | undefined;
  let failure: unknown;
  // Stays open while the set-up is pending: if the resolution is lost, or the set-up terminated, a retry joins again.
  const insurance = new CancellationScope();
  void insurance
    .run(() =>
      activitiesWith({
        ...PATIENT,
        startToCloseTimeout: '45 seconds',
        taskQueue,
        cancellationType: 'WAIT_CANCELLATION_COMPLETED',
        summary: `the ${integration} integration, or the wait for it`,
      })['nango.ensureIntegration']({ integration, join, ignoreCoolDown, at: Date.now() }),
    )
    .then(
      (response) => (end ??= response),
      (error: unknown) => (failure = error),
    );
  try {
    await condition(() => end !== undefined || failure !== undefined || wait.end !== undefined);
  } catch (error) {
    if (isCancellation(error)) await leave(integration, joinId, taskQueue, () => end ?? failure);
    throw error;
  } finally {
    runState().setUps?.delete(joinId);
  }
  insurance.cancel();
  const ended = wait.end ?? end;
  if (ended !== undefined) return ended;
  throw findNangoFailure(failure) ?? failure;
}

/** First the join must be over, so that it cannot arrive after the leave. */
async function leave(integration: string, joinId: string, taskQueue: string, over: () => unknown): Promise<void> {
  await CancellationScope.nonCancellable(async () => {
    await condition(() => over() !== undefined);
    await activitiesWith({ ...PATIENT, taskQueue })['nango.leaveSetUp']({ integration, joinId });
  });
}

function listen(joinId: string): { end?: SetUpEnd } {
  const waits = (runState().setUps ??= new Map<string, { end?: SetUpEnd }>());
  const wait: { end?: SetUpEnd } = {};
  waits.set(joinId, wait);
  setHandler(resolveSetUpSignal, (resolution) => {
    if (!isSound(SIGNAL.resolveSetUp, () => checkSetUpResolution(resolution))) return;
    const { joinId: whose, ...end } = resolution;
    const waiting = waits.get(whose);
    if (waiting !== undefined) waiting.end = end;
  });
  return wait;
}
