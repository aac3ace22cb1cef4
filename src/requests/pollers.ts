import { nangoFailure } from '../contract/errors';
import type { Place } from './start';

/** `TASK_QUEUE_TYPE_WORKFLOW` of https://api-docs.temporal.io/#temporal.api.enums.v1.TaskQueueType */
const WORKFLOW_QUEUE = 1;
/** gRPC status, https://grpc.io/docs/guides/status-codes/ */
const UNIMPLEMENTED = 12;

/**
 * Without a worker an update would hang, and leave a request behind that nobody runs.
 *
 * @throws Nango.NoWorker if nobody polls the queue for workflows
 */
export async function requireWorker({ client, taskQueue }: Place): Promise<void> {
  try {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: WORKFLOW_QUEUE,
    });
    if ((pollers ?? []).length > 0) return;
  } catch (error) {
    // Temporal's time-skipping test server does not know of pollers.
    if ((error as { code?: unknown }).code === UNIMPLEMENTED) return;
    throw error;
  }
  throw nangoFailure('Nango.NoWorker', { hint: 'Start the worker of this package: node lib/worker.js.' });
}
