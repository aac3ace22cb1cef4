import { REQUEST_VIEW } from '../contract/names';
import { requestViewSchema } from '../contract/schemas/requests';
import { requestResultSchema } from '../contract/schemas/joins';
import { MAX_MISSING_SCOPES } from '../contract/limits';
import { forScopes, lacksScopes, namedAmong } from '../contract/rules/scopes';
import type { Join, JoinEnd } from '../contract/types';
import type { Described } from './describe-workflow';
import type { Place, RefusedBefore } from './start';

/** A join, and what the one who joins knows of time. */
export interface JoinTerms {
  join: Join;
  /** ask in spite of a cool-down */
  ignoreCoolDown: boolean;
  /** the caller's time in ms since the epoch */
  at: number;
  /** when the caller began to want it */
  since: number;
  /** first run of a request that has asked something else of its owner: its end is no response to this join. Default: none */
  refusedBy?: string;
}

/** Whether what the last request of a name left behind may be the response to a join. */
export function lastMayRespond({ ignoreCoolDown, join }: JoinTerms): boolean {
  return !ignoreCoolDown || join.reconnect !== undefined;
}

/**
 * How a join ends by the last request of a name, in place of a new one: as that one did, while it is cooling down; with
 * the connection, if it has been connected anew since the caller wanted it.
 */
export async function endOfLast(place: Place, last: Described, terms: JoinTerms): Promise<JoinEnd | undefined> {
  const { firstRunId } = last.raw.workflowExecutionInfo ?? {};
  if (terms.refusedBy !== undefined && firstRunId === terms.refusedBy) return undefined;
  const cooling = terms.ignoreCoolDown ? undefined : coolingDown(last, terms);
  return cooling ?? (await renewedSince(place, last, terms));
}

/** Only a request that is closed, or about to be, has a time to cool down in its memo. */
function coolingDown({ workflowId, memo }: Described, { at, join }: JoinTerms): JoinEnd | undefined {
  const view = requestViewSchema.safeParse(memo?.[REQUEST_VIEW]);
  if (!view.success || (view.data.coolDownUntil ?? 0) <= at) return undefined;
  const { status, coolDownUntil, missingScopes: missing, moreMissingScopes } = view.data;
  if (missing === undefined) {
    return status === 'declined' || status === 'timedOut'
      ? { status, coolDownUntil, requestId: workflowId }
      : undefined;
  }
  // There is a connection: only who wants more of it than was granted is held back.
  const { scopes: wanted = [] } = join;
  const named = namedAmong(wanted, missing);
  // Of those that had no room in the memo nobody knows: any may be one.
  const scopes = named.length === 0 && moreMissingScopes !== undefined ? wanted : named;
  if (scopes.length === 0) return undefined;
  if (status === 'declined') return { status, coolDownUntil, requestId: workflowId };
  const failure = { type: 'Nango.ScopesMissing', scopes: scopes.slice(0, MAX_MISSING_SCOPES) };
  return { status: 'failed', failure, requestId: workflowId };
}

/** What the owner has refused of late: the next request of the name tells whoever joins of it as well. */
export function refusedBefore(last: Described | undefined, at: number): RefusedBefore {
  const view = requestViewSchema.safeParse(last?.memo?.[REQUEST_VIEW]);
  if (!view.success) return {};
  const { coolDownUntil = 0, missingScopes: missing } = view.data;
  return missing === undefined || coolDownUntil <= at ? {} : { coolDownUntil, missingScopes: missing };
}

/** The response to an earlier try of this join may have been lost. */
async function renewedSince(
  { client }: Place,
  { workflowId, runId, status, closeTime }: Described,
  { join: { reconnect, scopes }, since }: JoinTerms,
): Promise<JoinEnd | undefined> {
  if (reconnect === undefined || status.name !== 'COMPLETED' || Number(closeTime) < since) return undefined;
  const result: unknown = await client.workflow.getHandle(workflowId, runId, { followRuns: false }).result();
  const last = requestResultSchema.parse(result);
  if (last.status !== 'connected' || last.connection.connectionId !== reconnect) return undefined;
  // One that was chosen among several, say, has not been connected anew by that.
  if (last.connection.health !== 'ok' || lacksScopes(last.connection, scopes)) return undefined;
  return { status: 'connected', connection: forScopes(last.connection, scopes) };
}
