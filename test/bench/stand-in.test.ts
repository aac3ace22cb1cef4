import { bodyOfBytes } from '../../bench/compare/stand-in/bodies';
import { FixedWindow } from '../../bench/compare/stand-in/window';

test('a window begins with its first request, refuses what is too much, and tells its end in whole seconds', () => {
  const window = new FixedWindow(2, 10_000);
  const at = (now: number) => window.count(now);
  expect(at(100_400)).toEqual({
    refused: false,
    headers: { 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '1', 'x-ratelimit-reset': '111' },
  });
  expect(at(100_500).refused).toBe(false);
  expect(at(109_900)).toEqual({
    refused: true,
    headers: {
      'x-ratelimit-limit': '2',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '111',
      'retry-after': '0',
    },
  });
  expect(at(110_399).refused).toBe(true);
  expect(at(110_400).refused).toBe(false);
});

test.each([1_024, 20 * 1_024, 200 * 1_024])(
  'an answer of %i bytes is JSON of that size, with a summary to pick',
  (bytes) => {
    const body = bodyOfBytes(bytes);
    expect(body).toHaveLength(bytes);
    const { summary } = JSON.parse(body.toString('utf8')) as { summary: string };
    expect(summary.length).toBeGreaterThan(900);
  },
);
