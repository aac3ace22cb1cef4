import type { ApplicationFailure } from '@temporalio/common';
import { nangoFailure } from '../contract/errors';
import type { NangoReason } from '../contract/errors';

/**
 * What a notifier of ours throws: nothing of where it sends to, what it sends, or what it was answered. The worker calls
 * it again after an hour.
 *
 * @param status of the response that refused it: of HTTP, or of SMTP
 */
export function notDelivered(reason: NangoReason, status?: number): ApplicationFailure {
  return nangoFailure('Nango.NotifierFailed', { reason, status, nonRetryable: false });
}
