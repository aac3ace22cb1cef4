import { progressLine } from '../../src/cli/bulk/progress-line';
import type { BulkProgress } from '../../src/contract/types';

const begun: BulkProgress = {
  status: 'running',
  connection: { integration: 'hubspot', connectionId: 'c-1' },
  done: 0,
  failed: {},
  unknown: 0,
  skipped: 0,
  rate: 0,
  begunAt: 0,
};

test('a run that has not read how many calls there are is not done', () => {
  expect(progressLine(begun)).toBe(`[${'-'.repeat(24)}]   0 % 0 · 0/s`);
});

test('of many, of a half and of none', () => {
  expect(progressLine({ ...begun, total: 2_000, done: 900, skipped: 100, rate: 12.4 })).toBe(
    `[${'#'.repeat(12)}${'-'.repeat(12)}]  50 % 1,000 of 2,000 · 12/s`,
  );
  expect(progressLine({ ...begun, total: 0 })).toBe(`[${'#'.repeat(24)}] 100 % 0 of 0 · 0/s`);
});
