import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { REQUEST_VIEW, WORKFLOW } from '../../src/contract/names';
import type { Question, RequestView } from '../../src/contract/types';
import type { RequestState } from '../../src/workflows/request/request-state';
import type { historyFromJson } from './proto-json';
import type { Status } from './table';

type History = ReturnType<typeof historyFromJson>;
type HistoryEvent = NonNullable<History['events']>[number];

/** What a history is a recording of, as the history itself tells. */
export interface Facts {
  workflow: string;
  status: Status;
  /** undefined where nobody is asked */
  question?: Question['kind'];
}

/** How a wait ended that failed with such a type; any other type is a failure like any other. */
const ENDS: Record<string, Status> = {
  'Nango.ConnectionDeclined': 'declined',
  'Nango.ConnectionTimedOut': 'timedOut',
  'Nango.RequestCancelled': 'cancelled',
};

/** What of a workflow's input tells what it asks. */
interface Started {
  reconnect?: string;
  scopes?: string[];
  /** by the run before */
  carried?: { state: RequestState };
}

export function factsOf({ events }: History): Facts {
  const all = events ?? [];
  const started = all[0]?.workflowExecutionStartedEventAttributes;
  const workflow = started?.workflowType?.name ?? '';
  const [input] = decoded(started?.input?.payloads) as [Started?];
  const question = input?.reconnect === undefined ? 'connect' : 'reconnect';
  switch (workflow) {
    case WORKFLOW.connectionRequest:
      return {
        workflow,
        status: viewsOf(all).at(-1)!.status,
        question: asksForScopes(all, input) ? 'approve-scopes' : question,
      };
    case WORKFLOW.connectionWatch:
      return { workflow, ...watchFacts(all) };
    case WORKFLOW.rateLimiter:
      return { workflow, status: endOf(all, 'idle') === 'idle' ? 'idle' : 'leasing' };
    case WORKFLOW.bulk:
      return { workflow, status: bulkStatus(all) };
    case WORKFLOW.bulkPage:
      return { workflow, status: endOf(all, 'completed', 'running') };
    case WORKFLOW.ensureConnection:
      return { workflow, status: endOf(all, 'connected'), question: input?.scopes ? 'approve-scopes' : question };
    default:
      return { workflow, status: endOf(all, 'completed') };
  }
}

/** A request shows how it stands in its memo; a run that was continued begins with the memo of the one before. */
function viewsOf(events: HistoryEvent[]): RequestView[] {
  const memos = events.map(
    (event) =>
      event.workflowExecutionStartedEventAttributes?.memo ??
      event.workflowPropertiesModifiedEventAttributes?.upsertedMemo,
  );
  const views = memos.flatMap((memo) => memo?.fields?.[REQUEST_VIEW] ?? []);
  return decoded(views) as RequestView[];
}

function asksForScopes(events: HistoryEvent[], input?: Started): boolean {
  return (
    input?.carried?.state.reconnect?.widening !== undefined ||
    viewsOf(events).some(({ question }) => question?.kind === 'approve-scopes')
  );
}

function watchFacts(events: HistoryEvent[]): Pick<Facts, 'status' | 'question'> {
  const links = [
    ...events.flatMap((e) => e.workflowExecutionSignaledEventAttributes?.input ?? []),
    events[0]?.workflowExecutionStartedEventAttributes?.input,
  ].flatMap((args) => decoded(args?.payloads));
  const found = events.some((event) => event.externalWorkflowExecutionSignaledEventAttributes);
  const over = events.some((event) => event.workflowExecutionCompletedEventAttributes);
  return {
    status: found ? 'found' : over ? 'expired' : 'watching',
    question: JSON.stringify(links).includes('"renews":true') ? 'reconnect' : 'connect',
  };
}

/** One that was stopped completes, too, and says so in its result. */
function bulkStatus(events: HistoryEvent[]): Status {
  const result = events.at(-1)?.workflowExecutionCompletedEventAttributes?.result;
  const [end] = decoded(result?.payloads) as [{ status: 'completed' | 'stopped' }?];
  return end?.status ?? endOf(events, 'completed', 'running');
}

function endOf(events: HistoryEvent[], completed: Status, open: Status = 'waiting'): Status {
  const last = events.at(-1);
  if (last?.workflowExecutionCompletedEventAttributes) return completed;
  if (last?.workflowExecutionCanceledEventAttributes) return 'cancelled';
  const failure = last?.workflowExecutionFailedEventAttributes?.failure;
  return failure ? (ENDS[failure.applicationFailureInfo?.type ?? ''] ?? 'failed') : open;
}

function decoded(payloads: Payload[] | null | undefined): unknown[] {
  return (payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload(payload));
}
