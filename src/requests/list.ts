import { REQUEST_VIEW, WORKFLOW } from '../contract/names';
import { requestIdPrefix } from '../contract/request-id';
import { requestViewSchema } from '../contract/schemas/requests';
import type { Owner, RequestView } from '../contract/types';
import { withTypedFailures } from './typed-failures';
import type { Place } from './start';

/** An open request as a list shows it: what its memo says, and the name of the run. */
export interface OpenRequest extends RequestView {
  /** workflow id of the request, as `requestId` makes it */
  id: string;
  /** when the run that the list shows began */
  startedAt: Date;
}

/** Which requests or connections to list: those of an owner, of an integration, or all. */
export interface RequestFilter extends Owner {
  /** key of the integration at Nango; default: all */
  integration?: string;
}

/**
 * The open requests of this environment, newest first. Read by visibility and memo, so it works while no worker runs;
 * the owner is filtered here, since no search attribute is registered for it.
 */
export async function listRequests(
  { client, environment }: Place,
  { integration, endUser, organization }: RequestFilter,
): Promise<OpenRequest[]> {
  const query = `${requestsQuery(environment)} AND ExecutionStatus = 'Running'`;
  return await withTypedFailures(async () => {
    const open: OpenRequest[] = [];
    for await (const { workflowId, startTime, memo } of client.workflow.list({ query })) {
      const view = requestViewSchema.safeParse(memo?.[REQUEST_VIEW]);
      if (!view.success) continue;
      const { owner } = view.data;
      if (integration !== undefined && view.data.integration !== integration) continue;
      if (endUser !== undefined && owner.endUser?.id !== endUser.id) continue;
      if (organization !== undefined && owner.organization?.id !== organization.id) continue;
      open.push({ ...view.data, id: workflowId, startedAt: startTime });
    }
    return open.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  });
}

/** How many requests of this environment have ended, of those that Temporal still knows. */
export async function countEndedRequests({
  client,
  environment,
}: Pick<Place, 'client' | 'environment'>): Promise<number> {
  const query = `${requestsQuery(environment)} AND ExecutionStatus = 'Completed'`;
  return (await withTypedFailures(() => client.workflow.count(query))).count;
}

/** The requests of an environment, open and ended, for visibility. */
export function requestsQuery(environment: string): string {
  const prefix = requestIdPrefix(environment).replaceAll("'", "''");
  return `WorkflowType = '${WORKFLOW.connectionRequest}' AND WorkflowId STARTS_WITH '${prefix}'`;
}
