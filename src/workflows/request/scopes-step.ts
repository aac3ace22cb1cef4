import { COOL_DOWN_MS, MAX_MISSING_SCOPES } from '../../contract/limits';
import { missingScopes } from '../../contract/rules/scopes';
import type { Connection, Failure, Snapshot } from '../../contract/types';
import { dependsOnScopes, scopesOf } from './request-state';
import type { Joiner, OpenState } from './request-state';
import { connected, connectedFor, end, stepTo, unresolved } from './step-ends';
import type { Step } from './step-ends';

/** Of the state machine of a request: who gets a connection by what it was granted. */

/**
 * A connection that nothing else stands in the way of. Whoever named scopes has it only if they were granted; where
 * nobody can know, it says so.
 *
 * @param scopesRead whether `connection` says what it was granted, or that this cannot be known
 */
export function acceptFor(state: OpenState, connection: Connection, scopesRead: boolean, now: number): Step {
  if (!dependsOnScopes(state)) return connected(state, connection, 0);
  const again = stepTo({ ...state, found: connection });
  // Somebody has named scopes meanwhile.
  if (!scopesRead) return again;
  const { grantedScopes } = connection;
  if (grantedScopes === undefined || shortOf(state, grantedScopes).length === 0) return connected(state, connection, 0);
  // A person was asked for them, and has granted others: nobody is asked for ever.
  if (state.reconnect?.widening === undefined) return again;
  const served = withoutServed({ ...state, reconnect: widened(state, grantedScopes) }, connection, grantedScopes);
  const refused = end({ ...served.state, found: undefined }, 'cancelled', (joiner) => ({
    failure: scopesMissing(served.state, joiner, grantedScopes),
    coolDownUntil: now + COOL_DOWN_MS,
  }));
  return { ...refused, resolutions: [...served.resolutions, ...refused.resolutions] };
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
    { ...state, found: undefined, reconnect: { connectionId, snapshot, widening } },
    connection,
    granted,
  );
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
