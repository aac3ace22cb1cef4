import type { WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter, fromPayloadsAtIndex } from '@temporalio/common';
import { ACTIVITY } from '../../src/contract/names';

/** How many calls each activity of a workflow carries, by the activity's id: a batch has many. */
export async function callsByActivity(workflow: WorkflowHandle): Promise<Map<string, number>> {
  const { events } = await workflow.fetchHistory();
  const calls = new Map<string, number>();
  for (const { activityTaskScheduledEventAttributes: scheduled } of events ?? []) {
    if (!scheduled?.activityId) continue;
    const isBatch = scheduled.activityType?.name === ACTIVITY.proxyBatch;
    const input = isBatch
      ? fromPayloadsAtIndex<{ calls: unknown[] }>(defaultPayloadConverter, 0, scheduled.input?.payloads)
      : undefined;
    calls.set(scheduled.activityId, input?.calls.length ?? 1);
  }
  return calls;
}
