import type { ApplicationFailure } from '@temporalio/common';
import { findNangoFailure, invalid, nangoFailure } from '../contract/errors';
import { refuseAll } from '../contract/join-replies';
import { MAX_JOINS, MAX_LIVE_LINKS, REMIND_AGAIN_MS } from '../contract/limits';
import { CLIENT_JOIN_ID } from '../contract/names';
import { checkText } from '../contract/text';
import type { AskAnswer, Join } from '../contract/types';
import { checkDeadline } from '../contract/check-request';
import { step } from './request-step';
import { isClosed, isReminderDue, mayIssueLink } from './request-state';
import type { RequestState } from './request-state';

/** Synchronous validators of a request's updates: what they refuse leaves no event in its history. */

const REFUSALS = {
  request_closed: 'The request is closed; a later one of the same name is another.',
  already_joined: 'This joiner is on the list already.',
  too_many_links: `There are ${MAX_LIVE_LINKS} live links already.`,
  too_many_tags: 'The connection has ten tags of its own; a reconnect needs room for one.',
  tag_conflict: 'Another joiner gave a different value for the same tag.',
  other_ask: 'Something else is being asked of this owner: to connect, or to connect another connection anew.',
  reminded_lately: 'The person was reminded within the last hour.',
  nothing_to_answer: 'There is no question that waits for an answer.',
} as const;

export function refusal(code: keyof typeof REFUSALS): ApplicationFailure {
  return nangoFailure('Nango.InvalidRequest', { code, hint: REFUSALS[code] });
}

export function refuseIfClosed(state: RequestState): void {
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

/** What was meant for an earlier request of the same name does not reach this one. */
export function refuseIfNotMeant(
  state: RequestState,
  { firstExecutionRunId: meant, by }: Operation,
  own: string,
): void {
  if (by !== undefined) checkText(by, 'by');
  if (meant !== undefined && meant !== own) throw refusal('request_closed');
  refuseIfClosed(state);
}

export function checkJoin(state: RequestState, { joinId, deadline, tags = {}, reconnect }: Join, now: number): void {
  const other = reconnect !== undefined && reconnect !== state.reconnect?.connectionId;
  if (state.status === 'connected' && !other) return;
  refuseIfClosed(state);
  if (other) throw refusal('other_ask');
  if (deadline !== undefined) checkDeadline(deadline, now);
  if (joinId !== CLIENT_JOIN_ID && state.joiners.some((j) => j.joinId === joinId)) throw refusal('already_joined');
  for (const [key, value] of Object.entries(tags)) {
    if (state.tags[key] !== undefined && state.tags[key] !== value) throw refusal('tag_conflict');
  }
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
  return joins.map((join) => {
    try {
      checkJoin(joined, join, now);
    } catch (error) {
      return findNangoFailure(error) ?? invalid('joins', 'has the wrong shape');
    }
    if (!wantsAsItIs(state, join)) joined = step(joined, { type: 'join', join, now }).state;
    return undefined;
  });
}

/** Who only wants the connection need not wait until it is connected anew. */
export function wantsAsItIs(state: RequestState, { reconnect }: Join): boolean {
  return state.reconnect !== undefined && reconnect === undefined;
}

export function checkIssueLink(state: RequestState, now: number): void {
  if (!mayIssueLink(state, now)) throw refusal('too_many_links');
}

export function checkRemind(state: RequestState, now: number): void {
  const { status, remindedAt } = state;
  if (status !== 'asking') throw refusal('nothing_to_answer');
  const lately = remindedAt !== undefined && now - remindedAt < REMIND_AGAIN_MS;
  // One that is due goes out now: somebody else has just asked for it.
  if (lately || isReminderDue(state, now)) throw refusal('reminded_lately');
}

export function checkAnswer(state: RequestState, { answer, by }: AskAnswer): void {
  if (answer !== 'yes' && answer !== 'no') throw invalid('answer', 'must be yes or no');
  checkText(by, 'by');
  if (state.accountChange === undefined || state.found !== undefined) throw refusal('nothing_to_answer');
}
