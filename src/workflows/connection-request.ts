import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setHandler,
  upsertMemo,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { REQUEST_VIEW } from '../contract/names';
import type { Join, RequestResult, RequestView, Subject } from '../contract/types';
import { checkDeadline } from '../contract/check-request';
import { sessionTags } from '../contract/tags';
import { waitEnd } from '../contract/wait-end';
import { activitiesWith, PATIENT } from './activity-proxies';
import {
  answerSignal,
  declineUpdate,
  extendUpdate,
  hintSignal,
  issueLinkUpdate,
  joinUpdate,
  leaveUpdate,
  viewQuery,
} from './messages';
import { checkIssueLink, checkJoin, refusal, refuseIfClosed } from './request-checks';
import { Looks } from './request-looks';
import { askOf, begin, isClosed, nextDeadline, step } from './request-state';
import type { DueAnswer, RequestEvent, RequestState } from './request-state';

/** A join waits for the first lookup, but not for a slow one: only ten updates of a run are in flight at a time. */
const FIRST_LOOK_MS = 2_000;
/** How long a person's click waits for the watch. */
const OPEN_WATCH_MS = 3_000;
/** A request that nobody has joined: its join was refused. */
const ABANDON_MS = 10_000;
const { 'nango.openWatch': openWatch } = activitiesWith(PATIENT);

/** What a run hands on to the next when its history has grown long. */
interface Carried {
  state: RequestState;
  pending: string[];
}

/**
 * Obtains one connection, for all who joined: looks, asks, verifies, answers. It completes and never fails; nobody's
 * calls run here.
 */
export async function connectionRequest(input: Subject & { carried?: Carried }): Promise<RequestResult> {
  const { carried, ...subject } = input;
  const { workflowId, firstExecutionRunId } = workflowInfo();
  let state = carried?.state ?? begin(subject, uuid4(), Date.now());
  let firstLookOver = state.status !== 'looking';
  const looks = new Looks(subject, (seen) => happen({ ...seen, now: Date.now() }), carried?.pending);
  /** joins whose update has not answered yet: they hear from it, not by signal */
  const joining = new Set<{ joinId: string; answer?: DueAnswer }>();
  const deliveries: Promise<void>[] = [];

  function happen(event: RequestEvent): void {
    const before = state.status;
    const { state: next, answers } = step(state, event);
    state = next;
    if (state.status !== before) upsertMemo({ [REQUEST_VIEW]: view() });
    for (const answer of answers) {
      const inUpdate = [...joining].filter(({ joinId }) => joinId === answer.joinId);
      for (const join of inUpdate) join.answer = answer;
      if (inUpdate.length === 0) deliveries.push(deliver(answer));
    }
  }

  function view(): RequestView {
    return {
      status: state.status,
      ...state.subject,
      ask: askOf(state),
      subscribers: state.joiners.length,
      reminders: 0,
      extras: state.extras,
      coolDownUntil: state.coolDownUntil,
    };
  }

  setHandler(viewQuery, () => ({ ...view(), firstExecutionRunId }));
  setHandler(hintSignal, ({ connectionId }) => looks.want(connectionId));

  setHandler(
    joinUpdate,
    async (join) => {
      if (state.connection !== undefined) return { status: 'connected', connection: state.connection };
      const waiting: { joinId: string; answer?: DueAnswer } = { joinId: join.joinId };
      joining.add(waiting);
      happen({ type: 'join', join, now: Date.now() });
      if (state.status === 'asking') looks.want();
      await condition(() => firstLookOver || waiting.answer !== undefined);
      joining.delete(waiting);
      if (waiting.answer !== undefined) return waitEnd(waiting.answer);
      return { status: 'pending', requestId: workflowId, firstExecutionRunId, ask: askOf(state) };
    },
    { validator: (join: Join) => checkJoin(state, join, Date.now()) },
  );

  setHandler(leaveUpdate, ({ joinId }) => happen({ type: 'leave', joinId, now: Date.now() }));

  setHandler(
    issueLinkUpdate,
    async () => {
      happen({ type: 'click', now: Date.now() });
      const link = state.links.at(-1);
      if (link === undefined) throw refusal('request_closed');
      await atMost(OPEN_WATCH_MS, openWatch({ requestId: workflowId, ...link }));
      return {
        integration: subject.integration,
        tags: { ...state.tags, ...sessionTags(subject, link.nonce) },
        scopes: state.scopes.length > 0 ? state.scopes : undefined,
        ...link,
      };
    },
    {
      validator: (given: { firstExecutionRunId: string }) =>
        checkIssueLink(state, given, firstExecutionRunId, Date.now()),
    },
  );

  setHandler(extendUpdate, ({ until }) => happen({ type: 'extend', until, now: Date.now() }), {
    validator: ({ until }: { until: number }) => {
      refuseIfClosed(state);
      checkDeadline(until, Date.now());
    },
  });

  setHandler(declineUpdate, () => happen({ type: 'decline', now: Date.now() }), {
    validator: () => refuseIfClosed(state),
  });

  /** One timer, for the nearest deadline; moved only when that moves. */
  async function keepTime(): Promise<void> {
    for (;;) {
      const due = nextDeadline(state);
      if (due === undefined) {
        if (!(await condition(() => nextDeadline(state) !== undefined, ABANDON_MS))) {
          happen({ type: 'abandon', now: Date.now() });
        }
        continue;
      }
      const moved = await condition(() => nextDeadline(state) !== due, Math.max(due - Date.now(), 1));
      if (!moved) happen({ type: 'tick', now: Date.now() });
    }
  }

  const work = new CancellationScope();
  const mayMoveOn = (): boolean => workflowInfo().continueAsNewSuggested && allHandlersFinished();
  try {
    await work.run(async () => {
      const timing = condition(() => firstLookOver || looks.madeOne, FIRST_LOOK_MS).then(() => {
        firstLookOver = true;
        return keepTime();
      });
      await Promise.race([condition(() => isClosed(state) || mayMoveOn()), looks.keepLooking(), timing]);
    });
  } catch (error) {
    if (!isCancellation(error)) throw error;
    happen({ type: 'abandon', now: Date.now() });
  }
  work.cancel();

  return await CancellationScope.nonCancellable(async () => {
    await drained(deliveries);
    if (!isClosed(state)) {
      await continueAsNew<typeof connectionRequest>({ ...subject, carried: { state, pending: looks.pending } });
    }
    const { status, connection, failure } = state;
    return { status, connection, failure } as RequestResult;
  });
}

/** Until every answer has arrived and every update has returned; a signal not awaited before the end is never sent. */
async function drained(deliveries: Promise<void>[]): Promise<void> {
  do {
    await Promise.all(deliveries.splice(0));
    await condition(allHandlersFinished);
  } while (deliveries.length > 0);
}

/** By workflow id, since a subscriber may have continued as new; one that is gone needs no answer. */
async function deliver({ subscriber, ...answer }: DueAnswer): Promise<void> {
  if (subscriber === undefined) return;
  try {
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(subscriber.workflowId).signal(answerSignal, answer),
    );
  } catch (error) {
    log.info('A subscriber is gone', { joinId: answer.joinId, error: String(error) });
  }
}

/** Waits for the promise, but not for ever; its failure is not this one's. */
async function atMost(ms: number, promise: Promise<unknown>): Promise<void> {
  let over = false;
  void promise.then(
    () => (over = true),
    () => (over = true),
  );
  await condition(() => over, ms);
}
