import type { Bench } from '../bench';
import type { Results } from '../figures/sample';
import { callsInTurn } from './calls-in-turn';
import { growth } from './growth';
import { limited } from './limited';
import { ensure, single } from './one-by-one';

const KB = 1_024;
const PICK = ['/summary'];

type Works = Results['works'];

/** Works on the stage, each with the names under which its samples are kept. */
export const STAGE_WORKS: { [name: string]: (bench: Bench) => Promise<Works> } = {
  reads: async (bench) => ({
    reads: await callsInTurn('reads', bench, { method: 'GET', count: bench.size.reads, isBounded: true }),
  }),
  writes: async (bench) => ({
    writes: await callsInTurn('writes', bench, { method: 'POST', count: bench.size.writes }),
  }),
  single: async (bench) => ({ single: await single(bench) }),
  ensure: async (bench) => ({ ensure: await ensure(bench) }),
  answers: async (bench) => {
    const { kb20, kb200, picked } = bench.size.answers;
    const sets = {
      'answers of 20 KB': { count: kb20, bytes: 20 * KB },
      'answers of 200 KB': { count: kb200, bytes: 200 * KB },
      'answers of 200 KB, picked': { count: picked, bytes: 200 * KB, pick: PICK },
    };
    const works: Works = {};
    for (const [name, set] of Object.entries(sets)) {
      works[name] = await callsInTurn(name, bench, { method: 'GET', ...set });
    }
    return works;
  },
  growth: async (bench) => ({ growth: await growth(bench) }),
  // The last of this stage: it stops the worker of ours.
  'rate-limited': async (bench) => ({ 'rate-limited': await limited(bench) }),
};

/** All works: the last two bring a stage of their own. */
export const WORK_NAMES = [...Object.keys(STAGE_WORKS), 'resume', 'parked'];
