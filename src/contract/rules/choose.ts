import { MAX_CANDIDATES, MAX_SHOWN_CANDIDATES_BYTES } from '../limits';
import { MANAGED_BY, TAG } from '../names';
import { choiceMark } from '../request-id';
import { jsonBytes } from './json';
import { ownerTags } from './tags';
import type { Candidate, Choose, Connection, Owner, Subject, Tags, Wanted } from '../types';

/** Which of the connections that exist is meant. Nothing here, or anywhere, picks "the newest". */

export type Choice =
  | { kind: 'none' }
  | { kind: 'one'; connection: Connection; extras: Connection[] }
  | { kind: 'several'; connections: Connection[] };

/** Whether a connection belongs to the owner and slot; the default slot is the one without a tag. */
export function belongsTo(connection: Connection, owner: Owner, slot?: string): boolean {
  const wanted = Object.entries(ownerTags(owner));
  if (wanted.length === 0 && slot === undefined) return true;
  return wanted.every(([key, value]) => connection.tags[key] === value) && connection.tags[TAG.slot] === slot;
}

/**
 * Connections of different origin are several. Of several counts the one that the caller's tags name, or else the one that
 * was chosen for this owner and slot before. Tags that fit none leave all of them, whatever was chosen.
 *
 * @param subject for whom
 */
export function choose(
  connections: Connection[],
  subject: Pick<Subject, 'owner' | 'slot'>,
  preferred?: Choose,
): Choice {
  const made = byOrigin(thatCount(connections));
  const fitting =
    preferred === undefined ? made : made.filter(([first]) => first !== undefined && hasTags(first, preferred));
  const left = made.length > 1 && fitting.length > 0 ? fitting : made;
  const mark = choiceMark(subject);
  const chosen = preferred !== undefined && fitting.length === 0 ? [] : left.filter(([first]) => isMarked(first, mark));
  const [only, ...others] = chosen.length === 1 ? chosen : left;
  if (only?.[0] === undefined) return { kind: 'none' };
  if (others.length > 0) return { kind: 'several', connections: left.flatMap(([first]) => first ?? []) };
  return { kind: 'one', connection: only[0], extras: only.slice(1) };
}

export function hasTags({ tags }: Pick<Connection, 'tags'>, { tag }: Choose): boolean {
  return Object.entries(tag).every(([key, value]) => Object.hasOwn(tags, key) && tags[key] === value);
}

/** The marks of all for whom a connection was chosen. */
export function marksOf({ tags }: Pick<Connection, 'tags'>): string[] {
  return tags[TAG.chosen]?.split(' ') ?? [];
}

function isMarked(connection: Connection | undefined, mark: string): boolean {
  return connection !== undefined && marksOf(connection).includes(mark);
}

/**
 * Without those that were made in the place of one that is still there: it has not been left yet. And without those of
 * which nobody has confirmed that it was the owner who connected.
 */
function thatCount(connections: Connection[]): Connection[] {
  const notYet = new Set(untakenOf(connections));
  return connections.filter((connection) => !connection.unconfirmed && !notYet.has(connection));
}

/** Made in the place of one that is still there: whether a request waits for it its tags do not say. */
export function untakenOf(connections: Connection[]): Connection[] {
  const there = new Set(connections.map(({ integration, connectionId }) => `${integration}\n${connectionId}`));
  return connections.filter(({ integration, connectionId, tags }) => {
    const replaced = tags[TAG.replaces];
    return replaced !== undefined && replaced !== connectionId && there.has(`${integration}\n${replaced}`);
  });
}

/** The connection that was made in the place of one that is gone. */
export function replacementOf(
  connections: Connection[],
  subject: Pick<Subject, 'owner' | 'slot'>,
  connectionId: string,
): Connection | undefined {
  const choice = choose(connections, subject);
  const isIt = choice.kind === 'one' && choice.connection.tags[TAG.replaces] === connectionId;
  return isIt ? choice.connection : undefined;
}

/** Connections that a link made after its first, or that nobody has confirmed: they are never used. */
export function extrasOf(connections: Connection[]): Connection[] {
  const extras = new Set(byOrigin(thatCount(connections)).flatMap((made) => made.slice(1)));
  return connections.filter((connection) => extras.has(connection) || isMadeUnconfirmed(connection));
}

/** One that was in use before it was connected anew is none: it may be its owner's all the same. */
function isMadeUnconfirmed({ tags, unconfirmed }: Connection): boolean {
  return unconfirmed === true && tags[TAG.managedBy] === MANAGED_BY;
}

/**
 * A link may make several connections: those of one request belong together, the earliest is the connection and the
 * others are extras.
 */
function byOrigin(connections: Connection[]): Connection[][] {
  const made = new Map<string, Connection[]>();
  for (const connection of connections) {
    const origin = nonceOrigin(connection.tags[TAG.nonce]) ?? `${connection.integration}\n${connection.connectionId}`;
    made.set(origin, [...(made.get(origin) ?? []), connection]);
  }
  return [...made.values()].map(earliestFirst);
}

