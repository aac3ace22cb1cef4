import type { ApplicationFailure } from '@temporalio/common';
import { findNangoFailure, invalid, nangoFailure } from '../../contract/errors';
import { refuseAll } from '../../contract/join-update-results';
import { MAX_JOINED_BYTES, MAX_JOINS, MAX_LIVE_LINKS, MAX_SCOPES, REMIND_AGAIN_MS } from '../../contract/limits';
import { CLIENT_JOIN_ID } from '../../contract/names';
import { roomForTags } from '../../contract/rules/tags';
import { checkName, checkText } from '../../contract/rules/text';
import type {
  AccountDecision,
  ConnectionDecision,
  Decision,
  Join,
  LinkTerms,
  OwnerStatement,
  ScopesDecision,
} from '../../contract/types';
import { checkConnectionId } from '../../contract/rules/check-call';
import { checkJoinForm } from '../../contract/rules/check-messages';
import { checkScopesDecision } from '../../contract/rules/check-recreate';
import { checkDeadline, reservedTags } from '../../contract/rules/check-request';
import { missingScopes } from '../../contract/rules/scopes';
import { checkObject, checkOneOf } from '../../contract/rules/check-shape';
import { jsonBytes } from '../../contract/rules/json';
import { isBeingChosen } from './choosing-step';
import { isInUnknownHands, isReconnectUnconfirmed, unconfirmedBy } from './confirming-step';
import { step } from './request-step';
import { isClosed, isPaused, isRecreating, isReminderDue, mayIssueLink, needsUpdate } from './request-state';
import type { RequestState } from './request-state';

/** Synchronous validators of a request's updates: what they refuse leaves no event in its history. */

const REFUSALS = {
  request_closed: 'The request is closed; a later one of the same name is another.',
  already_joined: 'This joiner is on the list already.',
  too_many_joiners: 'As many wait for it as one request can hold.',
  too_many_links: `There are ${MAX_LIVE_LINKS} live links already.`,
  too_many_tags: 'The connection has ten tags of its own; a reconnect needs room for one.',
  tag_conflict: 'Another joiner gave a different value for the same tag.',
  other_question: 'Something else is asked: to connect, to connect another connection anew, or which one is meant.',
  reminded_lately: 'The person was reminded within the last hour.',
  no_open_question: 'There is no question that waits for a decision, or one is being carried out.',
  not_a_candidate: 'The connection is not among those that can be chosen.',
  link_used_twice:
    'Its link has made several connections: which of them the owner has made nobody can know. Have a new one clicked.',
  not_requested: 'The integration does not request all of the scopes yet.',
} as const;

export function refusal(reason: keyof typeof REFUSALS): ApplicationFailure {
  return nangoFailure('Nango.InvalidRequest', { reason, hint: REFUSALS[reason] });
}

function refuseIfClosed(state: RequestState): void {
  if (isClosed(state)) throw refusal('request_closed');
}

/** The run that a handle was made for; an activity that leaves for a joiner of its own names none. */
export interface Addressee {
  firstExecutionRunId?: string;
}

/** What somebody does to a request, and who: it stands in the history. */
export interface Operation extends Addressee {
  by?: string;
}

function checkOperation(given: unknown): asserts given is Operation {
  checkObject(given, 'input');
  if (given.by !== undefined) checkName(given.by, 'by');
  if (given.firstExecutionRunId !== undefined) checkText(given.firstExecutionRunId, 'firstExecutionRunId');
}

/** What was meant for an earlier request of the same name does not reach this one. */
export function refuseIfMisaddressed(state: RequestState, given: unknown, own: string): asserts given is Operation {
  checkOperation(given);
  const { firstExecutionRunId: addressee } = given;
  if (addressee !== undefined && addressee !== own) throw refusal('request_closed');
  refuseIfClosed(state);
}

/**
 * Anything may be given; what passes is a join that this request can take, and can hand on with the others.
 *
 * @param most bytes that the state has at most: it is weighed only if that would not do
 */
