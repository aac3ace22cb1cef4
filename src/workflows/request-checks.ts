import type { ApplicationFailure } from '@temporalio/common';
import { invalid, nangoFailure } from '../contract/errors';
import { MAX_LIVE_LINKS, REMIND_AGAIN_MS } from '../contract/limits';
import { CLIENT_JOIN_ID } from '../contract/names';
import { checkText } from '../contract/text';
import type { AskAnswer, Join } from '../contract/types';
import { checkDeadline } from '../contract/check-request';
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
