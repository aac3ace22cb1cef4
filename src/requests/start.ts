import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { REQUEST_VIEW, SIGNAL, UPDATE, WORKFLOW, watchId } from '../contract/names';
import { requestId } from '../contract/request-id';
import { resultsIn, unpackResults } from '../contract/join-update-results';
import { joinUpdateResultSchema } from '../contract/schemas/joins';
import type { Join, JoinResponse, RequestView, Subject, WatchedLink } from '../contract/types';

/** Where requests live: which Temporal, which queue, which environment label. */
export interface Place {
  client: Client;
  taskQueue: string;
  environment: string;
}

/** What is said of scopes that the owner has refused, in the memo of a request that begins. */
export type RefusedBefore = Pick<RequestView, 'coolDownUntil' | 'missingScopes'>;

type RequestWorkflow = (input: Subject & { reconnect?: string }) => Promise<unknown>;

const repliesSchema = z.array(joinUpdateResultSchema);

/**
 * Joins the request of a subject, and starts it if none runs: one atomic update-with-start for all of the joins. The
 * update id is random, since a repeated one would return the result of an older run; the ids of the joins make it safe
 * to repeat.
 *
 * @param refused for a request that is started
 * @returns in the order of the joins: what the request returns, or why it refuses
 */
export async function startOrJoin(
  place: Place,
  subject: Subject,
  joins: Join[],
  refused: RefusedBefore,
): Promise<(JoinResponse | ApplicationFailure)[]> {
  return await repliesTo(joins, () => updateWithStart(place, subject, joins, refused));
}

/**
 * Joins the request of a subject if one runs, and starts none. A joiner that is on the list, and only that, is refused as
 * `already_joined` even if its deadline has passed: somebody has moved it.
 *
 * @throws WorkflowNotFoundError if none runs
 */
export async function joinRunning(
  { client, environment }: Place,
  subject: Subject,
  join: Join,
): Promise<JoinResponse | ApplicationFailure | undefined> {
  const args: [Join[]] = [[join]];
  const handle = client.workflow.getHandle(requestId(environment, subject));
  const [reply] = await repliesTo([join], () => handle.executeUpdate<unknown, [Join[]]>(UPDATE.join, { args }));
  return reply;
}

async function repliesTo(
  joins: Join[],
  update: () => Promise<unknown>,
): Promise<(JoinResponse | ApplicationFailure)[]> {
  try {
    return unpackResults(repliesSchema.length(joins.length).parse(await update()));
  } catch (error) {
    const refusals = repliesSchema.safeParse(resultsIn(error));
    if (!refusals.success) throw error;
    return unpackResults(refusals.data);
  }
}

async function updateWithStart(
  place: Place,
  subject: Subject,
  joins: Join[],
  refused: RefusedBefore,
): Promise<unknown> {
  const counts = { subscribers: joins.length, reminders: 0, extras: 0 };
  const view: RequestView = { status: 'checking', ...subject, ...counts, ...refused };
  return await place.client.workflow.executeUpdateWithStart<RequestWorkflow, unknown, [Join[]]>(UPDATE.join, {
    args: [joins],
    updateId: randomUUID(),
    startWorkflowOperation: new WithStartWorkflowOperation<RequestWorkflow>(WORKFLOW.connectionRequest, {
      workflowId: requestId(place.environment, subject),
      taskQueue: place.taskQueue,
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      memo: { [REQUEST_VIEW]: view },
      args: [{ ...subject, reconnect: joins[0]?.reconnect }],
    }),
  });
}

/**
 * Signals a link to the environment's watch, and starts the watch if none runs: one atomic signal-with-start, since
 * many may click at one moment, and only ten updates of a workflow are in flight at a time.
 */
export async function startOrFeedWatch(place: Place, link: WatchedLink): Promise<void> {
  await place.client.workflow.signalWithStart<() => Promise<unknown>, [WatchedLink]>(WORKFLOW.connectionWatch, {
    workflowId: watchId(place.environment),
    taskQueue: place.taskQueue,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    args: [],
    signal: SIGNAL.watchLink,
    signalArgs: [link],
  });
}
