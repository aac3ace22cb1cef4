import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { describeWorkflow } from './describe-workflow';

/**
 * The run that names a workflow for ever. One that has continued as new is listed by its latest run, and not every server's
 * list knows the first.
 *
 * @returns nothing if Temporal has forgotten it
 */
export async function firstRunOf(
  client: Client,
  { workflowId, runId, raw }: WorkflowExecutionInfo,
): Promise<string | undefined> {
  if (raw.firstRunId) return raw.firstRunId;
  const described = await describeWorkflow(client, workflowId, runId);
  return described && (described.raw.workflowExecutionInfo?.firstRunId || runId);
}
