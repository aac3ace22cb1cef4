import { nangoFailure } from '../../contract/errors';
import { requireStandalone } from '../../contract/rules/check-deployment';
import type { JobEnd } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import { startJob, STARTS } from './start-job';
import type { LiveDeployment } from './live-deployment';

/** One that surely came to nothing, for nobody knows why, is worth another. */
const MAX_DEPLOYMENTS = 3;

const reads = activitiesWith({ ...PATIENT, summary: 'what is deployed' });
const starts = activitiesWith({ ...STARTS, summary: 'starts the deployment' });
/** Its retries are the polls, at a pace of its own: they leave no events. */
const polls = activitiesWith({ ...PATIENT, summary: 'waits for the deployment' });
const compares = activitiesWith({ ...PATIENT, summary: 'compares what is deployed' });

/**
 * Deploys the function, and finds it there. A deployment that may have been started is looked up: a second one is started
 * only once the first cannot be under way any more, and what is deployed then is other code.
 *
 * @returns its version, where Nango named it
 * @throws Nango.DeploymentFailed, Nango.CompilationFailed, Nango.FunctionManagedElsewhere; Nango.IntegrationNotFound and what
 *   else keeps it from being started
 */
export async function deploy({ input, codeDigest, patience }: LiveDeployment): Promise<string | undefined> {
  const { integration, kind, name, code } = input;
  const subject = { integration, kind, name };
  for (let run = 1; run <= MAX_DEPLOYMENTS; run++) {
    const before = await reads['nango.findFunction'](subject);
    if (before !== undefined) requireStandalone(before);
    const started = await startJob(patience, () => starts['nango.startDeployment']({ ...subject, code }));
    const ended = 'job' in started ? await polls['nango.awaitDeployment'](started.job) : undefined;
    if (ended?.end === 'failed') throw failed(ended);
    if (ended?.end === 'success') {
      if ((await reads['nango.findFunction'](subject)) !== undefined) return ended.version;
      break;
    }
    const lost = { ...subject, codeDigest, before: before?.deployedAt };
    if (await compares['nango.awaitDeployedCode'](lost)) return undefined;
  }
  throw nangoFailure('Nango.DeploymentFailed', { reason: 'not_deployed' });
}

function failed({ code, errors }: Extract<JobEnd, { end: 'failed' }>) {
  if (errors !== undefined) return nangoFailure('Nango.CompilationFailed', { errors });
  return nangoFailure('Nango.DeploymentFailed', { code });
}
