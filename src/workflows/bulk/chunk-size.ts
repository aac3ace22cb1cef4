import { MAX_CHUNK_BYTES, MAX_FAN_OUT_CALLS, MAX_PAYLOAD_BYTES } from '../../contract/limits';

/** What the last fan-outs of a run have shown. */
export interface Measured {
  /** calls that the last one was for */
  calls: number;
  /** bytes of the largest outcome lately */
  bytes: number;
  /** milliseconds of the last one, by its calls */
  ms: number;
}

/** An outcome is a little more than its response. */
const MARGIN_BYTES = 1024;
/** However large their outcomes are, so many calls keep the budget of a fan-out. */
export const SAFE_CALLS = Math.floor(MAX_CHUNK_BYTES / (MAX_PAYLOAD_BYTES + MARGIN_BYTES));
/** A pause or a stop waits for the end of a fan-out. */
const CHUNK_MS = 10_000;
const GROWTH = 4;

/**
 * How many calls the next fan-out of a page is for. Beyond its budget of bytes a fan-out drops responses, those of writes
 * as well, which cannot be had again: so the first is small, and the next ones are as large as the outcomes allow.
 *
 * @param measured undefined: nothing is known yet
 */
export function chunkSize(measured: Measured | undefined): number {
  if (measured === undefined) return SAFE_CALLS;
  const bySize = Math.floor(MAX_CHUNK_BYTES / (2 * (measured.bytes + MARGIN_BYTES)));
  const byTime = Math.floor(CHUNK_MS / Math.max(measured.ms, 1));
  const grown = GROWTH * measured.calls;
  return Math.min(MAX_FAN_OUT_CALLS, Math.max(SAFE_CALLS, Math.min(bySize, byTime, grown)));
}

/** What is known after one more fan-out. A single large outcome is forgotten slowly. */
export function measure(before: Measured | undefined, calls: number, bytes: number, ms: number): Measured {
  return { calls, bytes: Math.max(bytes, Math.ceil((before?.bytes ?? 0) / 2)), ms: ms / calls };
}
