import { belongsTo, candidates, choose, earliestFirst, isWanted, nonceOrigin } from '../../contract/rules/choose';
import { COOL_DOWN_AFTER_WAIT_MS, COOL_DOWN_MS, DEFAULT_WAIT_MS, LINK_TTL_MS } from '../../contract/limits';
import { CLIENT_JOIN_ID, TAG } from '../../contract/names';
import { marked } from '../../contract/scopes-checked';
import { renewalTags } from '../../contract/rules/tags';
import type {
  AskAnswer,
  Connection,
  Failure,
  Join,
  RequestAnswer,
  RequestStatus,
  Snapshot,
  Unwritten,
} from '../../contract/types';
import { nextReminder } from './reminders';
import { isClosed, scopesOfLink, wantedOf } from './request-state';
import type { AccountChange, Joiner, RequestState } from './request-state';

export type RequestEvent =
  | { type: 'join'; join: Join; now: number }
  | { type: 'leave'; joinId: string; now: number }
  /** all connections of the owner */
  | { type: 'listed'; connections: Connection[]; now: number }
  /** connections that something pointed at: a hint, a reminder's look */
  | { type: 'looked'; connections: Connection[]; now: number }
  /** the connection to be connected anew, as it is before that */
  | { type: 'snapshot'; snapshot: Snapshot; now: number }
  | { type: 'unusable'; failure: Failure; now: number }
  | { type: 'click'; now: number }
  | { type: 'extend'; until: number; now: number }
  | { type: 'decline'; now: number }
  /** `unwritten`: what could not be put back, for lack of a scope */
  | { type: 'accepted'; connection: Connection; unwritten?: Unwritten[]; now: number }
  | ({ type: 'accountChanged'; unwritten?: Unwritten[]; now: number } & AccountChange)
  | ({ type: 'answered'; now: number } & AskAnswer)
  | { type: 'told' | 'remind' | 'reminded'; now: number }
  | { type: 'tick'; now: number }
  | { type: 'abandon'; now: number };

/** An answer that is due to a joiner that has just been taken off the list. */
export interface DueAnswer extends RequestAnswer {
  subscriber?: { workflowId: string };
}

export interface Step {
  state: RequestState;
  answers: DueAnswer[];
}

/**
 * The state machine of a connection request, without Temporal: a pure reducer. The workflow feeds it what happens and
 * carries out what it answers.
 *
 *     looking --none--> asking --verified--> (accepting) --> connected
 *        |                 |                     `--other account--> asking, until somebody says yes
 *        |--one--> connected                |---declined--> declined
 *        |--unusable--> cancelled           |---last deadline--> timedOut
 *                                           |---last one left--> cancelled
 *
 * A closed request stays as it is.
 */
export function step(state: RequestState, event: RequestEvent): Step {
  if (isClosed(state)) return { state, answers: [] };
  switch (event.type) {
    case 'join':
      return join(state, event.join, event.now);
    case 'leave':
      return leave(state, event.joinId);
    case 'listed':
      return isFirstLook(state) ? firstLook(state, event) : verify(state, event.connections);
    case 'looked':
      return verify(state, event.connections);
    case 'snapshot':
      return takeSnapshot(state, event);
    case 'unusable':
      return state.status === 'looking' ? failed(state, event.failure) : still(state);
    case 'click':
      return still(click(state, event.now));
    case 'extend':
      return still({ ...state, joiners: state.joiners.map((j) => ({ ...j, deadline: event.until })) });
    case 'decline':
      return end(state, 'declined', 'declined', { coolDownUntil: event.now + COOL_DOWN_MS });
    case 'accepted':
      return connected({ ...state, unwritten: event.unwritten }, event.connection, 0);
    case 'accountChanged':
      return accountChanged({ ...state, unwritten: event.unwritten }, event);
    case 'answered':
      return still(answered(state, event));
    case 'told':
      return still({ ...state, told: true });
    case 'remind':
      return still({ ...state, remindAt: event.now });
    case 'reminded':
      return still({
        ...state,
        remindedAt: event.now,
        reminders: state.reminders + 1,
        remindAt: nextReminder(state.askedAt ?? event.now, event.now),
      });
    case 'tick':
      return tick(state, event.now);
    case 'abandon':
      return end(state, 'cancelled', 'cancelled');
  }
}

