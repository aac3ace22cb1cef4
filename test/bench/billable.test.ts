import { billableActions } from '../../bench/compare/figures/billable';
import type { HistoryEvent } from '../../bench/compare/figures/billable';
import { heartbeatsIn } from '../../bench/compare/processes/heartbeats';

// https://docs.temporal.io/cloud/actions

const STARTED: HistoryEvent = { workflowExecutionStartedEventAttributes: {} };

test.each<[string, HistoryEvent[], number]>([
  ['a start', [STARTED], 1],
  ['an activity at its third attempt', [{ activityTaskStartedEventAttributes: { attempt: 3 } }], 3],
  ['an activity that is scheduled only', [{ activityTaskScheduledEventAttributes: {} }], 0],
  ['a timer', [{ timerStartedEventAttributes: {} }, { timerFiredEventAttributes: {} }], 1],
  ['a signal of a client', [{ workflowExecutionSignaledEventAttributes: {} }], 1],
  [
    'a signal of a workflow, in both histories',
    [
      { signalExternalWorkflowExecutionInitiatedEventAttributes: {} },
      { workflowExecutionSignaledEventAttributes: { externalWorkflowExecution: { workflowId: 'sender' } } },
    ],
    1,
  ],
  ['an update', [{ workflowExecutionUpdateAcceptedEventAttributes: {} }], 1],
  [
    'a child, in both histories',
    [
      { startChildWorkflowExecutionInitiatedEventAttributes: {} },
      { childWorkflowExecutionStartedEventAttributes: {} },
      STARTED,
    ],
    2,
  ],
  ['a run that continues as new', [STARTED, { workflowExecutionContinuedAsNewEventAttributes: {} }, STARTED], 2],
  [
    'what costs nothing',
    [{ workflowTaskScheduledEventAttributes: {} }, { workflowPropertiesModifiedEventAttributes: {} }],
    0,
  ],
])('%s is so many actions', (_, events, actions) => {
  expect(billableActions(events, 0)).toBe(actions);
});

test('markers of one workflow task are one action', () => {
  const marker = (task: number): HistoryEvent => ({
    markerRecordedEventAttributes: { workflowTaskCompletedEventId: task as never },
  });
  expect(billableActions([marker(4), marker(4), marker(9)], 0)).toBe(2);
});

test('heartbeats that have left the worker are counted, by whatever namespace, and nothing else', () => {
  const metrics = [
    '# TYPE temporal_request counter',
    'temporal_request{namespace="default",operation="RecordActivityTaskHeartbeat",service_name="temporal-core-sdk"} 3',
    'temporal_request{namespace="other",operation="RecordActivityTaskHeartbeat",service_name="temporal-core-sdk"} 4',
    'temporal_request{namespace="default",operation="RespondActivityTaskCompleted"} 50',
    'temporal_long_request{operation="PollActivityTaskQueue"} 60',
  ].join('\n');
  expect(heartbeatsIn(metrics)).toBe(7);
  expect(heartbeatsIn('')).toBe(0);
  expect(billableActions([STARTED], heartbeatsIn(metrics))).toBe(8);
});
