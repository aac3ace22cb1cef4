import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  patched,
  setHandler,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { checkHint } from '../contract/rules/check-messages';
import { checkDeadline } from '../contract/rules/check-request';
import { REQUEST_VIEW, SIGNAL } from '../contract/names';
import { LINK_GRACE_MS } from '../contract/limits';
import { checkName } from '../contract/rules/text';
import type {
  AccountDecision,
  Connection,
  Decision,
  Join,
  LinkTerms,
  Notice,
  OwnerStatement,
  RequestResult,
  RequestStatus,
  ScopesDecision,
  Subject,
  WatchedLink,
} from '../contract/types';
import { acceptChoice } from './request/accept-choice';
import { acceptFound, acceptLate } from './request/acceptance';
import { isNeeded } from './request/gone-step';
import { holdAgain } from './request/holding';
import { hasLookedUp, takeIn } from './request/joining';
import { keepTime } from './request/keep-time';
import { grantLink, openWatchLater } from './request/link-grant';
import { LiveRequest } from './request/live-request';
import {
  decideUpdate,
  cancelUpdate,
  confirmOwnerUpdate,
  declineUpdate,
  extendUpdate,
  hintSignal,
  isSound,
  issueLinkUpdate,
  joinUpdate,
  leaveUpdate,
  refuseOwnerUpdate,
  remindUpdate,
  viewQuery,
} from './messages';
import {
  checkDecision,
  checkConfirmation,
  checkIssueLink,
  checkJoins,
  checkLinkTerms,
  checkOwnerStatement,
  checkRemind,
  isConnectionDecision,
  isUpdateOpen,
  refuseIfMisaddressed,
} from './request/request-checks';
import type { Addressee, Operation } from './request/request-checks';
import { unconfirmedBy } from './request/confirming-step';
import { isForChoosing } from './request/choosing-step';
import { ConnectionLookups } from './request/connection-lookups';
import type { LookupEvent } from './request/connection-lookups';
import { readAllCandidates } from './request/read-candidates';
import { refusedBefore } from './request/refused-scopes';
import { RequestReads } from './request/request-reads';
import { begin, isAtScreen, isClosed, needsFirstNotice, needsUpdate } from './request/request-state';
import type { ClosedState, RequestState } from './request/request-state';
import { notifyPerson } from './request/notify-person';
import { decideScopes } from './request/update-scopes';

/** What a request is for. */
export interface RequestInput extends Subject {
  /** id of the connection that is to be connected anew; default: the owner has none */
  reconnect?: string;
}

type Reason = Notice['reason'];

/** What a run is given; and, when its history has grown long, hands on to the next. */
interface RunInput extends RequestInput {
  carried?: { state: RequestState; pending: string[]; notices?: Reason[]; unwatched?: WatchedLink[] };
}

/**
 * Obtains one connection, or connects one anew, for all who joined: looks it up, waits for a person, reminds, verifies,
 * resolves. It completes and never fails; nobody's calls run here.
 */
