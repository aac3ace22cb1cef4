import { BATCH_TIME_MS, FULL_BATCH_BYTES, MAX_BATCH_RESULT_BYTES } from '../contract/limits';

/** Of responses of which nothing is known: so many of the largest find room. */
const IN_FLIGHT_OF_UNKNOWN_SIZE = 6;

/** What came of one piece of work. */
export interface Done<T> {
  /** null: it was not done after all */
  outcome: T | null;
  /** of the outcome, as JSON */
  bytes: number;
  /** an outcome of the usual size: it says something about those to come */
  typical: boolean;
  /** nothing more shall be begun */
  last: boolean;
}

/** What a time box has done. */
export interface Boxed<T> {
  /** null: not begun, or no room was left for it */
  outcomes: (T | null)[];
  /** of the typical ones that were kept */
  bytes: number;
  /** mean bytes of typical outcomes, kept or not; undefined: there were none */
  meanBytes: number | undefined;
}

/**
 * Works side by side until time or room is over; what is in flight then is waited for. The fewer outcomes find room, the
 * fewer are in flight, so that little is thrown away.
 *
 * @param count of pieces, begun in the order of their numbers
 * @param expectedBytes of an outcome, as far as is known
 * @param work on one piece; what it throws is thrown at once
 */
export function timeBox<T>(
  count: number,
  concurrency: number,
  expectedBytes: number | undefined,
  work: (n: number) => Promise<Done<T>>,
): Promise<Boxed<T>> {
  const until = Date.now() + BATCH_TIME_MS;
  const outcomes = new Array<T | null>(count).fill(null);
  const typical = { count: 0, bytes: 0, kept: 0 };
  let [next, inFlight, bytes, open] = [0, 0, 0, true];

  const meanBytes = (): number | undefined => (typical.count > 0 ? typical.bytes / typical.count : undefined);

  function mayBegin(): boolean {
    if (!open || next >= count || inFlight >= concurrency) return false;
    if (inFlight === 0 && bytes === 0) return true;
    const each = meanBytes() ?? expectedBytes;
    if (each === undefined) return inFlight < IN_FLIGHT_OF_UNKNOWN_SIZE;
    return bytes + (inFlight + 1) * each <= MAX_BATCH_RESULT_BYTES;
  }

  function keep(n: number, done: Done<T>): void {
    if (done.typical) {
      typical.count++;
      typical.bytes += done.bytes;
    }
    if (bytes === 0 || bytes + done.bytes <= MAX_BATCH_RESULT_BYTES) {
      outcomes[n] = done.outcome;
      bytes += done.bytes;
      if (done.typical) typical.kept += done.bytes;
    }
    if (done.last || bytes >= FULL_BATCH_BYTES || Date.now() >= until) open = false;
  }

  return new Promise((resolve, reject) => {
    function begin(n: number): void {
      inFlight++;
      work(n).then((done) => {
        inFlight--;
        keep(n, done);
        goOn();
      }, fail);
    }
    function fail(reason: Error): void {
      open = false;
      reject(reason);
    }
    function goOn(): void {
      while (mayBegin()) begin(next++);
      if (inFlight === 0) resolve({ outcomes, bytes: typical.kept, meanBytes: meanBytes() });
    }
    goOn();
  });
}
