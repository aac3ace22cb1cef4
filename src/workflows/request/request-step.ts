import {
  belongsTo,
  candidates,
  choose,
  earliestFirst,
  isUnconfirmedOf,
  isWanted,
  nonceOrigin,
  numberOfLink,
} from '../../contract/rules/choose';
import { COOL_DOWN_AFTER_WAIT_MS, COOL_DOWN_MS, DEFAULT_WAIT_MS, LINK_TTL_MS } from '../../contract/limits';
import { CLIENT_JOIN_ID, TAG } from '../../contract/names';
import { renewalTags } from '../../contract/rules/tags';
import type {
  AccountDecision,
  Connection,
  ConnectionDecision,
  Failure,
  Join,
  NotRemembered,
  OwnerStatement,
  Snapshot,
  Unwritten,
} from '../../contract/types';
import {
  candidatesRead,
  chooseAmong,
  choiceAccepted,
  choiceGone,
  choiceMade,
  chooseOfBoth,
  stillAmbiguous,
} from './choosing-step';
import {
  confirmationDropped,
  isConfirmed,
  isReconnectUnconfirmed,
  noteUnconfirmed,
  ownerConfirmed,
  ownerRefused,
  resumed,
  settled,
} from './confirming-step';
import { gone } from './gone-step';
import { nextReminder } from './reminders';
import { dependsOnScopes, isClosed, wantedOf } from './request-state';
import type { AccountChange, Joiner, OpenState, RequestState, WaitingState } from './request-state';
import { reopened, isReplacement, questionReplacement, recreateStep, refuseReplacement } from './recreate-step';
import type { RecreateEvent } from './recreate-step';
import { unlessNamed, withoutExpired } from './refused-scopes';
import { acceptFor, waitOn, awaitRest, noteRequested, scopesMissing, shortOf } from './scopes-step';
import { connected, connectedFor, end, failed, stepTo, unconnectedFor, unresolved } from './step-ends';
import type { Step } from './step-ends';
import { waitForPerson } from './wait-for-person';

export type RequestEvent =
  | { type: 'join'; join: Join; now: number }
  /** from now on what was granted decides for whoever names scopes */
  | { type: 'checksScopes'; now: number }
  | { type: 'leave'; joinId: string; now: number }
  /** all connections of the owner */
  | { type: 'listed'; connections: Connection[]; now: number }
  /** connections that something pointed at: a hint, by which one was read by itself, or the lookup before a reminder */
  | { type: 'lookedUp'; connections: Connection[]; hinted?: string; now: number }
  /** the connection to be connected anew, as it is before that */
  | { type: 'snapshot'; snapshot: Snapshot; now: number }
  | { type: 'unusable'; failure: Failure; now: number }
  /** the connection is no longer there, as a read of it by itself has shown */
  | { type: 'gone'; connectionId: string; now: number }
  /** `notesScopes`: what the link requests is noted, since there is a version that does */
  | { type: 'click'; notesScopes?: boolean; now: number }
  | { type: 'extend'; until: number; now: number }
  | { type: 'decline'; now: number }
  /**
   * `unwritten`: what could not be put back, for lack of a scope; `scopesRead`: the connection says what it was granted,
   * or that this cannot be known; `mayEnd`: those whom nobody was asked for end with the others where the request has to
   */
  | {
      type: 'accepted';
      connection: Connection;
      unwritten?: Unwritten[];
      scopesRead?: boolean;
      mayEnd?: boolean;
      now: number;
    }
  /** the connection was not granted all that those who wait have named; `mayEnd` as above */
  | {
      type: 'scopesMissing';
      snapshot: Snapshot;
      granted: string[];
      unwritten?: Unwritten[];
      mayEnd?: boolean;
      now: number;
    }
  | RecreateEvent
  /** somebody has said that it was the owner who connected by a link, or that it was not */
  | ({ type: 'ownerConfirmed'; pauses?: true; now: number } & OwnerStatement)
  | ({ type: 'ownerRefused'; now: number } & OwnerStatement)
  /** what was to be accepted has come into other hands, or has gone */
  | { type: 'confirmationDropped'; now: number }
  /** nothing is handed out before the mark of the unconfirmed is gone, for which the key may lack a scope */
  | { type: 'markStays'; unwritten: Unwritten[]; now: number }
  | ({ type: 'accountChanged'; unwritten?: Unwritten[]; now: number } & AccountChange)
  | ({ type: 'decided'; now: number } & AccountDecision)
  /** from now on somebody is asked which of several connections is meant */
  | { type: 'choosesConnections'; now: number }
  | ({ type: 'chosen'; now: number } & ConnectionDecision)
  | { type: 'choiceAccepted'; connection: Connection; notRemembered?: NotRemembered; now: number }
  | { type: 'choiceGone'; now: number }
  | { type: 'candidatesRead'; scopes: { [connectionId: string]: string[] }; now: number }
  | { type: 'notified' | 'remind' | 'reminded'; now: number }
  | { type: 'tick'; now: number }
  | { type: 'abandon'; now: number };

