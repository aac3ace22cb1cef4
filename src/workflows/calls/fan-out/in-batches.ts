import { condition, isCancellation, patched } from '@temporalio/workflow';
import { findNangoFailure, outcomeFailure } from '../../../contract/errors';
import { isGet } from '../../../contract/rules/check-call';
import { jsonBytes } from '../../../contract/rules/json';
import type { BatchedCall, BatchResult, Failure, Outcome, ProxyCall } from '../../../contract/types';
import { FIRST_PAUSE_MS, LONGEST_PAUSE_MS, MAX_ATTEMPTS } from '../../../contract/rules/one-request';
import { fanOutRecovery } from './fan-out-recovery';
import type { FanOutRecovery } from './fan-out-recovery';
import { isolate } from './isolate';
import { idempotencyKeyOf } from '../run-call';
import { packerOf } from './packer';
import { showInDetails } from './progress';
import { repetitionsOf } from './repetitions';
import { runBatch } from './run-batch';
import type { RunningFanOut } from './running';
import { agreed, untilAgreed } from '../../healing/agreement';
import { current } from '../../healing/healed';
import { signOf } from '../../healing/sign';

const MAX_LANES = 4;
/** Fewer calls at a time are not worth an activity of their own. */
const CALLS_OF_A_LANE = 25;
const WORKER_FAILED: Failure = { type: 'Nango.Unavailable', reason: 'worker_failed' };
/** Nango counts failing refreshes against the connection, so it is left alone for longer each time. */
const REFRESH_PAUSE_MS = 30_000;
const LONGEST_REFRESH_PAUSE_MS = 3_600_000;

/**
 * Carries out calls that may be repeated, in batches: an activity for hundreds. Batches whose worker was lost twice wait
 * until all else is done; then the call that kills workers is looked for among theirs.
 *
 * @param places of the calls in the fan-out
 * @param atOnce at most so many calls are in flight
 * @throws the cancellation; a failed call is an outcome
 */
export async function inBatches(fanOut: RunningFanOut, places: number[], atOnce: number): Promise<void> {
  const lost = await throughLanes(fanOut, places, Math.min(MAX_LANES, Math.ceil(atOnce / CALLS_OF_A_LANE)), atOnce);
  await isolate(
    lost,
    (suspects) => throughLanes(fanOut, suspects, 1, atOnce),
    (call) => fanOut.settle(call, { ok: false, error: WORKER_FAILED }),
  );
}

/**
 * Temporal repeats calls, not their activity: what a batch could not do comes back and is packed again, with what waits
 * for the same pause.
 *
 * @returns the batches whose worker was lost twice
 */
