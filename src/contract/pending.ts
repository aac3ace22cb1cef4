import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from './errors';

/**
 * An async action has shown no output: `Nango.OutcomeUnknown` with the reason `pending`. While it is asked for, a retry may
 * find one; at the deadline it is final.
 */
export function pending(
  retry: { nonRetryable: boolean; benign?: boolean } = { nonRetryable: true },
): ApplicationFailure {
  return nangoFailure('Nango.OutcomeUnknown', {
    reason: 'pending',
    hint: 'The action has not ended, or has returned null, or its result is gone.',
    ...retry,
  });
}
