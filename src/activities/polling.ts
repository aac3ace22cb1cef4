import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { detailsOf, findNangoFailure } from '../contract/errors';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Left for the last poll. */
const LAST_POLL_MS = 3_000;

/**
 * One poll, of an activity whose retries are the polls: they leave no event in the history. What is worth another try
 * is tried after a pause that grows from 1 s to 60 s, and once more just before the `scheduleToCloseTimeout`.
 */
export async function polling<T>(poll: Promise<T>): Promise<T> {
  try {
    return await poll;
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure === undefined || failure.nonRetryable) throw error;
    const details = detailsOf(failure);
    const retryAfterMs = details.retryAfterMs ?? pollPause(Context.current().info);
    throw ApplicationFailure.create({
      message: failure.message,
      type: failure.type,
      category: failure.category ?? undefined,
      details: [{ ...details, retryAfterMs }],
      nextRetryDelay: retryAfterMs,
    });
  }
}

/** What is known of this attempt and the ones before it; by the server's clock, which a test may have skipped ahead. */
interface Attempt {
  attempt: number;
  scheduledTimestampMs: number;
  currentAttemptScheduledTimestampMs: number;
  /** 0: none */
  scheduleToCloseTimeoutMs: number;
}

/** Milliseconds until the next poll. */
export function pollPause({
  attempt,
  scheduledTimestampMs,
  currentAttemptScheduledTimestampMs,
  scheduleToCloseTimeoutMs,
}: Attempt): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  const elapsed = currentAttemptScheduledTimestampMs - scheduledTimestampMs;
  const untilLast = (scheduleToCloseTimeoutMs || Infinity) - elapsed - LAST_POLL_MS;
  return untilLast > 0 ? Math.min(pause, untilLast) : pause;
}
