import type { Summary } from './summary';
import { number, table } from './tables';

interface Goal {
  text: string;
  /** what was measured; null for nothing */
  figures: (summary: Summary) => (number | null)[] | null;
  met: (value: number) => boolean;
}

const atLeast = (bound: number) => (value: number) => value >= bound;
const atMost = (bound: number) => (value: number) => value <= bound;

const GOALS: Goal[] = [
  goal('2,000 reads, calls a second over `undici`: ≥ 0.95', ({ ratios }) => ratios.reads?.vsUndici, atLeast(0.95)),
  goal('the same with 100 calls in flight: ≥ 0.85', ({ ratios }) => ratios.readsAt100?.vsUndici, atLeast(0.85)),
  goal('2,000 reads, over `node-sdk`: ≥ 1.5', ({ ratios }) => ratios.reads?.vsNodeSdk, atLeast(1.5)),
  goal('2,000 reads, over `hand-written`: ≥ 10', ({ ratios }) => ratios.reads?.vsHandWritten, atLeast(10)),
  goal('history events per 1,000 reads: ≤ 60', ({ per1000Reads }) => per1000Reads?.historyEvents, atMost(60)),
  goal('billable actions per 1,000 reads: ≤ 25', ({ per1000Reads }) => per1000Reads?.billableActions, atMost(25)),
  goal(
    'one call in a running workflow, time over `hand-written`: ≤ 1.10',
    ({ ratios }) => ratios.single?.vsHandWritten,
    atMost(1.1),
  ),
  goal('200 writes, time over `hand-written`: ≤ 1.10', ({ ratios }) => ratios.writes?.vsHandWritten, atMost(1.1)),
  {
    text: 'rate-limited, each number of workers, time over theory: ≤ 1.1',
    figures: ({ rateLimited }) => rateLimited && rateLimited.overTheory,
    met: atMost(1.1),
  },
  {
    text: 'rate-limited, share answered 429: ≤ 0.01',
    figures: ({ rateLimited }) => rateLimited && rateLimited.share429,
    met: atMost(0.01),
  },
  goal('growth, time a call, 10k over 1k: ≤ 1.2', ({ growth }) => growth?.perCall10kTo1k, atMost(1.2)),
  goal('growth, time a call, 100k over 10k: ≤ 1.2', ({ growth }) => growth?.perCall100kTo10k, atMost(1.2)),
  goal(
    'growth, peak memory, largest over smallest: ≤ 1.3',
    ({ growth }) => growth?.peakMemoryLargestToSmallest,
    atMost(1.3),
  ),
  goal('answers of 200 KB, picked, over `undici`: ≥ 0.8', ({ ratios }) => ratios.answersPicked?.vsUndici, atLeast(0.8)),
  goal(
    'webhook to resumed, time over `hand-written`: ≤ 1.1',
    ({ ratios }) => ratios.resume?.vsHandWritten,
    atMost(1.1),
  ),
];

function goal(text: string, figure: (summary: Summary) => number | null | undefined, met: Goal['met']): Goal {
  return {
    text,
    figures: (summary) => {
      const value = figure(summary);
      return value === undefined ? null : [value];
    },
    met,
  };
}

/** Each goal beside its figure. */
export function goalTable(summary: Summary): string {
  const rows = GOALS.map(({ text, figures, met }) => {
    const values = figures(summary);
    if (values === null || values.includes(null)) return [text, 'not measured', ''];
    const all = values as number[];
    return [text, all.map(number).join(', '), all.every(met) ? 'yes' : 'no'];
  });
  return table([['goal', 'measured', 'met'], ...rows]);
}
