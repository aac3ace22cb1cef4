import type { Client } from '@temporalio/client';
import { SET_UP_VIEW, WORKFLOW } from '../../contract/names';
import { setUpIdPrefix } from '../../contract/request-id';
import { setUpViewSchema } from '../../contract/schemas/set-ups';
import type { SetUpRef, SetUpView } from '../../contract/types';
import { describeWorkflow } from '../describe-workflow';
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
    for await (const { workflowId, runId, startTime, memo, raw } of client.workflow.list({ query })) {
      const view = setUpViewSchema.safeParse(memo?.[SET_UP_VIEW]);
      if (!view.success) continue;
      const firstExecutionRunId = raw.firstRunId || (await firstRunOf(client, workflowId, runId));
      if (firstExecutionRunId === undefined) continue;
      open.push({ id: workflowId, firstExecutionRunId, view: view.data, startedAt: startTime });
    }
    return open.toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
  });
}

/** The run that names a set-up: one that has continued as new is listed by its latest, and visibility knows no other. */
async function firstRunOf(client: Client, id: string, runId: string): Promise<string | undefined> {
  const described = await describeWorkflow(client, id, runId);
  return described && (described.raw.workflowExecutionInfo?.firstRunId || runId);
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
