import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { REQUEST_VIEW, SET_UP_VIEW, WORKFLOW } from '../../src/contract/names';
import type { Question, RequestView, SetUpView } from '../../src/contract/types';
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
  several?: string;
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
        question: ofRecreation(all) ?? asked(all, input) ?? question,
      };
    case WORKFLOW.connectionWatch:
      return { workflow, ...watchFacts(all) };
    case WORKFLOW.rateLimiter:
      return { workflow, status: endOf(all, 'idle') === 'idle' ? 'idle' : 'leasing' };
    case WORKFLOW.connectionHolds:
      return { workflow, status: holdsStatus(all) };
    case WORKFLOW.integrationHealth:
      return { workflow, status: healthStatus(all) };
    case WORKFLOW.operatorNotice:
      return { workflow, status: endOf(all, 'notified') };
    case WORKFLOW.integrationSetUp:
      return { workflow, status: memosOf<SetUpView>(all, SET_UP_VIEW).at(-1)!.status };
    case WORKFLOW.deployFunction:
      return { workflow, status: deploymentStatus(all) };
    case WORKFLOW.bulk:
      return { workflow, status: bulkStatus(all) };
    case WORKFLOW.bulkPage:
      return { workflow, status: endOf(all, 'completed', 'running') };
    case WORKFLOW.ensureConnection:
      return { workflow, status: endOf(all, 'connected'), question: wantedBy(input) ?? question };
    default:
      return { workflow, status: endOf(all, 'completed') };
  }
}

/** A request shows how it stands in its memo; a run that was continued begins with the memo of the one before. */
function viewsOf(events: HistoryEvent[]): RequestView[] {
  return memosOf<RequestView>(events, REQUEST_VIEW);
}

function memosOf<View>(events: HistoryEvent[], key: string): View[] {
  const memos = events.map(
    (event) =>
      event.workflowExecutionStartedEventAttributes?.memo ??
      event.workflowPropertiesModifiedEventAttributes?.upsertedMemo,
  );
  return decoded(memos.flatMap((memo) => memo?.fields?.[key] ?? [])) as View[];
}

/** What only a lookup brings about. */
function asked(events: HistoryEvent[], input?: Started): Question['kind'] | undefined {
  const state = input?.carried?.state;
  const kinds = viewsOf(events).map(({ question }) => question?.kind);
  if (state?.reconnect?.widening !== undefined || kinds.includes('approve-scopes')) return 'approve-scopes';
  return state?.choosing !== undefined || kinds.includes('choose-connection') ? 'choose-connection' : undefined;
}

/** The same of a workflow that waits: its story says it. */
function wantedBy(input?: Started): Question['kind'] | undefined {
  if (input?.several !== undefined) return 'choose-connection';
  return input?.scopes && 'approve-scopes';
}

/** The last question of one that a link has added no scopes to. */
function ofRecreation(events: HistoryEvent[]): Question['kind'] | undefined {
  const kinds = viewsOf(events).map(({ question }) => question?.kind);
  return kinds.findLast((kind) => kind === 'update-integration-scopes' || kind === 'recreate-connection');
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

/** What was read and is held on, nobody has confirmed. */
function holdsStatus(events: HistoryEvent[]): Status {
  const read = events.flatMap((event) => event.activityTaskCompletedEventAttributes?.result?.payloads ?? []);
  const isKept = JSON.stringify(decoded(read)).includes('unconfirmed');
  return endOf(events, 'over', isKept ? 'unconfirmed' : 'holding');
}

/** In an outage the operator is notified; of a dead connection whoever waits is sent to reconnect. */
function healthStatus(events: HistoryEvent[]): Status {
  if (events.some((event) => event.startChildWorkflowExecutionInitiatedEventAttributes)) return 'outage';
  const verdicts = events.flatMap(
    (event) => event.signalExternalWorkflowExecutionInitiatedEventAttributes?.input?.payloads ?? [],
  );
  if ((decoded(verdicts) as { verdict: string }[]).some(({ verdict }) => verdict === 'reconnect')) return 'dead';
  return endOf(events, 'over') === 'over' ? 'over' : 'failing';
}

/** A deployment shows how far it is by what it has begun last. */
function deploymentStatus(events: HistoryEvent[]): Status {
  const begun = events.map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name);
  const last = begun.findLast((name) => name !== undefined) ?? '';
  const ended = events.filter((event) => event.activityTaskCompletedEventAttributes);
  const isOver = ended.length === begun.filter((name) => name !== undefined).length;
  const open = last === 'nango.awaitDryRun' && isOver ? 'waiting' : DEPLOYING[last];
  return endOf(events, 'deployed', open ?? 'compiling');
}

const DEPLOYING: Record<string, Status> = {
  'nango.startDryRun': 'dryRunning',
  'nango.awaitDryRun': 'dryRunning',
  'nango.startDeployment': 'deploying',
  'nango.awaitDeployment': 'deploying',
  'nango.awaitDeployedCode': 'deploying',
  'nango.triggerAction': 'running',
};

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
