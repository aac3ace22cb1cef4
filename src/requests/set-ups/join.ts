import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { findNangoFailure, reasonOf } from '../../contract/errors';
import { SET_UP_VIEW, UPDATE, WORKFLOW } from '../../contract/names';
import { setUpId } from '../../contract/request-id';
import { setUpJoinResponseSchema, setUpViewSchema } from '../../contract/schemas/set-ups';
import type { SetUpEnd, SetUpJoin, SetUpJoinResponse, SetUpSubject, SetUpView } from '../../contract/types';
import { describeWorkflow } from '../describe-workflow';
import type { Place } from '../start';
import { whileClosing } from '../while-closing';

type SetUpWorkflow = (input: SetUpSubject) => Promise<SetUpEnd>;

/**
 * Joins the set-up of an integration, and starts it if none runs, unless the last one is cooling down: then nobody is
 * asked, and its end is the response.
 *
 * @param terms `at`: the caller's time in ms since the epoch
 * @param deadlineMs how long an update may take
 */
export async function joinSetUp(
  place: Place,
  integration: string,
  join: SetUpJoin,
  terms: { ignoreCoolDown: boolean; at: number },
  deadlineMs: number,
): Promise<SetUpJoinResponse> {
  const { client } = place;
  return await client.withDeadline(Date.now() + deadlineMs, async () => {
    const cooling = terms.ignoreCoolDown ? undefined : await coolingDown(place, integration, terms.at);
    return cooling ?? (await whileClosing(() => startOrJoin(place, integration, join)));
  });
}

/**
 * The same for a joiner whose deadline has passed: a deadline can be moved, of which only the set-up knows. None is started.
 *
 * @returns `timedOut` if it does not wait any more
 */
export async function joinSetUpLate(
  { client, environment }: Place,
  integration: string,
  join: SetUpJoin,
  deadlineMs: number,
): Promise<SetUpJoinResponse> {
  try {
    const handle = client.workflow.getHandle(setUpId(environment, integration));
    const args: [SetUpJoin] = [join];
    const response = await client.withDeadline(Date.now() + deadlineMs, () =>
      handle.executeUpdate<unknown, typeof args>(UPDATE.joinSetUp, { args }),
    );
    return setUpJoinResponseSchema.parse(response);
  } catch (error) {
    const isOver = error instanceof WorkflowNotFoundError || findNangoFailure(error)?.type === 'Nango.InvalidRequest';
    if (isOver) return { status: 'timedOut' };
    throw error;
  }
}

/** Takes a joiner off a set-up; one that has ended has none. */
export async function leaveSetUp({ client, environment }: Place, integration: string, joinId: string): Promise<void> {
  try {
    const args: [{ joinId: string }] = [{ joinId }];
    const handle = client.workflow.getHandle(setUpId(environment, integration));
    await handle.executeUpdate<unknown, typeof args>(UPDATE.leave, { args });
  } catch (error) {
    if (reasonOf(error) !== 'request_closed' && !(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** One atomic update-with-start; a second join of the same id takes the place of the first, so it may be repeated. */
async function startOrJoin(place: Place, integration: string, join: SetUpJoin): Promise<SetUpJoinResponse> {
  const subject = { integration, provider: join.provider };
  const view: SetUpView = { status: 'checking', ...subject, subscribers: 1, reminders: 0 };
  const response = await place.client.workflow.executeUpdateWithStart<SetUpWorkflow, unknown, [SetUpJoin]>(
    UPDATE.joinSetUp,
    {
      args: [join],
      updateId: randomUUID(),
      startWorkflowOperation: new WithStartWorkflowOperation<SetUpWorkflow>(WORKFLOW.integrationSetUp, {
        workflowId: setUpId(place.environment, integration),
        taskQueue: place.taskQueue,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        memo: { [SET_UP_VIEW]: view },
        args: [subject],
      }),
    },
  );
  return setUpJoinResponseSchema.parse(response);
}

/** Whether the set-up of an integration waits for an operator. Needs no worker. */
export async function isWaiting(place: Pick<Place, 'client' | 'environment'>, integration: string): Promise<boolean> {
  const last = await describeWorkflow(place.client, setUpId(place.environment, integration));
  const view = setUpViewSchema.safeParse(last?.memo?.[SET_UP_VIEW]).data;
  return last?.status.name === 'RUNNING' && view?.status === 'waiting';
}

/** Only a set-up that is closed, or about to be, has a time to cool down in its memo. */
async function coolingDown(place: Place, integration: string, at: number): Promise<SetUpEnd | undefined> {
  const last = await describeWorkflow(place.client, setUpId(place.environment, integration));
  const view = setUpViewSchema.safeParse(last?.memo?.[SET_UP_VIEW]).data;
  const { status, coolDownUntil = 0 } = view ?? {};
  if ((status !== 'declined' && status !== 'timedOut') || coolDownUntil <= at) return undefined;
  return { status, coolDownUntil };
}
