import { BULK_PROGRESS, WORKFLOW } from '../contract/names';
import { bulkProgressSchema } from '../contract/schemas/bulk';
import type { BulkProgress, BulkRef } from '../contract/types';
import { firstRunOf } from '../requests/first-run';
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
    for await (const listed of client.workflow.list({ query })) {
      const progress = bulkProgressSchema.safeParse(listed.memo?.[BULK_PROGRESS]);
      if (!progress.success) continue;
      const firstExecutionRunId = await firstRunOf(client, listed);
      if (firstExecutionRunId === undefined) continue;
      open.push({ id: listed.workflowId, firstExecutionRunId, progress: progress.data });
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
