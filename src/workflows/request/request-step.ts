import {
  belongsTo,
  candidates,
  choose,
  earliestFirst,
  isWanted,
  nonceOrigin,
  numberOfLink,
} from '../../contract/rules/choose';
import { COOL_DOWN_AFTER_WAIT_MS, COOL_DOWN_MS, DEFAULT_WAIT_MS, LINK_TTL_MS } from '../../contract/limits';
import { CLIENT_JOIN_ID, TAG } from '../../contract/names';
import { renewalTags } from '../../contract/rules/tags';
import type { Decision, Connection, Failure, Join, Snapshot, Unwritten } from '../../contract/types';
import { nextReminder } from './reminders';
import { dependsOnScopes, isClosed, wantedOf } from './request-state';
import type { AccountChange, Joiner, OpenState, RequestState, WaitingState } from './request-state';
import { acceptFor, awaitApproval, scopesMissing, shortOf } from './scopes-step';
import { connected, connectedFor, end, failed, stepTo, unconnectedFor, unresolved } from './step-ends';
import type { Step } from './step-ends';

export type RequestEvent =
  | { type: 'join'; join: Join; now: number }
  /** from now on what was granted decides for whoever names scopes */
  | { type: 'checksScopes'; now: number }
  | { type: 'leave'; joinId: string; now: number }
  /** all connections of the owner */
  | { type: 'listed'; connections: Connection[]; now: number }
  /** connections that something pointed at: a hint, the lookup before a reminder */
  | { type: 'lookedUp'; connections: Connection[]; now: number }
  /** the connection to be connected anew, as it is before that */
  | { type: 'snapshot'; snapshot: Snapshot; now: number }
  | { type: 'unusable'; failure: Failure; now: number }
  | { type: 'click'; now: number }
  | { type: 'extend'; until: number; now: number }
  | { type: 'decline'; now: number }
  /**
   * `unwritten`: what could not be put back, for lack of a scope; `scopesRead`: the connection says what it was granted,
   * or that this cannot be known
   */
  | { type: 'accepted'; connection: Connection; unwritten?: Unwritten[]; scopesRead?: boolean; now: number }
  /** the connection was not granted all that those who wait have named */
  | { type: 'scopesMissing'; snapshot: Snapshot; granted: string[]; unwritten?: Unwritten[]; now: number }
  | ({ type: 'accountChanged'; unwritten?: Unwritten[]; now: number } & AccountChange)
  | ({ type: 'decided'; now: number } & Decision)
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
 *        |--one--> (accepting) or connected |---declined--> declined
 *        |--unusable--> cancelled           |---last deadline--> timedOut
 *                                           |---last one left--> cancelled
 *
 * A closed request stays as it is, and so does an open one of an event that its status has no use for.
 */
export function step(state: RequestState, event: RequestEvent): Step {
  if (isClosed(state)) return stepTo(state);
  switch (event.type) {
    case 'join':
      return join(state, event.join, event.now);
    case 'checksScopes':
      return stepTo({ ...state, checksScopes: true });
    case 'leave':
      return leave(state, event.joinId);
    case 'listed':
      return isFirstLookup(state) ? firstLookup(state, event) : verify(state, event.connections);
    case 'lookedUp':
      return verify(state, event.connections);
    case 'snapshot':
      return takeSnapshot(state, event);
    case 'unusable':
      return state.status === 'checking' ? failed(state, event.failure) : stepTo(state);
    case 'click':
      return stepTo(click(state, event.now));
    case 'extend':
      return stepTo({ ...state, joiners: state.joiners.map((j) => ({ ...j, deadline: event.until })) });
    case 'decline':
      return end(state, 'declined', () => ({ coolDownUntil: event.now + COOL_DOWN_MS }));
    case 'accepted':
      return acceptFor(
        { ...state, unwritten: event.unwritten },
        event.connection,
        event.scopesRead ?? false,
        event.now,
      );
    case 'scopesMissing':
      return approve({ ...state, unwritten: event.unwritten }, event);
    case 'accountChanged':
      return accountChanged({ ...state, unwritten: event.unwritten }, event);
    case 'decided':
      return stepTo(decided(state, event));
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
  };
  const others = state.joiners.filter((j) => j.joinId !== joinId);
  const joined: OpenState = {
    ...state,
    joiners: [...others, merged ?? joiner],
    scopes: all,
    freshScopes: state.freshScopes || given.freshScopes,
    tags: { ...tags, ...state.tags },
    identity: state.identity ?? identity,
  };
  return state.accountChange === undefined ? stepTo(joined) : resolveReaders(joined, state.accountChange);
}