/**
 * The state machine of a connection request, without Temporal: a pure reducer. The workflow feeds it events and carries
 * out what comes of them.
 *
 *     checking --none--> waiting --verified--> (accepting) --> connected
 *        |                 |              |        |--other account--> waiting, until somebody says yes
 *        |                 |              |        `--scopes missing--> waiting, until they are granted; once
 *        |--several--> waiting, until somebody has chosen, or one is left: then as one
 *        |--one--> (accepting) or connected |---declined--> declined
 *        |--unusable--> cancelled           |---last deadline--> timedOut
 *                                           |---last one left--> cancelled
 *
 * A connection of which nobody has confirmed that it was the owner who made it is not verified: the request goes on waiting,
 * and shows it (`confirming-step.ts`).
 *
 * A closed request stays as it is, and so does an open one of an event that its status has no use for.
 */
export function step(state: RequestState, event: RequestEvent): Step {
  if (isClosed(state)) return stepTo(state);
  const { state: next, resolutions } = reopened(state, stepOf(withoutExpired(state, event.now), event), event.now);
  return { state: isClosed(next) ? next : resumed(state, settled(state, next), event.now), resolutions };
}

function stepOf(state: OpenState, event: RequestEvent): Step {
  switch (event.type) {
    case 'join':
      return join(state, event.join, event.now);
    case 'checksScopes':
      return stepTo({ ...state, checksScopes: true });
    case 'leave':
      return leave(state, event.joinId);
    case 'listed':
      if (state.choosing !== undefined) return chooseAmong(state, event.connections, event.now);
      if (isFirstLookup(state)) return firstLookup(state, event);
      return verify(noteUnconfirmed(state, { ...event, whole: true }, event.now), event.connections);
    case 'lookedUp':
      // Not all of the owner's: nothing can be chosen by them.
      if (state.choosing !== undefined) return stepTo(state);
      return verify(noteUnconfirmed(state, event, event.now), event.connections);
    case 'snapshot':
      return takeSnapshot(noteUnconfirmed(state, { connections: [event.snapshot.connection] }, event.now), event);
    case 'unusable':
      return state.status === 'checking' ? failed(state, event.failure) : stepTo(state);
    case 'gone':
      return gone(state, event.connectionId);
    case 'click':
      return stepTo(click(event.notesScopes ? noteRequested(state) : state, event.now));
    case 'extend':
      return stepTo({ ...state, joiners: state.joiners.map((j) => ({ ...j, deadline: event.until })) });
    case 'decline':
      return end(state, 'declined', () => ({ coolDownUntil: event.now + COOL_DOWN_MS }));
    case 'accepted':
      return acceptFor({ ...state, unwritten: event.unwritten }, event.connection, event, event.now);
    case 'scopesMissing':
      return approve({ ...state, unwritten: event.unwritten }, event);
    case 'notWidened':
    case 'updateBegun':
    case 'updateFailed':
    case 'integrationUpdated':
    case 'updateRefused':
    case 'replacementMade':
    case 'replacementRefused':
    case 'replacementDropped':
      return recreateStep(state, event);
    case 'replaced':
      return replaced(state, event.connection);
    case 'ownerConfirmed':
      return stepTo(ownerConfirmed(state, event));
    case 'ownerRefused':
      return stepTo(ownerRefused(state, event));
    case 'confirmationDropped':
      return stepTo(confirmationDropped(state));
    case 'markStays':
      return stepTo({ ...state, unwritten: event.unwritten.length > 0 ? event.unwritten : undefined });
    case 'accountChanged':
      return accountChanged({ ...state, unwritten: event.unwritten }, event);
    case 'decided':
      return stepTo(decided(state, event));
    case 'choosesConnections':
      return stepTo({ ...state, choosesConnections: true });
    case 'chosen':
      return stepTo(choiceMade(state, event, event.now));
    case 'choiceAccepted':
      return choiceAccepted(state, event.connection, event.notRemembered);
    case 'choiceGone':
      return stepTo(choiceGone(state));
    case 'candidatesRead':
      return stepTo(candidatesRead(state, event.scopes));
    case 'notified':
    case 'remind':
    case 'reminded':
      return stepTo(state.status === 'waiting' ? remind(state, event.type, event.now) : state);
    case 'tick':
      return tick(state, event.now);
    case 'abandon':
      return end(state, 'cancelled');
  }
}

