import { patched, sleep } from '@temporalio/workflow';
import { nangoFailure } from '../../contract/errors';
import { activitiesWith, PATIENT } from '../activity-proxies';
import { startJob, STARTS } from './start-job';
import type { LostStart } from './start-job';
import type { LiveDeployment } from './live-deployment';

/** A dry run whose start was lost is not to be found; one that a worker's end has cost is worth another. */
const MAX_DRY_RUNS = 3;
/** What has just restarted is given time. */
const LOST_PAUSES_MS = [5_000, 60_000];

const reads = activitiesWith({ ...PATIENT, summary: 'whether Nango answers' });

const starts = activitiesWith({ ...STARTS, summary: 'starts a dry run' });
/** Its retries are the polls, at a pace of its own: they leave no events. */
const polls = activitiesWith({ ...PATIENT, summary: 'waits for the dry run' });

/**
 * Tries the function on the connection that was named, if one was. What it has shown is in the view, whatever it was.
 *
 * @throws Nango.DryRunFailed, Nango.CompilationFailed; Nango.ConnectionNotFound, Nango.IntegrationNotFound and what else keeps
 *   it from being started
 */
export async function dryRun(live: LiveDeployment): Promise<void> {
  const { integration, kind, name, code, connectionId, input } = live.input;
  if (connectionId === undefined) return;
  live.is('dryRunning');
  let lost: LostStart = {};
  for (let run = 1; run <= MAX_DRY_RUNS; run++) {
    const started = await startJob(live.patience, () =>
      starts['nango.startDryRun']({ integration, kind, code, connectionId, input }),
    );
    if ('lost' in started) {
      lost = started.lost;
      if (run < MAX_DRY_RUNS && patched('temporal-nango/starts')) {
        await sleep(LOST_PAUSES_MS[run - 1]!);
        // It may be down, behind something that answers in its place: however long that takes.
        await reads['nango.findFunction']({ integration, kind, name });
      }
      continue;
    }
    const ended = await polls['nango.awaitDryRun'](started.job);
    if (ended.end === 'overdue') throw nangoFailure('Nango.DryRunFailed', { reason: 'timed_out' });
    live.dryRun = ended.dryRun;
    if (ended.end === 'success') return;
    if (ended.errors !== undefined) throw nangoFailure('Nango.CompilationFailed', { errors: ended.errors });
    throw nangoFailure('Nango.DryRunFailed', { code: ended.code });
  }
  throw nangoFailure('Nango.DryRunFailed', lost);
}
