import type { ApplicationFailure } from '@temporalio/common';
import { detailsOf } from '../errors';
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS, MAX_ATTEMPTS } from './one-request';

/**
 * After how many milliseconds a write is sent again whose failure says that it surely did not run, which no type alone
 * does; the same for workflows and without one.
 *
 * @param attempt how often it was sent
 * @returns undefined: it may have run, or has been sent often enough
 */
export function pauseBeforeNextWrite(failure: ApplicationFailure, attempt: number): number | undefined {
  // A person is waited for, and no pause is long enough.
  if (failure.type === 'Nango.OwnerUnconfirmed') return undefined;
  const { didNotRun, retryAfterMs } = detailsOf(failure);
  if (didNotRun !== true || attempt >= MAX_ATTEMPTS) return undefined;
  return retryAfterMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
}