function checkJoin(state: RequestState, given: unknown, now: number, most: number): asserts given is Join {
  checkJoinForm(given);
  const { joinId, deadline, tags = {}, reconnect } = given;
  const other = reconnect !== undefined && reconnect !== state.reconnect?.connectionId;
  if (state.status === 'connected' && !other) return;
  refuseIfClosed(state);
  if (other) throw refusal('other_question');
  // Its deadline may have been moved since: that which it has come with says nothing.
  if (joinId !== CLIENT_JOIN_ID && state.joiners.some((j) => j.joinId === joinId)) throw refusal('already_joined');
  if (deadline !== undefined) checkDeadline(deadline, now);
  for (const [key, value] of Object.entries(tags)) {
    if (Object.hasOwn(state.tags, key) && state.tags[key] !== value) throw refusal('tag_conflict');
  }
  checkRoom(state, given, now, most);
}

/** What all joiners wish for goes into one connect session, and what they are into one payload. */
function checkRoom(state: RequestState, given: Join, now: number, most: number): void {
  const { state: joined } = step(state, { type: 'join', join: given, now });
  const { owner, slot } = state.subject;
  const room = roomForTags(owner, slot, reservedTags(joined.identity));
  if (Object.keys(joined.tags).length > room) throw invalid('tags', `must be at most ${room} of all who wait`);
  if (joined.scopes.length > MAX_SCOPES) throw invalid('scopes', `must be at most ${MAX_SCOPES} of all who wait`);
  if (most + growthBy(given) > MAX_JOINED_BYTES && jsonBytes(joined) > MAX_JOINED_BYTES) {
    throw refusal('too_many_joiners');
  }
}

/** Bytes by which a state grows at most: scopes and tags may enter it beside the joiner, whose times are ours. */
function growthBy(join: Join): number {
  return 2 * jsonBytes(join) + 256;
}

/** Refuses where nobody could join: one who may not does not hurt those who travel along. */
export function checkJoins(state: RequestState, joins: unknown, now: number): void {
  if (!Array.isArray(joins) || joins.length === 0 || joins.length > MAX_JOINS) {
    throw invalid('joins', `must be a list of one to ${MAX_JOINS}`);
  }
  const refusals = refusalsOf(state, joins as Join[], now);
  if (refusals.every((refusal) => refusal !== undefined)) throw refuseAll(refusals);
}

/** Why each may not join, once those before it have. */
export function refusalsOf(state: RequestState, joins: Join[], now: number): (ApplicationFailure | undefined)[] {
  let joined = state;
  // A hundred join at a time, and thousands may be there: weighing all of them for each would hold up the task.
  let most = jsonBytes(state);
  return joins.map((join) => {
    try {
      checkJoin(joined, join, now, most);
    } catch (error) {
      return findNangoFailure(error) ?? invalid('joins', 'has the wrong shape');
    }
    if (wantsAsItIs(state, join)) return undefined;
    joined = step(joined, { type: 'join', join, now }).state;
    most += growthBy(join);
    if (most > MAX_JOINED_BYTES) most = jsonBytes(joined);
    return undefined;
  });
}

/** Who only wants the connection, with no more than it was granted, need not wait until it is connected anew. */
export function wantsAsItIs(state: RequestState, { reconnect, scopes = [] }: Join): boolean {
  if (state.reconnect === undefined || reconnect !== undefined || isInUnknownHands(state)) return false;
  if (scopes.length === 0 || !state.checksScopes) return true;
  const { accountChange, reconnect: known } = state;
  const granted = accountChange?.scopesRead ? accountChange.connection.grantedScopes : known.widening?.granted;
  return granted !== undefined && missingScopes(scopes, granted).length === 0;
}

/** To connect is the yes to the deletion only of who was told of it. */
export function refuseUnagreed(state: RequestState, { recreate }: LinkTerms): void {
  if (!isRecreating(state) || recreate) return;
  const hint =
    'The old connection is deleted once the new one is there, and whoever has the link has to agree first: on the page of permanentLink(), or on one of yours that says so, whose link is made with { recreate: true }.';
  throw nangoFailure('Nango.InvalidRequest', { reason: 'other_question', hint });
}