function join(state: RequestState, given: Join, now: number): Step {
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
  if (known !== undefined && joinId !== CLIENT_JOIN_ID) return still(state);
  // Backends share one id: page views merge into one joiner, with the later deadline.
  const merged = known && {
    ...known,
    deadline: Math.max(known.deadline, joiner.deadline),
    scopes: Math.max(known.scopes, joiner.scopes),
    reads: known.reads || joiner.reads,
    answered: undefined,
  };
  const others = state.joiners.filter((j) => j.joinId !== joinId);
  const joined: RequestState = {
    ...state,
    joiners: [...others, merged ?? joiner],
    scopes: all,
    tags: { ...tags, ...state.tags },
    identity: state.identity ?? identity,
  };
  return state.accountChange === undefined ? still(joined) : answerReaders(joined, state.accountChange);
}

function leave(state: RequestState, joinId: string): Step {
  const joiners = state.joiners.filter((j) => j.joinId !== joinId);
  if (joiners.length === state.joiners.length) return still(state);
  return joiners.length > 0 ? still({ ...state, joiners }) : end({ ...state, joiners }, 'cancelled', 'cancelled');
}

/** The first look of a request to connect anew is a snapshot instead. */
function isFirstLook({ status, reconnect }: RequestState): boolean {
  return status === 'looking' && reconnect === undefined;
}

function firstLook(state: RequestState, { connections, now }: { connections: Connection[]; now: number }): Step {
  const choice = choose(connections);
  switch (choice.kind) {
    case 'none':
      return still(asking(state, now));
    case 'one':
      return connected(state, choice.connection, choice.extras.length);
    case 'several':
      return failed(state, { type: 'Nango.ConnectionAmbiguous', connections: candidates(choice.connections) });
  }
}

function asking(state: RequestState, now: number): RequestState {
  return { ...state, status: 'asking', askedAt: now, remindAt: nextReminder(now, now) };
}

/**
 * The first snapshot says whether there is anything to ask for. A later one replaces it, unless it was taken after a
 * reconnect by one of our links, when what shall be kept is already lost.
 */
function takeSnapshot(state: RequestState, { snapshot, now }: { snapshot: Snapshot; now: number }): Step {
  const { connection } = snapshot;
  if (state.reconnect === undefined) return still(state);
  if (state.status === 'asking' && nonceOrigin(connection.tags[TAG.nonce]) === state.origin) return still(state);
  const taken = { ...state, reconnect: { ...state.reconnect, snapshot } };
  if (state.status === 'asking') return still(taken);
  if (!belongsTo(connection, state.subject.owner, state.subject.slot)) {
    return failed(state, { type: 'Nango.InvalidRequest', reason: 'other_owner' });
  }
  if (connection.tags[TAG.account] !== undefined && state.identity === undefined) {
    return failed(state, { type: 'Nango.InvalidRequest', reason: 'identity_needed' });
  }
  if (renewalTags(connection.tags, state.origin) === undefined) {
    return failed(state, { type: 'Nango.InvalidRequest', reason: 'too_many_tags' });
  }
  return still(asking(taken, now));
}

/** The first connection that this request asked for is the one. */
function verify(state: RequestState, connections: Connection[]): Step {
  const { found, reconnect } = state;
  // Before it is known what a reconnect would wipe, nobody has been given a link to do so.
  if (found !== undefined || (reconnect !== undefined && reconnect.snapshot === undefined)) return still(state);
  const wanted = wantedOf(state);
  const [winner, ...extras] = earliestFirst(connections.filter((connection) => isWanted(connection, wanted)));
  if (winner === undefined) return still(state);
  // Now, since a reconnect's nonce goes when the tags are put back.
  const made = { ...state, askedScopes: scopesOfLink(state, winner.tags[TAG.nonce]).length };
  const simple = reconnect === undefined && state.identity === undefined;
  if (simple) return connected(made, winner, extras.length);
  return still({ ...made, found: winner, extras: state.extras + extras.length });
}

