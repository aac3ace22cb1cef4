import type { WorkflowHandle } from '@temporalio/client';

export type HistoryEvent = NonNullable<Awaited<ReturnType<WorkflowHandle['fetchHistory']>>['events']>[number];

/**
 * Actions that Temporal Cloud would bill for a run, by what https://docs.temporal.io/cloud/actions says:
 *
 * - a workflow started, also by continue-as-new, is one; a child is two, one in the parent and one for its start
 * - every attempt of an activity is one: the last one tells its number
 * - every heartbeat that reaches the server is one; none is in a history, so their number is given
 * - a timer is one; a signal is one, where it is sent; an update is one; an upsert of search attributes is one
 * - markers, as local activities leave them, are one a workflow task, however many; those of `patched` count with them
 * - a Nexus operation that is scheduled or cancelled is one
 *
 * Queries and resets, which no arm makes, and the price of fairness, which is a switch of the server's, are left out.
 */
export function billableActions(events: readonly HistoryEvent[], heartbeats: number): number {
  const taskOfMarkers = new Set<string>();
  let actions = heartbeats;
  for (const event of events) {
    const marker = event.markerRecordedEventAttributes;
    if (marker) taskOfMarkers.add(String(marker.workflowTaskCompletedEventId));
    else actions += actionsOf(event);
  }
  return actions + taskOfMarkers.size;
}

function actionsOf(event: HistoryEvent): number {
  const { activityTaskStartedEventAttributes: activity, workflowExecutionSignaledEventAttributes: signal } = event;
  if (activity) return activity.attempt ?? 1;
  // One from a workflow has been counted there.
  if (signal) return signal.externalWorkflowExecution ? 0 : 1;
  const isOne =
    event.workflowExecutionStartedEventAttributes ??
    event.startChildWorkflowExecutionInitiatedEventAttributes ??
    event.timerStartedEventAttributes ??
    event.signalExternalWorkflowExecutionInitiatedEventAttributes ??
    event.workflowExecutionUpdateAcceptedEventAttributes ??
    event.upsertWorkflowSearchAttributesEventAttributes ??
    event.workflowExecutionOptionsUpdatedEventAttributes ??
    event.nexusOperationScheduledEventAttributes ??
    event.nexusOperationCancelRequestedEventAttributes;
  return isOne ? 1 : 0;
}
