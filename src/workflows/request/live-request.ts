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
import { MAX_RESOLUTIONS_AT_A_TIME, MAX_IN_FLIGHT_BYTES } from '../../contract/limits';
import { REQUEST_VIEW, watchIdOf } from '../../contract/names';
import type { Join, RequestView, WatchedLink } from '../../contract/types';
import { leftBehind } from './confirming-step';
import { currentDetails } from './current-details';
import { resolveSignal, forgetLinksSignal } from '../messages';
import { heldBackBy } from './refused-scopes';
import { questionOf, isClosed, isPaused, leavesLinks, notShown, shownScopes, shownUnconfirmed } from './request-state';
import type { RequestState } from './request-state';
import { step } from './request-step';
import type { RequestEvent } from './request-step';
import type { DueResolution } from './step-ends';

const DEADLINE_MOVED_MS = 3_600_000;

/** A join whose update has not returned yet: it is resolved by that, not by signal. */
export interface Listener {
  joinId: string;
  resolution?: DueResolution;
}

/** The state of a request in its workflow: events change it, show in memo and details, and resolve joiners. */
export class LiveRequest {
  /** links whose watch could not be opened yet */
  readonly unwatched = new Set<WatchedLink>();
  private readonly listeners = new Set<Listener>();
  private readonly deliveries: Promise<void>[] = [];

  constructor(public state: RequestState) {
    setCurrentDetails(currentDetails(state));
  }

  /** Events that are applied together show together: each change of the memo is one in the history. */
  apply(...events: RequestEvent[]): void {
    const before = this.state;
    const resolutions: DueResolution[] = [];
    for (const event of events) {
      const { state, resolutions: due } = step(this.state, event);
      this.state = state;
      resolutions.push(...due);
    }
    if (isVisible(before, this.state)) upsertMemo({ [REQUEST_VIEW]: this.view() });
    setCurrentDetails(currentDetails(this.state));
    const bySignal: DueResolution[] = [];
    for (const resolution of resolutions) {
      const inUpdate = [...this.listeners].filter(({ joinId }) => joinId === resolution.joinId);
      for (const join of inUpdate) join.resolution = resolution;
      if (inUpdate.length === 0 && resolution.subscriber !== undefined) bySignal.push(resolution);
    }
    if (bySignal.length > 0) this.deliveries.push(deliverAll(bySignal));
    const { state } = this;
    if (isClosed(state) && !isClosed(before) && leavesLinks(state)) this.deliveries.push(forgetLinks(state));
  }

  /** Lets joiners join. @returns in their order, where each finds its resolution until {@link dismiss} */
  join(joins: Join[]): Listener[] {
    const listeners = joins.map(({ joinId }): Listener => ({ joinId }));
    for (const listener of listeners) this.listeners.add(listener);
    const now = Date.now();
    this.apply(...joins.map((join) => ({ type: 'join' as const, join, now })));
    return listeners;
  }

  /** What is said to others before the request ends, or goes on in another run. */
  owe(delivery: Promise<void>): void {
    this.deliveries.push(delivery);
  }

  /** Their updates return now: whatever comes later comes by signal. */
  dismiss(listeners: Listener[]): void {
    for (const listener of listeners) this.listeners.delete(listener);
  }

  /** What the memo shows. @param isWhole what the query does: a memo has no room for all scopes */
  view(isWhole = false): RequestView {
    const { state } = this;
    const { status, subject, joiners, reminders, extras, unwritten, notRemembered } = state;
    return {
      status,
      ...subject,
      question: questionOf(state, isWhole),
      subscribers: joiners.length,
      reminders,
      extras,
      unconfirmed: isClosed(state) && state.status !== 'connected' ? leftBehind(state) : undefined,
      unwritten,
      notRemembered,
      scopes: state.scopes.length === 0 ? undefined : isWhole ? state.scopes : shownScopes(state.scopes),
      moreScopes: isWhole ? undefined : notShown(state.scopes),
      ...heldBackBy(state),
    };
  }

  /** Until every resolution has arrived and every update returned; a signal not awaited before the end is never sent. */
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
    before.reconnect?.widening !== after.reconnect?.widening ||
    (before.choosing !== after.choosing && !isSameChoice(before, after)) ||
    (before.unconfirmed !== after.unconfirmed && !isShownAlike(before, after)) ||
    (before.confirmed !== after.confirmed && (isPaused(before) || isPaused(after))) ||
    (after.found?.unconfirmed === true && before.unwritten?.join() !== after.unwritten?.join()) ||
    before.recreate?.requested !== after.recreate?.requested ||
    (before.status === 'waiting' && questionChanged(before, after))
  );
}

function isSameChoice(before: RequestState, after: RequestState): boolean {
  const [shown, showsNow] = [before, after].map((state) => JSON.stringify(questionOf(state)?.candidates));
  return shown === showsNow;
}

function isShownAlike(before: RequestState, after: RequestState): boolean {
  const [shown, showsNow] = [before, after].map((state) => JSON.stringify(shownUnconfirmed(state)));
  return shown === showsNow;
}

/** Page views move a backend's deadline by minutes: a list can do without that. */
function questionChanged(before: RequestState, after: RequestState): boolean {
  const [deadline = 0, moved = 0] = [before, after].map((state) => questionOf(state)?.deadline);
  return (
    Math.abs(moved - deadline) >= DEADLINE_MOVED_MS ||
    before.joiners.length !== after.joiners.length ||
    before.scopes.length !== after.scopes.length ||
    before.extras !== after.extras
  );
}

/** A few at a time: what leaves in one workflow task must stay below 4 MB. */
async function deliverAll(resolutions: DueResolution[]): Promise<void> {
  const largest = Math.max(...resolutions.map((resolution) => jsonBytes(resolution)));
  const atATime = Math.min(MAX_RESOLUTIONS_AT_A_TIME, Math.max(Math.floor(MAX_IN_FLIGHT_BYTES / largest), 1));
  for (let i = 0; i < resolutions.length; i += atATime) {
    await Promise.all(resolutions.slice(i, i + atATime).map(deliver));
  }
}

/** By workflow id, since a subscriber may have continued as new; one that is gone needs none. */
async function deliver({ subscriber, ...resolution }: DueResolution): Promise<void> {
  if (subscriber === undefined) return;
  try {
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(subscriber.workflowId).signal(resolveSignal, {
        ...resolution,
        requestId: workflowInfo().workflowId,
      }),
    );
  } catch (error) {
    log.info('A subscriber is gone', { joinId: resolution.joinId, error: String(error) });
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
    log.debug('There is no watch that the end of a request concerns', { error: String(error) });
  }
}
