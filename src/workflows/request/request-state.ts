import { shownCandidates, withScopes } from '../../contract/rules/choose';
import { missingScopes } from '../../contract/rules/scopes';
import { MAX_LIVE_LINKS, MAX_SHOWN_SCOPES_BYTES, MAX_SHOWN_UNCONFIRMED } from '../../contract/limits';
import { CLIENT_JOIN_ID, TAG } from '../../contract/names';
import type {
  AccountDecision,
  Candidate,
  Choose,
  ConnectionDecision,
  NotRemembered,
  Question,
  Connection,
  Failure,
  Identity,
  OwnerStatement,
  RecordedStatement,
  Snapshot,
  Subject,
  Tags,
  UnconfirmedConnection,
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
  /**
   * what links to add scopes have requested: from the one of this number on, so many of the request's scopes, from the
   * first. Absent: nobody has noted it, and each has requested all of them
   */
  requestedBy?: { link: number; scopes: number }[];
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
  /** a reconnect adds no scopes: a new connection is to be made in the place of the one to be connected anew */
  recreate?: Recreate;
  /** connected by links of this request, and nobody has said that it was the owner; oldest first */
  unconfirmed?: UnconfirmedConnection[];
  /** links of which somebody has said that it was not the owner, whatever they still make; the latest last */
  refused?: OwnerStatement[];
  /** somebody has said so of the one that bears this nonce, which is being looked up or accepted */
  confirmed?: RecordedStatement & {
    /** nobody is asked or reminded meanwhile, since there is a version that says so */
    pauses?: true;
  };
  accountChange?: AccountChange;
  decision?: AccountDecision & { at: number };
  /** what could not be put back after a reconnect, since the key may not update connections */
  unwritten?: Unwritten[];
  refusedScopes?: RefusedScopes;
  extras: number;
  /** somebody is asked which of several connections is meant, since there is a version that does */
  choosesConnections?: true;
  /** that is asked: between these; and what each was granted, once that was read */
  choosing?: { candidates: Candidate[]; scopes?: { [connectionId: string]: string[] } };
  /** the latest answer to it; while it is still asked, one that is being carried out */
  chosen?: ConnectionDecision & { at: number };
  notRemembered?: NotRemembered;
}

/** Nango has not answered the first lookup, or what was chosen from several is not accepted yet. */
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
  /** what an existing connection was not granted; as many as fit in a memo, and how many more there are */
  missingScopes?: string[];
  moreMissingScopes?: number;
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

/** What the owner has been asked for and has not granted, while others of the same request waited on. */
export interface RefusedScopes {
  names: string[];
  /** until when whoever names one of them is held back, in ms since the epoch */
  until: number;
}

/** Of a connection that another is to be made in the place of. */
interface Recreate {
  /** what the integration requests; absent: the key may not read it */
  requested?: string[];
  /** clicks before it: their links make none */
  clicks: number;
  /** as many, once one that was made is in question: nobody has to find it again */
  clicksSince?: number;
  /** accepted, and whole: from here on the old one goes, however the request ends */
  made?: Connection;
  /** somebody has said no to the account of one that was made */
  unwanted?: boolean;
  /** an operator's yes is being carried out: nobody says anything else meanwhile */
  updating?: true;
}

