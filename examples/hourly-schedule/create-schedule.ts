import { Client, Connection } from '@temporalio/client';
import type { ScheduleOverlapPolicy } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { TASK_QUEUE } from './task-queue';

/**
 * Creates the schedule of a user.
 *
 * @param every default one hour
 * @param overlap default SKIP
 * @returns the schedule's id
 * @throws ScheduleAlreadyRunning if the user has one
 */
export async function main(
  userId: string,
  { every = '1 hour', overlap = 'SKIP' }: { every?: Duration; overlap?: ScheduleOverlapPolicy } = {},
): Promise<string> {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect(connectionOptions);
  try {
    const schedule = await new Client({ connection, namespace }).schedule.create({
      scheduleId: `sync-contacts-${userId}`,
      spec: { intervals: [{ every }] },
      // While the user has not connected, a run waits, for up to seven days. SKIP lets that one run wait and starts none
      // beside it. With ALLOW_ALL one more waits every hour; all share one request and the user is still asked once, but
      // then all go ahead at the same time. A BUFFER policy does the same work one after the other.
      policies: { overlap },
      action: {
        type: 'startWorkflow',
        workflowType: 'syncContacts',
        workflowId: `sync-contacts-${userId}`,
        taskQueue: TASK_QUEUE,
        args: [userId],
      },
    });
    // The first run now, not at the next full hour. Without the policy it would not count as one that others overlap.
    await schedule.trigger(overlap);
    return schedule.scheduleId;
  } finally {
    await connection.close();
  }
}

if (require.main === module) {
  const [userId = 'u_42'] = process.argv.slice(2);
  void main(userId).then(console.log);
}
