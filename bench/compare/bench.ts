import type { Sample } from './figures/sample';
import type { Size } from './sizes';
import type { Stage } from './stage';

/** What a work is given. */
export interface Bench {
  stage: Stage;
  size: Size;
  /** share of the proxied requests of reads and writes that get an error */
  errorShare: number;
}

/**
 * One measure of an arm.
 *
 * @param run tells it from all others
 * @param warmUp it is not counted, so less will do
 */
export type Measure = (run: string, warmUp: boolean) => Promise<Sample>;

let runs = 0;

/** A line for whoever waits, with the time since the start. */
export function progress(line: string): void {
  process.stderr.write(`${process.uptime().toFixed(0).padStart(5)} s  ${line}\n`);
}

/**
 * Has arms take turns, each round beginning with another one; before that they warm up, which is not counted.
 *
 * @param title of the work, for whoever waits
 * @param warmUps rounds of that; 0 where each begins anew every time
 */
export async function inTurn(
  title: string,
  arms: { [arm: string]: Measure },
  rounds: number,
  warmUps = 1,
): Promise<{ [arm: string]: Sample[] }> {
  const names = Object.keys(arms);
  const samples: { [arm: string]: Sample[] } = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round++) {
    progress(round < 0 ? `${title}: warm-up` : `${title}: round ${round + 1} of ${rounds}`);
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + round + warmUps) % names.length]!;
      const sample = await arms[name]!(`${runs++}`, round < 0);
      if (round >= 0) samples[name]!.push(sample);
    }
  }
  return samples;
}
