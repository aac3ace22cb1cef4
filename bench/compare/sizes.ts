/** How much is measured. */
export interface Size {
  /** before the rounds that count: so many more, of so many calls at the most. V8 takes some thousands to get fast */
  warmUp: { rounds: number; calls: number };
  /** of all works but the slow ones */
  rounds: number;
  /** of those that take a minute each: rate-limited and growth */
  slowRounds: number;
  reads: number;
  writes: number;
  /** single calls, and connections that are there, of one round */
  singles: number;
  resume: { rounds: number; warmUp: number };
  /** the resident size of few says nothing; undefined: not measured, since most of it is the start */
  parked?: { count: number; warmUp: number; resident: boolean };
  limited: { calls: number; workflows: number; limit: number; windowS: number; workers: number[] };
  /** calls of each size of answer */
  answers: { kb20: number; kb200: number; picked: number };
  /** calls of each run of `bulk`, from small to large */
  growth: number[];
}

/** Three windows, with the requests by which workers find out the limit: they count too. */
const LIMITED = { calls: 590, workflows: 4, limit: 200, windowS: 10, workers: [1, 2, 4] };

export const SIZES = {
  full: {
    warmUp: { rounds: 3, calls: 2_000 },
    rounds: 5,
    slowRounds: 5,
    reads: 2_000,
    writes: 200,
    singles: 20,
    resume: { rounds: 100, warmUp: 20 },
    parked: { count: 2_000, warmUp: 200, resident: true },
    limited: LIMITED,
    answers: { kb20: 300, kb200: 30, picked: 2_000 },
    growth: [1_000, 10_000, 100_000],
  },
  quick: {
    warmUp: { rounds: 1, calls: 200 },
    rounds: 2,
    slowRounds: 1,
    reads: 2_000,
    writes: 200,
    singles: 5,
    resume: { rounds: 15, warmUp: 5 },
    limited: { ...LIMITED, calls: 390, workers: [1, 4] },
    answers: { kb20: 300, kb200: 30, picked: 200 },
    growth: [1_000, 10_000],
  },
  /** proves that every work runs; its figures say nothing */
  smoke: {
    warmUp: { rounds: 1, calls: 20 },
    rounds: 1,
    slowRounds: 1,
    reads: 40,
    writes: 10,
    singles: 2,
    resume: { rounds: 10, warmUp: 0 },
    parked: { count: 10, warmUp: 5, resident: false },
    limited: { calls: 20, workflows: 2, limit: 10, windowS: 2, workers: [1, 2] },
    answers: { kb20: 4, kb200: 2, picked: 4 },
    growth: [20, 40],
  },
} as const satisfies { [name: string]: Size };

export type SizeName = keyof typeof SIZES;
