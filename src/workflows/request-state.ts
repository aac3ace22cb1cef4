import { belongsTo, choose, earliestFirst, nonceOrigin } from '../contract/choose';
import {
  COOL_DOWN_AFTER_WAIT_MS,
  COOL_DOWN_MS,
  DEFAULT_WAIT_MS,
  LINK_TTL_MS,
  MAX_LIVE_LINKS,
} from '../contract/limits';
import { CLIENT_JOIN_ID, TAG } from '../contract/names';
import type { Ask, Connection, Failure, Join, RequestAnswer, RequestStatus, Subject, Tags } from '../contract/types';

/**
 * The state machine of a connection request, without Temporal: a pure reducer. The workflow feeds it what happens and
 * carries out what it answers.
 *
 *     looking --none--> asking --verified connection--> connected
 *        |                 |---declined--> declined
 *        |--one----------> connected       |---last deadline--> timedOut
 *        |--unusable-----> cancelled       |---last one left--> cancelled
 */
export interface RequestState {
  subject: Subject;
  status: RequestStatus;
  startedAt: number;
  /** nonces issued by this request are `<origin>.<n>` */
  origin: string;
  clicks: number;
  joiners: Joiner[];
  /** links that can still be opened */
  links: { nonce: string; until: number }[];
  scopes: string[];
  tags: Tags;
  askedAt?: number;
  connection?: Connection;
  failure?: Failure;
  extras: number;
  coolDownUntil?: number;
}

export interface Joiner {
  joinId: string;
  joinedAt: number;
  deadline: number;
  /** absent: a backend, which asks by itself */
  subscriber?: { workflowId: string };
}

export type RequestEvent =
  | { type: 'join'; join: Join; now: number }
  | { type: 'leave'; joinId: string; now: number }
  /** what a lookup by owner, or a re-read of a hinted connection, found */
  | { type: 'looked'; connections: Connection[]; now: number }
  | { type: 'unusable'; failure: Failure; now: number }
  | { type: 'click'; now: number }
  | { type: 'extend'; until: number; now: number }
  | { type: 'decline'; now: number }
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

/** How far a connection without a nonce may seem to be older than the request: clocks differ, lists lag. */
const CLOCK_TOLERANCE_MS = 60_000;

export function begin(subject: Subject, origin: string, now: number): RequestState {
  return {
    subject,
    status: 'looking',
    startedAt: now,
    origin,
    clicks: 0,
    joiners: [],
    links: [],
    scopes: [],
    tags: {},
    extras: 0,
  };
}

export function isClosed({ status }: RequestState): boolean {
  return status !== 'looking' && status !== 'asking';
}

/** Applies an event. A closed request stays as it is. */
export function step(state: RequestState, event: RequestEvent): Step {
  if (isClosed(state)) return { state, answers: [] };
  switch (event.type) {
    case 'join':
      return still(join(state, event.join, event.now));
    case 'leave':
      return leave(state, event.joinId);
    case 'looked':
      return state.status === 'looking' ? firstLook(state, event) : verify(state, event);
    case 'unusable':
      return state.status === 'looking' ? end(state, 'cancelled', 'failed', { failure: event.failure }) : still(state);
    case 'click':
      return still(click(state, event.now));
    case 'extend':
      return still({ ...state, joiners: state.joiners.map((j) => ({ ...j, deadline: event.until })) });
    case 'decline':
      return end(state, 'declined', 'declined', { coolDownUntil: event.now + COOL_DOWN_MS });
    case 'tick':
      return tick(state, event.now);
    case 'abandon':
      return end(state, 'cancelled', 'cancelled');
  }
}

/** When something is due by time alone: the nearest deadline. */
export function nextDeadline({ joiners }: RequestState): number | undefined {
  return joiners.length === 0 ? undefined : Math.min(...joiners.map((j) => j.deadline));
}

export function liveLinks({ links }: RequestState, now: number): number {
  return links.filter((link) => link.until > now).length;
}

export function mayIssueLink(state: RequestState, now: number): boolean {
  return liveLinks(state, now) < MAX_LIVE_LINKS;
}

