import type { Client } from '@temporalio/client';
import { describeWorkflow } from '../../requests/describe-workflow';

/**
 * How a run of files is: `running`; `over`, and every call that it began has its outcome in `--out`; or `lost`, where
 * some may have been made whose outcome nobody has.
 */
export type RunEnd = 'running' | 'over' | 'lost';

const POLL_MS = 500;

/**
 * Looks a run up; of one that was terminated, waits until its pages have come to their end.
 *
 * @param handedOut how many calls it may know of
 * @param signal ends the waiting
 */
export async function runEnd(client: Client, id: string, handedOut: number, signal: AbortSignal): Promise<RunEnd> {
  const found = await describeWorkflow(client, id);
  if (found === undefined) return handedOut === 0 ? 'over' : 'lost';
  if (found.status.name === 'RUNNING') return 'running';
  const { events } = await client.workflow.getHandle(found.workflowId, found.runId).fetchHistory();
  const open = new Set<string>();
  let isLost = false;
  for (const event of events ?? []) {
    open.add(event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? '');
    const ended =
      event.childWorkflowExecutionCompletedEventAttributes ?? event.childWorkflowExecutionFailedEventAttributes;
    const lost =
      event.childWorkflowExecutionTerminatedEventAttributes ?? event.childWorkflowExecutionTimedOutEventAttributes;
    isLost ||= lost != null;
    open.delete((ended ?? lost)?.workflowExecution?.workflowId ?? '');
  }
  open.delete('');
  for (const page of open) isLost = !(await endsWell(client, page, signal)) || isLost;
  return isLost ? 'lost' : 'over';
}

async function endsWell(client: Client, page: string, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    signal.throwIfAborted();
    const status = (await describeWorkflow(client, page))?.status.name;
    // One that is not there was never begun.
    if (status !== 'RUNNING') return status === undefined || status === 'COMPLETED' || status === 'FAILED';
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
