import type { Results, Sample } from './sample';
import { median, ratios, rounded } from './statistics';

/** Ours against the others; null for what was not measured. */
interface Ratios {
  vsUndici: number | null;
  vsNodeSdk: number | null;
  vsHandWritten: number | null;
}

/** The last line of `--json`. A work that was not run is null. */
export interface Summary {
  /**
   * medians of the ratios of the rounds. Of `reads` and answers those of calls a second: more is better; of `writes`,
   * `single`, `ensure` and `resume` those of time: less is better
   */
  ratios: {
    reads: Ratios | null;
    /** the same with no more calls in flight than `undici` has */
    readsAt100: Ratios | null;
    writes: Ratios | null;
    single: Ratios | null;
    ensure: Ratios | null;
    resume: Ratios | null;
    answers20Kb: Ratios | null;
    answers200Kb: Ratios | null;
    answersPicked: Ratios | null;
  };
  per1000Reads: { historyEvents: number | null; historyBytes: number | null; billableActions: number | null } | null;
  /** for each number of workers */
  rateLimited: { workers: number[]; overTheory: (number | null)[]; share429: (number | null)[] } | null;
  growth: {
    perCall10kTo1k: number | null;
    perCall100kTo10k: number | null;
    /** of the largest run, and over that of the smallest */
    peakMemoryMb: number | null;
    peakMemoryLargestToSmallest: number | null;
  } | null;
  parked: { requests: number; heapMbEach: number | null; residentMbEach: number | null } | null;
  /** of the worker, while it made the reads */
  worker: {
    cpuSeconds: number | null;
    peakMemoryMb: number | null;
    requests: number | null;
    repeated: number | null;
  } | null;
  rounds: number;
  size: string;
}

type Arms = { [arm: string]: Sample[] } | undefined;

export function summarize({ works, size, sizeName, parked }: Results): Summary {
  return {
    ratios: {
      reads: ratiosOf(works.reads, rate),
      readsAt100: ratiosOf(works.reads, rate, 'ours, 100 at once'),
      writes: ratiosOf(works.writes, time),
      single: ratiosOf(works.single, time),
      ensure: ratiosOf(works.ensure, time),
      resume: ratiosOf(works.resume, time),
      answers20Kb: ratiosOf(works['answers of 20 KB'], rate),
      answers200Kb: ratiosOf(works['answers of 200 KB'], rate),
      answersPicked: ratiosOf(works['answers of 200 KB, picked'], rate),
    },
    per1000Reads: per1000(works.reads?.ours),
    rateLimited: limitedOf(works['rate-limited'], size.limited),
    growth: growthOf(works.growth, size.growth),
    parked:
      parked === undefined
        ? null
        : {
            requests: parked.upTo,
            heapMbEach: rounded(parked.heapMb),
            residentMbEach: rounded(parked.residentMb ?? NaN),
          },
    worker: workerOf(works.reads?.ours),
    rounds: size.rounds,
    size: sizeName,
  };
}

function ratiosOf(arms: Arms, figure: (sample: Sample) => number, whose = 'ours'): Ratios | null {
  if (arms === undefined) return null;
  const ours = (arms[whose] ?? []).map(figure);
  const vs = (arm: string): number | null => rounded(median(ratios(ours, (arms[arm] ?? []).map(figure))));
  return { vsUndici: vs('undici'), vsNodeSdk: vs('node-sdk'), vsHandWritten: vs('hand-written') };
}

const time = ({ ms }: Sample): number => ms;
const rate = ({ ms, calls, failed }: Sample): number => (calls - failed) / ms;

function per1000(reads: Sample[] | undefined): Summary['per1000Reads'] {
  if (reads === undefined) return null;
  const of = (figure: 'events' | 'bytes' | 'actions'): number | null =>
    rounded(median(reads.map(({ history, calls }) => ((history?.[figure] ?? NaN) / calls) * 1_000)));
  return { historyEvents: of('events'), historyBytes: of('bytes'), billableActions: of('actions') };
}

function workerOf(reads: Sample[] | undefined): Summary['worker'] {
  if (reads === undefined) return null;
  const of = (figure: 'cpuS' | 'peakMb' | 'requests' | 'repeated', digits?: number): number | null =>
    rounded(median(reads.map((sample) => sample[figure] ?? NaN)), digits);
  return {
    cpuSeconds: of('cpuS'),
    peakMemoryMb: of('peakMb'),
    requests: of('requests', 9),
    repeated: of('repeated', 9),
  };
}

/** The shortest time in which an account allows so many calls: all windows but the last must pass. */
export function theoryMs({ calls, limit, windowS }: { calls: number; limit: number; windowS: number }): number {
  return (Math.ceil(calls / limit) - 1) * windowS * 1_000;
}

function limitedOf(arms: Arms, size: Results['size']['limited']): Summary['rateLimited'] {
  if (arms === undefined) return null;
  const of = (figure: (sample: Sample) => number): (number | null)[] =>
    size.workers.map((workers) => rounded(median((arms[String(workers)] ?? []).map(figure))));
  return {
    workers: [...size.workers],
    overTheory: of(({ ms }) => ms / theoryMs(size)),
    share429: of(({ refused = NaN, requests = NaN }) => refused / requests),
  };
}

function growthOf(arms: Arms, [small, middle, large]: readonly number[]): Summary['growth'] {
  if (arms === undefined) return null;
  const perCall = (count: number | undefined): number[] =>
    (arms[String(count)] ?? []).map(({ ms, calls }) => ms / calls);
  const peak = (count: number | undefined): number =>
    median((arms[String(count)] ?? []).map(({ peakMb = NaN }) => peakMb));
  const largest = large ?? middle;
  return {
    perCall10kTo1k: rounded(median(ratios(perCall(middle), perCall(small)))),
    perCall100kTo10k: rounded(median(ratios(perCall(large), perCall(middle)))),
    peakMemoryMb: rounded(peak(largest)),
    peakMemoryLargestToSmallest: rounded(peak(largest) / peak(small)),
  };
}