/** What is asked of a person, while it is asked. */
export function askOf({ status, askedAt, joiners }: RequestState): Ask | undefined {
  if (status !== 'asking' || askedAt === undefined) return undefined;
  return { kind: 'connect', since: askedAt, deadline: Math.max(...joiners.map((j) => j.deadline)) };
}

/** Whether a connection is one that this request asked for. */
export function counts(state: RequestState, connection: Connection): boolean {
  const { subject, origin, startedAt } = state;
  if (connection.integration !== subject.integration) return false;
  const nonce = connection.tags[TAG.nonce];
  if (nonce !== undefined) return nonceOrigin(nonce) === origin;
  // The application's own button: it knows nothing of nonces, but it names the owner.
  return (
    belongsTo(connection, subject.owner, subject.slot) &&
    Date.parse(connection.createdAt) >= startedAt - CLOCK_TOLERANCE_MS
  );
}

function join(state: RequestState, { joinId, deadline, subscriber, scopes = [], tags = {} }: Join, now: number) {
  const joiner: Joiner = { joinId, joinedAt: now, deadline: deadline ?? now + DEFAULT_WAIT_MS, subscriber };
  const known = state.joiners.find((j) => j.joinId === joinId);
  // Backends share one id: page views merge into one joiner, with the later deadline.
  const merged = known && { ...known, deadline: Math.max(known.deadline, joiner.deadline) };
  const others = state.joiners.filter((j) => j.joinId !== joinId);
  if (known !== undefined && joinId !== CLIENT_JOIN_ID) return state;
  return {
    ...state,
    joiners: [...others, merged ?? joiner],
    scopes: [...new Set([...state.scopes, ...scopes])],
    tags: { ...tags, ...state.tags },
  };
}

function leave(state: RequestState, joinId: string): Step {
  const joiners = state.joiners.filter((j) => j.joinId !== joinId);
  if (joiners.length === state.joiners.length) return still(state);
  return joiners.length > 0 ? still({ ...state, joiners }) : end({ ...state, joiners }, 'cancelled', 'cancelled');
}

function firstLook(state: RequestState, { connections, now }: { connections: Connection[]; now: number }): Step {
  const choice = choose(connections);
  switch (choice.kind) {
    case 'none':
      return still({ ...state, status: 'asking', askedAt: now });
    case 'one':
      return connected(state, choice.connection, choice.extras.length);
    case 'several':
      return end(state, 'cancelled', 'failed', { failure: { type: 'Nango.ConnectionAmbiguous' } });
  }
}

function verify(state: RequestState, { connections }: { connections: Connection[] }): Step {
  const [winner, ...extras] = earliestFirst(connections.filter((connection) => counts(state, connection)));
  return winner === undefined ? still(state) : connected(state, winner, extras.length);
}

function connected(state: RequestState, connection: Connection, extras: number): Step {
  return end({ ...state, connection, extras: state.extras + extras }, 'connected', 'connected', { connection });
}

function click(state: RequestState, now: number): RequestState {
  const clicks = state.clicks + 1;
  const live = state.links.filter((link) => link.until > now);
  return { ...state, clicks, links: [...live, { nonce: `${state.origin}.${clicks}`, until: now + LINK_TTL_MS }] };
}

function tick(state: RequestState, now: number): Step {
  const late = state.joiners.filter((j) => j.deadline <= now);
  const waiting = state.joiners.filter((j) => j.deadline > now);
  if (late.length === 0) return still(state);
  if (waiting.length > 0)
    return { state: { ...state, joiners: waiting }, answers: late.map((j) => due(j, 'timedOut')) };
  // Somebody had waited a day and nothing came: the next run of an hourly schedule shall not ask again at once.
  const waited = Math.max(...late.map((j) => now - j.joinedAt));
  const coolDownUntil = waited >= COOL_DOWN_AFTER_WAIT_MS ? now + COOL_DOWN_MS : undefined;
  return end(state, 'timedOut', 'timedOut', { coolDownUntil });
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
    answers: state.joiners.map((j) => ({ ...due(j, answer), connection, failure, coolDownUntil })),
  };
}

function due({ joinId, subscriber }: Joiner, status: RequestAnswer['status']): DueAnswer {
  return { joinId, subscriber, status };
}

function still(state: RequestState): Step {
  return { state, answers: [] };
}
