import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { DEFAULT_WAIT_MS } from '../contract/limits';
import { CLIENT_JOIN_ID, SET_UP_VIEW } from '../contract/names';
import { checkDeadline } from '../contract/rules/check-request';
import { checkSetUpSubject } from '../contract/rules/check-set-up';
import { checkName } from '../contract/rules/text';
import { keptFailure } from '../contract/set-up-end';
import { findNangoFailure } from '../contract/errors';
import type {
  SetUpDecision,
  SetUpEnd,
  SetUpJoin,
  SetUpJoinResponse,
  SetUpOutcome,
  SetUpStatus,
  SetUpSubject,
} from '../contract/types';
import type { Addressee, Operation } from './request/request-checks';
import { awaitMade, carryOut, notifyAtFirst, notifyOperator } from './set-up/carry-out';
import { keepSetUpTime } from './set-up/keep-set-up-time';
import { LiveSetUp } from './set-up/live-set-up';
import { checkDecision, checkJoin, refuseIfMisaddressed } from './set-up/set-up-checks';
import {
  cancelSetUpUpdate,
  decideSetUpUpdate,
  declineSetUpUpdate,
  extendSetUpUpdate,
  joinSetUpUpdate,
  leaveSetUpUpdate,
  setUpViewQuery,
} from './set-up/set-up-messages';
import { begin, isClosed } from './set-up/set-up-state';
import type { SetUpState } from './set-up/set-up-state';

/** A client waits for its update; what takes longer than this it learns from the set-up's view. */
const WITHIN_UPDATE_MS = 15_000;

/** What a run is given; and, when its history has grown long, hands on to the next. */
interface RunInput extends SetUpSubject {
  carried?: SetUpState;
}

/**
 * Sets up one integration for all who joined: at once where the API can, else as an operator decides, or notices that it
 * was made in the dashboard. It completes and never fails.
 */
export function integrationSetUp(input: SetUpSubject): Promise<SetUpEnd>;
export async function integrationSetUp({ carried, ...subject }: RunInput): Promise<SetUpEnd> {
  const { firstExecutionRunId, workflowId: id } = workflowInfo();
  const live = new LiveSetUp(carried ?? begin(subject));

  setHandler(setUpViewQuery, () => ({ ...live.view(true), decision: live.state.decided, firstExecutionRunId }));
  setHandler(joinSetUpUpdate, join, {
    validator: (given: SetUpJoin) => checkJoin(live.state, given, Date.now()),
  });
  setHandler(decideSetUpUpdate, decide, {
    validator: (given: SetUpDecision & Addressee) => {
      checkAddressee(given);
      checkDecision(live.state, given);
    },
  });
  setHandler(
    leaveSetUpUpdate,
    ({ joinId }) => {
      live.apply({ type: 'leave', joinId });
      return live.state.status;
    },
    {
      validator: (given: { joinId: string } & Addressee) => {
        checkAddressee(given);
        checkName(given.joinId, 'joinId');
      },
    },
  );
  setHandler(extendSetUpUpdate, ({ until }) => live.apply({ type: 'extend', until }), {
    validator: (given: { until: number } & Operation) => {
      checkAddressee(given);
      checkDeadline(given.until, Date.now(), 'until');
    },
  });
  setHandler(declineSetUpUpdate, () => ended('decline'), { validator: checkAddressee });
  setHandler(cancelSetUpUpdate, () => ended('abandon'), { validator: checkAddressee });

  function checkAddressee(given: Operation): void {
    refuseIfMisaddressed(live.state, given, firstExecutionRunId);
  }

  /** A backend hears what can be done at once; a subscriber is signalled: it must not hold the worker that does it. */
  async function join(given: SetUpJoin): Promise<SetUpJoinResponse> {
    live.apply({ type: 'join', join: withKeptDeadline(given) });
    if (given.subscriber === undefined) await condition(() => live.state.status !== 'checking', WITHIN_UPDATE_MS);
    return isClosed(live.state) ? endOf(live.state) : { status: 'pending', id, firstExecutionRunId };
  }

  /** Who comes back knows nothing of a deadline that was moved meanwhile, to whenever; page views are one joiner. */
  function withKeptDeadline(given: SetUpJoin): SetUpJoin {
    const known = live.state.joiners.find(({ joinId }) => joinId === given.joinId);
    const { deadline = Date.now() + DEFAULT_WAIT_MS } = given;
    if (known === undefined || known.deadline === deadline) return given;
    const kept = { ...given, deadline: known.deadline };
    if (known.deadline > deadline) return patched('temporal-nango/latest-deadline') ? kept : given;
    return given.joinId !== CLIENT_JOIN_ID && patched('temporal-nango/kept-deadline') ? kept : given;
  }

  // Of several that come at once each is validated before the first is handled: so it is checked once more.
  async function decide(given: SetUpDecision & Addressee): Promise<SetUpOutcome> {
    checkDecision(live.state, given);
    const { by } = given;
    const decision =
      given.choice === 'own'
        ? { choice: given.choice, by, credentials: given.credentials }
        : { choice: given.choice, by };
    live.apply({ type: 'decided', decision });
    await condition(() => live.state.decision !== decision, WITHIN_UPDATE_MS);
    const { status, problem, decision: pending } = live.state;
    return { status, problem: pending === undefined ? problem : undefined };
  }

  function ended(type: 'decline' | 'abandon'): SetUpStatus {
    live.apply({ type });
    return live.state.status;
  }

  const work = new CancellationScope();
  // Operators have to hear of it: a notice would be called off with this run, and the next knows of none that is due.
  const mayMoveOn = (): boolean =>
    workflowInfo().continueAsNewSuggested &&
    allHandlersFinished() &&
    (!live.isNotifying() || !patched('temporal-nango/set-up-notices'));
  try {
    checkSetUpSubject(subject);
    await work.run(async () => {
      const over = condition(() => isClosed(live.state) || mayMoveOn());
      const timing = keepSetUpTime(live, () => void notifyOperator(live, 'reminder'));
      await Promise.race([over, carryOut(live), timing, awaitMade(live), notifyAtFirst(live)]);
    });
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure !== undefined) live.apply({ type: 'failed', failure: keptFailure(failure) });
    else if (isCancellation(error)) live.apply({ type: 'abandon' });
    else throw error;
  }
  work.cancel();

  return await CancellationScope.nonCancellable(async () => {
    await live.drained();
    const { state } = live;
    if (isClosed(state)) return endOf(state);
    // Without it the next run would show what the first began with.
    const memo = { ...workflowInfo().memo, [SET_UP_VIEW]: live.view() };
    const next = makeContinueAsNewFunc<(input: RunInput) => Promise<SetUpEnd>>({ memo });
    return await next({ ...subject, carried: state });
  });
}

function endOf({ status, made, failure, coolDownUntil }: SetUpState): SetUpEnd {
  if (status === 'ready' && made !== undefined) return { status, made };
  return { status: status as Exclude<SetUpEnd['status'], 'ready'>, failure, coolDownUntil };
}
