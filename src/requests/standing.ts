import type { Client, WorkflowExecutionDescription as Described } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { REQUEST_VIEW } from '../contract/names';
import { requestViewSchema } from '../contract/schemas/asks';
import { requestResultSchema } from '../contract/schemas/joins';
import type { Connection, RequestRef, RequestView } from '../contract/types';
import { asking } from './failures';
import type { Place } from './start';

/** How a request stands, open or ended. */
export interface Standing {
  ref: RequestRef;
  view: RequestView;
  startedAt: Date;
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
    const own = isLatest ? latest : await describe(client, id, firstExecutionRunId);
    const memo = requestViewSchema.safeParse(own?.memo?.[REQUEST_VIEW]);
    if (own === undefined || !memo.success) return undefined;
    const ref = isLatest ? latestRef : { id, firstExecutionRunId };
    const standing = { ref, view: memo.data, startedAt: own.startTime, closedAt: own.closeTime };
    if (own.status.name === 'RUNNING') return standing;
    const { status, connection } = await endOf(client, own);
    const replacedBy = isLatest || latest.status.name !== 'RUNNING' ? undefined : latestRef;
    return { ...standing, view: { ...memo.data, ask: undefined, status }, connection, replacedBy };
  });
}

async function describe(client: Client, id: string, runId?: string): Promise<Described | undefined> {
  try {
    return await client.workflow.getHandle(id, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function refOf({ workflowId, runId, raw }: Described): RequestRef {
  return { id: workflowId, firstExecutionRunId: raw.workflowExecutionInfo?.firstRunId || runId };
}

/** A request that was terminated has no result: nobody waits for it any more. */
async function endOf(client: Client, { workflowId, runId, status }: Described) {
  if (status.name !== 'COMPLETED' && status.name !== 'CONTINUED_AS_NEW') return { status: 'cancelled' as const };
  const result: unknown = await client.workflow.getHandle(workflowId, runId).result();
  return requestResultSchema.parse(result);
}
