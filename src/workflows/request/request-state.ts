import { nonceOrigin } from '../../contract/rules/choose';
import { MAX_LIVE_LINKS } from '../../contract/limits';
import { CLIENT_JOIN_ID, TAG } from '../../contract/names';
import type {
  Ask,
  Connection,
  Failure,
  GivenAnswer,
  Identity,
  RequestStatus,
  Snapshot,
  Subject,
  Tags,
  Unwritten,
  Wanted,
} from '../../contract/types';

/** What a connection request knows. It changes in `request-step.ts` only, and is handed on when it continues as new. */
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
  /** of all who joined; new ones are added at the end, so that a number says which a link or a joiner meant */
  scopes: string[];
  /** from which click on links ask for how many of them */
  scopesOfLinks: { click: number; count: number }[];
  /** how many of them the link of the connection has asked for */
  askedScopes: number;
  tags: Tags;
  /** a connection is to be connected anew; and what of it would be lost */
  reconnect?: { connectionId: string; snapshot?: Snapshot };
  identity?: Identity;
  askedAt?: number;
  /** the person has been told for the first time, or was at the screen */
  told?: boolean;
  reminders: number;
  remindAt?: number;
  remindedAt?: number;
  /** verified; the joiners may have it once its account is known and what was lost is restored */
  found?: Connection;
  accountChange?: AccountChange;
  answered?: GivenAnswer;
  connection?: Connection;
  failure?: Failure;
  /** what could not be put back after a reconnect, since the key may not update connections */
  unwritten?: Unwritten[];
  extras: number;
  coolDownUntil?: number;
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
  /** absent: a backend, which asks by itself */
  subscriber?: { workflowId: string };
  /** so many of the request's scopes, from the first, hold all that it named */
  scopes: number;
  /** content with a connection that may only be read; and whether it has got one */
  reads?: boolean;
  answered?: boolean;
}

/** @param reconnect id of the connection that is to be connected anew */
export function begin(subject: Subject, origin: string, now: number, reconnect?: string): RequestState {
  return {
    subject,
    status: 'looking',
    startedAt: now,
    origin,
    clicks: 0,
    joiners: [],
    links: [],
    scopes: [],
    scopesOfLinks: [],
    askedScopes: 0,
    tags: {},
    reconnect: reconnect === undefined ? undefined : { connectionId: reconnect },
    reminders: 0,
    extras: 0,
  };
}

export function isClosed({ status }: RequestState): boolean {
  return status !== 'looking' && status !== 'asking';
}

/** The scopes that the link of a nonce asks for; none if it is no link of this request. */
export function scopesOfLink({ origin, scopes, scopesOfLinks }: RequestState, nonce: string | undefined): string[] {
  if (nonce === undefined || nonceOrigin(nonce) !== origin) return [];
  const click = Number(nonce.slice(origin.length + 1));
  return scopes.slice(0, scopesOfLinks.findLast((since) => since.click <= click)?.count ?? 0);
}

/** When something is due by time alone: a deadline, or a reminder. */
export function nextDue({ joiners, remindAt }: RequestState): number | undefined {
  if (joiners.length === 0) return undefined;
  return Math.min(...joiners.map((j) => j.deadline), remindAt ?? Infinity);
}

export function isReminderDue({ status, remindAt }: RequestState, now: number): boolean {
  return status === 'asking' && remindAt !== undefined && remindAt <= now;
}

/** Somebody waits for a person who has not been told; a request may have begun to ask before anybody joined it. */
export function isUntold({ status, joiners, told }: RequestState): boolean {
  return status === 'asking' && joiners.length > 0 && !told;
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
export function leavesLinks({ clicks, origin, connection }: RequestState): boolean {
  const metAnyway = clicks === 1 && connection?.tags[TAG.nonce] === `${origin}.1`;
  return clicks > 0 && !metAnyway;
}

/** What is asked of a person, while it is asked. */
export function askOf({ status, askedAt, joiners, reconnect, accountChange }: RequestState): Ask | undefined {
  if (status !== 'asking' || askedAt === undefined) return undefined;
  return {
    kind: reconnect === undefined ? 'connect' : 'reconnect',
    since: askedAt,
    deadline: Math.max(askedAt, ...joiners.map((j) => j.deadline)),
    accountChange: accountChange && { recorded: accountChange.recorded, found: accountChange.found },
  };
}

/** What this request would take for the connection it asked for. */
export function wantedOf({ subject, origin, startedAt, reconnect }: RequestState): Wanted {
  const health = reconnect?.snapshot?.connection.health ?? 'ok';
  return {
    subject,
    origin,
    startedAt,
    reconnect: reconnect && { connectionId: reconnect.connectionId, health },
  };
}
