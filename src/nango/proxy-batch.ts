import { detailsOf, findNangoFailure, outcomeFailure } from '../contract/errors';
import { jsonBytes } from '../contract/rules/json';
import type { BatchedCall, BatchInput, BatchOutcome, BatchResult } from '../contract/types';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';
import { UNCLEARED } from './http/outcome';
import { proxy } from './proxy';
import { timeBox } from './time-box';
import type { Done } from './time-box';

/** After these, other calls of the same connection would fail as well, and make it worse. */
const HOLDS_THE_CONNECTION = new Set(['Nango.RateLimited', 'Nango.ProviderRateLimited', 'Nango.RefreshFailing']);

/** Of the outcome of a call that succeeded, beside its data. */
const ENVELOPE_BYTES = jsonBytes({ ok: true, status: 200, data: null }) - 'null'.length;

/** Room for calls, without which none is sent: limits are shared. */
export interface Room {
  /** @returns undefined: one call may be sent; otherwise after how many milliseconds to try again */
  enter(): Promise<number | undefined>;
  /** makes sure that a call that has entered may go through its connection now. @throws failures of the taxonomy */
  clear(within: Bounds): Promise<void>;
  /** what was had and is not used is given back */
  leave(): void;
}

/** What a batch has done, and what its responses weighed. */
export interface Batch {
  result: BatchResult;
  /** mean bytes of its responses; undefined: there was none */
  responseBytes: number | undefined;
}

/**
 * Carries out calls that may be repeated, side by side, within a time box.
 *
 * @param room without it, what is left is not begun
 * @param expectedBytes of a response, as far as is known
 * @param maxBytes of a response, as in {@link proxy}
 * @throws only the reason of an abort; a call that fails is an outcome
 */
export async function proxyBatch(
  api: NangoApi,
  { connection, calls, concurrency }: BatchInput,
  bounds: Bounds,
  room: Room,
  expectedBytes: number | undefined,
  maxBytes?: number,
): Promise<Batch> {
  const started = Date.now();
  const left = (): Bounds => ({ ...bounds, deadlineMs: bounds.deadlineMs - (Date.now() - started) });
  let holdMs: number | undefined;

  async function work({ call, idempotencyKey }: BatchedCall): Promise<Done<BatchOutcome>> {
    for (;;) {
      const waitMs = await room.enter();
      if (waitMs !== undefined) {
        holdMs = Math.max(holdMs ?? 0, waitMs);
        return { outcome: null, bytes: 0, typical: false, last: true };
      }
      try {
        await room.clear(left());
        const { response, bytes } = await proxy(api, { connection, call, idempotencyKey }, left(), maxBytes);
        return { outcome: { ok: true, ...response }, bytes: ENVELOPE_BYTES + bytes, typical: true, last: false };
      } catch (thrown) {
        const outcome = failedOutcome(thrown);
        if (outcome.error.code === UNCLEARED && left().deadlineMs > 0) continue;
        const last = HOLDS_THE_CONNECTION.has(outcome.error.type);
        if (last && 'repeatable' in outcome) holdMs = Math.max(holdMs ?? 0, outcome.retryAfterMs ?? 0);
        return { outcome, bytes: jsonBytes(outcome), typical: false, last };
      }
    }
  }

  const boxed = await timeBox(calls.length, concurrency, expectedBytes, (n) => work(calls[n]!)).finally(() =>
    room.leave(),
  );
  const { outcomes, bytes, meanBytes } = boxed;
  return { result: { outcomes, bytes, holdMs }, responseBytes: meanBytes };
}

/** @throws what is no failure of a call */
function failedOutcome(thrown: unknown): Extract<BatchOutcome, { ok: false }> {
  const failure = findNangoFailure(thrown);
  if (failure === undefined) throw thrown;
  const error = outcomeFailure(failure);
  if (failure.nonRetryable) return { ok: false, error };
  return { ok: false, error, repeatable: true, retryAfterMs: detailsOf(failure).retryAfterMs };
}
