import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { detailsOf, findNangoFailure } from '../contract/errors';
import { REQUEST_VIEW } from '../contract/names';
import { requestId } from '../contract/request-id';
import { requestViewSchema } from '../contract/schemas';
import type { Join, JoinAnswer, JoinEnd, Subject } from '../contract/types';
import { startOrJoin } from './start';
import type { Place } from './start';

/** A request that is closing refuses joins until it has told everybody; the next one starts right after. */
const CLOSING_PAUSES_MS = [50, 100, 200, 400, 800, 1_600];

/**
 * Joins, unless the last request of this name is cooling down: then nobody is asked, and its outcome is the answer.
 *
 * @param askAgain ask in spite of a cool-down
 * @param at the caller's time in ms since the epoch
 */
export async function joinRequest(
  place: Place,
  subject: Subject,
  join: Join,
  { askAgain, at }: { askAgain: boolean; at: number },
): Promise<JoinAnswer> {
  const cooling = askAgain ? undefined : await coolingDown(place, subject, at);
  if (cooling !== undefined) return cooling;
  for (const pause of [...CLOSING_PAUSES_MS, undefined]) {
    try {
      return await startOrJoin(place, subject, join);
    } catch (error) {
      if (pause === undefined || !isClosing(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw new Error('unreachable: the last try throws');
}

/** The request ended between being found and being asked. */
function isClosing(error: unknown): boolean {
  const refused = findNangoFailure(error);
  if (refused !== undefined) return detailsOf(refused).code === 'request_closed';
  for (let e = error; e instanceof Error; e = e.cause) {
    if (e instanceof ApplicationFailure && e.type === 'AcceptedUpdateCompletedWorkflow') return true;
    if (e instanceof WorkflowNotFoundError) return true;
  }
  return false;
}

async function coolingDown(place: Place, subject: Subject, at: number): Promise<JoinEnd | undefined> {
  try {
    const id = requestId(place.environment, subject);
    const last = await place.client.workflow.getHandle(id).describe();
    // Only a request that is closed, or about to be, has a time to cool down in its memo.
    const memo = requestViewSchema.safeParse(last.memo?.[REQUEST_VIEW]);
    if (!memo.success || (memo.data.coolDownUntil ?? 0) <= at) return undefined;
    const { status, coolDownUntil } = memo.data;
    return status === 'declined' || status === 'timedOut' ? { status, coolDownUntil, requestId: id } : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
