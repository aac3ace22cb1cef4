import { Context } from '@temporalio/activity';
import { codeDigest } from '../contract/code-digest';
import { nangoFailure } from '../contract/errors';
import type { NangoErrorType } from '../contract/errors';
import { DEPLOYMENT_MS, DRY_RUN_MS } from '../contract/limits';
import {
  checkCode,
  checkCodeDigest,
  checkDeploymentInput,
  checkFunctionSubject,
} from '../contract/rules/check-deployment';
import {
  awaitDeployedCodeInputSchema,
  compileFunctionInputSchema,
  deployedCodeInputSchema,
  functionSubjectSchema,
  startDeploymentInputSchema,
  startDryRunInputSchema,
  startedJobSchema,
} from '../contract/schemas/deployments';
import type {
  AwaitDeployedCodeInput,
  DeployedCodeInput,
  DeploymentInput,
  FunctionFacts,
  FunctionSubject,
  JobEnd,
  StartDryRunInput,
  StartedJob,
} from '../contract/types';
import { findFunction, getFunctionCode } from '../nango/deployments/deployed-function';
import { compileFunction, readDeployment, readDryRun, startDeployment, startDryRun } from '../nango/deployments/jobs';
import type { NangoApi } from '../nango/http/http';
import { clear, isUncleared } from './clearance';
import { bounds, heartbeating, refuseSecondWrite } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';
import { polling } from './polling';
import { withSuggestions } from './with-suggestions';

export const deploymentActivities = {
  ...defineActivity(
    'nango.findFunction',
    functionSubjectSchema,
    checkFunctionSubject,
    async (subject, dependencies): Promise<FunctionFacts | undefined> => {
      const finding = findFunction(dependencies.api, subject, bounds());
      const found = await withSuggestions(dependencies, { connection: subject }, finding);
      return found && { source: found.source, deployedAt: found.deployedAt };
    },
  ),

  ...defineActivity(
    'nango.compileFunction',
    compileFunctionInputSchema,
    ({ code }) => checkCode(code),
    ({ code }, { api }) => heartbeating(compileFunction(api, code, bounds())),
  ),

  ...defineActivity('nango.startDryRun', startDryRunInputSchema, checkDryRun, async (input, dependencies) => {
    refuseSecondWrite(true);
    const starting = heartbeating(startClearedDryRun(input, dependencies));
    return await withSuggestions(dependencies, { connection: input }, starting);
  }),

  ...defineActivity('nango.awaitDryRun', startedJobSchema, noRules, ({ id }, { api }) =>
    polling(jobEnd(readDryRun(api, id, bounds()), DRY_RUN_MS, 'Nango.DryRunFailed')),
  ),

  ...defineActivity(
    'nango.startDeployment',
    startDeploymentInputSchema,
    checkDeploymentInput,
    async (input, dependencies) => {
      refuseSecondWrite(true);
      const starting = heartbeating(startDeployment(dependencies.api, input, bounds().deadlineMs));
      return await withSuggestions(dependencies, { connection: input }, starting);
    },
  ),

  ...defineActivity('nango.awaitDeployment', startedJobSchema, noRules, ({ id }, { api }) =>
    polling(jobEnd(readDeployment(api, id, bounds()), DEPLOYMENT_MS, 'Nango.DeploymentFailed')),
  ),

  ...defineActivity('nango.awaitDeployedCode', awaitDeployedCodeInputSchema, checkDeployedCode, (input, { api }) =>
    polling(isDeployed(api, input)),
  ),

  ...defineActivity(
    'nango.compareDeployedCode',
    deployedCodeInputSchema,
    checkDeployedCode,
    ({ codeDigest: digest, ...subject }, { api }) => isCodeOf(api, subject, digest),
  ),
};

function checkDryRun(input: StartDryRunInput): void {
  checkDeploymentInput({ ...input, name: 'function' } satisfies DeploymentInput);
}

function checkDeployedCode({ codeDigest: digest, ...subject }: DeployedCodeInput): void {
  checkFunctionSubject(subject);
  checkCodeDigest(digest);
}

/** Its calls are real. */
async function startClearedDryRun(input: StartDryRunInput, dependencies: ActivityDependencies): Promise<StartedJob> {
  const { integration, connectionId } = input;
  const until = Date.now() + bounds().deadlineMs;
  for (;;) {
    await clear(dependencies, { integration, connectionId }, true, { ...bounds(), deadlineMs: until - Date.now() });
    try {
      return await startDryRun(dependencies.api, input, until - Date.now());
    } catch (error) {
      // It has waited for a connection to Nango, and has not left.
      if (!isUncleared(error) || Date.now() >= until) throw error;
    }
  }
}

/** Its form says all. */
function noRules(): void {}

/** The end of a job, or the failure after which the next poll comes. */
async function jobEnd(read: Promise<JobEnd | undefined>, longestMs: number, type: NangoErrorType): Promise<JobEnd> {
  const end = await read;
  if (end !== undefined) return end;
  if (isOver(longestMs)) return { end: 'overdue' };
  throw nangoFailure(type, { reason: 'pending', nonRetryable: false, benign: true });
}

/** What was deployed anew is ours at once; the same code as before might be about to be deployed once more. */
async function isDeployed(
  api: NangoApi,
  { codeDigest: digest, before, ...subject }: AwaitDeployedCodeInput,
): Promise<boolean> {
  const found = await findFunction(api, subject, bounds());
  const isOurs = found !== undefined && (await isCodeOf(api, subject, digest));
  if (isOver(DEPLOYMENT_MS) || (isOurs && found?.deployedAt !== before)) return isOurs;
  throw nangoFailure('Nango.DeploymentFailed', { reason: 'pending', nonRetryable: false, benign: true });
}

async function isCodeOf(api: NangoApi, subject: FunctionSubject, digest: string): Promise<boolean> {
  const deployed = await getFunctionCode(api, subject, bounds());
  return deployed !== undefined && codeDigest(deployed.code) === digest;
}

/** Whether so much time has passed since it was scheduled; by the server's clock, which a test may have skipped ahead. */
function isOver(longestMs: number): boolean {
  const { scheduledTimestampMs, currentAttemptScheduledTimestampMs } = Context.current().info;
  return currentAttemptScheduledTimestampMs - scheduledTimestampMs >= longestMs;
}
