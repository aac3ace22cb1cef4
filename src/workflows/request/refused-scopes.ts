import { COOL_DOWN_MS } from '../../contract/limits';
import { REQUEST_VIEW } from '../../contract/names';
import { missingScopes, namedAmong } from '../../contract/rules/scopes';
import type { RequestView } from '../../contract/types';
import { isClosed, missingOf, notShown, shownScopes } from './request-state';
import type { OpenState, RefusedScopes, RequestState } from './request-state';

/**
 * Of the state machine of a request: scopes that the owner has refused while others waited on. They stand in the memo,
 * where whoever joins looks, as what an earlier request has ended without does.
 */

type HeldBack = Pick<RequestView, 'coolDownUntil' | 'missingScopes' | 'moreMissingScopes'>;

/** @param answer `lacked`: what was requested, and is missing; `granted`: all that there is by now */
export function noteRefused(
  state: OpenState,
  { lacked, granted }: { lacked: string[]; granted: string[] },
  now: number,
): OpenState {
  const names = [...(state.refusedScopes?.names ?? []), ...lacked];
  return { ...state, refusedScopes: stillMissing({ names, until: now + COOL_DOWN_MS }, granted) };
}

/**
 * What an earlier request of the name has come to, as this one's memo says from its start.
 *
 * @param memo anything: whoever starts a workflow may write what they like
 */
export function refusedBefore(memo: { [key: string]: unknown } = {}): RefusedScopes | undefined {
  const { coolDownUntil: until, missingScopes: names } = Object(memo[REQUEST_VIEW]) as { [key: string]: unknown };
  const isThere = typeof until === 'number' && Array.isArray(names) && names.every((name) => typeof name === 'string');
  return isThere ? { names, until } : undefined;
}

/** Somebody who minds no cool-down has them asked for again, of the same person. */
export function unlessNamed({ refusedScopes }: RequestState, wanted: string[]): RefusedScopes | undefined {
  return refusedScopes && stillMissing(refusedScopes, namedAmong(refusedScopes.names, wanted));
}

export function withoutExpired(state: OpenState, now: number): OpenState {
  const { refusedScopes } = state;
  return refusedScopes !== undefined && refusedScopes.until <= now ? { ...state, refusedScopes: undefined } : state;
}

/** @param granted by now, where that can be known */
export function stillMissing(refused: RefusedScopes, granted: string[] = []): RefusedScopes | undefined {
  const names = missingScopes(refused.names, granted);
  return names.length > 0 ? { ...refused, names } : undefined;
}

/**
 * Whom the end of a request without a connection holds back.
 *
 * @param coolDownUntil of the end itself, for all that is still missing; where nothing is, for everybody
 */
export function heldBackByEnd(state: OpenState, coolDownUntil: number | undefined): HeldBack {
  const missing = missingOf(state);
  const refused = state.refusedScopes && stillMissing(state.refusedScopes, state.reconnect?.widening?.granted);
  if (refused === undefined) return { coolDownUntil, ...shown(missing) };
  if (coolDownUntil === undefined) return { coolDownUntil: refused.until, ...shown(refused.names) };
  return { coolDownUntil, ...shown(missing.length > 0 ? [...new Set([...refused.names, ...missing])] : []) };
}

/** Who is held back while a request is open, and once it has ended. */
export function heldBackBy(state: RequestState): HeldBack {
  if (isClosed(state) && state.status !== 'connected') {
    const { coolDownUntil, missingScopes: missing, moreMissingScopes } = state;
    return { coolDownUntil, missingScopes: missing, moreMissingScopes };
  }
  const { refusedScopes } = state;
  if (refusedScopes === undefined) return {};
  const { names, until } = refusedScopes;
  // Those who wait on come back to make sure that they are on the list: what is not named here is not held against them.
  return isClosed(state)
    ? { coolDownUntil: until, ...shown(names) }
    : { coolDownUntil: until, missingScopes: shownScopes(names) };
}

function shown(missing: string[]): HeldBack {
  if (missing.length === 0) return {};
  return { missingScopes: shownScopes(missing), moreMissingScopes: notShown(missing) };
}