function leave(state: OpenState, joinId: string): Step {
  const joiners = state.joiners.filter((j) => j.joinId !== joinId);
  if (joiners.length === state.joiners.length) return stepTo(state);
  return joiners.length > 0 ? stepTo({ ...state, joiners }) : end({ ...state, joiners }, 'cancelled');
}

/** The first lookup of a request to connect anew is a snapshot instead. */
function isFirstLookup({ status, reconnect }: OpenState): boolean {
  return status === 'checking' && reconnect === undefined;
}

function firstLookup(state: OpenState, { connections, now }: { connections: Connection[]; now: number }): Step {
  const choice = choose(connections);
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

function waitForPerson(state: OpenState, now: number): WaitingState {
  return { ...state, status: 'waiting', waitingSince: now, remindAt: nextReminder(now, now), notified: false };
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
function isRenewed({ origin, reconnect }: OpenState, { tags }: Connection): boolean {
  const nonce = tags[TAG.nonce];
  if (nonce === undefined || nonceOrigin(nonce) !== origin) return false;
  return numberOfLink(nonce) > (reconnect?.widening?.clicks ?? 0);
}

/** Somebody has to grant what is missing; whoever does without is served. */
function approve(state: OpenState, event: { snapshot: Snapshot; granted: string[]; now: number }): Step {
  const served = awaitApproval(state, event);
  const { joiners } = served.state;
  const obstacle = obstacleTo(state, event.snapshot.connection);
  const { state: next, resolutions } =
    joiners.length === 0
      ? connected(served.state, { ...event.snapshot.connection, grantedScopes: event.granted }, 0)
      : obstacle === undefined
        ? stepTo(waitForPerson(served.state, event.now))
        : failed(served.state, obstacle);
  return { state: next, resolutions: [...served.resolutions, ...resolutions] };
}

/** The first connection that this request is for is the one. */
function verify(state: OpenState, connections: Connection[]): Step {
  const { found, reconnect } = state;
  // Before it is known what a reconnect would wipe, nobody has been given a link to do so.
  if (found !== undefined || (reconnect !== undefined && reconnect.snapshot === undefined)) return stepTo(state);
  const wanted = wantedOf(state);
  const fits = (connection: Connection) => isWanted(connection, wanted) || isWidened(state, connection);
  const [winner, ...extras] = earliestFirst(connections.filter(fits));
  if (winner === undefined) return stepTo(state);
  const simple = reconnect === undefined && state.identity === undefined && !dependsOnScopes(state);
  if (simple) return connected(state, winner, extras.length);
  return stepTo({ ...state, found: winner, extras: state.extras + extras.length });
}

/** Granted what was missing, however that came about: through the application's own button, say. */
function isWidened(state: OpenState, { connectionId, grantedScopes }: Connection): boolean {
  const { reconnect } = state;
  if (reconnect?.widening === undefined || connectionId !== reconnect.connectionId) return false;
  return grantedScopes !== undefined && shortOf(state, grantedScopes).length === 0;
}

function accountChanged(state: OpenState, { connection, recorded, found }: AccountChange): Step {
  const accountChange = { connection, recorded, found };
  return resolveReaders({ ...state, found: undefined, decision: undefined, accountChange }, accountChange);
}

/** Those who only read need not wait until somebody has agreed to write; they stay, so that somebody can. */
function resolveReaders(state: OpenState, { connection }: AccountChange): Step {
  const readers = state.joiners.filter((j) => j.reads && !j.resolved);
  const joiners = state.joiners.map((j) => (j.reads ? { ...j, resolved: true } : j));
  return {
    state: { ...state, joiners },
    resolutions: readers.map((j) => connectedFor(state, j, connection)),
  };
}

/** Yes: the connection is accepted with its new account. No: somebody has to connect the right one. */
function decided(state: OpenState, { choice, by, now }: Decision & { now: number }): OpenState {
  const { accountChange } = state;
  if (accountChange === undefined) return state;
  const given = { ...state, decision: { choice, by, at: now } };
  return choice === 'yes' ? { ...given, found: accountChange.connection } : { ...given, accountChange: undefined };
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
  return {
    ...state,
    clicks,
    links: [...live, { nonce: `${state.origin}.${clicks}`, until: now + LINK_TTL_MS }],
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
  const widening = state.reconnect?.widening;
  const failure = widening && scopesMissing(state, joiner, widening.granted);
  // Who wants it connected anew, and waits with them, lacks none.
  return failure?.scopes?.length === 0 ? undefined : failure;
}
