import { isCancellation } from '@temporalio/workflow';
import { findNangoFailure, outcomeFailure } from '../../../contract/errors';
import { isGet } from '../../../contract/rules/check-call';
import type { Outcome } from '../../../contract/types';
import { runCall, startCall } from '../run-call';
import { showInDetails } from './progress';
import type { RunningFanOut } from './running';

/**
 * Carries out calls in a window of single activities: writes, whose worker must not repeat them, and actions.
 *
 * @param places of the calls in the fan-out
 * @throws the cancellation; a failed call is an outcome
 */
export async function oneByOne(fanOut: RunningFanOut, places: number[], window: number): Promise<void> {
  const { connection, taskQueue, isOld, outgoing, progress } = fanOut;
  const start = isOld ? runCall : startCall;
  let next = 0;

  async function lane(): Promise<void> {
    for (let n = next++; n < places.length; n = next++) {
      const place = places[n]!;
      const refusal = fanOut.refusal(isGet(fanOut.calls[place]!));
      fanOut.settle(place, refusal ? { ok: false, error: refusal } : fanOut.budget.afford(await run(place)));
    }
  }

  async function run(place: number): Promise<Outcome> {
    const call = fanOut.calls[place]!;
    const bytes = fanOut.bodies[place]!;
    const full = outgoing.add(bytes);
    if (full || isOld) await full;
    progress.underWay++;
    try {
      return { ok: true, ...(await start(connection, call, fanOut.numbers[place]!, taskQueue)) };
    } catch (error) {
      const failure = findNangoFailure(error);
      if (isCancellation(error) || failure === undefined) throw error;
      return { ok: false, error: outcomeFailure(failure) };
    } finally {
      progress.underWay--;
      outgoing.remove(bytes);
      showInDetails(progress);
    }
  }

  await Promise.all(Array.from({ length: Math.min(window, places.length) }, lane));
}
