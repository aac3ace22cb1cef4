import { pollPause } from '../../src/activities/polling';

const HOUR_MS = 3_600_000;

/** When it is asked, in seconds, until Temporal has no time left for the next attempt. */
function polledAt(scheduleToCloseTimeoutMs: number): number[] {
  const seconds: number[] = [];
  let elapsed = 0;
  for (let attempt = 1; attempt < 1_000; attempt++) {
    seconds.push(elapsed / 1_000);
    elapsed += pollPause({
      ...{ attempt, scheduleToCloseTimeoutMs },
      ...{ scheduledTimestampMs: 5, currentAttemptScheduledTimestampMs: 5 + elapsed },
    });
    if (scheduleToCloseTimeoutMs > 0 && elapsed >= scheduleToCloseTimeoutMs) break;
  }
  return seconds;
}

test('pauses double from a second to a minute, and the last poll is just before the deadline', () => {
  expect(polledAt(90_000)).toEqual([0, 1, 3, 7, 15, 31, 63, 87]);
});

test('an hour is 66 requests', () => {
  const all = polledAt(HOUR_MS);
  expect(all).toHaveLength(66);
  expect(all.at(-1)).toBe(3_597);
});

test('without a deadline it goes on every minute, however often it was asked', () => {
  expect(
    pollPause({
      attempt: 5_000,
      scheduledTimestampMs: 0,
      currentAttemptScheduledTimestampMs: 0,
      scheduleToCloseTimeoutMs: 0,
    }),
  ).toBe(60_000);
});
