import {
  allHandlersFinished,
  CancellationScope,
  condition,
  getExternalWorkflowHandle,
  log,
  setCurrentDetails,
  upsertMemo,
} from '@temporalio/workflow';
import { SET_UP_VIEW } from '../../contract/names';
import type { SetUpView } from '../../contract/types';
import { resolveSetUpSignal } from './set-up-messages';
import { setUpDetails } from './set-up-details';
import { isClosed, questionOf } from './set-up-state';
import type { SetUpState } from './set-up-state';
import { step } from './set-up-step';
import type { DueSetUpResolution, SetUpEvent } from './set-up-step';

/** An event without its time. */
type Change = SetUpEvent extends infer E ? (E extends SetUpEvent ? Omit<E, 'now'> : never) : never;

/** The state of a set-up in its workflow: events change it, show in memo and details, and resolve joiners. */
export class LiveSetUp {
  /** notices to operators that are under way */
  notices = 0;
  private readonly deliveries: Promise<void>[] = [];

  constructor(public state: SetUpState) {
    setCurrentDetails(setUpDetails(state));
  }

  apply(event: Change): void {
    const before = this.state;
    const { state, resolutions } = step(before, { ...event, now: Date.now() });
    this.state = state;
    if (isVisible(before, state)) upsertMemo({ [SET_UP_VIEW]: this.view() });
    setCurrentDetails(setUpDetails(state));
    for (const resolution of resolutions) this.deliveries.push(deliver(resolution));
  }

  /** What the memo shows. @param isWhole what the query does: a memo has no room for all scopes */
  view(isWhole = false): SetUpView {
    const { state } = this;
    const { status, subject, problem, failure, joiners, reminders, coolDownUntil } = state;
    return {
      status,
      ...subject,
      question: questionOf(state, isWhole),
      problem: problem ?? failure,
      subscribers: joiners.length,
      reminders,
      coolDownUntil: isClosed(state) ? coolDownUntil : undefined,
    };
  }

  /** Whether operators are being notified, or are about to be: this run has to do it, since no other knows of it. */
  isNotifying(): boolean {
    const { status, isNotified, remindAt = Infinity } = this.state;
    return this.notices > 0 || (status === 'waiting' && (!isNotified || remindAt <= Date.now()));
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
function isVisible(before: SetUpState, after: SetUpState): boolean {
  return (
    before.status !== after.status ||
    before.reminders !== after.reminders ||
    before.problem !== after.problem ||
    (after.status === 'waiting' && (before.toDo !== after.toDo || before.joiners !== after.joiners))
  );
}

/** By workflow id, since a subscriber may have continued as new; one that is gone needs none. */
async function deliver({ subscriber, ...resolution }: DueSetUpResolution): Promise<void> {
  if (subscriber === undefined) return;
  try {
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(subscriber.workflowId).signal(resolveSetUpSignal, resolution),
    );
  } catch (error) {
    log.info('A subscriber is gone', { joinId: resolution.joinId, error: String(error) });
  }
}
