import { isCancellation, patched, sleep } from '@temporalio/workflow';
import type { ActivityOptions } from '@temporalio/workflow';
import type { ApplicationFailure } from '@temporalio/common';
import { detailsOf, findNangoFailure } from '../../contract/errors';
import type { NangoErrorDetails } from '../../contract/errors';
import { LONGEST_START_PAUSE_MS } from '../../contract/limits';
import { LONGEST_PAUSE_MS, MAX_ATTEMPTS } from '../../contract/rules/one-request';
import type { StartedJob } from '../../contract/types';
import { pauseBeforeNextWrite } from '../../contract/rules/write-again';
import type { Patience } from './patience';

/** Each attempt might make a job of its own, so there is one; a dead worker is noticed by its heartbeat. */
export const STARTS: ActivityOptions = {
  startToCloseTimeout: '45 seconds',
  heartbeatTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
};

/** Why nobody knows the id of a job that may have been started, as a failure says it. */
export type LostStart = Pick<NangoErrorDetails, 'reason' | 'status' | 'code'>;

/**
 * Starts a job at Nango, and again as long as it surely was not started, and there is patience.
 *
 * @returns the job; or, if it may have been started, how its start was lost
 */
export async function startJob(
  patience: Patience,
  start: () => Promise<StartedJob>,
): Promise<{ job: StartedJob } | { lost: LostStart }> {
  for (;;) {
    const attempt = patience.counted();
    try {
      return { job: await start() };
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = findNangoFailure(error);
      // Neither did a worker that died say anything.
      if (failure === undefined) return { lost: { reason: 'worker_failed' } };
      if (failure.type === 'Nango.OutcomeUnknown') {
        const { status, code } = detailsOf(failure);
        return { lost: { reason: 'response_lost', status, code } };
      }
      const pause = pauseBeforeNextStart(failure, attempt);
      const isLater = attempt >= MAX_ATTEMPTS;
      if (pause === undefined) throw failure;
      if (isLater && !(patience.allows(pause) && patched('temporal-nango/starts'))) throw failure;
      await sleep(pause);
    }
  }
}

/** As before a write; after that longer each time, since each start leaves a copy of the code in the history. */
function pauseBeforeNextStart(failure: ApplicationFailure, attempt: number): number | undefined {
  const pause = pauseBeforeNextWrite(failure, Math.min(attempt, MAX_ATTEMPTS - 1));
  if (pause === undefined || attempt < MAX_ATTEMPTS) return pause;
  return Math.max(pause, Math.min(LONGEST_PAUSE_MS * 2 ** (attempt - MAX_ATTEMPTS), LONGEST_START_PAUSE_MS));
}
