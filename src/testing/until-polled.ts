import { setTimeout as sleep } from 'node:timers/promises';
import { pollersOf, requireWorker } from '../requests/pollers';
import type { Place } from '../requests/start';

const WITHIN_MS = 60_000;
const PAUSE_MS = 20;

/**
 * Waits until the server knows of a worker's polls, which are on their way when it runs: a client that finds nobody who
 * polls gives up at once. Where the server does not tell there is nothing to wait for.
 *
 * @throws Nango.NoWorker after a minute
 */
export async function untilPolled(place: Pick<Place, 'client' | 'taskQueue'>): Promise<void> {
  for (const work of ['workflows', 'activities'] as const) {
    const until = Date.now() + WITHIN_MS;
    while ((await pollersOf(place, work))?.length === 0 && Date.now() < until) await sleep(PAUSE_MS);
    await requireWorker(place, work);
  }
}
