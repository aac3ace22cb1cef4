import { BULK_PRIORITY } from '../contract/limits';
import { WORKFLOW } from '../contract/names';
import type { BulkInput, BulkRef, BulkResult } from '../contract/types';
import { requireWorker } from '../requests/pollers';
import type { Place } from '../requests/start';
import { withTypedFailures } from '../requests/typed-failures';

/**
 * Starts a bulk run, or finds the one of this id that runs.
 *
 * @param id workflow id
 * @throws Nango.NoWorker, Nango.TemporalUnavailable
 */
export async function startBulk(place: Place, input: BulkInput, id: string): Promise<BulkRef> {
  const { client, taskQueue } = place;
  return await withTypedFailures(async () => {
    await requireWorker(place);
    const handle = await client.workflow.start<(input: BulkInput) => Promise<BulkResult>>(WORKFLOW.bulk, {
      workflowId: id,
      taskQueue,
      args: [input],
      priority: { priorityKey: BULK_PRIORITY },
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
    return { id, firstExecutionRunId: handle.firstExecutionRunId };
  });
}
