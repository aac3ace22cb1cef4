import { MAX_BATCH_BYTES } from '../../../contract/limits';

/** Batches of a small fan-out run side by side, but are worth an activity each. */
const SMALLEST_PLANNED = 50;
const LARGEST_BATCH = 250;
/** However few a batch gets done, the next one is given so many: most of them are sent again. */
const FEWEST = 8;

/** Calls, by their place in the fan-out, on their way into batches. */
export interface Packer {
  hasAny(): boolean;
  /** the calls of the next batch; empty: there are none */
  take(): number[];
  /** to be packed anew, with others, before those that come after them */
  putBack(calls: number[]): void;
  /** what a batch of `given` calls got done in its time: the next is as large */
  learn(given: number, done: number): void;
}

/**
 * Packs calls by count and bytes, in their order.
 *
 * @param bytes of each call as JSON, by its place
 * @param lanes that take batches side by side
 */
export function packerOf(calls: number[], bytes: number[], lanes: number): Packer {
  let queue = [...calls];
  const planned = Math.min(Math.max(Math.ceil(calls.length / lanes), SMALLEST_PLANNED), LARGEST_BATCH);
  let size = planned;

  return {
    hasAny: () => queue.length > 0,
    take() {
      let [count, weight] = [0, 0];
      for (const call of queue) {
        weight += bytes[call]!;
        if (count === size || (count > 0 && weight > MAX_BATCH_BYTES)) break;
        count++;
      }
      return queue.splice(0, count);
    },
    putBack(calls) {
      if (calls.length > 0) queue = [...calls, ...queue].sort((a, b) => a - b);
    },
    learn(given, done) {
      if (done < given) size = Math.max(done, FEWEST);
      else if (given >= size) size = Math.min(size * 2, planned);
    },
  };
}
