import { TAG } from './names';
import { ownerTags } from './tags';
import type { Connection, Owner } from './types';

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
 * A link may make several connections: those of one request belong together, the earliest is the connection and the
 * others are extras. Connections of different origin are several.
 */
export function choose(connections: Connection[]): Choice {
  const byOrigin = new Map<string, Connection[]>();
  for (const connection of connections) {
    const origin = nonceOrigin(connection.tags[TAG.nonce]) ?? `${connection.integration}\n${connection.connectionId}`;
    byOrigin.set(origin, [...(byOrigin.get(origin) ?? []), connection]);
  }
  const firsts = [...byOrigin.values()].map((group) => earliestFirst(group));
  const [only, ...others] = firsts;
  if (only?.[0] === undefined) return { kind: 'none' };
  if (others.length > 0) return { kind: 'several', connections };
  return { kind: 'one', connection: only[0], extras: only.slice(1) };
}

/** A nonce is `<origin>.<number>`: the origin names the request that issued it, the number the click. */
export function nonceOrigin(nonce: string | undefined): string | undefined {
  return nonce?.replace(/\.\d+$/, '');
}

/** The first connection that was made is the one; what came later by the same asking is extra. */
export function earliestFirst(connections: Connection[]): Connection[] {
  return connections.toSorted(
    (a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.connectionId < b.connectionId ? -1 : 1),
  );
}
