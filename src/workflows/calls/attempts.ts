import { ActivityFailure, TimeoutFailure } from '@temporalio/common';
import type { ApplicationFailure } from '@temporalio/common';
import { isCancellation, sleep } from '@temporalio/workflow';
import { findNangoFailure, nangoFailure } from '../../contract/errors';
import { pauseBeforeNextWrite } from './write-again';

/**
 * Schedules the activity of a call; that of a write anew, while its failure says that it surely did not run, which no
 * type alone does. Reads are retried by Temporal.
 *
 * @param until milliseconds since the epoch; nothing is begun after it
 * @throws a failure of the taxonomy, or the cancellation
 */
export async function attempts<T>(write: boolean, schedule: () => Promise<T>, until = Infinity): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await schedule();
    } catch (error) {
      if (isCancellation(error)) throw error;
      const failure = callFailure(error, write);
      const pause = write ? pauseBeforeNextWrite(failure, attempt) : undefined;
      if (pause === undefined || Date.now() + pause >= until) throw failure;
      await sleep(pause);
    }
  }
}

/** Whatever ended an activity, as the taxonomy says it. */
function callFailure(error: unknown, write: boolean): ApplicationFailure {
  const failure = findNangoFailure(error);
  if (failure !== undefined) return failure;
  if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) {
    return nangoFailure(write ? 'Nango.OutcomeUnknown' : 'Nango.Unavailable', { reason: 'timed_out' });
  }
  return nangoFailure(write ? 'Nango.OutcomeUnknown' : 'Nango.Unavailable', { reason: 'worker_failed' });
}
