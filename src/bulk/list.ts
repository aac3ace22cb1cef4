import { BULK_PROGRESS, WORKFLOW } from '../contract/names';
import { bulkProgressSchema } from '../contract/schemas/bulk';
import type { BulkProgress, BulkRef } from '../contract/types';
import type { Place } from '../requests/start';
import { withTypedFailures } from '../requests/typed-failures';

/** A bulk run as a list shows it: what its memo says, which is up to half a minute old. */
export interface ListedBulkRun extends BulkRef {
  /** what its memo says */
  progress: BulkProgress;
}

type Queue = Pick<Place, 'client' | 'taskQueue'>;

/**
 * Bulk runs of the task queue that have not ended, newest first; those of a workflow of the user's as well. Works while no
 * worker runs.
 */
export async function listBulkRuns({ client, taskQueue }: Queue): Promise<ListedBulkRun[]> {
  const query = openRunsQuery(taskQueue);
  return await withTypedFailures(async () => {
    const open: ListedBulkRun[] = [];
    for await (const { workflowId, runId, memo, raw } of client.workflow.list({ query })) {
      const progress = bulkProgressSchema.safeParse(memo?.[BULK_PROGRESS]);
      if (!progress.success) continue;
      open.push({ id: workflowId, firstExecutionRunId: raw.firstRunId || runId, progress: progress.data });
    }
    return open.toSorted((a, b) => b.progress.begunAt - a.progress.begunAt);
  });
}

/** How many those are. */
export async function countBulkRuns({ client, taskQueue }: Queue): Promise<number> {
  return (await withTypedFailures(() => client.workflow.count(openRunsQuery(taskQueue)))).count;
}

/** An id names no environment; the queue does, whose worker has the key. */
function openRunsQuery(taskQueue: string): string {
  const queue = taskQueue.replaceAll("'", "''");
  return `WorkflowType = '${WORKFLOW.bulk}' AND ExecutionStatus = 'Running' AND TaskQueue = '${queue}'`;
}