function accountChanged(state: RequestState, { connection, recorded, found }: AccountChange): Step {
  const accountChange = { connection, recorded, found };
  return answerReaders({ ...state, found: undefined, answered: undefined, accountChange }, accountChange);
}

/** Those who only read need not wait until somebody has agreed to write; they stay, so that somebody can. */
function answerReaders(state: RequestState, { connection }: AccountChange): Step {
  const readers = state.joiners.filter((j) => j.reads && !j.answered);
  const joiners = state.joiners.map((j) => (j.reads ? { ...j, answered: true } : j));
  return {
    state: { ...state, joiners },
    answers: readers.map((j) => ({ ...due(j, 'connected'), connection: connectionFor(state, j, connection) })),
  };
}

/** Yes: the connection is accepted with its new account. No: somebody has to connect the right one. */
function answered(state: RequestState, { answer, by, now }: AskAnswer & { now: number }): RequestState {
  const { accountChange } = state;
  if (accountChange === undefined) return state;
  const given = { ...state, answered: { answer, by, at: now } };
  return answer === 'yes' ? { ...given, found: accountChange.connection } : { ...given, accountChange: undefined };
}

function connected(state: RequestState, connection: Connection, extras: number): Step {
  // What the request ends with is read by backends.
  const backend = state.joiners.find(({ joinId }) => joinId === CLIENT_JOIN_ID) ?? { scopes: state.scopes.length };
  const result = connectionFor(state, backend, connection);
  const done = { ...state, connection: result, extras: state.extras + extras, found: undefined };
  return end(done, 'connected', 'connected', { connection });
}

/** As a joiner gets it: it is told if scopes that it named were not asked for. */
function connectionFor(
  { askedScopes }: RequestState,
  { scopes }: Pick<Joiner, 'scopes'>,
  connection: Connection,
): Connection {
  return marked(connection, scopes > askedScopes);
}

function click(state: RequestState, now: number): RequestState {
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

function tick(state: RequestState, now: number): Step {
  const late = state.joiners.filter((j) => j.deadline <= now);
  const waiting = state.joiners.filter((j) => j.deadline > now);
  if (late.length === 0) return still(state);
  // Whoever waited for a yes is told what stands in the way, not only that it is too late.
  const changed = state.accountChange !== undefined || state.answered?.answer === 'no';
  const failure = changed ? { type: 'Nango.AccountChanged' } : undefined;
  const answer = changed ? 'failed' : 'timedOut';
  if (waiting.length > 0) {
    const answers = late.filter((j) => !j.answered).map((j) => ({ ...due(j, answer), failure }));
    return { state: { ...state, joiners: waiting }, answers };
  }
  // Somebody had waited a day and nothing came: the next run of an hourly schedule shall not ask again at once.
  const waited = Math.max(...late.map((j) => now - j.joinedAt));
  const coolDownUntil = waited >= COOL_DOWN_AFTER_WAIT_MS ? now + COOL_DOWN_MS : undefined;
  return end(state, 'timedOut', answer, { failure, coolDownUntil });
}

function failed(state: RequestState, failure: Failure): Step {
  return end(state, 'cancelled', 'failed', { failure });
}

/** Ends the request and answers everybody who is still there. */
function end(
  state: RequestState,
  status: RequestStatus,
  answer: RequestAnswer['status'],
  with_: { connection?: Connection; failure?: Failure; coolDownUntil?: number } = {},
): Step {
  const { connection, failure, coolDownUntil } = with_;
  return {
    state: { ...state, status, joiners: [], links: [], failure, coolDownUntil },
    answers: state.joiners
      .filter((j) => !j.answered)
      .map((j) => ({
        ...due(j, answer),
        connection: connection && connectionFor(state, j, connection),
        failure,
        coolDownUntil,
      })),
  };
}

function due({ joinId, subscriber }: Joiner, status: RequestAnswer['status']): DueAnswer {
  return { joinId, subscriber, status };
}

function still(state: RequestState): Step {
  return { state, answers: [] };
}
