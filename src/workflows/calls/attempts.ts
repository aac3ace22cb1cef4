import { ActivityFailure, TimeoutFailure } from '@temporalio/common';
import { isCancellation, patched, sleep } from '@temporalio/workflow';
import { findNangoFailure, nangoFailure } from '../../contract/errors';
import type { NangoFailure } from '../../contract/errors';
import type { ConnectionNames } from '../../contract/types';
import { agreed, untilAgreed } from '../healing/agreement';
import { current } from '../healing/healed';
import { Recovery } from '../healing/recovery';
import type { RecoveredCalls } from '../healing/recovery';
import { isOfProvider, signOfFailure } from '../healing/sign';
import { pauseBeforeNextWrite } from '../../contract/rules/write-again';

/**
 * Schedules the activity of a call; that of a write anew, while its failure says that it surely did not run, which no
 * type alone does. Reads are retried by Temporal. What fails since its connection does waits until that works, or has been
 * connected anew.
 *
 * @param seen of the result, at once: one promise more would have it come later than it did in a history
 * @throws a failure of the taxonomy, or the cancellation
 */
export async function attempts<T>(
  call: RecoveredCalls,
  schedule: (connection: ConnectionNames) => Promise<T>,
  seen: (result: T) => T = (result) => result,
): Promise<T> {
  const { connection, write, until = Infinity } = call;
  let recovery: Recovery | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      const agreement = untilAgreed(call);
      if (agreement) await agreement;
      if (current(connection).accountChanged && !call.isGet) await agreed(connection);
    } catch (error) {
      if (recovery?.isTry) await recovery.ended(false);
      throw error;
    }
    const { integration, connectionId } = current(connection);
    const begunAt = Date.now();
    try {
      const result = await schedule({ integration, connectionId });
      if (recovery?.isTry) await recovery.ended(true);
      return seen(result);
    } catch (error) {
      if (isCancellation(error)) {
        if (recovery?.isTry) await recovery.ended(false);
        throw error;
      }
      const failure = callFailure(error, write);
      const sign = signOfFailure(failure, write, connection.heal);
      if (sign !== undefined && patched('temporal-nango/health')) {
        recovery ??= new Recovery(call);
        await recovery.afterFailure(sign, failure, begunAt);
        continue;
      }
      if (recovery?.isTry) await recovery.ended(isOfProvider(failure.type));
      const pause = write ? pauseBeforeNextWrite(failure, attempt) : undefined;
      if (pause === undefined || Date.now() + pause >= until) throw failure;
      await sleep(pause);
    }
  }
}

/** Whatever ended an activity, as the taxonomy says it. */
function callFailure(error: unknown, write: boolean): NangoFailure {
  const failure = findNangoFailure(error);
  if (failure !== undefined) return failure;
  const isLate = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
  const type = write ? 'Nango.OutcomeUnknown' : 'Nango.Unavailable';
  return nangoFailure(type, { reason: isLate ? 'timed_out' : 'worker_failed' }) as NangoFailure;
}
