import { randomUUID } from 'node:crypto';
import { requireWorker } from './pollers';
import type { Place } from './start';
import { withTypedFailures } from './typed-failures';

const TIMEOUT_MS = 60_000;

/**
 * Runs an activity without a workflow: the worker has the key, this process needs none.
 *
 * @throws what the activity throws; Nango.NoWorker, Nango.TemporalUnavailable
 */
export async function runActivity<T>(place: Place, name: string, input: object): Promise<T> {
  const { client, taskQueue } = place;
  return await withTypedFailures(async () => {
    await requireWorker(place);
    return await client.activity.execute<T>(name, {
      id: `${name}/${randomUUID()}`,
      taskQueue,
      args: [input],
      scheduleToCloseTimeout: TIMEOUT_MS,
      startToCloseTimeout: TIMEOUT_MS / 2,
    });
  });
}
