import {
  DAY_MS,
  LINK_GRACE_MS,
  LINK_TTL_MS,
  MAX_HELD_BYTES,
  MAX_HELD_READS,
  MAX_HOLDS,
  MAX_LIVE_LINKS,
  SIGN_IN_MS,
} from '../../contract/limits';
import { holdKey } from '../../contract/request-id';
import { jsonBytes } from '../../contract/rules/json';
import type { ConfirmedLink, ConnectionNames, HeldStatus, HoldConnectionInput, HoldsView } from '../../contract/types';

/** What could not be dropped is read again after so long, doubled each time. */
const FIRST_REREAD_MS = 3_600_000;
const LONGEST_REREAD_MS = DAY_MS;
/** Links of one connection of which nobody has been confirmed: twice as many as a request has alive at once. */
const MOST_OPEN = 2 * MAX_LIVE_LINKS;

/** A connection that is held. */
export interface Held {
  connection: ConnectionNames;
  /** since when, as whoever asks is told; absent: the workflow task that says it in the memo has not ended */
  since?: number;
  /** until when a link may be used that connects it anew */
  until: number;
  /** until when each of them that nobody has been confirmed of may be used; absent: held by a version that did not ask */
  open?: number[];
  /** when it is read next */
  readAt: number;
  /** before that, once it was read; absent: it was not */
  pauseMs?: number;
  /** as it was read last */
  status?: HeldStatus;
}

/** All that is held; plain data, handed on when its workflow continues as new. */
export type HoldsState = readonly Held[];

export function find(state: HoldsState, connection: ConnectionNames): Held | undefined {
  return state.find((one) => isSame(one.connection, connection));
}

/** How a run holds that may have been begun by an earlier version: that goes on as it began. */
export interface HoldsVersion {
  /** until when each of its links may be used is remembered */
  remembers: boolean;
  /** each link once, as it was given, and no more of them than {@link MOST_OPEN}; asked for where that makes a difference */
  once: () => boolean;
}

const LATEST: HoldsVersion = { remembers: true, once: () => true };

/** From now on, or longer: a connection may get a link while it is held for another. What is said twice is said once. */
export function hold(
  state: HoldsState,
  { connection, until: given }: HoldConnectionInput,
  now: number,
  { remembers, once }: HoldsVersion = LATEST,
): HoldsState {
  const before = find(state, connection);
  // No link lives longer, whatever is said.
  const link = Math.min(given, now + LINK_TTL_MS);
  const until = Math.max(link, before?.until ?? 0);
  const { integration, connectionId } = connection;
  // One that is dead is held again: somebody was seen to have used it.
  const added = remembers && link > now ? [link === given || !once() ? link : given] : [];
  const kept = (before?.open ?? []).filter((one) => Math.min(one, until) + SIGN_IN_MS > now);
  // The response to whoever has said it may have been lost.
  const isKnown = added.some((one) => kept.includes(one)) && once();
  const all = isKnown ? kept : [...kept, ...added];
  const open = all.length > MOST_OPEN && once() ? all.slice(-MOST_OPEN) : all;
  const held = {
    connection: { integration, connectionId },
    since: before?.since,
    until,
    open: open.length > 0 ? open : undefined,
    readAt: endOf({ until, open }),
  };
  return [...state.filter((one) => one !== before), held];
}

/** One of its links has done all that it was for; those that are left may be used by anybody still. */
export function confirm(state: HoldsState, { connection, until }: ConfirmedLink, now: number): HoldsState {
  return state.map((one) => {
    if (!isSame(one.connection, connection)) return one;
    const { open = [] } = one;
    const at = open.indexOf(until);
    const left = open.filter((_, i) => i !== at);
    return {
      ...one,
      open: left.length > 0 ? left : undefined,
      readAt: Math.max(endOf({ until: one.until, open: left }), now),
    };
  });
}

/**
 * Until when it is held at the least. Whoever has begun to sign in by a link may come to the end of it long after the link
 * is dead. Of one that has done what it was for an hour has to do: else all that were connected anew within two days would
 * be held.
 */
function endOf({ until, open = [] }: Pick<Held, 'until' | 'open'>): number {
  return open.reduce((end, one) => Math.max(end, Math.min(one, until) + SIGN_IN_MS), until + LINK_GRACE_MS);
}

/** Every worker can read it in the memo now. */
export function written(state: HoldsState, connection: ConnectionNames, now: number): HoldsState {
  return state.map((one) => (isSame(one.connection, connection) ? { ...one, since: one.since ?? now } : one));
}

/** Those that are to be read, as many as one activity takes. */
export function due(state: HoldsState, now: number): Held[] {
  return state.filter(({ readAt }) => readAt <= now).slice(0, MAX_HELD_READS);
}

/** When the next is to be read; 0 where nothing is held. */
export function nextReadAt(state: HoldsState): number {
  return state.reduce((first, { readAt }) => Math.min(first, readAt), state.length === 0 ? 0 : Infinity);
}

/**
 * They were read. What is clean or gone is held no longer, unless it has got a link meanwhile.
 *
 * @param statuses of each; absent: the reading failed
 */
export function read(state: HoldsState, held: Held[], statuses: HeldStatus[], now: number): HoldsState {
  const readings = new Map(held.map((one, i) => [one, statuses[i] ?? 'unknown']));
  return state.flatMap((one) => {
    const status = readings.get(one);
    if (status === undefined) return [one];
    if (status === 'clean' || status === 'gone') return [];
    const pauseMs = one.pauseMs === undefined ? FIRST_REREAD_MS : Math.min(one.pauseMs * 2, LONGEST_REREAD_MS);
    return [{ ...one, status, pauseMs, readAt: now + pauseMs }];
  });
}

/** What every worker reads. */
export function viewOf(state: HoldsState): HoldsView {
  if (state.length > MAX_HOLDS) return { held: [], all: true };
  return { held: state.map(({ connection }) => holdKey(connection)) };
}

/** Whether one more could not be handed on. */
export function isFull(state: HoldsState): boolean {
  return jsonBytes(state) >= MAX_HELD_BYTES;
}

function isSame(one: ConnectionNames, other: ConnectionNames): boolean {
  return one.integration === other.integration && one.connectionId === other.connectionId;
}
