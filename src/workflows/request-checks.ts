import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from '../contract/errors';
import { MAX_LIVE_LINKS } from '../contract/limits';
import { CLIENT_JOIN_ID } from '../contract/names';
import type { Join } from '../contract/types';
import { checkDeadline } from '../contract/check-request';
import { isClosed, mayIssueLink } from './request-state';
import type { RequestState } from './request-state';

/** Synchronous validators of a request's updates: what they refuse leaves no event in its history. */

const REFUSALS = {
  request_closed: 'The request is closed; a later one of the same name is another.',
  already_joined: 'This joiner is on the list already.',
  too_many_links: `There are ${MAX_LIVE_LINKS} live links already.`,
  tag_conflict: 'Another joiner gave a different value for the same tag.',
} as const;

export function refusal(code: keyof typeof REFUSALS): ApplicationFailure {
  return nangoFailure('Nango.InvalidRequest', { code, hint: REFUSALS[code] });
}

export function refuseIfClosed(state: RequestState): void {
  if (isClosed(state)) throw refusal('request_closed');
}

export function checkJoin(state: RequestState, { joinId, deadline, tags = {} }: Join, now: number): void {
  if (state.status === 'connected') return;
  refuseIfClosed(state);
  if (deadline !== undefined) checkDeadline(deadline, now);
  if (joinId !== CLIENT_JOIN_ID && state.joiners.some((j) => j.joinId === joinId)) throw refusal('already_joined');
  for (const [key, value] of Object.entries(tags)) {
    if (state.tags[key] !== undefined && state.tags[key] !== value) throw refusal('tag_conflict');
  }
}

export function checkIssueLink(
  state: RequestState,
  given: { firstExecutionRunId: string },
  own: string,
  now: number,
): void {
  if (given.firstExecutionRunId !== own) throw refusal('request_closed');
  refuseIfClosed(state);
  if (!mayIssueLink(state, now)) throw refusal('too_many_links');
}
