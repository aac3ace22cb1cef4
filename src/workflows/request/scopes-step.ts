import { COOL_DOWN_MS, MAX_MISSING_SCOPES } from '../../contract/limits';
import { CLIENT_JOIN_ID, TAG } from '../../contract/names';
import { nonceOrigin, numberOfLink } from '../../contract/rules/choose';
import { missingScopes, namedAmong } from '../../contract/rules/scopes';
import type { Connection, Failure, Snapshot } from '../../contract/types';
import { noteRefused } from './refused-scopes';
import { dependsOnScopes, scopesOf } from './request-state';
import type { Joiner, OpenState } from './request-state';
import { connected, connectedFor, end, stepTo, unconnectedFor, unresolved } from './step-ends';
import type { Step } from './step-ends';

/** Of the state machine of a request: who gets a connection by what it was granted. */

/**
 * A connection that nothing else stands in the way of. Whoever named scopes has it only if they were granted; where
 * nobody can know, it says so.
 *
 * @param granting `scopesRead`: whether `connection` says what it was granted, or that this cannot be known; `mayEnd` as
 *   in {@link waitOn}
 */
export function acceptFor(
  state: OpenState,
  connection: Connection,
  { scopesRead = false, mayEnd = false }: { scopesRead?: boolean; mayEnd?: boolean },
  now: number,
): Step {
  if (!dependsOnScopes(state)) return connected(state, connection, 0);
  const again = stepTo({ ...state, found: connection });
  // Somebody has named scopes meanwhile.
  if (!scopesRead) return again;
  const { grantedScopes } = connection;
  if (grantedScopes === undefined || shortOf(state, grantedScopes).length === 0) return connected(state, connection, 0);
  if (state.reconnect?.widening === undefined) return again;
  // Who has come since the link was made that was used is asked for next.
  if (waitOn(state, grantedScopes, mayEnd).length > 0) return stepTo(state);
  // A person was asked for them, and has granted others: nobody is asked for ever.
  const served = withoutServed({ ...state, reconnect: widened(state, grantedScopes) }, connection, grantedScopes);
  const refused = endWithLess(served.state, grantedScopes, now);
  return { ...refused, resolutions: [...served.resolutions, ...refused.resolutions] };
}

/** Nobody gets more than was granted, and whoever needs it is told so. */
export function endWithLess(state: OpenState, granted: string[], now: number): Step {
  return end({ ...state, found: undefined }, 'cancelled', (joiner) => ({
    failure: scopesMissing(state, joiner, granted),
    coolDownUntil: now + COOL_DOWN_MS,
  }));
}

/** Whoever needs no more than was granted is served; the others wait until somebody has granted the rest. */
export function awaitApproval(
  state: OpenState,
  { snapshot, granted }: { snapshot: Snapshot; granted: string[] },
): { state: OpenState; resolutions: Step['resolutions'] } {
  const connection = { ...snapshot.connection, grantedScopes: granted };
  const { connectionId } = connection;
  const widening = { granted, clicks: state.clicks };
  return withoutServed(
    { ...forgetAccountChange(state), found: undefined, reconnect: { connectionId, snapshot, widening } },
    connection,
    granted,
  );
}

/**
 * The same, and after an approval: whoever lacks what the link that was used has requested is told so, and who has come
 * since waits on, for what nobody was asked for. Links that were made since go on counting.
 */
export function awaitRest(
  state: OpenState,
  event: { snapshot: Snapshot; granted: string[]; now: number },
): { state: OpenState; resolutions: Step['resolutions'] } {
  const { granted, now } = event;
  const widening = state.reconnect?.widening;
  if (widening === undefined) return awaitApproval(state, event);
  const rest = notRequestedOf(state, granted);
  const refused = shortOf(state, granted).filter((joiner) => !rest.includes(joiner));
  const joiners = state.joiners.filter((joiner) => !refused.includes(joiner));
  const { state: next, resolutions } = awaitApproval({ ...state, joiners }, event);
  const { reconnect } = next;
  const since = reconnect?.widening && { ...reconnect.widening, clicks: usedLink(state) };
  const waiting = { ...next, reconnect: reconnect && { ...reconnect, widening: since } };
  const lacked = refused.flatMap((joiner) => missingScopes(scopesOf(state, joiner), granted));
  return {
    state: noteRefused(waiting, { lacked, granted }, now),
    resolutions: [
      ...resolutions,
      ...refused.map((joiner) =>
        unconnectedFor(joiner, 'cancelled', { failure: scopesMissing(state, joiner, granted) }),
      ),
    ],
  };
}

