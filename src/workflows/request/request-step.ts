import { belongsTo, candidates, choose, earliestFirst, isWanted, nonceOrigin } from '../../contract/rules/choose';
import { COOL_DOWN_AFTER_WAIT_MS, COOL_DOWN_MS, DEFAULT_WAIT_MS, LINK_TTL_MS } from '../../contract/limits';
import { CLIENT_JOIN_ID, TAG } from '../../contract/names';
import { marked } from '../../contract/scopes-checked';
import { renewalTags } from '../../contract/rules/tags';
import type { Decision, Connection, Failure, Join, JoinResolution, Snapshot, Unwritten } from '../../contract/types';
import { nextReminder } from './reminders';
import { isClosed, scopesOfLink, wantedOf } from './request-state';
import type { AccountChange, Joiner, OpenState, RequestState, UnconnectedState, WaitingState } from './request-state';

export type RequestEvent =
  | { type: 'join'; join: Join; now: number }
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
  /** `unwritten`: what could not be put back, for lack of a scope */
  | { type: 'accepted'; connection: Connection; unwritten?: Unwritten[]; now: number }
  | ({ type: 'accountChanged'; unwritten?: Unwritten[]; now: number } & AccountChange)
  | ({ type: 'decided'; now: number } & Decision)
  | { type: 'notified' | 'remind' | 'reminded'; now: number }
  | { type: 'tick'; now: number }
  | { type: 'abandon'; now: number };

/** What is due to a joiner that has just been taken off the list. */
export type DueResolution = JoinResolution & Pick<Joiner, 'subscriber'>;

export interface Step {
  state: RequestState;
  resolutions: DueResolution[];
}