function join(state: OpenState, given: Join, now: number): Step {
  const { joinId, deadline, subscriber, scopes = [], tags = {}, identity, readsOnAccountChange } = given;
  const all = [...new Set([...state.scopes, ...scopes])];
  const joiner: Joiner = {
    joinId,
    joinedAt: now,
    deadline: deadline ?? now + DEFAULT_WAIT_MS,
    subscriber,
    scopes: Math.max(0, ...scopes.map((scope) => all.indexOf(scope) + 1)),
    named: state.checksScopes && scopes.length > 0 ? scopes.map((scope) => all.indexOf(scope)) : undefined,
    reads: readsOnAccountChange,
    chooses: given.several === 'choose' ? true : undefined,
    choose: given.choose,
  };
  const known = state.joiners.find((j) => j.joinId === joinId);
  if (known !== undefined && joinId !== CLIENT_JOIN_ID) return stepTo(state);
  // Backends share one id: page views merge into one joiner, with the later deadline.
  const merged = known && {
    ...known,
    deadline: Math.max(known.deadline, joiner.deadline),
    scopes: Math.max(known.scopes, joiner.scopes),
    named: known.named === undefined ? joiner.named : [...new Set([...known.named, ...(joiner.named ?? [])])],
    reads: known.reads || joiner.reads,
    resolved: undefined,
    chooses: known.chooses ?? joiner.chooses,
    choose: chooseOfBoth(known.choose, joiner.choose),
  };
  const others = state.joiners.filter((j) => j.joinId !== joinId);
  const joined: OpenState = {
    ...state,
    joiners: [...others, merged ?? joiner],
    scopes: all,
    refusedScopes: unlessNamed(state, scopes),
    freshScopes: state.freshScopes || given.freshScopes,
    tags: { ...tags, ...state.tags },
    identity: state.identity ?? identity,
  };
  // A new connection is nobody's as long as its account is in question: there is the old one.
  const { accountChange } = state;
  if (accountChange === undefined || isReplacement(state, accountChange.connection)) return stepTo(joined);
  if (isReconnectUnconfirmed(state)) return stepTo(joined);
  return resolveReaders(joined, accountChange);
}

function leave(state: OpenState, joinId: string): Step {
  const joiners = state.joiners.filter((j) => j.joinId !== joinId);
  if (joiners.length === state.joiners.length) return stepTo(state);
  return joiners.length > 0 ? stepTo({ ...state, joiners }) : end({ ...state, joiners }, 'cancelled');
}

/** The first lookup of a request to connect anew is a snapshot instead. */
function isFirstLookup({ status, reconnect, choosesConnections, found }: OpenState): boolean {
  const isChosen = choosesConnections === true && found !== undefined;
  return status === 'checking' && reconnect === undefined && !isChosen;
}

function firstLookup(state: OpenState, { connections, now }: { connections: Connection[]; now: number }): Step {
  if (state.choosesConnections) return chooseAmong(state, connections, now);
  const choice = choose(connections, state.subject);
  switch (choice.kind) {
    case 'none':
      return stepTo(waitForPerson(state, now));
    case 'one':
      return dependsOnScopes(state)
        ? stepTo({ ...state, found: choice.connection, extras: state.extras + choice.extras.length })
        : connected(state, choice.connection, choice.extras.length);
    case 'several':
      return failed(state, { type: 'Nango.ConnectionAmbiguous', connections: candidates(choice.connections) });
  }
}

