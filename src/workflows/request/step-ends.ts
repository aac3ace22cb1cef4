import { CLIENT_JOIN_ID } from '../../contract/names';
import { forScopes } from '../../contract/rules/scopes';
import type { Connection, Failure, JoinResolution } from '../../contract/types';
import { leftUnconfirmed } from './confirming-step';
import { heldBackByEnd, stillMissing } from './refused-scopes';
import { scopesOf } from './request-state';
import type { Joiner, OpenState, RequestState, UnconnectedState } from './request-state';

/** What is due to a joiner that has just been taken off the list. */
export type DueResolution = JoinResolution & Pick<Joiner, 'subscriber'>;

export interface Step {
  state: RequestState;
  resolutions: DueResolution[];
}

/** Why a request ends without a connection, and until when nobody is asked again. */
export type End = Pick<UnconnectedState, 'failure' | 'coolDownUntil'>;

export function stepTo(state: RequestState): Step {
  return { state, resolutions: [] };
}

/** Ends the request with a connection, for everybody who is still there. */
export function connected(state: OpenState, connection: Connection, extras: number): Step {
  // What the request ends with is read by backends.
  const backend = state.joiners.find(({ joinId }) => joinId === CLIENT_JOIN_ID) ?? everybody(state);
  return {
    state: {
      ...closed(state, connection.connectionId, extras),
      status: 'connected',
      connection: connectionFor(state, backend, connection),
      found: undefined,
      refusedScopes: state.refusedScopes && stillMissing(state.refusedScopes, connection.grantedScopes),
    },
    resolutions: unresolved(state.joiners).map((j) => connectedFor(state, j, connection)),
  };
}

export function connectedFor(state: OpenState, joiner: Joiner, connection: Connection): DueResolution {
  return { ...due(joiner), status: 'connected', connection: connectionFor(state, joiner, connection) };
}

export function failed(state: OpenState, failure: Failure): Step {
  return end(state, 'cancelled', () => ({ failure }));
}

/**
 * Ends the request without one, for everybody who is still there.
 *
 * @param why of a joiner; without one, of the request
 */
export function end(
  state: OpenState,
  status: UnconnectedState['status'],
  why: (joiner?: Joiner) => End = () => ({}),
): Step {
  const { failure, coolDownUntil } = why();
  return {
    state: { ...closed(state), status, failure, ...heldBackByEnd(state, coolDownUntil) },
    resolutions: unresolved(state.joiners).map((j) => unconnectedFor(j, status, why(j))),
  };
}

export function unconnectedFor(
  joiner: Joiner,
  status: UnconnectedState['status'],
  { failure, coolDownUntil }: End,
): DueResolution {
  if (failure !== undefined) return { ...due(joiner), status: 'failed', failure };
  return { ...due(joiner), status, coolDownUntil };
}

export function unresolved(joiners: Joiner[]): Joiner[] {
  return joiners.filter((j) => !j.resolved);
}

/** As a joiner gets it: it is marked if scopes were named of which nobody knows whether they were granted. */
function connectionFor(state: OpenState, joiner: Pick<Joiner, 'scopes' | 'named'>, connection: Connection): Connection {
  if (state.checksScopes) return forScopes(connection, scopesOf(state, joiner));
  return { ...connection, scopesChecked: joiner.scopes > 0 ? false : undefined };
}

/** Who named all that anybody named. */
function everybody({ scopes }: OpenState): Pick<Joiner, 'scopes' | 'named'> {
  return { scopes: scopes.length, named: scopes.length > 0 ? [...scopes.keys()] : undefined };
}

/** @param extras beside those that nobody has confirmed */
function closed(state: OpenState, connectionId?: string, extras = 0): OpenState {
  return {
    ...state,
    joiners: [],
    links: [],
    extras: state.extras + extras + leftUnconfirmed(state, connectionId),
  };
}

function due({ joinId, subscriber }: Joiner): Pick<DueResolution, 'joinId' | 'subscriber'> {
  return { joinId, subscriber };
}