/** A link that adds scopes requests all that have been named so far. */
export function noteRequested(state: OpenState): OpenState {
  const { requestedBy = [], scopes, clicks } = state;
  if (requestedBy.at(-1)?.scopes === scopes.length) return state;
  return { ...state, requestedBy: [...requestedBy, { link: clicks + 1, scopes: scopes.length }] };
}

/** Of those who lack something, whoever lacks nothing that the link has requested by which somebody has connected. */
export function notRequestedOf(state: OpenState, granted: string[]): Joiner[] {
  const { requestedBy, scopes } = state;
  if (requestedBy === undefined) return [];
  const link = usedLink(state);
  const requested = scopes.slice(0, requestedBy.findLast((noted) => noted.link <= link)?.scopes);
  return shortOf(state, granted).filter((joiner) => {
    const missing = missingScopes(scopesOf(state, joiner), granted);
    return namedAmong(missing, requested).length === 0;
  });
}

/**
 * For whom the owner is asked next, after an approval that was granted too little.
 *
 * @param mayEnd nobody, where the request has to end: there is a version that does
 */
export function waitOn(state: OpenState, granted: string[], mayEnd: boolean): Joiner[] {
  const rest = notRequestedOf(state, granted);
  return mayEnd && hasToEnd(state, granted, rest) ? [] : rest;
}

function hasToEnd(state: OpenState, granted: string[], rest: Joiner[]): boolean {
  // The old connection goes: the question would begin anew with one that is gone.
  if (state.recreate?.made !== undefined) return true;
  // A backend hears of its refusal by how the request ends.
  return shortOf(state, granted).some((joiner) => joiner.joinId === CLIENT_JOIN_ID && !rest.includes(joiner));
}

/** The number of the link by which the connection that was found was connected; of another's, the latest of ours. */
function usedLink({ found, origin, clicks }: OpenState): number {
  const nonce = found?.tags[TAG.nonce];
  return nonce !== undefined && nonceOrigin(nonce) === origin ? numberOfLink(nonce) : clicks;
}

/** An answer to the question about one account is none about the next. */
function forgetAccountChange(state: OpenState): OpenState {
  return state.accountChange?.scopesRead ? { ...state, accountChange: undefined } : state;
}

/** What those who waited for scopes are told once it is too late; of everybody, without a joiner. */
export function scopesMissing(state: OpenState, joiner: Joiner | undefined, granted: string[]): Failure {
  const wanted = (joiner === undefined ? state.joiners : [joiner]).flatMap((one) => scopesOf(state, one));
  return { type: 'Nango.ScopesMissing', scopes: missingScopes(wanted, granted).slice(0, MAX_MISSING_SCOPES) };
}

/** Of those who wait, whoever named a scope that was not granted. */
export function shortOf(state: OpenState, granted: string[]): Joiner[] {
  return unresolved(state.joiners).filter((joiner) => missingScopes(scopesOf(state, joiner), granted).length > 0);
}

function withoutServed(
  state: OpenState,
  connection: Connection,
  granted: string[],
): { state: OpenState; resolutions: Step['resolutions'] } {
  const short = shortOf(state, granted);
  const served = unresolved(state.joiners).filter((joiner) => !short.includes(joiner));
  return {
    state: { ...state, joiners: short },
    resolutions: served.map((joiner) => connectedFor(state, joiner, connection)),
  };
}

/** What an approval has come to, if less than was wanted. */
function widened({ reconnect }: OpenState, granted: string[]): OpenState['reconnect'] {
  return reconnect?.widening && { ...reconnect, widening: { ...reconnect.widening, granted } };
}
