import { ActivityExecutionFailedError, ActivityNotFoundError } from '@temporalio/client';
import { CancelledFailure, TerminatedFailure, TimeoutFailure } from '@temporalio/common';
import { causesOf, findNangoFailure, nangoFailure } from '../contract/errors';
import type { CallRef } from '../contract/types';
import { GRPC } from '../requests/grpc-status';
import { withTypedFailures } from '../requests/typed-failures';
import { callIdOf } from './call-identity';

/**
 * Speaks to Temporal of a call without a workflow.
 *
 * @throws Nango.TemporalUnavailable with the code `UNIMPLEMENTED` where it has no such calls; Nango.InvalidRequest with the
 *   reason `call_forgotten`; and as {@link withTypedFailures}
 */
export async function withCallFailures<T>(speak: () => Promise<T>): Promise<T> {
  return await withTypedFailures(async () => {
    try {
      return await speak();
    } catch (error) {
      throw translated(error);
    }
  });
}

/** Temporal has looked at what it was given, and takes none of it. An overload is none of these: it may end a second try only. */
const NOT_TAKEN: ReadonlySet<unknown> = new Set([
  GRPC.INVALID_ARGUMENT,
  GRPC.NOT_FOUND,
  GRPC.PERMISSION_DENIED,
  GRPC.FAILED_PRECONDITION,
  GRPC.UNIMPLEMENTED,
  GRPC.UNAUTHENTICATED,
]);
/** There is no such call, or can be none. */
const NO_CALL: ReadonlySet<unknown> = new Set([GRPC.INVALID_ARGUMENT, GRPC.NOT_FOUND, GRPC.UNIMPLEMENTED]);

/** What became of giving a write to Temporal that did not say so: it may have taken it all the same. */
export function endOfStart(error: unknown, activityId: string): unknown {
  return lostOnTheWay(error, activityId, NOT_TAKEN);
}

/** What became of asking Temporal for a write that it has taken. */
export function endOfWait(error: unknown, activityId: string): unknown {
  return lostOnTheWay(error, activityId, NO_CALL);
}

function lostOnTheWay(error: unknown, activityId: string, definite: ReadonlySet<unknown>): unknown {
  if (findNangoFailure(error) !== undefined) return error;
  const statuses: unknown[] = Object.values(GRPC);
  const { code } = [...causesOf(error)].find((cause) => statuses.includes(cause.code)) ?? {};
  if (code === undefined || definite.has(code)) return error;
  const [name] = Object.entries(GRPC).find(([, status]) => status === code) ?? [];
  const hint = 'Temporal did not say; said again with the same id, it is the same call.';
  return nangoFailure('Nango.OutcomeUnknown', { code: name, callId: callIdOf(activityId), hint });
}

function translated(error: unknown): unknown {
  if (findNangoFailure(error) !== undefined) return error;
  for (const e of causesOf(error)) {
    if (e instanceof ActivityNotFoundError) {
      return nangoFailure('Nango.InvalidRequest', { reason: 'call_forgotten', hint: 'Temporal knows no such call.' });
    }
    if (e.code === GRPC.UNIMPLEMENTED) {
      return nangoFailure('Nango.TemporalUnavailable', {
        code: 'UNIMPLEMENTED',
        hint: 'It has no standalone activities.',
      });
    }
    if (e.code === GRPC.INVALID_ARGUMENT) {
      return nangoFailure('Nango.InvalidRequest', {
        code: 'INVALID_ARGUMENT',
        hint: 'Temporal does not take the call.',
      });
    }
  }
  return error;
}

/**
 * Why a call has no response, from what its activity ended with. Without a word of the worker's a write may have been carried
 * out.
 *
 * @returns a failure of the taxonomy; Temporal's `CancelledFailure` for one that was cancelled; what did not end the call
 */
export function endOfCall(error: unknown, { id, write }: CallRef): unknown {
  const failure = findNangoFailure(error);
  if (failure !== undefined) return failure;
  if (!(error instanceof ActivityExecutionFailedError)) return write ? endOfWait(error, id) : error;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return cause;
  const type = write ? 'Nango.OutcomeUnknown' : 'Nango.Unavailable';
  if (cause instanceof TerminatedFailure) return nangoFailure(type, { hint: 'The call was terminated.' });
  return nangoFailure(type, { reason: cause instanceof TimeoutFailure ? 'timed_out' : 'worker_failed' });
}

/** Whether Temporal refuses something of a call since it has ended. */
export function isOver(error: unknown): boolean {
  return [...causesOf(error)].some(({ code }) => code === GRPC.FAILED_PRECONDITION);
}
