import { nangoFailure } from '../../src/contract/errors';
import { pauseBeforeNextWrite } from '../../src/contract/rules/write-again';

const limited = (details: { didNotRun?: true; retryAfterMs?: number }) => nangoFailure('Nango.RateLimited', details);

test('no type alone lets a write be sent again', () => {
  for (const type of [
    'Nango.RateLimited',
    'Nango.ProviderRateLimited',
    'Nango.RefreshFailing',
    'Nango.Unavailable',
  ] as const) {
    expect(pauseBeforeNextWrite(nangoFailure(type, { retryAfterMs: 1_000 }), 1)).toBeUndefined();
  }
});

test.each([
  [1, undefined, 1_000],
  [2, undefined, 2_000],
  [9, undefined, 60_000],
  [9, 5, 5],
  [10, 5, undefined],
])('after attempt %i, told to wait %p ms, one that did not run waits %p ms', (attempt, retryAfterMs, pause) => {
  expect(pauseBeforeNextWrite(limited({ didNotRun: true, retryAfterMs }), attempt)).toBe(pause);
});
