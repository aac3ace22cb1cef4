import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { checkHint } from '../contract/rules/check-messages';
import { checkDeadline } from '../contract/rules/check-request';
import { SIGNAL } from '../contract/names';
import { checkName } from '../contract/rules/text';
import type { Decision, Join, RequestResult, RequestStatus, Subject } from '../contract/types';
import { acceptFound, acceptLate } from './request/acceptance';
import { hasLookedUp, takeIn } from './request/joining';
import { keepTime } from './request/keep-time';
import { grantLink } from './request/link-grant';
import { LiveRequest } from './request/live-request';
import {
  decideUpdate,
  cancelUpdate,
  declineUpdate,
  extendUpdate,
  hintSignal,
  isSound,
  issueLinkUpdate,
  joinUpdate,
  leaveUpdate,
  remindUpdate,
  viewQuery,
} from './messages';
import { checkDecision, checkIssueLink, checkJoins, checkRemind, refuseIfMisaddressed } from './request/request-checks';
import type { Addressee, Operation } from './request/request-checks';
import { ConnectionLookups } from './request/connection-lookups';
import { RequestReads } from './request/request-reads';
import { begin, isAtScreen, isClosed, needsFirstNotice } from './request/request-state';
import type { ClosedState, RequestState } from './request/request-state';
import { notifyPerson } from './request/notify-person';

/** What a request is for. */
export interface RequestInput extends Subject {
  /** id of the connection that is to be connected anew; default: the owner has none */
  reconnect?: string;
}

/** What a run is given; and, when its history has grown long, hands on to the next. */
interface RunInput extends RequestInput {
  carried?: { state: RequestState; pending: string[] };
}

/**
 * Obtains one connection, or connects one anew, for all who joined: looks it up, waits for a person, reminds, verifies,
 * resolves. It completes and never fails; nobody's calls run here.
 */
export function connectionRequest(input: RequestInput): Promise<RequestResult>;
export async function connectionRequest(input: RunInput): Promise<RequestResult> {
  const { carried, reconnect, ...subject } = input;
  const { firstExecutionRunId } = workflowInfo();
  const live = new LiveRequest(carried?.state ?? begin(subject, uuid4(), Date.now(), reconnect));
  const lookups = new ConnectionLookups(
    new RequestReads(subject, reconnect),
    (seen) => live.apply({ ...seen, now: Date.now() }),
    {
      pending: carried?.pending ?? [],
      firstIsOver: live.state.status !== 'checking',
    },
  );

  setHandler(viewQuery, () => ({ ...live.view(), decision: live.state.decision, firstExecutionRunId }));
  setHandler(hintSignal, (hint) => {
    if (!isSound(SIGNAL.hint, () => checkHint(hint))) return;
    if (hint.connectionId === undefined) lookups.want();
    else lookups.follow(hint.connectionId);
  });
  setHandler(joinUpdate, (joins) => takeIn(live, lookups, joins), {
    validator: (joins: Join[]) => checkJoins(live.state, joins, Date.now()),
  });
  setHandler(
    leaveUpdate,
    ({ joinId }) => {
      live.apply({ type: 'leave', joinId, now: Date.now() });
      return live.state.status;
    },
    {
      validator: (given: { joinId: string } & Operation) => {
        checkAddressee(given);
        checkName(given.joinId, 'joinId');
      },
    },
  );
  setHandler(issueLinkUpdate, () => grantLink(live), {
    validator: (given: Addressee) => {
      checkAddressee(given);
      checkIssueLink(live.state, Date.now());
    },
  });
  setHandler(extendUpdate, ({ until }) => live.apply({ type: 'extend', until, now: Date.now() }), {
    validator: (given: { until: number } & Operation) => {
      checkAddressee(given);
      checkDeadline(given.until, Date.now(), 'until');
    },
  });
  setHandler(declineUpdate, () => ended('decline'), { validator: checkAddressee });
  setHandler(cancelUpdate, () => ended('abandon'), { validator: checkAddressee });
  setHandler(remindUpdate, remind, {
    validator: (given: Operation) => {
      checkAddressee(given);
      checkRemind(live.state, Date.now());
    },
  });
  setHandler(decideUpdate, decide, {
    validator: (given: Decision & Addressee) => {
      checkAddressee(given);
      checkDecision(live.state, given);
    },
  });

  function checkAddressee(given: Operation): void {
    refuseIfMisaddressed(live.state, given, firstExecutionRunId);
  }

  // Of several that come at once each is validated before the first is handled: so they are checked once more.
  function remind(): void {
    checkRemind(live.state, Date.now());
    live.apply({ type: 'remind', now: Date.now() });
  }

  function decide({ choice, by }: Decision): void {
    checkDecision(live.state, { choice, by });
    live.apply({ type: 'decided', choice, by, now: Date.now() });
  }

  function ended(type: 'decline' | 'abandon'): RequestStatus {
    live.apply({ type, now: Date.now() });
    return live.state.status;
  }

  /** A workflow that begins to wait is no person at a screen: somebody has to be notified, of each question once. */
  async function notifyAtFirst(): Promise<never> {
    for (;;) {
      await condition(() => needsFirstNotice(live.state));
      const atScreen = isAtScreen(live.state);
      live.apply({ type: 'notified', now: Date.now() });
      if (!atScreen) await notifyPerson(live, 'opened');
    }
  }

  const work = new CancellationScope();
  const mayMoveOn = (): boolean => workflowInfo().continueAsNewSuggested && allHandlersFinished();
  try {
    await work.run(async () => {
      const accepting = acceptFound(live, () => void notifyPerson(live, 'accountChanged'));
      const timing = condition(() => hasLookedUp(live, lookups)).then(() =>
        keepTime(live, () => void notifyPerson(live, 'reminder')),
      );
      const over = condition(() => isClosed(live.state) || mayMoveOn());
      await Promise.race([over, lookups.run(), timing, accepting, notifyAtFirst()]);
      await lookups.finish();
    });
  } catch (error) {
    if (!isCancellation(error)) throw error;
    live.apply({ type: 'abandon', now: Date.now() });
  }
  work.cancel();

  return await CancellationScope.nonCancellable(async () => {
    await live.drained();
    const { state } = live;
    if (!isClosed(state)) {
      const next = { state, pending: lookups.pending };
      return await continueAsNew<(input: RunInput) => Promise<RequestResult>>({ ...subject, reconnect, carried: next });
    }
    await acceptLate(state);
    return resultOf(state);
  });
}

function resultOf(state: ClosedState): RequestResult {
  if (state.status !== 'connected') return { status: state.status, failure: state.failure };
  return { status: 'connected', connection: state.connection };
}
