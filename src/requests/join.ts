import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { findNangoFailure, reasonOf } from '../contract/errors';
import { CLIENT_UPDATE_MS } from '../contract/limits';
import { requestId } from '../contract/request-id';
import type { Join, JoinResponse, Subject } from '../contract/types';
import { JoinBatches } from './join-batches';
import type { JoinTerms } from './last-request';
import { joinRunning } from './start';
import type { Place } from './start';
import { whileClosing } from './while-closing';

/**
 * Joins, unless the last request of this name is cooling down: then nobody is asked, and its outcome is the response.
 * Nor is anybody asked to connect anew who has done so since the caller wanted it: the response to an earlier try of
 * this join may have been lost.
 *
 * @param ignoreCoolDown ask in spite of a cool-down
 * @param at the caller's time in ms since the epoch
 * @param since when the caller began to want it; default: now
 * @param refusedBy as in {@link JoinTerms}
 * @param deadlineMs how long an update may take
 * @param batches the joins of this process, which travel together; default: this one travels alone
 */
export async function joinRequest(
  place: Place,
  subject: Subject,
  join: Join,
  { at, since = at, ...terms }: Omit<JoinTerms, 'join' | 'since'> & { since?: number },
  deadlineMs = CLIENT_UPDATE_MS,
  batches = new JoinBatches(),
): Promise<JoinResponse> {
  return await whileClosing(() => batches.join(place, subject, { join, at, since, ...terms }, deadlineMs));
}

/**
 * What has become of a joiner whose deadline has passed: a deadline can be moved, of which only the request knows.
 *
 * @returns `timedOut` if it does not wait any more
 * @throws Nango.InvalidRequest with the reason `already_joined` if it does
 */
export async function joinLate(place: Place, subject: Subject, join: Join, deadlineMs: number): Promise<JoinResponse> {
  const over: JoinResponse = { status: 'timedOut', requestId: requestId(place.environment, subject) };
  try {
    const joining = () => joinRunning(place, subject, join);
    const reply = await place.client.withDeadline(Date.now() + deadlineMs, joining);
    if (reply instanceof ApplicationFailure) throw reply;
    return reply ?? over;
  } catch (error) {
    if (reasonOf(error) === 'already_joined') throw error;
    const isOver = error instanceof WorkflowNotFoundError || findNangoFailure(error)?.type === 'Nango.InvalidRequest';
    if (isOver) return over;
    throw error;
  }
}
