import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from './errors';

/**
 * An async action has shown no output: `Nango.OutcomeUnknown` with code `PENDING`. While it is asked for, a retry may
 * find one; at the deadline it is final.
 */
export function pending(
  retry: { nonRetryable: boolean; benign?: boolean } = { nonRetryable: true },
): ApplicationFailure {
  return nangoFailure('Nango.OutcomeUnknown', {
    code: 'PENDING',
    hint: 'The action has not ended, or has returned null, or its result is gone.',
    ...retry,
  });
}
