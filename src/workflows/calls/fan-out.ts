import { condition, isCancellation } from '@temporalio/workflow';
import { detailsOf, findNangoFailure } from '../../contract/errors';
import { FAN_OUT_WINDOW, MAX_FAN_OUT_BYTES, MAX_FAN_OUT_CALLS, MAX_IN_FLIGHT_BYTES } from '../../contract/limits';
import type { Call, ConnectionRef, Failure, Outcome } from '../../contract/types';
import { checkCall, checkConnectionRef } from '../../contract/rules/check-call';
import { checkList, checkTemporalName } from '../../contract/rules/check-shape';
import { jsonBytes } from '../../contract/rules/json';
import { nextIdempotencyKey, runCall } from './run-call';

const TOO_LARGE = 'Nango.ResponseTooLarge';

/**
 * Runs calls in a window of single activities. Budgets are in bytes: bodies in flight leave in one workflow task, and
 * responses stay in the history whether or not they are returned.
 *
 * @param maxBytes of all outcomes together
 */
export async function fanOut(
  connection: ConnectionRef,
  calls: Call[],
  taskQueue: string,
  maxBytes = MAX_FAN_OUT_BYTES,
): Promise<Outcome[]> {
  checkTemporalName(taskQueue, 'taskQueue');
  checkConnectionRef(connection);
  const bodies = checkCalls(calls);
  const keys = calls.map(() => nextIdempotencyKey());
  const outcomes: Outcome[] = [];
  let next = 0;
  let inFlight = 0;
  let left = maxBytes;

  async function lane(): Promise<void> {
    for (let i = next++; i < calls.length; i = next++) {
      outcomes[i] = left > 0 ? await run(i) : failed({ type: TOO_LARGE });
    }
  }

  async function run(i: number): Promise<Outcome> {
    const call = calls[i]!;
    const bytes = bodies[i]!;
    const fits = (): boolean => inFlight === 0 || inFlight + bytes <= MAX_IN_FLIGHT_BYTES;
    // All who wait are let go at once: the first of them takes the room.
    while (!fits()) await condition(fits);
    inFlight += bytes;
    try {
      return afford({ ok: true, ...(await runCall(connection, call, keys[i]!, taskQueue)) });
    } catch (error) {
      const failure = findNangoFailure(error);
      if (isCancellation(error) || failure === undefined) throw error;
      const { status, reason, code } = detailsOf(failure);
      return failed({ type: failure.type, status, reason, code });
    } finally {
      inFlight -= bytes;
    }
  }

  /** Once a response no longer fits, the budget is spent: what cannot be returned shall not fill the history either. */
  function afford(outcome: Outcome & { ok: true }): Outcome {
    const bytes = jsonBytes(outcome);
    if (bytes > left) {
      left = 0;
      return failed({ type: TOO_LARGE, status: outcome.status });
    }
    left -= bytes;
    return outcome;
  }

  await Promise.all(Array.from({ length: Math.min(FAN_OUT_WINDOW, calls.length) }, lane));
  return outcomes;
}

/** @returns the bytes of each body */
export function checkCalls(calls: unknown): number[] {
  checkList(calls, 'calls', MAX_FAN_OUT_CALLS);
  // Not `map`, which passes over holes.
  return Array.from(calls, (call, i) => checkCall(call, `calls[${i}]`));
}

function failed(error: Failure): Outcome {
  return { ok: false, error };
}
