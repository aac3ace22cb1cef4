import { earliestFirst, isUnconfirmedOf } from '../../contract/rules/choose';
import { MAX_LIVE_LINKS, MAX_REFUSED_LINKS, MAX_SHOWN_UNCONFIRMED } from '../../contract/limits';
import { TAG } from '../../contract/names';
import type { Connection, OwnerStatement, UnconfirmedConnection } from '../../contract/types';
import { nextReminder } from './reminders';
import { isPaused, wantedOf } from './request-state';
import type { OpenState, RequestState } from './request-state';

/** Of the state machine of a request: whether it was the owner who connected. */

/** Lists lag behind: one that was seen just now may be in none yet. */
const LIST_LAG_MS = 60_000;

/** What a lookup has read of connections. */
interface Seen {
  connections: Connection[];
  /** all of the owner's are among them */
  whole?: boolean;
  /** this one was read by itself: if it is not among them, it is gone */
  hinted?: string;
}

/**
 * Remembers who has connected by a link of the request and is not confirmed, one for each link. What has gone is
 * forgotten, and so is what bears another link's nonce by now; but never that somebody has refused a link.
 */
export function noteUnconfirmed(state: OpenState, seen: Seen, now: number): OpenState {
  if (state.clicks === 0) return state;
  const known = state.unconfirmed ?? [];
  const there = new Map(seen.connections.map((connection) => [connection.connectionId, connection]));
  const isGone = ({ connectionId, since }: UnconfirmedConnection): boolean =>
    seen.hinted === connectionId || (seen.whole === true && now - since >= LIST_LAG_MS);
  const kept = known.filter((one) => {
    const connection = there.get(one.connectionId);
    return connection === undefined ? !isGone(one) : bears(connection, one.nonce) && isMet(state, connection);
  });
  const all = [...kept];
  for (const connection of earliestFirst(seen.connections.filter((one) => isMet(state, one)))) {
    const { connectionId, tags } = connection;
    const nonce = tags[TAG.nonce] ?? '';
    const at = all.findIndex((one) => one.nonce === nonce);
    const same = all[at];
    if (same === undefined) {
      const refused = refusalOf(state, nonce);
      // It has made room for others, and is not to take it back.
      if (refused === undefined || all.length < MAX_LIVE_LINKS)
        all.push({ connectionId, nonce, since: now, ...refused });
    } else if (same.connectionId !== connectionId && !same.usedTwice) all[at] = { ...same, usedTwice: true };
  }
  const isSame = all.length === known.length && all.every((one, i) => one === known[i]);
  return isSame ? state : withUnconfirmed(state, all);
}

/** Whether somebody has said of a connection that the owner made it by the link that it bears. */
export function isConfirmed(state: RequestState, connection: Connection): boolean {
  const { confirmed } = state;
  if (confirmed === undefined || unconfirmedBy(state, confirmed.nonce)?.usedTwice) return false;
  return bears(connection, confirmed.nonce);
}

/** It is looked up once more before anybody has it. */
export function ownerConfirmed(
  state: OpenState,
  { nonce, by, pauses, now }: OwnerStatement & { pauses?: true; now: number },
): OpenState {
  const isKnown = unconfirmedBy(state, nonce) !== undefined;
  return isKnown && state.confirmed === undefined ? { ...state, confirmed: { nonce, by, at: now, pauses } } : state;
}

/** Who is waited for is waited for as before: the owner has not connected yet. Whoever uses the link again is no other. */
export function ownerRefused(state: OpenState, { nonce, by }: OwnerStatement): OpenState {
  const refuse = (one: UnconfirmedConnection) => (one.nonce === nonce ? { ...one, refusedBy: by } : one);
  const refused = [...(state.refused ?? []).filter((one) => one.nonce !== nonce), { nonce, by }];
  return { ...state, unconfirmed: state.unconfirmed?.map(refuse), refused: refused.slice(-MAX_REFUSED_LINKS) };
}

/** It bears another link's nonce by now, or has gone: what was said of it is of no use. */
export function confirmationDropped(state: OpenState): OpenState {
  // With another account, what was decided of that was decided of another connection.
  return { ...state, found: undefined, confirmed: undefined, decision: undefined };
}

