import { WorkflowUpdateRPCTimeoutOrCancelledError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import { causesOf, findNangoFailure, nangoFailure } from '../contract/errors';
import type { NangoErrorType } from '../contract/errors';
import { GRPC } from './grpc-status';

/** What Temporal's own refusals are for a caller of ours, by gRPC status */
const BY_STATUS = new Map<unknown, { type: NangoErrorType; code: string; hint?: string }>([
  // A deadline that passes while the client is about to try again is this, too.
  [GRPC.CANCELLED, { type: 'Nango.TemporalUnavailable', code: 'CANCELLED' }],
  [GRPC.DEADLINE_EXCEEDED, { type: 'Nango.TemporalUnavailable', code: 'DEADLINE_EXCEEDED' }],
  [
    GRPC.PERMISSION_DENIED,
    { type: 'Nango.TemporalUnavailable', code: 'PERMISSION_DENIED', hint: 'It refuses this client.' },
  ],
  [
    GRPC.RESOURCE_EXHAUSTED,
    { type: 'Nango.TemporalUnavailable', code: 'RESOURCE_EXHAUSTED', hint: 'It has more to do than it takes.' },
  ],
  // The workflow task fails again and again: a worker polls, and cannot do it.
  [
    GRPC.FAILED_PRECONDITION,
    { type: 'Nango.NoWorker', code: 'FAILED_PRECONDITION', hint: 'The worker fails at the request: see its log.' },
  ],
  [GRPC.ABORTED, { type: 'Nango.TemporalUnavailable', code: 'ABORTED' }],
  [
    GRPC.UNIMPLEMENTED,
    { type: 'Nango.TemporalUnavailable', code: 'UNIMPLEMENTED', hint: 'It is too old to be spoken to so.' },
  ],
  [GRPC.INTERNAL, { type: 'Nango.TemporalUnavailable', code: 'INTERNAL' }],
  [GRPC.UNAVAILABLE, { type: 'Nango.TemporalUnavailable', code: 'UNAVAILABLE' }],
  [
    GRPC.UNAUTHENTICATED,
    { type: 'Nango.TemporalUnavailable', code: 'UNAUTHENTICATED', hint: 'It refuses this client.' },
  ],
]);

/** A workflow task that ends the workflow just as something else happens to it is made anew, and its updates are refused. */
const FAILED_TASK_PAUSES_MS = [100, 300, 900];

/**
 * Runs a call to Temporal and says what went wrong in the taxonomy: what a request refused, `Nango.NoWorker` if nobody
 * answers an update or the worker fails at it again and again, `Nango.TemporalUnavailable`, and a request that has ended as
 * the refusal it would have been.
 *
 * @param call made again where a workflow task failed at it, of which nothing is left
 */
export async function withTypedFailures<T>(call: () => Promise<T>): Promise<T> {
  for (const pause of [...FAILED_TASK_PAUSES_MS, undefined]) {
    try {
      return await call();
    } catch (error) {
      if (pause === undefined || !isFailedTask(error)) throw translated(error);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  throw new Error('unreachable: the last try throws');
}

function isFailedTask(error: unknown): boolean {
  return (
    findNangoFailure(error) === undefined && [...causesOf(error)].some(({ code }) => code === GRPC.FAILED_PRECONDITION)
  );
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
