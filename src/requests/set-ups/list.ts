import { SET_UP_VIEW, WORKFLOW } from '../../contract/names';
import { setUpIdPrefix } from '../../contract/request-id';
import { setUpViewSchema } from '../../contract/schemas/set-ups';
import type { SetUpRef, SetUpView } from '../../contract/types';
import { firstRunOf } from '../first-run';
import type { Place } from '../start';
import { withTypedFailures } from '../typed-failures';

/** An open set-up as a list shows it: what its memo says, and its name. */
export interface OpenSetUp extends SetUpRef {
  /** what its memo says */
  view: SetUpView;
  /** when the run that the list shows began */
  startedAt: Date;
}

/** The open set-ups of this environment, newest first. Read by visibility and memo, so it works while no worker runs. */
export async function listSetUps({ client, environment }: Place): Promise<OpenSetUp[]> {
  return await withTypedFailures(async () => {
    const open: OpenSetUp[] = [];
    const query = openSetUpsQuery(environment);
    for await (const listed of client.workflow.list({ query })) {
      const view = setUpViewSchema.safeParse(listed.memo?.[SET_UP_VIEW]);
      if (!view.success) continue;
      const firstExecutionRunId = await firstRunOf(client, listed);
      if (firstExecutionRunId === undefined) continue;
      open.push({ id: listed.workflowId, firstExecutionRunId, view: view.data, startedAt: listed.startTime });
    }
    return open.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  });
}

/** How many those are. */
export async function countSetUps({ client, environment }: Pick<Place, 'client' | 'environment'>): Promise<number> {
  return (await withTypedFailures(() => client.workflow.count(openSetUpsQuery(environment)))).count;
}

function openSetUpsQuery(environment: string): string {
  const prefix = setUpIdPrefix(environment).replaceAll("'", "''");
  const type = `WorkflowType = '${WORKFLOW.integrationSetUp}'`;
  return `${type} AND WorkflowId STARTS_WITH '${prefix}' AND ExecutionStatus = 'Running'`;
}
