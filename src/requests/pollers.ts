import { nangoFailure } from '../contract/errors';
import type { Place } from './start';
import { GRPC } from './grpc-status';

/** `TaskQueueType` of https://api-docs.temporal.io/#temporal.api.enums.v1.TaskQueueType */
const QUEUE_TYPES = { workflows: 1, activities: 2 } as const;

/** A poll that finds nothing ends after a minute and the next one begins: who is silent for longer than this has gone. */
export const MAX_SILENCE_MS = 120_000;

/** Who takes work from a task queue; Temporal forgets one after five minutes of silence. */
export interface Poller {
  /** ours: `temporal-nango/<version> <process id>@<host>` */
  identity: string;
  /** when it last asked for work; one that polls asks every minute */
  lastSeen: Date;
}

/**
 * Who polls the queue.
 *
 * @param work what for; default: workflows
 * @returns nothing where the server does not tell, as Temporal's time-skipping test server
 */
export async function pollersOf(
  { client, taskQueue }: Pick<Place, 'client' | 'taskQueue'>,
  work: keyof typeof QUEUE_TYPES = 'workflows',
): Promise<Poller[] | undefined> {
  try {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: QUEUE_TYPES[work],
    });
    return (pollers ?? []).map(({ identity, lastAccessTime }) => ({
      identity: identity ?? '',
      lastSeen: new Date(Number(lastAccessTime?.seconds ?? 0) * 1_000),
    }));
  } catch (error) {
    if ((error as { code?: unknown }).code === GRPC.UNIMPLEMENTED) return undefined;
    throw error;
  }
}

/**
 * Without a worker an update would hang, and leave a request behind that nobody runs.
 *
 * @param work what for; default: workflows
 * @throws Nango.NoWorker if nobody polls the queue for that
 */
export async function requireWorker(
  place: Pick<Place, 'client' | 'taskQueue'>,
  work?: keyof typeof QUEUE_TYPES,
): Promise<void> {
  const pollers = await pollersOf(place, work);
  if (pollers?.length !== 0) return;
  throw nangoFailure('Nango.NoWorker', { hint: 'Start the worker of this package: temporal-nango worker.' });
}
