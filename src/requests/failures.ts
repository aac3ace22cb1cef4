import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { findNangoFailure, nangoFailure } from '../contract/errors';

/** gRPC statuses that say "Temporal could not be reached", https://grpc.io/docs/guides/status-codes/ */
const UNREACHABLE: ReadonlySet<unknown> = new Set([4 /* DEADLINE_EXCEEDED */, 14 /* UNAVAILABLE */]);

/**
 * Runs a call to Temporal and says what went wrong in the taxonomy: what a request refused, `Nango.NoWorker` if nobody
 * answers an update, `Nango.TemporalUnavailable`, and a request that has ended as the refusal it would have answered.
 */
export async function asking<T>(call: () => Promise<T>): Promise<T> {
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
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    if (e instanceof WorkflowNotFoundError) {
      return nangoFailure('Nango.InvalidRequest', {
        code: 'request_closed',
        hint: 'The request is closed; a later one of the same name is another.',
      });
    }
    if ('code' in e && UNREACHABLE.has(e.code)) return nangoFailure('Nango.TemporalUnavailable');
  }
  return error;
}
