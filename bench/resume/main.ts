import { bareSignal, byPackage, handWritten } from './arms';
import type { Arm, Waiting } from './arms';
import { openStage } from './stage';
import type { Stage } from './stage';
import { lastEvents } from './where-time-goes';

/**
 * `npm run bench:resume`: how long it takes from a webhook that is received until the workflow that waits for it goes
 * on; in turn with a bare signal, and with the same written by hand. `--where` also prints the histories of one round.
 */

const ROUNDS = 200;
/** Rounds before that, which are not counted. */
const WARM_UP = 20;
const AT_ONCE = 10;
const GOAL = 1.3;
const BOUND_MS = 30_000;

const ARMS: { [name: string]: Arm } = { 'bare signal': bareSignal, 'hand-written': handWritten, ours: byPackage };
const NAMES = Object.keys(ARMS);

async function main(): Promise<void> {
  const stage = await openStage();
  const took = new Map(NAMES.map((name): [string, number[]] => [name, []]));
  try {
    for (let first = -WARM_UP; first < ROUNDS; first += AT_ONCE) {
      const rounds = Array.from({ length: AT_ONCE }, (_, i) => first + i);
      const ready = await Promise.all(rounds.map((round) => prepare(stage, round)));
      for (const [i, round] of rounds.entries()) {
        // Nobody is always first.
        for (let turn = 0; turn < NAMES.length; turn++) {
          const name = NAMES[(turn + i) % NAMES.length]!;
          const ms = await measure(name, ready[i]!.get(name)!, round === ROUNDS - 1);
          if (round >= 0) took.get(name)?.push(ms);
        }
      }
    }
    report(took);
  } finally {
    await stage.close();
  }
}

async function prepare(stage: Stage, round: number): Promise<Map<string, Waiting>> {
  const waiting = NAMES.map(async (name): Promise<[string, Waiting]> => {
    // Nobody's connection serves another arm.
    const id = `${name.replace(' ', '-')}.${round}`;
    return [name, await ARMS[name]!(stage, id)];
  });
  return new Map(await Promise.all(waiting));
}

async function measure(name: string, { go, resumed, handles }: Waiting, isLast: boolean): Promise<number> {
  const since = Date.now();
  const tooLate = setTimeout(() => {
    throw new Error(`${name}: the workflow has not gone on`);
  }, BOUND_MS);
  const [began, ended] = await Promise.all([go(), resumed]);
  clearTimeout(tooLate);
  if (ended < began) throw new Error(`${name}: the workflow went on by itself`);
  await Promise.all(handles.map((handle) => handle.result()));
  if (isLast && process.argv.includes('--where')) {
    for (const handle of handles)
      console.log([`${name}: ${handle.workflowId}`, ...(await lastEvents(handle, since))].join('\n'));
  }
  return ended - began;
}

function report(took: Map<string, number[]>): void {
  const at = (name: string, share: number): number => percentile(took.get(name) ?? [], share);
  for (const name of NAMES) {
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
