import { missingScopes } from '../../contract/rules/scopes';
import { MAX_LIVE_LINKS, MAX_SHOWN_SCOPES_BYTES } from '../../contract/limits';
import { CLIENT_JOIN_ID, TAG } from '../../contract/names';
import type {
  Question,
  Connection,
  Failure,
  RecordedDecision,
  Identity,
  Snapshot,
  Subject,
  Tags,
  Unwritten,
  Wanted,
} from '../../contract/types';

/** What a connection request knows, whatever its status. */
interface Facts {
  subject: Subject;
  startedAt: number;
  /** nonces issued by this request are `<origin>.<n>` */
  origin: string;
  clicks: number;
  joiners: Joiner[];
  /** links that can still be opened */
  links: { nonce: string; until: number }[];
  /** of all who joined; new ones are added at the end, so that a number says which a link or a joiner meant */
  scopes: string[];
  /** what was granted is looked at: somebody has named scopes since there is a version that does */
  checksScopes?: true;
  /** somebody believes nothing that was read before */
  freshScopes?: boolean;
  tags: Tags;
  /** a connection is to be connected anew; and what of it would be lost */
  reconnect?: { connectionId: string; snapshot?: Snapshot; widening?: Widening };
  identity?: Identity;
  reminders: number;
  /** verified; the joiners may have it once its account is known and what was lost is restored */
  found?: Connection;
  accountChange?: AccountChange;
  decision?: RecordedDecision;
  /** what could not be put back after a reconnect, since the key may not update connections */
  unwritten?: Unwritten[];
  extras: number;
}

/** Nango has not answered the first lookup. */
interface CheckingState extends Facts {
  status: 'checking';
}

/** A person has to act. */
export interface WaitingState extends Facts {
  status: 'waiting';
  waitingSince: number;
  remindAt: number;
  remindedAt?: number;
  /** the person has been notified for the first time, or was at the screen */
  notified: boolean;
}

interface ConnectedState extends Facts {
  status: 'connected';
  connection: Connection;
}

export interface UnconnectedState extends Facts {
  status: 'declined' | 'timedOut' | 'cancelled';
  failure?: Failure;
  coolDownUntil?: number;
  /** what an existing connection was not granted; as many as fit in a memo */
  missingScopes?: string[];
}

export type OpenState = CheckingState | WaitingState;
export type ClosedState = ConnectedState | UnconnectedState;

/** It changes in `request-step.ts` only, and is handed on when a request continues as new. */
export type RequestState = OpenState | ClosedState;

/** Of a reconnect that is to add scopes. */
interface Widening {
  granted: string[];
  /** clicks before it: their links add none */
  clicks: number;
}

/** A reconnect has put another account behind the connection. */
export interface AccountChange {
  connection: Connection;
  recorded: string;
  found: string;
}

export interface Joiner {
  joinId: string;
  joinedAt: number;
  deadline: number;
  /** absent: a backend, which comes back by itself */
  subscriber?: { workflowId: string };
  /** so many of the request's scopes, from the first, hold all that it named: all that a run of 0.1.0 knows of them */
  scopes: number;
  /** which of the request's scopes it named, by their places; absent: none, or nobody looks at what was granted */
  named?: number[];
  /** content with a connection that may only be read; and whether it has got one */
  reads?: boolean;
  resolved?: boolean;
}

/** @param reconnect id of the connection that is to be connected anew */
export function begin(subject: Subject, origin: string, now: number, reconnect?: string): RequestState {
  return {
    subject,
    status: 'checking',
    startedAt: now,
    origin,
    clicks: 0,
    joiners: [],
    links: [],
    scopes: [],
    tags: {},
    reconnect: reconnect === undefined ? undefined : { connectionId: reconnect },
    reminders: 0,
    extras: 0,
  };
}

export function isClosed(state: RequestState): state is ClosedState {
  return state.status !== 'checking' && state.status !== 'waiting';
}