/**
 * The first snapshot says whether there is anything to wait for. A later one replaces it, unless it was taken after a
 * reconnect by one of our links, when what shall be kept is already lost.
 */
function takeSnapshot(state: OpenState, { snapshot, now }: { snapshot: Snapshot; now: number }): Step {
  const { connection } = snapshot;
  if (state.reconnect === undefined) return stepTo(state);
  if (state.status === 'waiting' && isRenewed(state, connection)) return stepTo(state);
  const taken = { ...state, reconnect: { ...state.reconnect, snapshot } };
  if (state.status === 'waiting') return stepTo(taken);
  const obstacle = obstacleTo(state, connection);
  return obstacle === undefined ? stepTo(waitForPerson(taken, now)) : failed(state, obstacle);
}

/** Why a connection may not be connected anew. */
function obstacleTo({ subject, identity, origin }: OpenState, connection: Connection): Failure | undefined {
  const type = 'Nango.InvalidRequest';
  if (!belongsTo(connection, subject.owner, subject.slot)) return { type, reason: 'other_owner' };
  if (connection.tags[TAG.account] !== undefined && identity === undefined) return { type, reason: 'identity_needed' };
  if (renewalTags(connection.tags, origin) === undefined) return { type, reason: 'too_many_tags' };
  return undefined;
}

/** Whether a link of this request has connected it anew: what shall be kept of it is gone then. */
function isRenewed({ origin, reconnect }: OpenState, { tags, unconfirmed }: Connection): boolean {
  const nonce = tags[TAG.nonce];
  if (nonce === undefined || nonceOrigin(nonce) !== origin) return false;
  return unconfirmed || numberOfLink(nonce) > (reconnect?.widening?.clicks ?? 0);
}

/** Somebody has to grant what is missing; whoever does without is served. */
function approve(
  state: OpenState,
  event: { snapshot: Snapshot; granted: string[]; mayEnd?: boolean; now: number },
): Step {
  const { snapshot, granted, mayEnd = false, now } = event;
  // Whoever came after the link was made may have left.
  if (state.reconnect?.widening !== undefined && waitOn(state, granted, mayEnd).length === 0) {
    return acceptFor(state, { ...snapshot.connection, grantedScopes: granted }, { scopesRead: true, mayEnd }, now);
  }
  const served = awaitRest(state, event);
  const { joiners } = served.state;
  const obstacle = obstacleTo(state, snapshot.connection);
  const { state: next, resolutions } =
    joiners.length === 0
      ? connected(served.state, { ...snapshot.connection, grantedScopes: granted }, 0)
      : obstacle === undefined
        ? stepTo(waitForPerson(served.state, now))
        : failed(served.state, obstacle);
  return { state: next, resolutions: [...served.resolutions, ...resolutions] };
}

/** The first connection that this request is for is the one. */
function verify(state: OpenState, connections: Connection[]): Step {
  const { found, reconnect } = state;
  // Before it is known what a reconnect would wipe, nobody has been given a link to do so.
  if (found !== undefined || (reconnect !== undefined && reconnect.snapshot === undefined)) return stepTo(state);
  const wanted = wantedOf(state);
  const fits = (connection: Connection): boolean =>
    isWanted(connection, wanted) ||
    isWidened(state, connection) ||
    (isConfirmed(state, connection) && isUnconfirmedOf(connection, wanted));
  const [winner, ...extras] = earliestFirst(connections.filter(fits));
  if (winner === undefined) return stepTo(state);
  const simple =
    reconnect === undefined && state.identity === undefined && !dependsOnScopes(state) && !winner.unconfirmed;
  if (simple) return connected(state, winner, extras.length);
  return stepTo({ ...state, found: winner, extras: state.extras + extras.length });
}

/** For whoever names scopes it has to have them, as any connection that is there. */
function replaced(state: OpenState, connection: Connection): Step {
  if (state.status !== 'checking') return stepTo(state);
  return dependsOnScopes(state) ? stepTo({ ...state, found: connection }) : connected(state, connection, 0);
}

/** Granted what was missing, however that came about: through the application's own button, say. */
function isWidened(state: OpenState, { connectionId, grantedScopes, unconfirmed }: Connection): boolean {
  const { reconnect } = state;
  if (unconfirmed || reconnect?.widening === undefined || connectionId !== reconnect.connectionId) return false;
  return grantedScopes !== undefined && shortOf(state, grantedScopes).length === 0;
}

