import { ARM_NAMES, measureResumptions } from './measure';

/**
 * `npm run bench:resume`: how long it takes from a webhook that is received until the workflow that waits for it goes
 * on; in turn with a bare signal, and with the same written by hand. `--where` also prints the histories of one round.
 */

const ROUNDS = 200;
/** Rounds before that, which are not counted. */
const WARM_UP = 20;
const GOAL = 1.3;

async function main(): Promise<void> {
  report(await measureResumptions({ rounds: ROUNDS, warmUp: WARM_UP, where: process.argv.includes('--where') }));
}

function report(took: Map<string, number[]>): void {
  const at = (name: string, share: number): number => percentile(took.get(name) ?? [], share);
  for (const name of ARM_NAMES) {
    console.log(`${name.padEnd(12)}  p50 ${at(name, 0.5).toFixed(1)} ms  p99 ${at(name, 0.99).toFixed(1)} ms`);
  }
  const ratio = (share: number): number => at('ours', share) / at('hand-written', share);
  console.log(
    `ours / hand-written  p50 ${ratio(0.5).toFixed(2)}  p99 ${ratio(0.99).toFixed(2)}  ` +
      `(${ROUNDS} times each, in turn; goal: at most ${GOAL})`,
  );
}

/** The smallest of the values that so many of them do not exceed. */
function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}

void main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
