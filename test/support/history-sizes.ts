import type { Client } from '@temporalio/client';

/** The largest history of a type of workflow, over all runs, and how many runs there were. */
export interface HistorySizes {
  runs: number;
  events: number;
  bytes: number;
}

export async function historySizes(client: Client, workflow: string): Promise<HistorySizes> {
  const sizes = { runs: 0, events: 0, bytes: 0 };
  for await (const { historyLength, historySize = 0 } of client.workflow.list({
    query: `WorkflowType = '${workflow}'`,
  })) {
    sizes.runs++;
    sizes.events = Math.max(sizes.events, historyLength);
    sizes.bytes = Math.max(sizes.bytes, historySize);
  }
  return sizes;
}

export function sizesText({ runs, events, bytes }: HistorySizes): string {
  return `${runs} runs, largest ${events} events, ${(bytes / 1024 / 1024).toFixed(2)} MB`;
}
