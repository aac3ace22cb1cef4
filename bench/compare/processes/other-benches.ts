import { memoryOfParked } from '../../burst/parked';
import type { ParkedMemory } from '../../burst/parked';
import { measureResumptions } from '../../resume/measure';
import { serveDriver } from '../ipc/serve';

/** The two benchmarks beside this one, in a process of their own: they bring their own Temporal and Nango. */
serveDriver({
  resume: async (rounds: number, warmUp: number): Promise<{ [arm: string]: number[] }> =>
    Object.fromEntries(await measureResumptions({ rounds, warmUp })),
  parked: (count: number, options: { warmUp: number; resident: boolean }): Promise<ParkedMemory[]> =>
    memoryOfParked('request', [count], options),
});
