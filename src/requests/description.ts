import type { Client } from '@temporalio/client';
import { REQUEST_VIEW } from '../contract/names';
import { changesHands } from '../contract/rules/changes-hands';
import { requestViewSchema } from '../contract/schemas/requests';
import { requestResultSchema } from '../contract/schemas/joins';
import type { Connection, RequestRef, RequestResult, RequestView } from '../contract/types';
import { describeWorkflow } from './describe-workflow';
import type { Described } from './describe-workflow';
import { withTypedFailures } from './typed-failures';
import type { Place } from './start';

/** `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT` of https://api-docs.temporal.io/#temporal.api.enums.v1.HistoryEventFilterType */
const CLOSE_EVENT = 2;

/** Status, view and run of a request, open or ended. */
export interface RequestDescription {
  /** names the request, for `NangoConnections.request` */
  ref: RequestRef;
  /** what it last showed of itself; an ended one has no question */
  view: RequestView;
  /** when its first run began */
  startedAt: Date;
  /** absent while it is open */
  closedAt?: Date;
  /** the open request that has taken its place */
  replacedBy?: RequestRef;
  /** what was connected */
  connection?: Connection;
}

/**
 * Describes a request from what Temporal keeps of it: no worker is needed, and nothing of it is disturbed.
 *
 * @param ref without `firstExecutionRunId`: the latest request of this id
 * @returns nothing if Temporal knows no such request, or no longer
 * @throws Nango.TemporalUnavailable
 */
export async function describeRequest(
  { client }: Place,
  { id, firstExecutionRunId }: { id: string; firstExecutionRunId?: string },
): Promise<RequestDescription | undefined> {
  return await withTypedFailures(async () => {
    const latest = await describeWorkflow(client, id);
    if (latest === undefined) return undefined;
    const latestRef = refOf(latest);
    const isLatest = firstExecutionRunId === undefined || firstExecutionRunId === latestRef.firstExecutionRunId;
    const own = isLatest ? latest : await lastRun(client, id, firstExecutionRunId);
    const memo = requestViewSchema.safeParse(own?.memo?.[REQUEST_VIEW]);
    if (own === undefined || !memo.success) return undefined;
    const ref = isLatest ? latestRef : { id, firstExecutionRunId };
    const description = { ref, view: memo.data, startedAt: await startOf(client, own), closedAt: own.closeTime };
    if (own.status.name === 'RUNNING') return description;
    const end = await endOf(client, own);
    const connection = end.status === 'connected' ? end.connection : undefined;
    const replacedBy = isLatest || latest.status.name !== 'RUNNING' ? undefined : latestRef;
    const view = { ...memo.data, question: undefined, status: end.status, unconfirmed: leftBehind(memo.data, end) };
    return { ...description, view, connection, replacedBy };
  });
}

/** The run in which a request that continued as new has ended. */
export async function lastRun(client: Client, id: string, firstRunId: string): Promise<Described | undefined> {
  let run = await describeWorkflow(client, id, firstRunId);
  while (run?.status.name === 'CONTINUED_AS_NEW') {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: id, runId: run.runId },
      historyEventFilterType: CLOSE_EVENT,
    });
    const next = history?.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    run = next ? await describeWorkflow(client, id, next) : undefined;
  }
  return run;
}

async function startOf(client: Client, run: Described): Promise<Date> {
  const { firstExecutionRunId } = refOf(run);
  if (firstExecutionRunId === run.runId) return run.startTime;
  return (await describeWorkflow(client, run.workflowId, firstExecutionRunId))?.startTime ?? run.startTime;
}

function refOf({ workflowId, runId, raw }: Described): RequestRef {
  return { id: workflowId, firstExecutionRunId: raw.workflowExecutionInfo?.firstRunId || runId };
}

/** One that was terminated has had no time to say so itself. */
function leftBehind({ question, unconfirmed }: RequestView, { status }: RequestResult): RequestView['unconfirmed'] {
  if (status === 'connected') return undefined;
  return unconfirmed ?? (question !== undefined && changesHands(question) ? question.unconfirmed : undefined);
}

/** A request that was terminated has no result: nobody waits for it any more. */
async function endOf(client: Client, { workflowId, runId, status }: Described): Promise<RequestResult> {
  if (status.name !== 'COMPLETED') return { status: 'cancelled' };
  const result: unknown = await client.workflow.getHandle(workflowId, runId).result();
  return requestResultSchema.parse(result);
}
