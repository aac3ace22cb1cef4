import { goalTable } from '../../bench/compare/figures/goals';
import { figuresOf, withFigures } from '../../bench/compare/figures/page';
import { escapeXml, plot } from '../../bench/compare/figures/plot';
import { median, ratios, rounded, spreadOf } from '../../bench/compare/figures/statistics';
import { summarize, theoryMs } from '../../bench/compare/figures/summary';
import { table, workTable } from '../../bench/compare/figures/tables';
import { fixedResults, sample } from './results';

test('a median is the middle, or the mean of the two there; of nothing it is no number', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
});

test('ratios are those of the same round, as far as both have it', () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
  expect(ratios([2, 9, 5], [1, 3])).toEqual([2, 3]);
  expect(rounded(1.23456)).toBe(1.23);
  expect(rounded(NaN)).toBeNull();
  expect(rounded(1 / 0)).toBeNull();
});

test('the JSON line has the shape that is read elsewhere', () => {
  expect(JSON.parse(JSON.stringify(summarize(fixedResults())))).toEqual({
    ratios: {
      // Of rates: the rounds of undici took 400, 500 and 600 ms, ours 500 each.
      reads: { vsUndici: 1, vsNodeSdk: 2, vsHandWritten: 16 },
      readsAt100: { vsUndici: 0.8, vsNodeSdk: 1.6, vsHandWritten: 12.8 },
      // Of times.
      writes: { vsUndici: 1, vsNodeSdk: 0.5, vsHandWritten: 0.0625 },
      single: { vsUndici: null, vsNodeSdk: null, vsHandWritten: 1.1 },
      ensure: { vsUndici: null, vsNodeSdk: null, vsHandWritten: 1.1 },
      resume: { vsUndici: null, vsNodeSdk: null, vsHandWritten: 1.1 },
      answers20Kb: { vsUndici: 1, vsNodeSdk: 2, vsHandWritten: 16 },
      answers200Kb: { vsUndici: 1, vsNodeSdk: 2, vsHandWritten: 16 },
      answersPicked: { vsUndici: 1, vsNodeSdk: 2, vsHandWritten: 16 },
    },
    per1000Reads: { historyEvents: 40, historyBytes: 2_000, billableActions: 10 },
    rateLimited: { workers: [1, 2, 4], overTheory: [1.05, 1.1, 1.5], share429: [0.0099, 0, 0.5] },
    growth: {
      perCall10kTo1k: 1.1,
      perCall100kTo10k: 1.1,
      peakMemoryMb: 220,
      peakMemoryLargestToSmallest: 1.1,
    },
    parked: { requests: 2_000, heapMbEach: 0.1, residentMbEach: 0.2 },
    worker: { cpuSeconds: 1, peakMemoryMb: 300, requests: 2_000, repeated: 0 },
    rounds: 5,
    size: 'full',
  });
});

test('what was not run is null, every key is there', () => {
  const { ratios: all, ...others } = summarize({ ...fixedResults({}), parked: undefined });
  expect(Object.values(all)).toEqual(Array.from({ length: 9 }, () => null));
  expect(others).toEqual({
    per1000Reads: null,
    rateLimited: null,
    growth: null,
    parked: null,
    worker: null,
    rounds: 5,
    size: 'full',
  });
});

test('calls that failed are no part of a rate', () => {
  const reads = { undici: [sample(100, 10)], ours: [{ ...sample(100, 10), failed: 5 }] };
  expect(summarize(fixedResults({ reads })).ratios.reads?.vsUndici).toBe(0.5);
});

test('in theory all windows but the last must pass', () => {
  expect(theoryMs({ calls: 600, limit: 200, windowS: 10 })).toBe(20_000);
  expect(theoryMs({ calls: 601, limit: 200, windowS: 10 })).toBe(30_000);
});

test('each goal stands beside its figure, and whether it is met', () => {
  const lines = goalTable(summarize(fixedResults())).split('\n');
  const row = (text: string) =>
    lines
      .find((line) => line.includes(text))
      ?.split('|')
      .map((cell) => cell.trim());
  expect(row('over `hand-written`: ≥ 10')?.slice(2, 4)).toEqual(['16', 'yes']);
  expect(row('share answered 429')?.slice(2, 4)).toEqual(['0.01, 0, 0.50', 'no']);
  expect(goalTable(summarize(fixedResults({})))).toContain('not measured');
});

test('a table has columns of one width, and none that nobody fills', () => {
  expect(
    table([
      ['a', 'bcde'],
      ['fghi', 'j'],
    ]),
  ).toBe(['| a    | bcde |', '| ---- | ---- |', '| fghi | j    |'].join('\n'));
  const text = workTable('reads', { ours: [sample(1_000, 10), sample(2_000, 10), sample(4_000, 10)] });
  expect(text.split('\n')[0]).toBe('| arm  | median ms | from … to   | calls/s | failed |');
  expect(text.split('\n')[2]).toBe('| ours | 2000      | 1000 … 4000 | 5       | 0      |');
});

test('text in the picture is escaped, and every arm has its bar', () => {
  expect(escapeXml(`<a href="x">&'`)).toBe('&#60;a href=&#34;x&#34;&#62;&#38;&#39;');
  const picture = plot(fixedResults().works);
  expect(picture).not.toMatch(/NaN|Infinity|undefined/);
  // Five works of four arms, a legend of four, and the ground.
  expect(picture.match(/<rect /g)).toHaveLength(5 * 4 + 4 + 1);
  expect(plot({})).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
});

test('figures take the place of older ones, and of nothing else', () => {
  const page = [
    'before',
    '<!-- figures: written by `npm run bench -- --write` -->',
    'old',
    '<!-- end of figures -->',
    'after',
  ].join('\n');
  const written = withFigures(page, figuresOf(fixedResults(), 'images/performance.svg'));
  expect(written).toMatch(/^before\n[\s\S]*### Goals[\s\S]*\(images\/performance\.svg\)[\s\S]*\nafter$/);
  expect(written).not.toContain('\nold\n');
  expect(withFigures(written, 'newer')).toBe(withFigures(page, 'newer'));
  expect(() => withFigures('no marks', 'figures')).toThrow('no place');
});
