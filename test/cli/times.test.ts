import { MAX_WAIT_MS } from '../../src/contract/limits';
import { duration } from '../../src/cli/options/duration';
import { until } from '../../src/cli/options/until';

const DAY_MS = 86_400_000;

test('a deadline may be as far away as one of the library, what is waited for here not', () => {
  const from = Date.now();
  expect(until('--until', '30d')).toBeGreaterThanOrEqual(from + 30 * DAY_MS);
  expect(until('--until', '365d')).toBeGreaterThanOrEqual(from + MAX_WAIT_MS);
  expect(() => until('--until', '366d')).toThrow('--until must be a time from 1 ms to 365 days.');
  expect(() => duration('--timeout', '30d')).toThrow('--timeout must be a time from 1 ms to 24 days.');
});

test.each([
  ['2027-02-28', '2027-02-28T00:00:00.000Z'],
  ['2028-02-29T18:00:00Z', '2028-02-29T18:00:00.000Z'],
  ['2027-12-31T23:00:00-02:00', '2028-01-01T01:00:00.000Z'],
  ['2027-03', '2027-03-01T00:00:00.000Z'],
])('the date %s is %s', (text, at) => {
  expect(new Date(until('--until', text)).toISOString()).toBe(at);
});

test.each([
  '2027-02-29',
  '2027-02-31',
  '2027-11-31T10:00:00Z',
  '2027-13-01',
  '2027-01-05T25:00:00Z',
  '2027-02-30 10:00',
])('%s is no date', (text) => {
  expect(() => until('--until', text)).toThrow('--until must be a span or a date.');
});
