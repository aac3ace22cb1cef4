import type { ApplicationFailure } from '@temporalio/common';
import { detailsOf } from '../contract/errors';
import type { NangoErrorType } from '../contract/errors';
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS, MAX_ATTEMPTS } from './call-options';

/** Failures after which a write surely did not run. */
const DID_NOT_RUN: ReadonlySet<string> = new Set<NangoErrorType>([
  'Nango.Unavailable',
  'Nango.RateLimited',
  'Nango.ProviderRateLimited',
  'Nango.RefreshFailing',
]);

/**
 * After how many milliseconds a write is sent again that ended so; the same for workflows and the command line.
 *
 * @param attempt how often it was sent
 * @returns undefined: it may have run, or has been sent often enough
 */
export function pauseBeforeNextWrite(failure: ApplicationFailure, attempt: number): number | undefined {
  if (attempt >= MAX_ATTEMPTS || !DID_NOT_RUN.has(failure.type ?? '')) return undefined;
  return detailsOf(failure).retryAfterMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
}
