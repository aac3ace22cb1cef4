/** Calls that were done by a moment. */
export interface Sample {
  at: number;
  done: number;
}

/** A rate is of the last minute, or longer where pages take longer. */
const WINDOW_MS = 60_000;

/** Adds a sample, and forgets those that are too old. */
export function addSample(samples: Sample[], at: number, done: number): void {
  samples.push({ at, done });
  while (samples.length > 2 && samples[1]!.at <= at - WINDOW_MS) samples.shift();
}

/** Calls a second. */
export function rateOf(samples: Sample[]): number {
  const [first, last] = [samples[0], samples.at(-1)];
  if (first === undefined || last === undefined || last.at <= first.at) return 0;
  return Math.round(((last.done - first.done) * 10_000) / (last.at - first.at)) / 10;
}