async function throughLanes(
  fanOut: RunningFanOut,
  places: number[],
  lanes: number,
  atOnce: number,
): Promise<number[][]> {
  const { progress, outgoing, budget } = fanOut;
  const isGetOnly = places.every((place) => isGet(fanOut.calls[place]!));
  const batched = new Map(places.map((place) => [place, batchedCall(fanOut, place)]));
  const bytes: number[] = [];
  for (const [place, call] of batched) bytes[place] = jsonBytes(call);
  const concurrency = Math.max(Math.floor(atOnce / lanes), 1);
  const packer = packerOf(places, bytes, lanes);
  const attempts = new Map<number, number>();
  const lost: number[][] = [];
  let open = places.length;

  let recovery: FanOutRecovery | undefined;

  const isOver = (): boolean => open === 0;
  const { repetitions, ended } = repetitionsOf((calls) => {
    packer.putBack(calls);
    progress.heldUntil = repetitions.waitsUntil();
  }, isOver);

  async function lane(): Promise<void> {
    for (;;) {
      const mayGoOn = (): boolean =>
        isOver() || recovery?.crash() !== undefined || (!repetitions.isHeld() && !isRecovering() && packer.hasAny());
      if (!mayGoOn()) await condition(mayGoOn);
      const crash = recovery?.crash();
      if (crash !== undefined) throw crash.error;
      if (isOver()) return;
      const batch = packer.take();
      // All lanes are let go at once: the first may have taken all.
      if (batch.length === 0) continue;
      const refusal = fanOut.refusal(isGetOnly);
      const agreement = refusal === undefined ? untilAccountAgreed() : undefined;
      if (refusal) fail(batch, refusal);
      else if (!agreement) await carryOut(batch);
      else if (await isAgreed(agreement, batch)) packer.putBack(batch);
    }
  }

  /** Whatever a repetition may change waits until somebody has agreed to the account, as a call by itself does. */
  function untilAccountAgreed(): Promise<void> | undefined {
    const { connection } = fanOut;
    const agreement = untilAgreed({ connection, isGet: isGetOnly });
    if (agreement || isGetOnly || !current(connection).accountChanged) return agreement;
    return patched('temporal-nango/heal-ends') ? agreed(connection) : undefined;
  }

  /** @returns false: the calls have ended as the wait for the person has */
  async function isAgreed(agreement: Promise<void>, calls: number[]): Promise<boolean> {
    try {
      await agreement;
      return true;
    } catch (error) {
      const failure = findNangoFailure(error);
      if (isCancellation(error) || failure === undefined) throw error;
      fail(calls, outcomeFailure(failure));
      return false;
    }
  }

  async function tryOne(place: number): Promise<void> {
    const agreement = untilAccountAgreed();
    if (agreement && !(await isAgreed(agreement, [place]))) return;
    await carryOut([place]);
  }

  async function carryOut(batch: number[]): Promise<void> {
    const calls = batch.map((place) => batched.get(place)!);
    const weight = batch.reduce((sum, place) => sum + bytes[place]!, 0);
    const full = outgoing.add(weight);
    if (full) await full;
    progress.underWay += batch.length;
    try {
      const summary = `${calls.length} of ${progress.calls} calls, from number ${batch[0]! + 1} on`;
      const { integration, connectionId } = current(fanOut.connection);
      const begunAt = Date.now();
      const input = { connection: { integration, connectionId }, calls, concurrency };
      const end = await runBatch(input, fanOut.taskQueue, summary);
      if (end.kind === 'result') received(batch, end.result, begunAt);
      else if (end.kind === 'lost') setAside(batch);
      else if (end.kind === 'failed') fail(batch, end.error);
      else batch.forEach((place) => repeat(place, WORKER_FAILED));
    } finally {
      progress.underWay -= batch.length;
      outgoing.remove(weight);
      progress.heldUntil = repetitions.waitsUntil();
      showInDetails(progress);
    }
  }

  function received(batch: number[], { outcomes, bytes, holdMs }: BatchResult, begunAt: number): void {
    const allFit = budget.takes(bytes);
    const undone = batch.filter((_, n) => outcomes[n] == null);
    packer.learn(batch.length, batch.length - undone.length);
    packer.putBack(undone);
    if (holdMs !== undefined) repetitions.hold(holdMs);
    if (outcomes.some((outcome) => outcome?.ok)) recovery?.succeeded(begunAt);
    batch.forEach((place, n) => {
      const outcome = outcomes[n];
      if (outcome == null) return;
      if (!outcome.ok && recovers(place, outcome.error, begunAt)) return;
      if ('repeatable' in outcome) repeat(place, outcome.error, outcome.retryAfterMs);
      else settle(place, allFit ? outcome : budget.afford(outcome));
    });
  }

  function repeat(place: number, error: Failure, retryAfterMs?: number): void {
    const made = (attempts.get(place) ?? 0) + 1;
    attempts.set(place, made);
    if (made >= MAX_ATTEMPTS) settle(place, { ok: false, error });
    else repetitions.after(pauseAfter(error, made, retryAfterMs), [place]);
  }

  function isRecovering(): boolean {
    return recovery?.isWaiting() ?? false;
  }

  /** A call that failed since its connection does waits for that, with all others. */
  function recovers(place: number, error: Failure, begunAt: number): boolean {
    if (!mayRecover(fanOut, error)) return false;
    recovery ??= fanOutRecovery(fanOut, {
      tryOne,
      goOn: (calls) => packer.putBack(calls),
      giveUp(calls, reason) {
        fail(calls, reason);
        // Any other would fail just so.
        while (packer.hasAny()) fail(packer.take(), reason);
      },
    });
    return recovery.takes(place, error, begunAt);
  }

  function fail(calls: number[], error: Failure): void {
    for (const place of calls) settle(place, { ok: false, error });
  }

  function setAside(batch: number[]): void {
    open -= batch.length;
    lost.push(batch);
  }

  function settle(place: number, outcome: Outcome): void {
    open--;
    fanOut.settle(place, outcome);
  }

  await Promise.all([...Array.from({ length: lanes }, lane), ended]);
  return lost;
}

function mayRecover({ connection: { heal } }: RunningFanOut, { type, status }: Failure): boolean {
  const sign = signOf({ type, details: { status }, write: false, heal });
  return sign !== undefined && patched('temporal-nango/health');
}

function batchedCall({ calls, numbers }: RunningFanOut, place: number): BatchedCall {
  const call = calls[place] as ProxyCall;
  return { call, idempotencyKey: idempotencyKeyOf(call, numbers[place]!) };
}

function pauseAfter({ type }: Failure, attempts: number, retryAfterMs?: number): number {
  if (type === 'Nango.RefreshFailing') {
    return Math.min((retryAfterMs ?? REFRESH_PAUSE_MS) * 2 ** (attempts - 1), LONGEST_REFRESH_PAUSE_MS);
  }
  return retryAfterMs ?? Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);
}
