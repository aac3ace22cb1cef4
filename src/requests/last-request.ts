import { REQUEST_VIEW } from '../contract/names';
import { requestViewSchema } from '../contract/schemas/asks';
import { requestResultSchema } from '../contract/schemas/joins';
import { forScopes } from '../contract/scopes-checked';
import type { Join, JoinEnd } from '../contract/types';
import type { Described } from './describe';
import type { Place } from './start';

/** A join, and what the one who joins knows of time. */
export interface Wish {
  join: Join;
  /** ask in spite of a cool-down */
  askAgain: boolean;
  /** the caller's time in ms since the epoch */
  at: number;
  /** when the caller began to want it */
  since: number;
}

/** Whether what the last request of a name left behind may answer a wish. */
export function mayBeAnswered({ askAgain, join }: Wish): boolean {
  return !askAgain || join.reconnect !== undefined;
}

/**
 * What the last request of a name answers in place of a new one: its outcome, while it is cooling down; the connection, if
 * it has been connected anew since the caller wanted it.
 */
export async function answerOfLast(place: Place, last: Described, wish: Wish): Promise<JoinEnd | undefined> {
  const cooling = wish.askAgain ? undefined : coolingDown(last, wish.at);
  return cooling ?? (await renewedSince(place, last, wish));
}

/** Only a request that is closed, or about to be, has a time to cool down in its memo. */
function coolingDown({ workflowId, memo }: Described, at: number): JoinEnd | undefined {
  const view = requestViewSchema.safeParse(memo?.[REQUEST_VIEW]);
  if (!view.success || (view.data.coolDownUntil ?? 0) <= at) return undefined;
  const { status, coolDownUntil } = view.data;
  return status === 'declined' || status === 'timedOut' ? { status, coolDownUntil, requestId: workflowId } : undefined;
}

/** The answer to an earlier try of this join may have been lost. */
async function renewedSince(
  { client }: Place,
  { workflowId, runId, status, closeTime }: Described,
  { join: { reconnect, scopes }, since }: Wish,
): Promise<JoinEnd | undefined> {
  if (reconnect === undefined || status.name !== 'COMPLETED' || Number(closeTime) < since) return undefined;
  const result: unknown = await client.workflow.getHandle(workflowId, runId, { followRuns: false }).result();
  const { connection, askedScopes } = requestResultSchema.parse(result);
  if (connection?.connectionId !== reconnect) return undefined;
  return { status: 'connected', connection: forScopes(connection, scopes, askedScopes) };
}