/** What follows from any change: nothing is confirmed that is neither there nor being accepted. */
export function settled(before: OpenState, after: OpenState): OpenState {
  const { found } = after;
  const isMoved =
    before.reconnect?.widening !== after.reconnect?.widening || before.recreate?.clicks !== after.recreate?.clicks;
  // Earlier links count for nothing from here on.
  const state = isMoved ? withoutUnconfirmed(after) : after;
  const left = found === undefined ? state.unconfirmed : state.unconfirmed?.filter(({ nonce }) => !bears(found, nonce));
  const isUnchanged = left?.length === state.unconfirmed?.length;
  const rest = isUnchanged ? state : { ...state, unconfirmed: left?.length ? left : undefined };
  if (rest.confirmed === undefined) return rest;
  const stated = unconfirmedBy(rest, rest.confirmed.nonce);
  const isOpen = found === undefined ? stated !== undefined && !stated.usedTwice : true;
  const isOver = before.found !== undefined && found === undefined;
  return isOpen && !isOver ? rest : { ...rest, confirmed: undefined };
}

/** It has come to nothing: whoever is asked once more is reminded when that is next due, not of what was due meanwhile. */
export function resumed(before: OpenState, after: OpenState, now: number): OpenState {
  if (!isPaused(before) || isPaused(after) || after.status !== 'waiting' || after.remindAt > now) return after;
  return { ...after, remindAt: nextReminder(after.waitingSince, now) };
}

/** By the nonce of the link that made it, or connected it anew. */
export function unconfirmedBy({ unconfirmed }: RequestState, nonce: string): UnconfirmedConnection | undefined {
  return unconfirmed?.find((one) => one.nonce === nonce);
}

/** Whether the connection that is to be connected anew is in the hands of somebody who may be anybody. */
export function isInUnknownHands({ unconfirmed, reconnect }: RequestState): boolean {
  if (reconnect === undefined) return false;
  const { connectionId, snapshot } = reconnect;
  return snapshot?.connection.unconfirmed === true || isAmong(unconfirmed, connectionId);
}

/** Whether a reconnect of this request has put somebody behind it of whom nobody has said who it is. */
export function isReconnectUnconfirmed({ unconfirmed, reconnect }: RequestState): boolean {
  return reconnect !== undefined && isAmong(unconfirmed, reconnect.connectionId);
}

/** Of one that has ended: those who have put themselves behind that connection, and whom nobody will confirm any more. */
export function leftBehind(state: RequestState): UnconfirmedConnection[] | undefined {
  const { unconfirmed = [], reconnect } = state;
  const all = [...unconfirmed, ...notAccepted(state)];
  const left = all.filter(({ connectionId }) => connectionId === reconnect?.connectionId);
  return left.length === 0 ? undefined : left.slice(-MAX_SHOWN_UNCONFIRMED);
}

/** One that was confirmed, and has not been accepted in time: the mark is there until it is. */
function notAccepted({ found, confirmed }: RequestState): UnconfirmedConnection[] {
  if (!found?.unconfirmed || confirmed === undefined) return [];
  return [{ connectionId: found.connectionId, nonce: confirmed.nonce, since: confirmed.at }];
}

/** Those that nobody will confirm any more, beside the one that is there anyway. */
export function leftUnconfirmed(
  { unconfirmed = [], reconnect, recreate }: RequestState,
  connectionId?: string,
): number {
  // Those that were made in its place are deleted, or are in the way of nothing.
  if (recreate !== undefined) return 0;
  return unconfirmed.filter((one) => ![reconnect?.connectionId, connectionId].includes(one.connectionId)).length;
}

function isAmong(unconfirmed: UnconfirmedConnection[] | undefined, connectionId: string): boolean {
  return unconfirmed?.some((one) => one.connectionId === connectionId) ?? false;
}

function isMet(state: OpenState, connection: Connection): boolean {
  if (!isUnconfirmedOf(connection, wantedOf(state))) return false;
  return state.found === undefined || !bears(state.found, connection.tags[TAG.nonce] ?? '');
}

function refusalOf({ refused }: OpenState, nonce: string): Pick<UnconfirmedConnection, 'refusedBy'> | undefined {
  const statement = refused?.find((one) => one.nonce === nonce);
  return statement && { refusedBy: statement.by };
}

/** A connection that is marked, by this link. */
function bears({ tags, unconfirmed }: Connection, nonce: string): boolean {
  return unconfirmed === true && tags[TAG.nonce] === nonce;
}

/** Whoever has a link can use it again and again: what somebody has refused makes room first, then the oldest. */
function withUnconfirmed(state: OpenState, all: UnconfirmedConnection[]): OpenState {
  const kept = [...all];
  while (kept.length > MAX_LIVE_LINKS) {
    const refused = kept.findIndex(({ refusedBy }) => refusedBy !== undefined);
    kept.splice(Math.max(refused, 0), 1);
  }
  return { ...state, unconfirmed: kept.length === 0 ? undefined : kept };
}

function withoutUnconfirmed(state: OpenState): OpenState {
  if (state.unconfirmed === undefined) return state;
  return { ...state, unconfirmed: undefined, extras: state.extras + leftUnconfirmed(state) };
}
