import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { causesOf, reasonOf, findNangoFailure } from '../contract/errors';
import { CLIENT_UPDATE_MS } from '../contract/limits';
import type { Join, JoinResponse, Subject } from '../contract/types';
import { JoinBatches } from './join-batches';
import type { Place } from './start';

/** A request that is closing refuses joins until it has resolved everybody; the next one starts right after. */
const CLOSING_PAUSES_MS = [50, 100, 200, 400, 800, 1_600];

/**
 * Joins, unless the last request of this name is cooling down: then nobody is asked, and its outcome is the response.
 * Nor is anybody asked to connect anew who has done so since the caller wanted it: the response to an earlier try of
 * this join may have been lost.
 *
 * @param ignoreCoolDown ask in spite of a cool-down
 * @param at the caller's time in ms since the epoch
 * @param since when the caller began to want it; default: now
 * @param deadlineMs how long an update may take
 * @param batches the joins of this process, which travel together; default: this one travels alone
 */
export async function joinRequest(
  place: Place,
  subject: Subject,
  join: Join,
  { ignoreCoolDown, at, since = at }: { ignoreCoolDown: boolean; at: number; since?: number },
  deadlineMs = CLIENT_UPDATE_MS,
  batches = new JoinBatches(),
): Promise<JoinResponse> {
  for (const pause of [...CLOSING_PAUSES_MS, undefined]) {
    try {
      return await batches.join(place, subject, { join, ignoreCoolDown, at, since }, deadlineMs);
    } catch (error) {
      if (pause === undefined || !isClosing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw new Error('unreachable: the last try throws');
}

/** The request ended between being found and being joined. */
function isClosing(error: unknown): boolean {
  if (findNangoFailure(error) !== undefined) return reasonOf(error) === 'request_closed';
  for (const e of causesOf(error)) {
    if (e instanceof ApplicationFailure && e.type === 'AcceptedUpdateCompletedWorkflow') return true;
    if (e instanceof WorkflowNotFoundError) return true;
  }
  return false;
}
