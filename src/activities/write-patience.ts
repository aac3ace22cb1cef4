import { Context } from '@temporalio/activity';
import { findNangoFailure, outcomeFailure } from '../contract/errors';
import { PROXY_TIMEOUT_MS, WRITE_PATIENCE_MS } from '../contract/limits';
import { pauseBeforeNextWrite } from '../contract/rules/write-again';
import type { WriteWait } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { bounds, calling } from './context';

/** A request that has less than this left is not begun: that it was cut off would leave its outcome unknown. */
const LEAST_MS = 30_000;

/** Others wait for it in their own way: the health of the integration, or the owner's click. */
const NOT_WAITED_OUT = 'Nango.RefreshFailing';

/**
 * Carries out a call of the caller's. A workflow schedules a write anew that surely did not run. Without one there is this
 * one attempt, and nobody who could: so the write waits in it until it may be sent again, for two minutes at the most, and
 * says so in its heartbeats.
 *
 * @param write must not be carried out twice
 * @param call makes one request
 * @param details what the heartbeats say otherwise; default: nothing
 * @throws what the call throws; the cancellation of a write that waits, which so was not carried out
 */
export async function callingPatiently<T>(
  write: boolean,
  call: (within: Bounds) => Promise<T>,
  details?: () => unknown,
): Promise<T> {
  if (!write || Context.current().info.inWorkflow) return await calling(call(bounds()), details);
  let wait: WriteWait | undefined;
  const pauses = (next: WriteWait | undefined): void => {
    wait = next;
    Context.current().heartbeat(next);
  };
  return await calling(sendPatiently(call, pauses), () => wait);
}

async function sendPatiently<T>(
  call: (within: Bounds) => Promise<T>,
  pauses: (wait: WriteWait | undefined) => void,
): Promise<T> {
  const began = Date.now();
  const { deadlineMs, signal } = bounds();
  // What the attempt has beyond the time of a request is for the waiting.
  const requestMs = Math.max(deadlineMs - WRITE_PATIENCE_MS, Math.min(deadlineMs, PROXY_TIMEOUT_MS));
  for (let attempt = 1; ; attempt++) {
    const leftMs = deadlineMs - (Date.now() - began);
    try {
      return await call({ deadlineMs: Math.min(leftMs, requestMs), signal });
    } catch (error) {
      const failure = findNangoFailure(error);
      if (failure === undefined || failure.type === NOT_WAITED_OUT) throw error;
      const pause = pauseBeforeNextWrite(failure, attempt) ?? Infinity;
      const elapsed = Date.now() - began + pause;
      if (elapsed > WRITE_PATIENCE_MS || deadlineMs - elapsed < LEAST_MS) throw error;
      pauses({ until: Date.now() + pause, attempt: attempt + 1, failure: outcomeFailure(failure) });
      await Context.current()
        .sleep(pause)
        .catch((cancelled: unknown) => {
          // A worker that stops cancels too: nobody has wanted the write not to be sent, so it says why it was not.
          throw Context.current().cancellationDetails?.cancelRequested ? cancelled : error;
        });
      pauses(undefined);
    }
  }
}