/**
 * The state machine of a connection request, without Temporal: a pure reducer. The workflow feeds it events and carries
 * out what comes of them.
 *
 *     checking --none--> waiting --verified--> (accepting) --> connected
 *        |                 |                       `--other account--> waiting, until somebody says yes
 *        |--one--> connected                |---declined--> declined
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
      return end(state, 'declined', { coolDownUntil: event.now + COOL_DOWN_MS });
    case 'accepted':
      return connected({ ...state, unwritten: event.unwritten }, event.connection, 0);
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
    reads: readsOnAccountChange,
  };
  const known = state.joiners.find((j) => j.joinId === joinId);
  if (known !== undefined && joinId !== CLIENT_JOIN_ID) return stepTo(state);
  // Backends share one id: page views merge into one joiner, with the later deadline.
  const merged = known && {
    ...known,
    deadline: Math.max(known.deadline, joiner.deadline),
    scopes: Math.max(known.scopes, joiner.scopes),
    reads: known.reads || joiner.reads,
    resolved: undefined,
  };
  const others = state.joiners.filter((j) => j.joinId !== joinId);
  const joined: OpenState = {
    ...state,
    joiners: [...others, merged ?? joiner],
    scopes: all,
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
      return connected(state, choice.connection, choice.extras.length);
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
  if (state.status === 'waiting' && nonceOrigin(connection.tags[TAG.nonce]) === state.origin) return stepTo(state);
  const taken = { ...state, reconnect: { ...state.reconnect, snapshot } };
  if (state.status === 'waiting') return stepTo(taken);
  if (!belongsTo(connection, state.subject.owner, state.subject.slot)) {
    return failed(state, { type: 'Nango.InvalidRequest', reason: 'other_owner' });
  }
  if (connection.tags[TAG.account] !== undefined && state.identity === undefined) {
    return failed(state, { type: 'Nango.InvalidRequest', reason: 'identity_needed' });
  }
  if (renewalTags(connection.tags, state.origin) === undefined) {
    return failed(state, { type: 'Nango.InvalidRequest', reason: 'too_many_tags' });
  }
  return stepTo(waitForPerson(taken, now));
}

/** The first connection that this request is for is the one. */
function verify(state: OpenState, connections: Connection[]): Step {
  const { found, reconnect } = state;
  // Before it is known what a reconnect would wipe, nobody has been given a link to do so.
  if (found !== undefined || (reconnect !== undefined && reconnect.snapshot === undefined)) return stepTo(state);
  const wanted = wantedOf(state);
  const [winner, ...extras] = earliestFirst(connections.filter((connection) => isWanted(connection, wanted)));
  if (winner === undefined) return stepTo(state);
  // Now, since a reconnect's nonce goes when the tags are put back.
  const made = { ...state, requestedScopes: scopesOfLink(state, winner.tags[TAG.nonce]).length };
  const simple = reconnect === undefined && state.identity === undefined;
  if (simple) return connected(made, winner, extras.length);
  return stepTo({ ...made, found: winner, extras: state.extras + extras.length });
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

function connected(state: OpenState, connection: Connection, extras: number): Step {
  // What the request ends with is read by backends.
  const backend = state.joiners.find(({ joinId }) => joinId === CLIENT_JOIN_ID) ?? { scopes: state.scopes.length };
  return {
    state: {
      ...closed(state),
      status: 'connected',
      connection: connectionFor(state, backend, connection),
      extras: state.extras + extras,
      found: undefined,
    },
    resolutions: unresolved(state.joiners).map((j) => connectedFor(state, j, connection)),
  };
}

function connectedFor(state: OpenState, joiner: Joiner, connection: Connection): DueResolution {
  return { ...due(joiner), status: 'connected', connection: connectionFor(state, joiner, connection) };
}

/** As a joiner gets it: it is marked if scopes that it named were not requested. */
function connectionFor(
  { requestedScopes }: OpenState,
  { scopes }: Pick<Joiner, 'scopes'>,
  connection: Connection,
): Connection {
  return marked(connection, scopes > requestedScopes);
}

function click(state: OpenState, now: number): OpenState {
  const clicks = state.clicks + 1;
  const live = state.links.filter((link) => link.until > now);
  const count = state.scopes.length;
  const isSame = (state.scopesOfLinks.at(-1)?.count ?? 0) === count;
  return {
    ...state,
    clicks,
    links: [...live, { nonce: `${state.origin}.${clicks}`, until: now + LINK_TTL_MS }],
    scopesOfLinks: isSame ? state.scopesOfLinks : [...state.scopesOfLinks, { click: clicks, count }],
  };
}

function tick(state: OpenState, now: number): Step {
  const late = state.joiners.filter((j) => j.deadline <= now);
  const waiting = state.joiners.filter((j) => j.deadline > now);
  if (late.length === 0) return stepTo(state);
  // Whoever waited for a yes is told what stands in the way, not only that it is too late.
  const isRefused = state.accountChange !== undefined || state.decision?.choice === 'no';
  const failure = isRefused ? { type: 'Nango.AccountChanged' } : undefined;
  if (waiting.length > 0) {
    const resolutions = unresolved(late).map((j) => unconnectedFor(j, 'timedOut', { failure }));
    return { state: { ...state, joiners: waiting }, resolutions };
  }
  // Somebody had waited a day and nothing came: the next run of an hourly schedule shall not ask again at once.
  const waited = Math.max(...late.map((j) => now - j.joinedAt));
  const coolDownUntil = waited >= COOL_DOWN_AFTER_WAIT_MS ? now + COOL_DOWN_MS : undefined;
  return end(state, 'timedOut', { failure, coolDownUntil });
}

function failed(state: OpenState, failure: Failure): Step {
  return end(state, 'cancelled', { failure });
}

/** Why a request ends without a connection, and until when nobody is asked again. */
type End = Pick<UnconnectedState, 'failure' | 'coolDownUntil'>;

/** Ends the request, for everybody who is still there. */
function end(state: OpenState, status: UnconnectedState['status'], why: End = {}): Step {
  const { failure, coolDownUntil } = why;
  return {
    state: { ...closed(state), status, failure, coolDownUntil },
    resolutions: unresolved(state.joiners).map((j) => unconnectedFor(j, status, why)),
  };
}

function unconnectedFor(
  joiner: Joiner,
  status: UnconnectedState['status'],
  { failure, coolDownUntil }: End,
): DueResolution {
  if (failure !== undefined) return { ...due(joiner), status: 'failed', failure };
  return { ...due(joiner), status, coolDownUntil };
}

function closed(state: OpenState): OpenState {
  return { ...state, joiners: [], links: [] };
}

function unresolved(joiners: Joiner[]): Joiner[] {
  return joiners.filter((j) => !j.resolved);
}

function due({ joinId, subscriber }: Joiner): Pick<DueResolution, 'joinId' | 'subscriber'> {
  return { joinId, subscriber };
}

function stepTo(state: RequestState): Step {
  return { state, resolutions: [] };
}
