import { TAG } from '../names';
import { ownerTags } from './tags';
import type { Candidate, Connection, Owner, Tags, Wanted } from '../types';

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

/** Connections of different origin are several. */
export function choose(connections: Connection[]): Choice {
  const [only, ...others] = byOrigin(connections);
  if (only?.[0] === undefined) return { kind: 'none' };
  if (others.length > 0) return { kind: 'several', connections };
  return { kind: 'one', connection: only[0], extras: only.slice(1) };
}

/** Connections that a link made after its first: they are never used. */
export function extrasOf(connections: Connection[]): Connection[] {
  return byOrigin(connections).flatMap((made) => made.slice(1));
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
export function isWanted(connection: Connection, { subject, origin, startedAt, reconnect }: Wanted): boolean {
  if (connection.integration !== subject.integration) return false;
  const nonce = connection.tags[TAG.nonce];
  const byOurLink = nonce !== undefined && nonceOrigin(nonce) === origin;
  if (reconnect !== undefined) {
    if (connection.connectionId !== reconnect.connectionId) return false;
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

const MAX_CANDIDATES = 20;

/** What tells several connections apart: when they were made, and the tags that are not the same on all. */
export function candidates(connections: Connection[]): Candidate[] {
  const keys = new Set(connections.flatMap(({ tags }) => Object.keys(tags)));
  const differing = [...keys].filter(
    (key) => key !== TAG.nonce && new Set(connections.map(({ tags }) => tags[key])).size > 1,
  );
  const shown = (tags: Tags): Tags =>
    Object.fromEntries(differing.flatMap((key) => (Object.hasOwn(tags, key) ? [[key, tags[key] ?? '']] : [])));
  return earliestFirst(connections)
    .slice(0, MAX_CANDIDATES)
    .map(({ connectionId, createdAt, tags }) => ({ connectionId, createdAt, tags: shown(tags) }));
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
