import type { Results, Sample } from '../../bench/compare/figures/sample';
import { SIZES } from '../../bench/compare/sizes';

/** A sample of so many calls that all succeeded. */
export function sample(ms: number, calls: number, more: Partial<Sample> = {}): Sample {
  return { ms, calls, failed: 0, ...more };
}

/** What a run of three rounds measured, with figures that can be reckoned with in one's head. */
export function fixedResults(works: Results['works'] = fixedWorks()): Results {
  return {
    sizeName: 'full',
    size: SIZES.full,
    machine: {
      cpu: 'A CPU',
      cores: 2,
      memoryGb: 8,
      system: 'Linux 6',
      node: '20.20.2',
      temporal: '1.32.0',
      packages: { 'temporal-nango': '0.1.0', undici: '7.0.0' },
    },
    works,
    parked: { upTo: 2_000, heapMb: 0.1, residentMb: 0.2 },
  };
}

function fixedWorks(): Results['works'] {
  const four = (calls: number) => ({
    undici: [400, 500, 600].map((ms) => sample(ms, calls)),
    'node-sdk': [1_000, 1_000, 1_000].map((ms) => sample(ms, calls)),
    'hand-written': [8_000, 8_000, 8_000].map((ms) => sample(ms, calls)),
    ours: [500, 500, 500].map((ms) =>
      sample(ms, calls, {
        requests: calls,
        repeated: 0,
        cpuS: 1,
        peakMb: 300,
        history: { events: 80, bytes: 4_000, actions: 20 },
      }),
    ),
  });
  const two = { 'hand-written': [sample(50, 1)], ours: [sample(55, 1)] };
  return {
    reads: { ...four(2_000), 'ours, 100 at once': [625, 625, 625].map((ms) => sample(ms, 2_000)) },
    writes: four(200),
    single: two,
    ensure: two,
    resume: two,
    'answers of 20 KB': four(300),
    'answers of 200 KB': four(30),
    'answers of 200 KB, picked': four(2_000),
    'rate-limited': {
      1: [sample(21_000, 600, { requests: 606, refused: 6 })],
      2: [sample(22_000, 600, { requests: 600, refused: 0 })],
      4: [sample(30_000, 600, { requests: 1_200, refused: 600 })],
    },
    growth: {
      1_000: [sample(1_000, 1_000, { peakMb: 200 })],
      10_000: [sample(11_000, 10_000, { peakMb: 210 })],
      100_000: [sample(121_000, 100_000, { peakMb: 220 })],
    },
  };
}
