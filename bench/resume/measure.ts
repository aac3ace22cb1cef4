import { bareSignal, byPackage, handWritten } from './arms';
import type { Arm, Waiting } from './arms';
import { openStage } from './stage';
import type { Stage } from './stage';
import { lastEvents } from './where-time-goes';

const AT_ONCE = 10;
const BOUND_MS = 30_000;

const ARMS: { [name: string]: Arm } = { 'bare signal': bareSignal, 'hand-written': handWritten, ours: byPackage };
export const ARM_NAMES = Object.keys(ARMS);

/** How much is measured. */
export interface ResumeOptions {
  /** rounded up to the next ten */
  rounds: number;
  /** rounds before those, which are not counted; the same */
  warmUp: number;
  /** print the histories of the last round; default false */
  where?: boolean;
}

/** Milliseconds from a webhook that is received until the workflow that waits goes on, of each arm, in turn. */
export async function measureResumptions({ rounds, warmUp, where }: ResumeOptions): Promise<Map<string, number[]>> {
  const stage = await openStage();
  const took = new Map(ARM_NAMES.map((name): [string, number[]] => [name, []]));
  const last = Math.ceil(rounds / AT_ONCE) * AT_ONCE - 1;
  try {
    for (let first = -Math.ceil(warmUp / AT_ONCE) * AT_ONCE; first < rounds; first += AT_ONCE) {
      const batch = Array.from({ length: AT_ONCE }, (_, i) => first + i);
      const ready = await Promise.all(batch.map((round) => prepare(stage, round)));
      for (const [i, round] of batch.entries()) {
        // Nobody is always first.
        for (let turn = 0; turn < ARM_NAMES.length; turn++) {
          const name = ARM_NAMES[(turn + i) % ARM_NAMES.length]!;
          const ms = await measure(name, ready[i]!.get(name)!, where === true && round === last);
          if (round >= 0) took.get(name)?.push(ms);
        }
      }
    }
    return took;
  } finally {
    await stage.close();
  }
}

async function prepare(stage: Stage, round: number): Promise<Map<string, Waiting>> {
  const waiting = ARM_NAMES.map(async (name): Promise<[string, Waiting]> => {
    // Nobody's connection serves another arm.
    const id = `${name.replace(' ', '-')}.${round}`;
    return [name, await ARMS[name]!(stage, id)];
  });
  return new Map(await Promise.all(waiting));
}

async function measure(name: string, { go, resumed, handles }: Waiting, where: boolean): Promise<number> {
  const since = Date.now();
  const tooLate = setTimeout(() => {
    throw new Error(`${name}: the workflow has not gone on`);
  }, BOUND_MS);
  const [began, ended] = await Promise.all([go(), resumed]);
  clearTimeout(tooLate);
  if (ended < began) throw new Error(`${name}: the workflow went on by itself`);
  await Promise.all(handles.map((handle) => handle.result()));
  if (where) {
    for (const handle of handles)
      console.log([`${name}: ${handle.workflowId}`, ...(await lastEvents(handle, since))].join('\n'));
  }
  return ended - began;
}
