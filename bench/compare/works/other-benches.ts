import type { ParkedMemory } from '../../burst/parked';
import { progress } from '../bench';
import type { Closing } from '../closing';
import type { Sample } from '../figures/sample';
import { startChild } from '../ipc/child';
import type { Size } from '../sizes';

/** What `bench:resume` and `bench:burst` measure, by calling them. */

/** Webhook to resumed workflow: a sample is one. */
export async function resume(closing: Closing, { resume }: Size): Promise<{ [arm: string]: Sample[] }> {
  progress(`resume: ${resume.rounds} rounds`);
  const took = await apart<{ [arm: string]: number[] }>(closing, 'resume', resume.rounds, resume.warmUp);
  return Object.fromEntries(
    Object.entries(took).map(([arm, all]) => [arm, all.map((ms) => ({ ms, calls: 1, failed: 0 }))]),
  );
}

/** Memory of a worker for a request that is parked. */
export async function parked(closing: Closing, { parked }: Size): Promise<ParkedMemory | undefined> {
  if (parked === undefined) return undefined;
  progress(`parked: ${parked.count} requests`);
  const [memory] = await apart<ParkedMemory[]>(closing, 'parked', parked.count, parked);
  return memory;
}

async function apart<T>(closing: Closing, name: string, ...args: unknown[]): Promise<T> {
  const file = require.resolve('../processes/other-benches');
  const child = await closing.open(startChild(file), (child) => child.stop());
  try {
    return await child.call<T>(name, ...args);
  } finally {
    await child.stop();
  }
}