function accountChanged(state: OpenState, { connection, recorded, found, scopesRead }: AccountChange): Step {
  const accountChange = { connection, recorded, found, scopesRead };
  const questioned = { ...state, found: undefined, decision: undefined, accountChange };
  return isReplacement(state, connection)
    ? stepTo(questionReplacement(questioned))
    : resolveReaders(questioned, accountChange);
}

/**
 * Those who only read need not wait until somebody has agreed to write; they stay, so that somebody can. Whoever lacks
 * scopes that they named waits as the others do.
 */
function resolveReaders(state: OpenState, { connection, scopesRead }: AccountChange): Step {
  const { grantedScopes } = connection;
  const short = new Set(scopesRead && grantedScopes !== undefined ? shortOf(state, grantedScopes) : []);
  const readers = state.joiners.filter((j) => j.reads && !j.resolved && !short.has(j));
  const joiners = state.joiners.map((j) => (j.reads && !short.has(j) ? { ...j, resolved: true } : j));
  return {
    state: { ...state, joiners },
    resolutions: readers.map((j) => connectedFor(state, j, connection)),
  };
}

/** Yes: the connection is accepted with its new account. No: somebody has to connect the right one. */
function decided(state: OpenState, { choice, by, now }: AccountDecision & { now: number }): OpenState {
  const { accountChange } = state;
  if (accountChange === undefined) return state;
  const given = { ...state, decision: { choice, by, at: now } };
  if (choice === 'yes') return { ...given, found: accountChange.connection };
  const refused = { ...given, accountChange: undefined };
  return isReplacement(state, accountChange.connection) ? refuseReplacement(refused) : refused;
}

/** `notified` for the first time; to `remind` now, instead of later; `reminded`, until the next time. */
function remind(state: WaitingState, type: 'notified' | 'remind' | 'reminded', now: number): WaitingState {
  if (type === 'notified') return { ...state, notified: true };
  if (type === 'remind') return { ...state, remindAt: now };
  const remindAt = nextReminder(state.waitingSince, now);
  return { ...state, remindedAt: now, reminders: state.reminders + 1, remindAt };
}

function click(state: OpenState, now: number): OpenState {
  const clicks = state.clicks + 1;
  const live = state.links.filter((link) => link.until > now);
  // Of two that die at one moment the holds, to whom links are times, would take one for the other.
  const until = Math.max(now + LINK_TTL_MS, (live.at(-1)?.until ?? 0) + 1);
  return {
    ...state,
    clicks,
    links: [...live, { nonce: `${state.origin}.${clicks}`, until }],
  };
}

function tick(state: OpenState, now: number): Step {
  const late = state.joiners.filter((j) => j.deadline <= now);
  const waiting = state.joiners.filter((j) => j.deadline > now);
  if (late.length === 0) return stepTo(state);
  if (waiting.length > 0) {
    const resolutions = unresolved(late).map((j) =>
      unconnectedFor(j, 'timedOut', { failure: whatStoodInTheWay(state, j) }),
    );
    return { state: { ...state, joiners: waiting }, resolutions };
  }
  // Somebody had waited a day and nothing came: the next run of an hourly schedule shall not ask again at once.
  const waited = Math.max(...late.map((j) => now - j.joinedAt));
  const coolDownUntil = waited >= COOL_DOWN_AFTER_WAIT_MS ? now + COOL_DOWN_MS : undefined;
  return end(state, 'timedOut', (j) => ({ failure: whatStoodInTheWay(state, j), coolDownUntil }));
}

/** Whoever waited for a yes, or for scopes, is told so, not only that it is too late. */
function whatStoodInTheWay(state: OpenState, joiner?: Joiner): Failure | undefined {
  if (state.accountChange !== undefined || state.decision?.choice === 'no') return { type: 'Nango.AccountChanged' };
  if (state.choosing !== undefined) return stillAmbiguous(state);
  const widening = state.reconnect?.widening;
  const failure = widening && scopesMissing(state, joiner, widening.granted);
  // Who wants it connected anew, and waits with them, lacks none.
  return failure?.scopes?.length === 0 ? undefined : failure;
}
