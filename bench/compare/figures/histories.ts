import type { Client } from '@temporalio/client';
import { billableActions } from './billable';
import type { HistoryEvent } from './billable';

export interface RunOfWorkflow {
  workflowId: string;
  runId: string;
}

/** What is in some histories. */
export interface HistoryFigures {
  events: number;
  /** as the server counts them */
  bytes: number;
  actions: number;
}

/** Of runs that have ended, with their children, and with what they continued as. */
export async function historyFigures(
  { workflow }: Client,
  runs: readonly RunOfWorkflow[],
  heartbeats: number,
): Promise<HistoryFigures> {
  const figures = { events: 0, bytes: 0, actions: heartbeats };
  const left = [...runs];
  for (let run = left.pop(); run !== undefined; run = left.pop()) {
    const handle = workflow.getHandle(run.workflowId, run.runId, { followRuns: false });
    const [{ events }, { historySize }] = await Promise.all([handle.fetchHistory(), handle.describe()]);
    const all = events ?? [];
    figures.events += all.length;
    figures.bytes += historySize ?? 0;
    figures.actions += billableActions(all, 0);
    left.push(...all.flatMap((event) => startedBy(event, run.workflowId)));
  }
  return figures;
}

function startedBy(event: HistoryEvent, workflowId: string): RunOfWorkflow[] {
  const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution;
  if (child) return [{ workflowId: child.workflowId ?? '', runId: child.runId ?? '' }];
  const next = event.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  return next ? [{ workflowId, runId: next }] : [];
}
