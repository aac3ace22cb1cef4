import { candidates, choose, withScopes } from '../../contract/rules/choose';
import type { Choice } from '../../contract/rules/choose';
import type { Choose, Connection, ConnectionDecision, Failure, NotRemembered } from '../../contract/types';
import { dependsOnScopes, isClosed } from './request-state';
import type { Joiner, OpenState, RequestState } from './request-state';
import { connected, connectedFor, failed, stepTo, unconnectedFor, unresolved } from './step-ends';
import type { DueResolution, Step } from './step-ends';
import { waitForPerson } from './wait-for-person';

/** Of the state machine of a request: which of several connections is meant. */

/** Connections have none such: whoever merges with a joiner that means another is asked. */
const NOBODYS: Choose = { tag: { '': '' } };

/** What several backends mean that wait as one. */
export function chooseOfBoth(known: Choose | undefined, given: Choose | undefined): Choose | undefined {
  return JSON.stringify(known) === JSON.stringify(given) ? known : NOBODYS;
}

/**
 * Whether somebody who waits says something of several connections, and there are several: what runs of before made of
 * that was a failure.
 */
export function isForChoosing(state: RequestState, connections: Connection[]): boolean {
  if (state.choosesConnections || state.status !== 'checking') return false;
  if (!state.joiners.some((joiner) => joiner.chooses === true || joiner.choose !== undefined)) return false;
  return choose(connections, state.subject, NOBODYS).kind === 'several';
}

/**
 * All connections of the owner, and perhaps several. Whoever means one has it, whoever waits for no choice gets the
 * failure, and of the others somebody is asked.
 */
export function chooseAmong(state: OpenState, connections: Connection[], now: number): Step {
  const choice = choose(connections, state.subject);
  if (choice.kind === 'none') return stepTo(waitForPerson({ ...state, choosing: undefined, chosen: undefined }, now));
  const waiting = unresolved(state.joiners);
  const choices = choicesOf(waiting, connections, state);
  const common = commonOf(waiting.length === 0 ? [choice] : choices);
  if (common !== undefined) return serve(state, common.connection, common.extras.length);
  const all = choose(connections, state.subject, NOBODYS);
  const between = candidates(all.kind === 'several' ? all.connections : []);
  const failure: Failure = { type: 'Nango.ConnectionAmbiguous', connections: between };
  const resolutions = waiting.map((joiner, i) => resolutionOf(state, joiner, choices[i], failure));
  const undecided = waiting.filter((_, i) => resolutions[i] === undefined);
  const due = resolutions.filter((resolution) => resolution !== undefined);
  const rest = { ...state, joiners: undecided };
  if (undecided.length === 0) return { ...failed(rest, failure), resolutions: due };
  return { state: openQuestion(rest, between, now), resolutions: due };
}

/** Somebody has chosen; whether it can be had is looked up before anybody has it. */
export function choiceMade(state: OpenState, { connectionId, by }: ConnectionDecision, now: number): OpenState {
  return state.choosing === undefined ? state : { ...state, chosen: { connectionId, by, at: now } };
}

/** It is the owner's, and remembered where that can be. */
export function choiceAccepted(state: OpenState, connection: Connection, notRemembered?: NotRemembered): Step {
  return isBeingChosen(state) ? serve({ ...state, notRemembered }, connection, 0) : stepTo(state);
}

/** It has gone: somebody has to choose again. */
export function choiceGone(state: OpenState): OpenState {
  const { choosing, chosen } = state;
  if (choosing === undefined || chosen === undefined) return state;
  const left = choosing.candidates.filter(({ connectionId }) => connectionId !== chosen.connectionId);
  return { ...state, chosen: undefined, choosing: { ...choosing, candidates: left } };
}

/** What each was granted, as far as that can be known. */
export function candidatesRead(state: OpenState, scopes: { [connectionId: string]: string[] }): OpenState {
  return state.choosing === undefined ? state : { ...state, choosing: { ...state.choosing, scopes } };
}

/** Ids of those of which what they were granted has not been read; nothing if there is nothing to read. */
export function candidatesToRead(state: RequestState): string[] | undefined {
  const { choosing } = state;
  if (isClosed(state)) return undefined;
  return choosing?.scopes === undefined ? choosing?.candidates.map(({ connectionId }) => connectionId) : undefined;
}

/** Whether an answer is being carried out. */
export function isBeingChosen(state: RequestState): boolean {
  return !isClosed(state) && state.choosing !== undefined && state.chosen !== undefined;
}

/** What those who wait for a choice are told once it is too late. */
export function stillAmbiguous({ choosing }: RequestState): Failure | undefined {
  return (
    choosing && { type: 'Nango.ConnectionAmbiguous', connections: withScopes(choosing.candidates, choosing.scopes) }
  );
}

/** As of one that is found at the first lookup. */
function serve(state: OpenState, connection: Connection, extras: number): Step {
  const chosen: OpenState = { ...state, status: 'checking', choosing: undefined };
  if (!dependsOnScopes(state)) return connected(chosen, connection, extras);
  return stepTo({ ...chosen, found: connection, extras: state.extras + extras });
}

/** What each means. Thousands may wait, and mostly mean the same: it is worked out once for all of them. */
function choicesOf(joiners: Joiner[], connections: Connection[], { subject }: OpenState): Choice[] {
  const known = new Map<string, Choice>();
  return joiners.map((joiner) => {
    const key = JSON.stringify(joiner.choose ?? null);
    const choice = known.get(key) ?? choose(connections, subject, joiner.choose);
    known.set(key, choice);
    return choice;
  });
}

function commonOf(choices: Choice[]): (Choice & { kind: 'one' }) | undefined {
  const [first, ...others] = choices;
  if (first?.kind !== 'one') return undefined;
  const id = first.connection.connectionId;
  return others.every((other) => other.kind === 'one' && other.connection.connectionId === id) ? first : undefined;
}

/** @returns nothing for whoever waits until somebody has chosen */
function resolutionOf(
  state: OpenState,
  joiner: Joiner,
  choice: Choice | undefined,
  failure: Failure,
): DueResolution | undefined {
  if (choice?.kind === 'one') {
    // A request can ask for scopes of one connection only, and others wait for another.
    if (!dependsOnScopes(state) || joiner.named === undefined) return connectedFor(state, joiner, choice.connection);
    return unconnectedFor(joiner, 'cancelled', { failure: { type: 'Nango.InvalidRequest', reason: 'other_question' } });
  }
  return joiner.chooses ? undefined : unconnectedFor(joiner, 'cancelled', { failure });
}

/** The memo changes only if what can be chosen does. */
function openQuestion(
  state: OpenState,
  between: NonNullable<OpenState['choosing']>['candidates'],
  now: number,
): OpenState {
  if (state.choosing === undefined) return { ...waitForPerson(state, now), choosing: { candidates: between } };
  const isSame = JSON.stringify(state.choosing.candidates) === JSON.stringify(between);
  return isSame ? state : { ...state, choosing: { ...state.choosing, candidates: between } };
}
