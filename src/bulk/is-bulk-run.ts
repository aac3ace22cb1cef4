import { WORKFLOW } from '../contract/names';
import { describeWorkflow } from '../requests/describe-workflow';
import type { Place } from '../requests/start';
import { withTypedFailures } from '../requests/typed-failures';

/**
 * Whether the latest workflow of an id is a bulk run of the task queue, open or ended. It is not disturbed: what it is, is
 * asked of Temporal.
 */
export async function isBulkRun(
  { client, taskQueue }: Pick<Place, 'client' | 'taskQueue'>,
  id: string,
): Promise<boolean> {
  const found = await withTypedFailures(() => describeWorkflow(client, id));
  return found?.type === WORKFLOW.bulk && found.taskQueue === taskQueue;
}
