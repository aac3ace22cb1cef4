import { timeBoxed } from '../../src/activities/action-inputs/time-boxed';

/** What holds up its process, the first times that it is run. */
function stuck(times: number): () => string {
  let left = times;
  return () => {
    for (const isStuck = left-- > 0; isStuck;) {}
    return 'done';
  };
}

test('what held up its process once, as a machine that stood still does, is run once more', () => {
  expect(timeBoxed(100, stuck(1))).toBe('done');
});

test('what holds it up twice is given up', () => {
  expect(() => timeBoxed(100, stuck(2))).toThrow(/timed out/);
});

test('what throws is not run again', () => {
  const run = jest.fn(() => {
    throw new Error('its own');
  });
  expect(() => timeBoxed(100, run)).toThrow('its own');
  expect(run).toHaveBeenCalledTimes(1);
});
