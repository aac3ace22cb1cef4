import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { findNangoFailure, nangoFailure, outcomeFailure } from '../contract/errors';
import { APPROVAL_MS, COMPILATION_MS } from '../contract/limits';
import { checkDeploymentInput, requireStandalone } from '../contract/rules/check-deployment';
import type { DeploymentInput, FunctionDeployment } from '../contract/types';
import { activitiesWith, PATIENT } from './activity-proxies';
import { nextNumber, runCall } from './calls/run-call';
import { deploy } from './deployment/deploy';
import { checkApproval, checkDecision, checkJoin } from './deployment/deployment-checks';
import {
  approveDeploymentUpdate,
  declineDeploymentUpdate,
  deploymentViewQuery,
  joinDeploymentUpdate,
} from './deployment/deployment-messages';
import { dryRun } from './deployment/dry-run';
import { LiveDeployment } from './deployment/live-deployment';

const reads = activitiesWith({ ...PATIENT, summary: 'what is deployed' });
const compiles = activitiesWith({
  ...PATIENT,
  startToCloseTimeout: COMPILATION_MS,
  heartbeatTimeout: '10 seconds',
  summary: 'compiles the function',
});

/**
 * Deploys one function: compiles it, tries it on a connection, waits for a yes, deploys it, finds it there, and runs an
 * action once. Its id is that of the function, so there is one at a time. A cancellation is a no, up to the deployment
 * itself, which nothing can stop.
 *
 * @throws Nango.InvalidRequest; Nango.CompilationFailed, Nango.DryRunFailed, Nango.DeploymentFailed,
 *   Nango.FunctionManagedElsewhere; Nango.IntegrationNotFound, Nango.ConnectionNotFound, Nango.Forbidden,
 *   Nango.Misconfigured, Nango.PlanLimit
 */
export async function deployFunction(input: DeploymentInput): Promise<FunctionDeployment> {
  checkDeploymentInput(input);
  const live = new LiveDeployment(input);
  const { workflowId: id, firstExecutionRunId } = workflowInfo();
  setHandler(deploymentViewQuery, () => live.view());
  setHandler(
    joinDeploymentUpdate,
    ({ approvedBy }) => {
      if (approvedBy !== undefined) live.approve(approvedBy);
      return { id, firstExecutionRunId };
    },
    { validator: (given) => checkJoin(live, given) },
  );
  setHandler(
    approveDeploymentUpdate,
    ({ by }) => {
      live.approve(by);
      return live.status;
    },
    { validator: (given) => checkApproval(live, given) },
  );
  setHandler(
    declineDeploymentUpdate,
    () => {
      live.isDeclined = true;
      return live.status;
    },
    { validator: (given) => checkDecision(live, given) },
  );
  try {
    const deployed = await carryOut(live);
    live.is('deployed');
    return deployed;
  } catch (error) {
    const failure = findNangoFailure(isCancellation(error) ? declined() : error);
    if (failure === undefined) throw error;
    live.fail(outcomeFailure(failure));
    throw failure;
  } finally {
    await CancellationScope.nonCancellable(() => condition(allHandlersFinished));
  }
}

async function carryOut(live: LiveDeployment): Promise<FunctionDeployment> {
  const { integration, kind, name, code } = live.input;
  const subject = { integration, kind, name };
  const found = await reads['nango.findFunction'](subject);
  if (found !== undefined) requireStandalone(found);
  await compiles['nango.compileFunction']({ code });
  await dryRun(live);
  await approval(live);
  return await CancellationScope.nonCancellable(async () => {
    live.is('deploying');
    const version = await deploy(live);
    return { ...subject, version, run: await runOnce(live) };
  });
}

/** @throws Nango.DeploymentFailed */
async function approval(live: LiveDeployment): Promise<void> {
  if (live.approvedBy === undefined) {
    live.deadline = Date.now() + APPROVAL_MS;
    live.is('waiting');
    const inTime = await condition(() => live.approvedBy !== undefined || live.isDeclined, APPROVAL_MS);
    if (!inTime) throw nangoFailure('Nango.DeploymentFailed', { reason: 'timed_out' });
  }
  if (live.isDeclined) throw declined();
}

function declined() {
  return nangoFailure('Nango.DeploymentFailed', { reason: 'declined' });
}

/** Proves an action, by a run that is carried out at most once. What it comes to does not undo the deployment. */
async function runOnce(live: LiveDeployment): Promise<FunctionDeployment['run']> {
  const { integration, kind, name: action, connectionId, input } = live.input;
  if (kind !== 'action' || connectionId === undefined) return undefined;
  live.is('running');
  try {
    const { taskQueue } = workflowInfo();
    return await runCall({ integration, connectionId }, { action, input }, nextNumber(), taskQueue);
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    return { failure: outcomeFailure(failure) };
  }
}