export function checkIssueLink(state: RequestState, terms: LinkTerms, now: number): void {
  // There are connections: another one would not make it clearer which is meant.
  if (state.status === 'waiting' && state.choosing !== undefined) throw refusal('other_question');
  if (!mayIssueLink(state, now)) throw refusal('too_many_links');
  // A link would bring nothing before an operator has acted.
  if (needsUpdate(state)) {
    const hint = 'An operator has to have the integration request more first.';
    throw nangoFailure('Nango.InvalidRequest', { reason: 'no_open_question', hint });
  }
  refuseUnagreed(state, terms);
}

/** The form of what is said of a link, before anybody acts by it. */
export function checkLinkTerms(given: { verifyOwner?: unknown; recreate?: unknown }): asserts given is LinkTerms {
  for (const term of ['verifyOwner', 'recreate'] as const) {
    if (given[term] !== undefined && given[term] !== true) throw invalid(term, 'must be true');
  }
}

/** Of what one link has made several times nobody can say which is the owner's. */
export function checkConfirmation(state: RequestState, given: OwnerStatement): void {
  checkOwnerStatement(state, given);
  if (unconfirmedBy(state, given.nonce)?.usedTwice) throw refusal('link_used_twice');
}

/** Of somebody who is being accepted nobody says anything any more, but what has been said once more. */
export function checkOwnerStatement(state: RequestState, given: OwnerStatement): void {
  const { nonce, by } = given;
  checkText(nonce, 'nonce');
  checkName(by, 'by');
  const isFree = state.found === undefined && state.confirmed === undefined;
  if (state.status !== 'waiting' || !isFree || unconfirmedBy(state, nonce) === undefined) {
    throw refusal('no_open_question');
  }
}

export function checkRemind(state: RequestState, now: number): void {
  if (state.status !== 'waiting' || isPaused(state)) throw refusal('no_open_question');
  const { remindedAt } = state;
  const lately = remindedAt !== undefined && now - remindedAt < REMIND_AGAIN_MS;
  // One that is due goes out now: somebody else has just asked for it.
  if (lately || isReminderDue(state, now)) throw refusal('reminded_lately');
}

export function isConnectionDecision(given: Decision | ScopesDecision): given is ConnectionDecision {
  return 'connectionId' in given && given.connectionId !== undefined;
}

export function checkDecision(state: RequestState, given: Decision | ScopesDecision): void {
  if (isUpdateOpen(state)) {
    checkScopesDecision(given);
    // A no would be told of an integration that requests more a moment later.
    if (state.recreate?.updating) throw refusal('no_open_question');
    return;
  }
  checkName(given.by, 'by');
  if (isConnectionDecision(given)) checkConnectionDecision(state, given);
  else if (given.choice === 'update' || given.choice === 'updated') throw refusal('no_open_question');
  else checkAccountDecision(state, given as AccountDecision);
}

function checkConnectionDecision(state: RequestState, given: ConnectionDecision): void {
  const { connectionId } = given;
  checkConnectionId(connectionId, 'connectionId');
  if ('choice' in given && given.choice !== undefined) throw invalid('choice', 'must not be given with connectionId');
  if (state.status !== 'waiting' || state.choosing === undefined || isBeingChosen(state)) {
    throw refusal('no_open_question');
  }
  const isCandidate = state.choosing.candidates.some((candidate) => candidate.connectionId === connectionId);
  if (!isCandidate) throw refusal('not_a_candidate');
}

function checkAccountDecision(state: RequestState, { choice }: AccountDecision): void {
  checkOneOf(choice, 'choice', ['yes', 'no']);
  if (state.accountChange === undefined || state.found !== undefined) throw refusal('no_open_question');
  // Whose account it is by now nobody knows.
  if (choice === 'yes' && isReconnectUnconfirmed(state)) throw refusal('no_open_question');
}

/** Whether an operator is asked for what the integration requests; that of an account comes first. */
export function isUpdateOpen(state: RequestState): boolean {
  return needsUpdate(state) && state.accountChange === undefined && state.found === undefined;
}
