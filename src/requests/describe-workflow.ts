import type { Client, WorkflowExecutionDescription as Described } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';

export type { Described };

/** What Temporal keeps of a workflow. @param runId default: the latest run. @returns nothing if it knows none, or no longer */
export async function describeWorkflow(client: Client, id: string, runId?: string): Promise<Described | undefined> {
  try {
    return await client.workflow.getHandle(id, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
