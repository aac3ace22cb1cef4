import { FAN_OUT_WINDOW, MAX_CHUNK_BYTES, MAX_FAN_OUT_CALLS, MAX_PAYLOAD_BYTES } from '../../contract/limits';

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
 * @param most never more than these
 */
export function chunkSize(measured: Measured | undefined, most: number): number {
  if (measured === undefined) return Math.min(SAFE_CALLS, most);
  const bySize = Math.floor(MAX_CHUNK_BYTES / (2 * (measured.bytes + MARGIN_BYTES)));
  const byTime = Math.floor(CHUNK_MS / Math.max(measured.ms, 1));
  const grown = GROWTH * measured.calls;
  return Math.min(most, Math.max(SAFE_CALLS, Math.min(bySize, byTime, grown)));
}

/** What is known after one more fan-out. A single large outcome is forgotten slowly. */
export function measure(before: Measured | undefined, calls: number, bytes: number, ms: number): Measured {
  return { calls, bytes: Math.max(bytes, Math.ceil((before?.bytes ?? 0) / 2)), ms: ms / calls };
}

/** How a concurrency is kept: so many pages at a time, each with fan-outs of at most so many calls. */
export function lanes(concurrency: number): { pages: number; most: number } {
  // A fan-out has a window of its own; fewer than that in flight are a fan-out of fewer calls.
  if (concurrency < FAN_OUT_WINDOW) return { pages: 1, most: concurrency };
  return { pages: Math.floor(concurrency / FAN_OUT_WINDOW), most: MAX_FAN_OUT_CALLS };
}
