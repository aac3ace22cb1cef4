import {
  allHandlersFinished,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import { jsonBytes } from '../../contract/rules/json';
import { MAX_ANSWERS_AT_A_TIME, MAX_IN_FLIGHT_BYTES, MAX_SHOWN_SCOPES_BYTES } from '../../contract/limits';
import { REQUEST_VIEW, watchIdOf } from '../../contract/names';
import type { Join, RequestView } from '../../contract/types';
import { currentDetails } from './current-details';
import { answerSignal, forgetLinksSignal } from '../messages';
import { askOf, isClosed, leavesLinks } from './request-state';
import type { RequestState } from './request-state';
import { step } from './request-step';
import type { DueAnswer, RequestEvent } from './request-step';

const DEADLINE_MOVED_MS = 3_600_000;

/** A join whose update has not answered yet: it hears from that, not by signal. */
export interface Listener {
  joinId: string;
  answer?: DueAnswer;
}

/** The state of a request in its workflow: what happens changes it, shows in memo and details, and is told. */
export class LiveRequest {
  private readonly listeners = new Set<Listener>();
  private readonly deliveries: Promise<void>[] = [];

  constructor(public state: RequestState) {
    setCurrentDetails(currentDetails(state));
  }

  /** Things that happen together show together: each change of the memo is an event. */
  happen(...events: RequestEvent[]): void {
    const before = this.state;
    const answers: DueAnswer[] = [];
    for (const event of events) {
      const { state, answers: due } = step(this.state, event);
      this.state = state;
      answers.push(...due);
    }
    if (isVisible(before, this.state)) upsertMemo({ [REQUEST_VIEW]: this.view() });
    setCurrentDetails(currentDetails(this.state));
    const bySignal: DueAnswer[] = [];
    for (const answer of answers) {
      const inUpdate = [...this.listeners].filter(({ joinId }) => joinId === answer.joinId);
      for (const join of inUpdate) join.answer = answer;
      if (inUpdate.length === 0 && answer.subscriber !== undefined) bySignal.push(answer);
    }
    if (bySignal.length > 0) this.deliveries.push(deliverAll(bySignal));
    const { state } = this;
    if (isClosed(state) && !isClosed(before) && leavesLinks(state)) this.deliveries.push(forgetLinks(state));
  }

  /** Lets joiners join. @returns in their order, where each finds its answer until {@link dismiss} */
  join(joins: Join[]): Listener[] {
    const listeners = joins.map(({ joinId }): Listener => ({ joinId }));
    for (const listener of listeners) this.listeners.add(listener);
    const now = Date.now();
    this.happen(...joins.map((join) => ({ type: 'join' as const, join, now })));
    return listeners;
  }

  /** Their updates answer now: whatever comes later comes by signal. */
  dismiss(listeners: Listener[]): void {
    for (const listener of listeners) this.listeners.delete(listener);
  }

  /** What the memo shows. */
  view(): RequestView {
    const { status, subject, joiners, reminders, extras, coolDownUntil, unwritten } = this.state;
    return {
      status,
      ...subject,
      ask: askOf(this.state),
      subscribers: joiners.length,
      reminders,
      extras,
      coolDownUntil,
      unwritten,
      scopes: shownScopes(this.state.scopes),
    };
  }

  /** Until every answer has arrived and every update has returned; a signal not awaited before the end is never sent. */
  async drained(): Promise<void> {
    do {
      await Promise.all(this.deliveries.splice(0));
      await condition(allHandlersFinished);
    } while (this.deliveries.length > 0);
  }
}

/** Each upsert is an event, so only what somebody looks for in a list is worth one. */
function isVisible(before: RequestState, after: RequestState): boolean {
  return (
    before.status !== after.status ||
    before.reminders !== after.reminders ||
    before.accountChange !== after.accountChange ||
    (before.status === 'asking' && isAskedOtherwise(before, after))
  );
}

/** Page views move a backend's deadline by minutes: a list can do without that. */
function isAskedOtherwise(before: RequestState, after: RequestState): boolean {
  const [deadline = 0, moved = 0] = [before, after].map((state) => askOf(state)?.deadline);
  return (
    Math.abs(moved - deadline) >= DEADLINE_MOVED_MS ||
    before.joiners.length !== after.joiners.length ||
    before.scopes.length !== after.scopes.length ||
    before.extras !== after.extras
  );
}

/** A memo stays small: as many as fit. */
function shownScopes(scopes: string[]): string[] | undefined {
  if (scopes.length === 0) return undefined;
  let bytes = 0;
  return scopes.filter((scope) => (bytes += scope.length) <= MAX_SHOWN_SCOPES_BYTES);
}

/** A few at a time: what leaves in one workflow task must stay below 4 MB. */
async function deliverAll(answers: DueAnswer[]): Promise<void> {
  const largest = Math.max(...answers.map((answer) => jsonBytes(answer)));
  const atATime = Math.min(MAX_ANSWERS_AT_A_TIME, Math.max(Math.floor(MAX_IN_FLIGHT_BYTES / largest), 1));
  for (let i = 0; i < answers.length; i += atATime) {
    await Promise.all(answers.slice(i, i + atATime).map(deliver));
  }
}

/** By workflow id, since a subscriber may have continued as new; one that is gone needs no answer. */
async function deliver({ subscriber, ...answer }: DueAnswer): Promise<void> {
  if (subscriber === undefined) return;
  try {
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(subscriber.workflowId).signal(answerSignal, {
        ...answer,
        requestId: workflowInfo().workflowId,
      }),
    );
  } catch (error) {
    log.info('A subscriber is gone', { joinId: answer.joinId, error: String(error) });
  }
}

/** Nobody waits any more for what its links may still make. A watch that has ended knows nothing of them. */
async function forgetLinks({ origin }: RequestState): Promise<void> {
  const watch = watchIdOf(workflowInfo().workflowId);
  try {
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(watch).signal(forgetLinksSignal, { origin }),
    );
  } catch (error) {
    log.debug('There is no watch to tell of the end of a request', { error: String(error) });
  }
}
