/** When each of many was seen, by key. */
interface TimesByKey {
  [key: string]: number;
}

/**
 * The times of many, in order. They change seldom, and each report of a burst has them counted: so they are put in order
 * once for each object that holds them, and none is ever changed in place.
 */
export class Times {
  private readonly ascending: Float64Array;

  constructor(times: TimesByKey) {
    this.ascending = Float64Array.from(Object.values(times)).sort();
  }

  countAfter(time: number): number {
    let [low, high] = [0, this.ascending.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ascending[middle]! > time) high = middle;
      else low = middle + 1;
    }
    return this.ascending.length - low;
  }

  /** The latest but `nth - 1`; before all times if there are not as many. */
  latest(nth: number): number {
    return this.ascending.at(-nth) ?? -Infinity;
  }
}

// eslint-disable-next-line no-restricted-syntax -- what it says of an object is the same in every run
const known = new WeakMap<TimesByKey, Times>();

export function timesOf(times: TimesByKey): Times {
  const found = known.get(times) ?? new Times(times);
  known.set(times, found);
  return found;
}