export function connectionRequest(input: RequestInput): Promise<RequestResult>;
export async function connectionRequest(input: RunInput): Promise<RequestResult> {
  const { carried, reconnect, ...subject } = input;
  const { firstExecutionRunId, memo } = workflowInfo();
  const work = new CancellationScope();
  /** notices under way */
  let sending = 0;
  /** notices that the next run sends; there is one from when this is set */
  let left: Reason[] | undefined;
  const live = new LiveRequest(
    carried?.state ?? { ...begin(subject, uuid4(), Date.now(), reconnect), refusedScopes: refusedBefore(memo) },
  );
  const lookups = new ConnectionLookups(new RequestReads(subject, reconnect), seen, {
    pending: carried?.pending ?? [],
    firstIsOver: live.state.status !== 'checking',
  });

  function seen(event: LookupEvent): void {
    const now = Date.now();
    const isNew = event.type === 'listed' && isForChoosing(live.state, event.connections);
    if (isNew && patched('temporal-nango/choose')) live.apply({ type: 'choosesConnections', now });
    const missing = event.type === 'lookedUp' ? missingIn(event) : undefined;
    if (missing !== undefined && isNeeded(live.state, missing) && patched('temporal-nango/gone')) {
      live.apply({ type: 'gone', connectionId: missing, now });
    }
    live.apply({ ...event, now });
  }

  setHandler(viewQuery, () => ({
    ...live.view(true),
    decision: live.state.decision ?? live.state.chosen,
    firstExecutionRunId,
  }));
  setHandler(hintSignal, (hint) => {
    if (!isSound(SIGNAL.hint, () => checkHint(hint))) return;
    // Between several: all of them have to be known.
    if (hint.connectionId === undefined || live.state.choosing !== undefined) lookups.want();
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
  setHandler(issueLinkUpdate, (terms) => grantLink(live, terms), {
    validator: (given: LinkTerms & Addressee) => {
      checkAddressee(given);
      checkLinkTerms(given);
      checkIssueLink(live.state, given, Date.now());
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
    validator: (given: (Decision | ScopesDecision) & Addressee) => {
      checkAddressee(given);
      checkDecision(live.state, given);
    },
  });
  setHandler(confirmOwnerUpdate, confirmOwner, {
    validator: (given: OwnerStatement & Addressee) => {
      checkAddressee(given);
      if (!isSaid(given)) checkConfirmation(live.state, given);
    },
  });
  setHandler(refuseOwnerUpdate, refuseOwner, {
    validator: (given: OwnerStatement & Addressee) => {
      checkAddressee(given);
      checkOwnerStatement(live.state, given);
    },
  });

  /** Twice the same, by a second click, is once. */
  function isSaid({ nonce }: OwnerStatement): boolean {
    return live.state.confirmed !== undefined && live.state.confirmed.nonce === nonce;
  }

  function checkAddressee(given: Operation): void {
    refuseIfMisaddressed(live.state, given, firstExecutionRunId);
  }

  // Of several that come at once each is validated before the first is handled: so they are checked once more.
  function remind(): void {
    checkRemind(live.state, Date.now());
    live.apply({ type: 'remind', now: Date.now() });
  }

  function decide(given: Decision | ScopesDecision): void | Promise<void> {
    checkDecision(live.state, given);
    if (isUpdateOpen(live.state)) return decideScopes(live, given as ScopesDecision);
    const now = Date.now();
    if (isConnectionDecision(given)) {
      live.apply({ type: 'chosen', connectionId: given.connectionId, by: given.by, now });
    } else {
      const { choice, by } = given as AccountDecision;
      live.apply({ type: 'decided', choice, by, now });
    }
  }

  /** The link may have been used once more since: what it has made is read again before anybody has it. */
  function confirmOwner(given: OwnerStatement): void {
    if (isSaid(given)) return;
    checkConfirmation(live.state, given);
    const { nonce, by } = given;
    const { connectionId } = unconfirmedBy(live.state, nonce) ?? {};
    const pauses = patched('temporal-nango/confirmed') || undefined;
    live.apply({ type: 'ownerConfirmed', nonce, by, pauses, now: Date.now() });
    if (connectionId !== undefined) lookups.follow(connectionId);
  }

  function refuseOwner(given: OwnerStatement): void {
    checkOwnerStatement(live.state, given);
    const { nonce, by } = given;
    if (unconfirmedBy(live.state, nonce)?.refusedBy !== undefined) return;
    live.apply({ type: 'ownerRefused', nonce, by, now: Date.now() });
    void work.run(() => notify('ownerRefused'));
  }

  /** With this run it would be called off, perhaps before it was sent. */
  async function notify(reason: Reason): Promise<void> {
    if (left !== undefined && patched('temporal-nango/notices')) {
      left.push(reason);
      return;
    }
    sending++;
    await notifyPerson(live, reason).finally(() => sending--);
  }

  function ended(type: 'decline' | 'abandon'): RequestStatus {
    live.apply({ type, now: Date.now() });
    return live.state.status;
  }

  /** A workflow that begins to wait is no person at a screen: somebody has to be notified, of each question once. */
  async function notifyAtFirst(): Promise<never> {
    for (;;) {
      await condition(() => needsFirstNotice(live.state));
      // An operator is not at the screen of the person.
      const atScreen = isAtScreen(live.state) && !needsUpdate(live.state);
      live.apply({ type: 'notified', now: Date.now() });
      // Whoever has to choose is at no screen of the backend's.
      if (!atScreen || live.state.choosing !== undefined) await notify('opened');
    }
  }

  /** One of several may have been deleted: then nobody need choose any more. */
  async function remindPerson(): Promise<void> {
    if (live.state.choosing !== undefined) await condition(lookups.want());
    await notify('reminder');
  }

  function movesOn(): boolean {
    const isNotifying = (): boolean => sending > 0 && patched('temporal-nango/notices');
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished() && !isNotifying()) left ??= [];
    return left !== undefined;
  }

  for (const link of carried?.unwatched ?? []) void openWatchLater(live, link);
  try {
    await work.run(async () => {
      for (const reason of carried?.notices ?? []) void notify(reason);
      const accepting = acceptFound(live, lookups, () => void notify('accountChanged'));
      const timing = condition(() => hasLookedUp(live, lookups)).then(() => keepTime(live, () => void remindPerson()));
      const over = condition(() => isClosed(live.state) || movesOn());
      const choosing = Promise.race([acceptChoice(live, lookups), readAllCandidates(live)]);
      await Promise.race([over, lookups.run(), timing, accepting, choosing, holdAgain(live), notifyAtFirst()]);
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
      const next = {
        state,
        pending: lookups.pending,
        notices: left?.length ? left : undefined,
        unwatched: stillUnwatched(live),
      };
      // Without it the next run would show what the first began with.
      const shown = { ...workflowInfo().memo, [REQUEST_VIEW]: live.view() };
      const moveOn = makeContinueAsNewFunc<(input: RunInput) => Promise<RequestResult>>({ memo: shown });
      return await moveOn({ ...subject, reconnect, carried: next });
    }
    await acceptLate(state);
    return resultOf(state);
  });
}

/** @returns what was read by itself, and is not there */
function missingIn({ hinted, connections }: { hinted?: string; connections: Connection[] }): string | undefined {
  return connections.some(({ connectionId }) => connectionId === hinted) ? undefined : hinted;
}

/** @returns nothing if all links that may still be used are watched */
function stillUnwatched({ unwatched }: LiveRequest): WatchedLink[] | undefined {
  const links = [...unwatched].filter(({ until }) => until + LINK_GRACE_MS > Date.now());
  return links.length === 0 ? undefined : links;
}

function resultOf(state: ClosedState): RequestResult {
  if (state.status !== 'connected') return { status: state.status, failure: state.failure };
  return { status: 'connected', connection: state.connection };
}
