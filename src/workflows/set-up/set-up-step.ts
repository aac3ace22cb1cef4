import { COOL_DOWN_AFTER_WAIT_MS, COOL_DOWN_MS, DEFAULT_WAIT_MS } from '../../contract/limits';
import { DASHBOARD } from '../../contract/rules/auth-modes';
import type {
  Failure,
  MadeIntegration,
  SetUpDecision,
  SetUpEnd,
  SetUpFacts,
  SetUpJoin,
  SetUpResolution,
} from '../../contract/types';
import { nextReminder } from '../request/reminders';
import { isClosed, nextTask } from './set-up-state';
import type { SetUpJoiner, SetUpState } from './set-up-state';

/** What changes the state of a set-up. Times are in milliseconds since the epoch. */
export type SetUpEvent = { now: number } & (
  | { type: 'join'; join: SetUpJoin }
  | { type: 'leave'; joinId: string }
  /** what was found at first */
  | { type: 'facts'; facts: SetUpFacts }
  /** it is there */
  | { type: 'made'; made: MadeIntegration }
  /** Nango has no app to lend; `isUntried`, what an operator has decided meanwhile has not been tried */
  | { type: 'lendsNone'; isUntried?: true }
  /** an operator says that it is there, and it is not */
  | { type: 'notFound' }
  /** what was tried cannot be done; `isUntried` as above */
  | { type: 'failed'; failure: Failure; isUntried?: true }
  | { type: 'decided'; decision: SetUpDecision }
  | { type: 'decline' }
  /** nobody waits any more, or an operator says so */
  | { type: 'abandon' }
  | { type: 'extend'; until: number }
  | { type: 'tick' }
  | { type: 'notified' }
  | { type: 'reminded' }
);

/** What is due to a joiner that has just been taken off the list. */
export type DueSetUpResolution = SetUpResolution & Pick<SetUpJoiner, 'subscriber'>;

interface SetUpStep {
  state: SetUpState;
  resolutions: DueSetUpResolution[];
}

/** The next state, and who is to be told how the wait ended. Nothing changes what is over. */
export function step(state: SetUpState, event: SetUpEvent): SetUpStep {
  if (isClosed(state)) return { state, resolutions: [] };
  const { now } = event;
  switch (event.type) {
    case 'join':
      return stepTo(joined(state, event.join, now));
    case 'leave': {
      const joiners = state.joiners.filter(({ joinId }) => joinId !== event.joinId);
      const left = { ...state, joiners };
      return joiners.length === 0 && state.joiners.length > 0 ? end(left, { status: 'cancelled' }) : stepTo(left);
    }
    case 'facts': {
      const { made, toDo } = event.facts;
      if (made !== undefined) return end(state, { status: 'ready', made });
      return stepTo(opened({ ...state, toDo }, now));
    }
    case 'made':
      return end(state, { status: 'ready', made: event.made });
    case 'lendsNone':
      return stepTo(withoutNangoApp(state, now, event.isUntried));
    case 'notFound':
      return stepTo(undone(state, { type: 'Nango.IntegrationNotFound' }));
    case 'failed':
      return failed(state, event, now);
    case 'decided': {
      const { decision } = event;
      const decided = { choice: decision.choice, by: decision.by, at: now };
      return stepTo({ ...state, decision, decided, problem: undefined });
    }
    case 'decline':
      return end(state, { status: 'declined', coolDownUntil: now + COOL_DOWN_MS });
    case 'abandon':
      return end(state, { status: 'cancelled' });
    case 'extend':
      return stepTo({ ...state, joiners: state.joiners.map((joiner) => ({ ...joiner, deadline: event.until })) });
    case 'tick':
      return ticked(state, now);
    case 'notified':
      return stepTo({ ...state, isNotified: true });
    case 'reminded':
      return stepTo({ ...state, reminders: state.reminders + 1 });
  }
}

function stepTo(state: SetUpState): SetUpStep {
  return { state, resolutions: [] };
}

function joined(state: SetUpState, join: SetUpJoin, now: number): SetUpState {
  const { joinId, deadline = now + DEFAULT_WAIT_MS, subscriber, scopes = [], allowNangoApp } = join;
  const others = state.joiners.filter((joiner) => joiner.joinId !== joinId);
  return {
    ...state,
    joiners: [...others, { joinId, deadline, subscriber }],
    scopes: [...new Set([...state.scopes, ...scopes])],
    allowNangoApp: state.allowNangoApp || (allowNangoApp ?? false),
  };
}

/** Once there is nothing that can be done without an operator, it is theirs. */
function opened(state: SetUpState, now: number): SetUpState {
  if (state.status === 'waiting' || nextTask(state) !== undefined) return state;
  return { ...state, status: 'waiting', since: now, remindAt: nextReminder(now, now) };
}

function withoutNangoApp(state: SetUpState, now: number, isUntried = false): SetUpState {
  const { toDo, decision } = state;
  const choices = (toDo?.choices ?? []).filter((choice) => choice !== 'nangoApp');
  const without = { ...state, toDo: toDo && { ...toDo, choices }, decision: isUntried ? decision : undefined };
  if (isUntried) return without;
  if (decision === undefined) return opened(without, now);
  return { ...without, problem: { type: 'Nango.InvalidRequest', field: 'nangoApp' } };
}

/** A decision that came to nothing: the question is open again. */
function undone(state: SetUpState, problem: Failure): SetUpState {
  return { ...state, decision: undefined, problem };
}

function failed(
  state: SetUpState,
  { failure, isUntried }: { failure: Failure; isUntried?: true },
  now: number,
): SetUpStep {
  const { status, toDo, decision } = state;
  if (isUntried) return stepTo({ ...state, allowNangoApp: false });
  if (decision !== undefined) return stepTo(undone(state, failure));
  // Nobody at a screen has agreed to a lent app, and the question is open all the same.
  if (status === 'waiting') return stepTo({ ...state, allowNangoApp: false, problem: failure });
  // Nango wants something that we know nothing of.
  if (toDo?.choices.length === 0 && failure.type === 'Nango.InvalidRequest' && failure.field === undefined) {
    return stepTo(opened({ ...state, toDo: { ...toDo, ...DASHBOARD } }, now));
  }
  return end(state, { status: 'cancelled', failure });
}

function ticked(state: SetUpState, now: number): SetUpStep {
  const late = state.joiners.filter(({ deadline }) => deadline <= now);
  const joiners = state.joiners.filter(({ deadline }) => deadline > now);
  const { since, remindAt } = state;
  const waited = since !== undefined && now - since >= COOL_DOWN_AFTER_WAIT_MS;
  const over: SetUpEnd = { status: 'timedOut', coolDownUntil: waited ? now + COOL_DOWN_MS : undefined };
  if (joiners.length === 0 && late.length > 0) return end(state, over);
  const next = since !== undefined && remindAt !== undefined && remindAt <= now ? nextReminder(since, now) : remindAt;
  return {
    state: { ...state, joiners, remindAt: next },
    resolutions: late.map((joiner) => resolution(joiner, { status: 'timedOut' })),
  };
}

function end(state: SetUpState, over: SetUpEnd): SetUpStep {
  return {
    state: { ...state, joiners: [], decision: undefined, problem: undefined, ...over },
    resolutions: state.joiners.map((joiner) => resolution(joiner, over)),
  };
}

function resolution({ joinId, subscriber }: SetUpJoiner, over: SetUpEnd): DueSetUpResolution {
  return { joinId, subscriber, ...over };
}