/** A reconnect has put another account behind the connection. */
export interface AccountChange {
  connection: Connection;
  recorded: string;
  found: string;
  /** the connection says what it was granted, or that this cannot be known, and that decides which readers have it */
  scopesRead?: true;
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
  /** waits until one of several was chosen; absent: that nobody can tell them apart is a failure */
  chooses?: true;
  /** which of several it means */
  choose?: Choose;
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

/** Whether what was found is still to be accepted, and nothing has changed since that could have it end otherwise. */
export function isAcceptedInVain(before: RequestState, after: RequestState): boolean {
  return (
    !isClosed(after) &&
    after.found !== undefined &&
    after.found.connectionId === before.found?.connectionId &&
    after.joiners === before.joiners &&
    after.reconnect === before.reconnect &&
    after.recreate === before.recreate
  );
}

/** The scopes that a joiner named. */
export function scopesOf({ scopes }: RequestState, { named = [] }: Pick<Joiner, 'named'>): string[] {
  return named.flatMap((place) => scopes[place] ?? []);
}

/** The scopes that those who wait have named, each once. */
function scopesWaitedFor(state: RequestState): string[] {
  return [...new Set(state.joiners.flatMap((joiner) => (joiner.resolved ? [] : scopesOf(state, joiner))))];
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

/** Somebody waits for scopes that a new connection is to bring. */
export function isRecreating(state: RequestState): boolean {
  return state.recreate !== undefined && missingOf(state).length > 0;
}

/** What the integration has to request so that a new connection has all that is wanted, and loses none. */
export function scopesToRequest(state: RequestState): string[] {
  const { recreate, reconnect, joiners } = state;
  const granted = reconnect?.widening?.granted ?? [];
  return [...new Set([...(recreate?.requested ?? []), ...granted, ...joiners.flatMap((one) => scopesOf(state, one))])];
}

/** Whether an operator has to see to it first that the integration requests them. */
export function needsUpdate(state: RequestState): boolean {
  const { requested } = state.recreate ?? {};
  return (
    isRecreating(state) && (requested === undefined || missingScopes(scopesToRequest(state), requested).length > 0)
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
  return Math.min(...deadlines, state.status === 'waiting' && !isPaused(state) ? state.remindAt : Infinity);
}

export function isReminderDue(state: RequestState, now: number): boolean {
  return state.status === 'waiting' && !isPaused(state) && state.remindAt <= now;
}

/** There is nothing for the person to do: it is confirmed that they have done it. */
export function isPaused({ confirmed }: RequestState): boolean {
  return confirmed?.pauses === true;
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

/**
 * What a person is to do or to decide, while the request waits for them.
 *
 * @param isWhole with all scopes; default: as many as a memo has room for
 */
export function questionOf(state: RequestState, isWhole = false): Question | undefined {
  if (state.status !== 'waiting') return undefined;
  const { waitingSince, joiners, reconnect, accountChange, choosing, confirmed } = state;
  const granted = reconnect?.widening?.granted;
  return {
    kind: kindOf(state),
    since: waitingSince,
    deadline: Math.max(waitingSince, ...joiners.map((j) => j.deadline)),
    accountChange: accountChange && { recorded: accountChange.recorded, found: accountChange.found },
    scopes: granted && scopesOfQuestion(state, granted, isWhole),
    unconfirmed: shownUnconfirmed(state),
    confirmed: confirmed?.pauses && { nonce: confirmed.nonce, by: confirmed.by, at: confirmed.at },
    candidates: choosing && shownCandidates(withScopes(choosing.candidates, choosing.scopes)),
  };
}

function scopesOfQuestion(state: RequestState, granted: string[], isWhole: boolean): NonNullable<Question['scopes']> {
  const missing = missingOf(state);
  const toRequest = needsUpdate(state) ? scopesToRequest(state) : undefined;
  if (isWhole) return { granted, missing, toRequest };
  const more = { granted: notShown(granted), missing: notShown(missing), toRequest: toRequest && notShown(toRequest) };
  return {
    granted: shownScopes(granted),
    missing: shownScopes(missing),
    toRequest: toRequest && shownScopes(toRequest),
    more: Object.values(more).some((n) => n !== undefined) ? more : undefined,
  };
}

/** The latest, the oldest of them first: whoever has connected just now is at the page. */
export function shownUnconfirmed({ unconfirmed }: RequestState): UnconfirmedConnection[] | undefined {
  return unconfirmed?.slice(-MAX_SHOWN_UNCONFIRMED);
}

export function kindOf(state: RequestState): Question['kind'] {
  if (state.choosing !== undefined) return 'choose-connection';
  if (state.reconnect === undefined) return 'connect';
  if (isRecreating(state)) return needsUpdate(state) ? 'update-integration-scopes' : 'recreate-connection';
  // Whoever wanted more may have left those who want it connected anew.
  return missingOf(state).length === 0 ? 'reconnect' : 'approve-scopes';
}

/** A memo stays small: as many as fit. */
export function shownScopes(scopes: string[]): string[] {
  let bytes = 0;
  return scopes.filter((scope) => (bytes += scope.length) <= MAX_SHOWN_SCOPES_BYTES);
}

/** How many it has no room for. @returns nothing if it shows all */
export function notShown(scopes: string[]): number | undefined {
  return scopes.length - shownScopes(scopes).length || undefined;
}

/** What this request would take for its connection. */
export function wantedOf(state: RequestState): Wanted {
  const { subject, origin, startedAt, reconnect, recreate } = state;
  const health = reconnect?.snapshot?.connection.health ?? 'ok';
  return {
    subject,
    origin,
    startedAt,
    reconnect: reconnect && {
      connectionId: reconnect.connectionId,
      health: reconnect.widening === undefined ? health : 'ok',
      afterLink: reconnect.widening?.clicks,
      replacedAfterLink: isRecreating(state) ? (recreate?.clicksSince ?? recreate?.clicks) : undefined,
      // Whose account it is comes first. And whoever wanted more may have left those who want it connected anew.
      scopes: missingOf(state).length > 0 && state.accountChange === undefined ? scopesWaitedFor(state) : undefined,
    },
  };
}
