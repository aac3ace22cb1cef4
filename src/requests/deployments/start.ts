import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation } from '@temporalio/client';
import { codeDigest } from '../../contract/code-digest';
import { jsonDigest } from '../../contract/json-digest';
import { ACTIVITY, DEPLOYMENT_DIGEST, UPDATE, WORKFLOW } from '../../contract/names';
import { deploymentId } from '../../contract/request-id';
import type { WantedDeployment } from '../../contract/rules/check-deployment';
import { deploymentRefSchema } from '../../contract/schemas/deployments';
import type { DeploymentInput, DeploymentJoin, DeploymentRef, FunctionDeployment } from '../../contract/types';
import { describeWorkflow } from '../describe-workflow';
import type { Described } from '../describe-workflow';
import { runActivity } from '../run-activity';
import type { Place } from '../start';
import { whileClosing } from '../while-closing';

type DeploymentWorkflow = (input: DeploymentInput) => Promise<FunctionDeployment>;

/** The deployment that somebody has asked for. */
export interface StartedDeployment {
  ref: DeploymentRef;
  /** it had ended before, and nothing was started */
  existing: boolean;
}

/**
 * Starts the deployment of a function, joins the one of the same code that is under way, or finds the last one, if it did
 * the same and that is still what is deployed.
 *
 * @param deadlineMs how long an update may take
 * @throws Nango.InvalidRequest with the reason `other_code`; what keeps a worker from reading what is deployed
 */
export async function startOrFindDeployment(
  place: Place,
  { deployment, approvedBy, again }: WantedDeployment,
  deadlineMs: number,
): Promise<StartedDeployment> {
  const { client } = place;
  const promptly = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + deadlineMs, call);
  return await whileClosing(async () => {
    if (again) return await promptly(() => startOrJoin(place, deployment, approvedBy, 'ALLOW_DUPLICATE'));
    const id = deploymentId(place.environment, deployment);
    let last = await promptly(() => describeWorkflow(client, id));
    while (last?.status.name === 'COMPLETED') {
      if (await isStillThere(place, last, deployment)) {
        return { ref: { id: last.workflowId, firstExecutionRunId: last.runId }, existing: true };
      }
      // Somebody else may have had the same deployed, and run, since that look.
      const latest = await promptly(() => describeWorkflow(client, id));
      if (latest?.runId === last.runId) {
        return await promptly(() => startOrJoin(place, deployment, approvedBy, 'ALLOW_DUPLICATE'));
      }
      last = latest;
    }
    // One that comes to a good end after this look is looked at before there is another.
    return await promptly(() => startOrJoin(place, deployment, approvedBy, 'ALLOW_DUPLICATE_FAILED_ONLY'));
  });
}

/** One atomic update-with-start. */
async function startOrJoin(
  { client, taskQueue, environment }: Place,
  input: DeploymentInput,
  approvedBy: string | undefined,
  workflowIdReusePolicy: 'ALLOW_DUPLICATE' | 'ALLOW_DUPLICATE_FAILED_ONLY',
): Promise<StartedDeployment> {
  const join = { codeDigest: codeDigest(input.code), approvedBy };
  const ref = await client.workflow.executeUpdateWithStart<DeploymentWorkflow, unknown, [DeploymentJoin]>(
    UPDATE.joinDeployment,
    {
      args: [join],
      updateId: randomUUID(),
      startWorkflowOperation: new WithStartWorkflowOperation<DeploymentWorkflow>(WORKFLOW.deployFunction, {
        workflowId: deploymentId(environment, input),
        taskQueue,
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy,
        memo: { [DEPLOYMENT_DIGEST]: digestOf(input) },
        args: [input],
      }),
    },
  );
  return { ref: deploymentRefSchema.parse(ref), existing: false };
}

/** Whether a deployment that has come to a good end did the same, and nobody has deployed other code since. */
async function isStillThere(place: Place, { memo }: Described, input: DeploymentInput): Promise<boolean> {
  if (memo?.[DEPLOYMENT_DIGEST] !== digestOf(input)) return false;
  const { integration, kind, name, code } = input;
  const own = { integration, kind, name, codeDigest: codeDigest(code) };
  return await runActivity<boolean>(place, ACTIVITY.compareDeployedCode, own);
}

/** What tells one deployment of a function from another: the code, and what it is tried with. */
function digestOf({ code, connectionId, input }: DeploymentInput): string {
  return jsonDigest({ code: codeDigest(code), connectionId, input });
}
