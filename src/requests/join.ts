import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { codeOf, findNangoFailure } from '../contract/errors';
import { REQUEST_VIEW } from '../contract/names';
import { requestId } from '../contract/request-id';
import { requestViewSchema } from '../contract/schemas/asks';
import { requestResultSchema } from '../contract/schemas/joins';
import type { Join, JoinAnswer, JoinEnd, Subject } from '../contract/types';
import { describe } from './describe';
import type { Described } from './describe';
import { startOrJoin } from './start';
import type { Place } from './start';

/** A request that is closing refuses joins until it has told everybody; the next one starts right after. */
const CLOSING_PAUSES_MS = [50, 100, 200, 400, 800, 1_600];

/**
 * Joins, unless the last request of this name is cooling down: then nobody is asked, and its outcome is the answer. Nor
 * is anybody asked to connect anew who has done so since the caller wanted it: the answer to an earlier try of this join
 * may have been lost.
 *
 * @param askAgain ask in spite of a cool-down
 * @param at the caller's time in ms since the epoch
 * @param since when the caller began to want it; default: now
 */
export async function joinRequest(
  place: Place,
  subject: Subject,
  join: Join,
  { askAgain, at, since = at }: { askAgain: boolean; at: number; since?: number },
): Promise<JoinAnswer> {
  const id = requestId(place.environment, subject);
  const last = askAgain && join.reconnect === undefined ? undefined : await describe(place.client, id);
  const cooling = askAgain ? undefined : coolingDown(last, at);
  if (cooling !== undefined) return cooling;
  const renewed = await renewedSince(place, last, join, since);
  if (renewed !== undefined) return renewed;
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
  if (findNangoFailure(error) !== undefined) return codeOf(error) === 'request_closed';
  for (let e = error; e instanceof Error; e = e.cause) {
    if (e instanceof ApplicationFailure && e.type === 'AcceptedUpdateCompletedWorkflow') return true;
    if (e instanceof WorkflowNotFoundError) return true;
  }
  return false;
}

/** Only a request that is closed, or about to be, has a time to cool down in its memo. */
function coolingDown(last: Described | undefined, at: number): JoinEnd | undefined {
  const memo = requestViewSchema.safeParse(last?.memo?.[REQUEST_VIEW]);
  if (!memo.success || (memo.data.coolDownUntil ?? 0) <= at) return undefined;
  const { status, coolDownUntil } = memo.data;
  return status === 'declined' || status === 'timedOut'
    ? { status, coolDownUntil, requestId: last?.workflowId }
    : undefined;
}

/** The connection, if that request has connected it anew and has ended since the caller wanted it. */
async function renewedSince(
  { client }: Place,
  last: Described | undefined,
  { reconnect }: Join,
  since: number,
): Promise<JoinEnd | undefined> {
  if (reconnect === undefined || last?.status.name !== 'COMPLETED' || Number(last.closeTime) < since) return undefined;
  const { workflowId, runId } = last;
  const result: unknown = await client.workflow.getHandle(workflowId, runId, { followRuns: false }).result();
  const { connection } = requestResultSchema.parse(result);
  return connection?.connectionId === reconnect ? { status: 'connected', connection } : undefined;
}