/** The scopes that a joiner named. */
export function scopesOf({ scopes }: RequestState, { named = [] }: Pick<Joiner, 'named'>): string[] {
  return named.flatMap((place) => scopes[place] ?? []);
}

/** Of all who wait: what they named, and the connection to be widened was not granted. */
export function missingOf(state: RequestState): string[] {
  const widening = state.reconnect?.widening;
  if (widening === undefined) return [];
  return missingScopes(
    state.joiners.flatMap((joiner) => scopesOf(state, joiner)),
    widening.granted,
  );
}

/** Whether what was granted decides for whom a connection is. */
export function dependsOnScopes({ checksScopes, joiners }: RequestState): boolean {
  return checksScopes === true && joiners.some(({ named }) => named !== undefined);
}

/** When something is due by time alone: a deadline, or a reminder. */
export function nextDue(state: RequestState): number | undefined {
  const deadlines = state.joiners.map((j) => j.deadline);
  if (deadlines.length === 0) return undefined;
  return Math.min(...deadlines, state.status === 'waiting' ? state.remindAt : Infinity);
}

export function isReminderDue(state: RequestState, now: number): boolean {
  return state.status === 'waiting' && state.remindAt <= now;
}

/** Somebody waits for a person who has not been notified; a request may be waiting before anybody has joined it. */
export function needsFirstNotice(state: RequestState): boolean {
  return state.status === 'waiting' && state.joiners.length > 0 && !state.notified;
}

/** A backend joins for a person who is at the screen. */
export function isAtScreen({ joiners }: RequestState): boolean {
  return joiners.some(({ joinId }) => joinId === CLIENT_JOIN_ID);
}

export function liveLinks({ links }: RequestState, now: number): number {
  return links.filter((link) => link.until > now).length;
}

export function mayIssueLink(state: RequestState, now: number): boolean {
  return liveLinks(state, now) < MAX_LIVE_LINKS;
}

/** Whether a watch may still look for links of a request that has closed. An only one it meets by itself saves five events. */
export function leavesLinks(state: ClosedState): boolean {
  const { clicks, origin } = state;
  const nonce = state.status === 'connected' ? state.connection.tags[TAG.nonce] : undefined;
  const metAnyway = clicks === 1 && nonce === `${origin}.1`;
  return clicks > 0 && !metAnyway;
}

/** What a person is to do or to decide, while the request waits for them. */
export function questionOf(state: RequestState): Question | undefined {
  if (state.status !== 'waiting') return undefined;
  const { waitingSince, joiners, reconnect, accountChange } = state;
  const granted = reconnect?.widening?.granted;
  return {
    kind: kindOf(state),
    since: waitingSince,
    deadline: Math.max(waitingSince, ...joiners.map((j) => j.deadline)),
    accountChange: accountChange && { recorded: accountChange.recorded, found: accountChange.found },
    scopes: granted && { granted: shownScopes(granted), missing: shownScopes(missingOf(state)) },
  };
}

function kindOf(state: RequestState): Question['kind'] {
  if (state.reconnect === undefined) return 'connect';
  // Whoever wanted more may have left those who want it connected anew.
  return missingOf(state).length === 0 ? 'reconnect' : 'approve-scopes';
}

/** A memo stays small: as many as fit. */
export function shownScopes(scopes: string[]): string[] {
  let bytes = 0;
  return scopes.filter((scope) => (bytes += scope.length) <= MAX_SHOWN_SCOPES_BYTES);
}

/** What this request would take for its connection. */
export function wantedOf({ subject, origin, startedAt, reconnect }: RequestState): Wanted {
  const health = reconnect?.snapshot?.connection.health ?? 'ok';
  return {
    subject,
    origin,
    startedAt,
    reconnect: reconnect && {
      connectionId: reconnect.connectionId,
      health: reconnect.widening === undefined ? health : 'ok',
      afterLink: reconnect.widening?.clicks,
    },
  };
}
