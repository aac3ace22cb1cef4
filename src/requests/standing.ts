import type { Client } from '@temporalio/client';
import { REQUEST_VIEW } from '../contract/names';
import { requestViewSchema } from '../contract/schemas/asks';
import { requestResultSchema } from '../contract/schemas/joins';
import type { Connection, RequestRef, RequestView } from '../contract/types';
import { describe } from './describe';
import type { Described } from './describe';
import { asking } from './failures';
import type { Place } from './start';

/** `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT` of https://api-docs.temporal.io/#temporal.api.enums.v1.HistoryEventFilterType */
const CLOSE_EVENT = 2;

/** How a request stands, open or ended. */
export interface Standing {
  /** names the request, for `NangoConnections.request` */
  ref: RequestRef;
  /** how it stood when it last said so; an ended one asks nothing */
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
 * How a request stands, from what Temporal keeps of it: no worker is needed, and nothing of it is disturbed.
 *
 * @param ref without `firstExecutionRunId`: the latest request of this id
 * @returns nothing if Temporal knows no such request, or no longer
 * @throws Nango.TemporalUnavailable
 */
export async function standingOf(
  { client }: Place,
  { id, firstExecutionRunId }: { id: string; firstExecutionRunId?: string },
): Promise<Standing | undefined> {
  return await asking(async () => {
    const latest = await describe(client, id);
    if (latest === undefined) return undefined;
    const latestRef = refOf(latest);
    const isLatest = firstExecutionRunId === undefined || firstExecutionRunId === latestRef.firstExecutionRunId;
    const own = isLatest ? latest : await lastRun(client, id, firstExecutionRunId);
    const memo = requestViewSchema.safeParse(own?.memo?.[REQUEST_VIEW]);
    if (own === undefined || !memo.success) return undefined;
    const ref = isLatest ? latestRef : { id, firstExecutionRunId };
    const standing = { ref, view: memo.data, startedAt: await startOf(client, own), closedAt: own.closeTime };
    if (own.status.name === 'RUNNING') return standing;
    const { status, connection } = await endOf(client, own);
    const replacedBy = isLatest || latest.status.name !== 'RUNNING' ? undefined : latestRef;
    return { ...standing, view: { ...memo.data, ask: undefined, status }, connection, replacedBy };
  });
}

/** The run in which a request that continued as new has ended. */
async function lastRun(client: Client, id: string, firstRunId: string): Promise<Described | undefined> {
  let run = await describe(client, id, firstRunId);
  while (run?.status.name === 'CONTINUED_AS_NEW') {
    const { history } = await client.workflowService.getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId: id, runId: run.runId },
      historyEventFilterType: CLOSE_EVENT,
    });
    const next = history?.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    run = next ? await describe(client, id, next) : undefined;
  }
  return run;
}

async function startOf(client: Client, run: Described): Promise<Date> {
  const { firstExecutionRunId } = refOf(run);
  if (firstExecutionRunId === run.runId) return run.startTime;
  return (await describe(client, run.workflowId, firstExecutionRunId))?.startTime ?? run.startTime;
}

function refOf({ workflowId, runId, raw }: Described): RequestRef {
  return { id: workflowId, firstExecutionRunId: raw.workflowExecutionInfo?.firstRunId || runId };
}

/** A request that was terminated has no result: nobody waits for it any more. */
async function endOf(client: Client, { workflowId, runId, status }: Described) {
  if (status.name !== 'COMPLETED') return { status: 'cancelled' as const };
  const result: unknown = await client.workflow.getHandle(workflowId, runId).result();
  return requestResultSchema.parse(result);
}
