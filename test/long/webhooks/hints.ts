import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

/** A hint as it stands in a history. */
export interface Recorded {
  workflowId: string;
  source?: string;
  connectionId?: string;
}

/** Every `nango.hint` in the history of every workflow of a namespace. */
export async function recordedHints(client: Client): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const { workflowExecutionSignaledEventAttributes: signal } of events ?? []) {
      if (signal?.signalName !== 'nango.hint') continue;
      const [payload] = signal.input?.payloads ?? [];
      const hint = payload && defaultPayloadConverter.fromPayload<{ source: string; connectionId: string }>(payload);
      recorded.push({ workflowId, source: hint?.source, connectionId: hint?.connectionId });
    }
  }
  return recorded;
}
