import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { causesOf, findNangoFailure, nangoFailure } from '../contract/errors';
import type { NangoErrorType } from '../contract/errors';

/** What Temporal's own refusals are for a caller of ours, by gRPC status: https://grpc.io/docs/guides/status-codes/ */
const BY_STATUS = new Map<unknown, { type: NangoErrorType; code: string; hint?: string }>([
  [4, { type: 'Nango.TemporalUnavailable', code: 'DEADLINE_EXCEEDED' }],
  [7, { type: 'Nango.TemporalUnavailable', code: 'PERMISSION_DENIED', hint: 'It refuses this client.' }],
  [8, { type: 'Nango.TemporalUnavailable', code: 'RESOURCE_EXHAUSTED', hint: 'It has more to do than it takes.' }],
  // The workflow task fails again and again: a worker polls, and cannot do it.
  [9, { type: 'Nango.NoWorker', code: 'FAILED_PRECONDITION', hint: 'The worker fails at the request: see its log.' }],
  [10, { type: 'Nango.TemporalUnavailable', code: 'ABORTED' }],
  [13, { type: 'Nango.TemporalUnavailable', code: 'INTERNAL' }],
  [14, { type: 'Nango.TemporalUnavailable', code: 'UNAVAILABLE' }],
  [16, { type: 'Nango.TemporalUnavailable', code: 'UNAUTHENTICATED', hint: 'It refuses this client.' }],
]);

/**
 * Runs a call to Temporal and says what went wrong in the taxonomy: what a request refused, `Nango.NoWorker` if nobody
 * answers an update or the worker fails at it, `Nango.TemporalUnavailable`, and a request that has ended as the refusal
 * it would have been.
 */
export async function withTypedFailures<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): unknown {
  const failure = findNangoFailure(error);
  if (failure !== undefined) return failure;
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) {
    return nangoFailure('Nango.NoWorker', { hint: 'The worker did not answer in time.' });
  }
  for (const e of causesOf(error)) {
    if (e instanceof WorkflowNotFoundError) {
      return nangoFailure('Nango.InvalidRequest', {
        reason: 'request_closed',
        hint: 'The request is closed; a later one of the same name is another.',
      });
    }
    const known = BY_STATUS.get(e.code);
    if (known !== undefined) {
      const { type, ...details } = known;
      return nangoFailure(type, details);
    }
  }
  return error;
}