/** How far a connection without a nonce may seem to be older than the request: clocks differ, lists lag. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Whether a connection is one that a request asked for. */
export function isWanted(connection: Connection, wanted: Wanted): boolean {
  return !connection.unconfirmed && isOf(connection, wanted);
}

/** Whether it would be, once somebody has confirmed that it was the owner who connected. */
export function isUnconfirmedOf(connection: Connection, wanted: Wanted): boolean {
  if (!connection.unconfirmed || nonceOrigin(connection.tags[TAG.nonce]) !== wanted.origin) return false;
  return isOf(connection, wanted);
}

function isOf(connection: Connection, { subject, origin, startedAt, reconnect }: Wanted): boolean {
  if (connection.integration !== subject.integration) return false;
  const nonce = connection.tags[TAG.nonce];
  const byOurLink = nonce !== undefined && nonceOrigin(nonce) === origin;
  if (reconnect !== undefined) {
    const { connectionId, replacedAfterLink } = reconnect;
    if (connection.tags[TAG.replaces] === connectionId && connection.connectionId !== connectionId) {
      return byOurLink && replacedAfterLink !== undefined && numberOfLink(nonce) > replacedAfterLink;
    }
    if (connection.connectionId !== connectionId) return false;
    // One that had failed and works again needs nobody, however that came about.
    const { afterLink = 0 } = reconnect;
    if (byOurLink && numberOfLink(nonce) > afterLink) return true;
    return reconnect.health === 'failing' && connection.health === 'ok';
  }
  if (nonce !== undefined) return byOurLink;
  // The application's own button: it knows nothing of nonces, but it names the owner.
  return (
    belongsTo(connection, subject.owner, subject.slot) &&
    Date.parse(connection.createdAt) >= startedAt - CLOCK_TOLERANCE_MS
  );
}

/** Ours that tell nobody anything, or that are told beside the tags. */
const NOT_SHOWN: ReadonlySet<string> = new Set([TAG.nonce, TAG.chosen, TAG.account, TAG.owner]);

/** What tells several connections apart: when they were made, their accounts, and the tags that are not the same on all. */
export function candidates(connections: Connection[]): Candidate[] {
  const keys = new Set(connections.flatMap(({ tags }) => Object.keys(tags)));
  const differing = [...keys].filter(
    (key) => !NOT_SHOWN.has(key) && new Set(connections.map(({ tags }) => tags[key])).size > 1,
  );
  const shown = (tags: Tags): Tags =>
    Object.fromEntries(differing.flatMap((key) => (Object.hasOwn(tags, key) ? [[key, tags[key] ?? '']] : [])));
  return earliestFirst(connections)
    .slice(0, MAX_CANDIDATES)
    .map(({ connectionId, createdAt, tags, health }) => ({
      ...{ connectionId, createdAt, tags: shown(tags), health },
      account: tags[TAG.account],
    }));
}

/** Scopes that are the same on all tell none from another. */
export function withScopes(all: Candidate[], scopes: { [connectionId: string]: string[] } = {}): Candidate[] {
  const granted = all.map(({ connectionId }) =>
    Object.hasOwn(scopes, connectionId) ? scopes[connectionId] : undefined,
  );
  const differ = new Set(granted.map((some) => JSON.stringify(some?.toSorted()))).size > 1;
  return differ ? all.map((candidate, i) => ({ ...candidate, grantedScopes: granted[i] })) : all;
}

/** A memo stays small: each candidate shows as much of what tells it from the others as there is room for. */
export function shownCandidates(all: Candidate[]): Candidate[] {
  const room = MAX_SHOWN_CANDIDATES_BYTES / all.length;
  return all.map(({ connectionId, createdAt, health, account, tags, grantedScopes }) => {
    let bytes = 0;
    const fits = (fact: unknown): boolean => (bytes += jsonBytes(fact)) <= room;
    return {
      ...{ connectionId, createdAt, health, account: fits(account) ? account : undefined },
      tags: Object.fromEntries(Object.entries(tags).filter(fits)),
      grantedScopes: grantedScopes?.filter(fits),
    };
  });
}

/** A nonce is `<origin>.<number>`: the origin names the request that issued it, the number the click. */
export function nonceOrigin(nonce: string | undefined): string | undefined {
  return nonce?.replace(/\.\d+$/, '');
}

/** The number of the click that a nonce was issued for, from 1. */
export function numberOfLink(nonce: string): number {
  return Number(nonce.slice(nonce.lastIndexOf('.') + 1));
}

/** The first connection that was made is the one; what came later by the same asking is extra. */
export function earliestFirst(connections: Connection[]): Connection[] {
  return connections.toSorted(
    (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.connectionId < b.connectionId ? -1 : 1),
  );
}
