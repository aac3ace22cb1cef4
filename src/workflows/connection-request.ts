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
import type { AskAnswer, Join, RequestResult, RequestStatus, Subject } from '../contract/types';
import { acceptFound, acceptLate } from './request/acceptance';
import { hasLooked, takeIn } from './request/joining';
import { keepTime } from './request/keep-time';
import { grantLink } from './request/link-grant';
import { LiveRequest } from './request/live-request';
import {
  answerAskUpdate,
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
import { checkAnswer, checkIssueLink, checkJoins, checkRemind, refuseIfNotMeant } from './request/request-checks';
import type { Addressee, Operation } from './request/request-checks';
import { Looks } from './request/request-looks';
import { RequestReads } from './request/request-reads';
import { begin, isAtScreen, isClosed, isUntold } from './request/request-state';
import type { RequestState } from './request/request-state';
import { tell } from './request/telling';

/** What a request asks for. */
export interface RequestInput extends Subject {
  /** id of the connection that is to be connected anew; default: the owner has none */
  reconnect?: string;
}

/** What a run is given; and, when its history has grown long, hands on to the next. */
interface RunInput extends RequestInput {
  carried?: { state: RequestState; pending: string[] };
}

/**
 * Obtains one connection, or connects one anew, for all who joined: looks, asks, reminds, verifies, answers. It
 * completes and never fails; nobody's calls run here.
 */
export function connectionRequest(input: RequestInput): Promise<RequestResult>;
export async function connectionRequest(input: RunInput): Promise<RequestResult> {
  const { carried, reconnect, ...subject } = input;
  const { firstExecutionRunId } = workflowInfo();
  const live = new LiveRequest(carried?.state ?? begin(subject, uuid4(), Date.now(), reconnect));
  const looks = new Looks(new RequestReads(subject, reconnect), (seen) => live.happen({ ...seen, now: Date.now() }), {
    pending: carried?.pending ?? [],
    firstIsOver: live.state.status !== 'looking',
  });

  setHandler(viewQuery, () => ({ ...live.view(), answered: live.state.answered, firstExecutionRunId }));
  setHandler(hintSignal, (hint) => {
    if (!isSound(SIGNAL.hint, () => checkHint(hint))) return;
    if (hint.connectionId === undefined) looks.want();
    else looks.follow(hint.connectionId);
  });
  setHandler(joinUpdate, (joins) => takeIn(live, looks, joins), {
    validator: (joins: Join[]) => checkJoins(live.state, joins, Date.now()),
  });
  setHandler(
    leaveUpdate,
    ({ joinId }) => {
      live.happen({ type: 'leave', joinId, now: Date.now() });
      return live.state.status;
    },
    {
      validator: (given: { joinId: string } & Operation) => {
        meant(given);
        checkName(given.joinId, 'joinId');
      },
    },
  );
  setHandler(issueLinkUpdate, () => grantLink(live), {
    validator: (given: Addressee) => {
      meant(given);
      checkIssueLink(live.state, Date.now());
    },
  });
  setHandler(extendUpdate, ({ until }) => live.happen({ type: 'extend', until, now: Date.now() }), {
    validator: (given: { until: number } & Operation) => {
      meant(given);
      checkDeadline(given.until, Date.now(), 'until');
    },
  });
  setHandler(declineUpdate, () => ended('decline'), { validator: meant });
  setHandler(cancelUpdate, () => ended('abandon'), { validator: meant });
  setHandler(remindUpdate, remind, {
    validator: (given: Operation) => {
      meant(given);
      checkRemind(live.state, Date.now());
    },
  });
  setHandler(answerAskUpdate, answerAsk, {
    validator: (given: AskAnswer & Addressee) => {
      meant(given);
      checkAnswer(live.state, given);
    },
  });

  function meant(given: Operation): void {
    refuseIfNotMeant(live.state, given, firstExecutionRunId);
  }

  // Of several that come at once each is validated before the first is handled: so they are checked once more.
  function remind(): void {
    checkRemind(live.state, Date.now());
    live.happen({ type: 'remind', now: Date.now() });
  }

  function answerAsk({ answer, by }: AskAnswer): void {
    checkAnswer(live.state, { answer, by });
    live.happen({ type: 'answered', answer, by, now: Date.now() });
  }

  function ended(type: 'decline' | 'abandon'): RequestStatus {
    live.happen({ type, now: Date.now() });
    return live.state.status;
  }

  /** A workflow that begins to wait is no person at a screen: somebody has to be told. */
  async function tellAtFirst(): Promise<void> {
    await condition(() => isUntold(live.state));
    const atScreen = isAtScreen(live.state);
    live.happen({ type: 'told', now: Date.now() });
    if (!atScreen) await tell(live, 'asked');
  }

  const work = new CancellationScope();
  const mayMoveOn = (): boolean => workflowInfo().continueAsNewSuggested && allHandlersFinished();
  try {
    await work.run(async () => {
      const accepting = acceptFound(live, () => void tell(live, 'accountChanged'));
      const timing = condition(() => hasLooked(live, looks)).then(() =>
        keepTime(live, () => void tell(live, 'reminder')),
      );
      const over = condition(() => isClosed(live.state) || mayMoveOn());
      await Promise.race([over, looks.keepLooking(), timing, accepting, tellAtFirst().then(() => over)]);
      await looks.finish();
    });
  } catch (error) {
    if (!isCancellation(error)) throw error;
    live.happen({ type: 'abandon', now: Date.now() });
  }
  work.cancel();

  return await CancellationScope.nonCancellable(async () => {
    await live.drained();
    if (!isClosed(live.state)) {
      const next = { state: live.state, pending: looks.pending };
      await continueAsNew<(input: RunInput) => Promise<RequestResult>>({ ...subject, reconnect, carried: next });
    }
    await acceptLate(live.state);
    const { status, connection, failure, scopes, askedScopes } = live.state;
    const asked = askedScopes > 0 ? scopes.slice(0, askedScopes) : undefined;
    return { status, connection, failure, askedScopes: asked } as RequestResult;
  });
}
