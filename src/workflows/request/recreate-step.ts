import { missingScopes } from '../../contract/rules/scopes';
import { replacementTags } from '../../contract/rules/tags';
import type { Connection, Snapshot, Unwritten } from '../../contract/types';
import { isClosed, isRecreating, kindOf, missingOf } from './request-state';
import type { OpenState, RequestState } from './request-state';
import { awaitApproval, endWithLess } from './scopes-step';
import { connected, stepTo } from './step-ends';
import type { Step } from './step-ends';
import { waitForPerson } from './wait-for-person';

export type RecreateEvent =
  /** a reconnect that was to add scopes has added none; `requested` by the integration itself, where that can be known */
  | {
      type: 'notWidened';
      snapshot: Snapshot;
      granted: string[];
      requested?: string[];
      unwritten?: Unwritten[];
      now: number;
    }
  /** an operator's yes is being carried out, or was in vain */
  | { type: 'updateBegun' | 'updateFailed'; now: number }
  /** an operator has seen to it, or says so */
  | { type: 'integrationUpdated'; requested: string[]; by: string; now: number }
  | { type: 'updateRefused'; by: string; now: number }
  /** accepted, with tags and metadata of the old one, which is to be deleted next */
  | { type: 'replacementMade'; connection: Connection; now: number }
  /** it was granted no more than the old one, or less, or could not be made its equal */
  | { type: 'replacementRefused'; unwritten?: Unwritten[]; now: number }
  /** it is gone */
  | { type: 'replacementDropped'; now: number }
  /** at the first lookup: the connection to be connected anew is gone, and this one was made in its place */
  | { type: 'replaced'; connection: Connection; now: number };

/**
 * Of the state machine of a request: a connection is made anew where a reconnect adds no scopes.
 *
 *     not widened --> an operator has the integration request more --> the owner makes a new connection
 *                          `--no--> cancelled                             |--has more--> (the old one is deleted) connected
 *                                                                         `--has not, or less--> cancelled
 *
 * The old connection is there, and everybody's, until the new one has been accepted.
 */
export function recreateStep(state: OpenState, event: Exclude<RecreateEvent, { type: 'replaced' }>): Step {
  switch (event.type) {
    case 'notWidened':
      return begin({ ...state, unwritten: event.unwritten }, event);
    case 'updateBegun':
    case 'updateFailed':
      return stepTo(updating(state, event.type === 'updateBegun'));
    case 'integrationUpdated':
      return stepTo(updated(state, event));
    case 'updateRefused':
      return endWithLess(state, grantedOf(state), event.now);
    case 'replacementMade':
      return stepTo(state.recreate === undefined ? state : made(state, event.connection));
    case 'replacementRefused':
      // Whoever needed it has left, and those who are still there want the old one.
      if (!isRecreating(state)) return stepTo({ ...refuseReplacement(state), found: undefined });
      return endWithLess({ ...state, unwritten: event.unwritten }, grantedOf(state), event.now);
    case 'replacementDropped':
      return stepTo(dropped(state));
  }
}

/** What is asked has become something else: whoever is asked now has to be notified. */
export function reopened(before: OpenState, { state, resolutions }: Step, now: number): Step {
  const isOther = before.recreate !== undefined && !isClosed(state) && kindOf(before) !== kindOf(state);
  return { state: isOther ? waitForPerson(state, now) : state, resolutions };
}

/** Whether a connection was made in the place of the one to be connected anew. */
export function isReplacement({ recreate, reconnect }: RequestState, { connectionId }: Connection): boolean {
  return recreate !== undefined && connectionId !== reconnect?.connectionId;
}

/** Whether a reconnect has left everything as it was: the provider, or the integration, does not let a link add scopes. */
export function addsNone(state: RequestState, granted: string[]): boolean {
  const before = grantedOf(state);
  const isSame = missingScopes(before, granted).length === 0 && missingScopes(granted, before).length === 0;
  return isSame && state.recreate === undefined && state.reconnect?.widening !== undefined;
}

/** Whether links have been seen to add scopes: something was granted that the integration does not request by itself. */
export function addsScopes(granted: string[], requested: string[] | undefined): boolean {
  return requested !== undefined && missingScopes(granted, requested).length > 0;
}

/** Whether a new connection is better than the old one: it has more of what is missing, and loses nothing. */
export function isBetter(state: RequestState, granted: string[]): boolean {
  const missing = missingOf(state);
  return (
    missingScopes(grantedOf(state), granted).length === 0 && missingScopes(missing, granted).length < missing.length
  );
}

/** Whether its account is right is asked: no lookup has to find it again. */
export function questionReplacement(state: OpenState): OpenState {
  const { recreate, clicks } = state;
  return recreate === undefined ? state : { ...state, recreate: { ...recreate, clicksSince: clicks } };
}

/** The account of a new connection is wrong: it goes, and no earlier link makes another. */
export function refuseReplacement(state: OpenState): OpenState {
  const { recreate, clicks } = state;
  if (recreate === undefined) return state;
  return { ...state, recreate: { ...recreate, clicksSince: clicks, unwanted: true } };
}

function begin(
  state: OpenState,
  event: { snapshot: Snapshot; granted: string[]; requested?: string[]; now: number },
): Step {
  const { snapshot, granted, requested, now } = event;
  const served = awaitApproval(state, { snapshot, granted });
  const { connection } = snapshot;
  const hasRoom = replacementTags(connection.tags, state.origin, connection.connectionId) !== undefined;
  const { state: next, resolutions } =
    served.state.joiners.length === 0
      ? connected(served.state, { ...connection, grantedScopes: granted }, 0)
      : hasRoom
        ? stepTo(waitForPerson({ ...served.state, recreate: { requested, clicks: state.clicks } }, now))
        : endWithLess(served.state, granted, now);
  return { state: next, resolutions: [...served.resolutions, ...resolutions] };
}

function updating(state: OpenState, isUpdating: boolean): OpenState {
  const { recreate } = state;
  if (recreate === undefined) return state;
  return { ...state, recreate: { ...recreate, updating: isUpdating ? true : undefined } };
}

function updated(
  state: OpenState,
  { requested, by, now }: { requested: string[]; by: string; now: number },
): OpenState {
  if (state.recreate === undefined) return state;
  // A decision about an account is another one.
  const decision = state.accountChange === undefined ? ({ choice: 'yes', by, at: now } as const) : state.decision;
  return { ...state, recreate: { ...state.recreate, requested, updating: undefined }, decision };
}

function made(state: OpenState, connection: Connection): OpenState {
  return { ...state, recreate: { ...state.recreate, clicks: state.recreate?.clicks ?? 0, made: connection } };
}

function dropped(state: OpenState): OpenState {
  const { recreate } = state;
  if (recreate === undefined) return state;
  return { ...state, found: undefined, recreate: { ...recreate, made: undefined, unwanted: undefined } };
}

function grantedOf({ reconnect }: RequestState): string[] {
  return reconnect?.widening?.granted ?? [];
}
