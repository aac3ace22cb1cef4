import fc from 'fast-check';
import { MAX_CHUNK_BYTES, MAX_FAN_OUT_CALLS, MAX_PAYLOAD_BYTES } from '../../src/contract/limits';
import { addCursor } from '../../src/workflows/bulk/cursors';
import { chunkSize, measure, SAFE_CALLS } from '../../src/workflows/bulk/chunk-size';
import { addSample, rateOf } from '../../src/workflows/bulk/rate';
import { takeIn } from '../../src/workflows/bulk/to-do';
import { emptyTally } from '../../src/workflows/bulk/tally';
import type { Call, Outcome } from '../../src/contract/types';

const measured = fc.record({
  calls: fc.integer({ min: 1, max: MAX_FAN_OUT_CALLS }),
  bytes: fc.integer({ min: 1, max: MAX_PAYLOAD_BYTES }),
  ms: fc.double({ min: 0, max: 100_000, noNaN: true }),
});

test('a fan-out is of 1 call at least, of no more than allowed, and keeps its budget if its outcomes are as before', () => {
  fc.assert(
    fc.property(fc.option(measured, { nil: undefined }), (before) => {
      const size = chunkSize(before);
      expect(size).toBeGreaterThanOrEqual(1);
      expect(size).toBeLessThanOrEqual(MAX_FAN_OUT_CALLS);
      expect(size * (before?.bytes ?? MAX_PAYLOAD_BYTES)).toBeLessThanOrEqual(MAX_CHUNK_BYTES);
    }),
  );
});

test('with small outcomes it grows to the whole of a page, and a large one makes it small again', () => {
  let before = measure(undefined, SAFE_CALLS, 1_000, 100);
  const sizes = [0, 1, 2, 3].map(() => {
    const size = chunkSize(before);
    before = measure(before, size, 1_000, size);
    return size;
  });
  expect(sizes).toEqual([60, 240, 960, 1_036]);
  expect(chunkSize(measure(before, 500, MAX_PAYLOAD_BYTES, 500))).toBe(SAFE_CALLS);
});

test('slow calls make small fan-outs, which a pause waits for', () => {
  expect(chunkSize(measure(undefined, 100, 1_000, 20_000))).toBe(50);
});

test('what the budget of a fan-out dropped is done again, but for a write that was carried out', () => {
  const get: Call = { method: 'GET', endpoint: '/' };
  const post: Call = { method: 'POST', endpoint: '/' };
  const dropped = (status?: number): Outcome => ({ ok: false, error: { type: 'Nango.ResponseTooLarge', status } });
  const chunk = [get, get, post, post].map((call, index) => ({ index, call }));
  const outcomes = [dropped(200), dropped(), dropped(200), dropped()];
  const many = Array.from({ length: SAFE_CALLS }, (_, i) => ({ index: 4 + i, call: get }));
  const good: Outcome = { ok: true, status: 200, data: null };
  const state = { toDo: [], tally: emptyTally() };
  const { ended } = takeIn(state, [...chunk, ...many], [...outcomes, ...many.map(() => good)]);
  expect(state.toDo).toEqual([0, 1, 3].map((index) => chunk[index]));
  expect(ended.map(({ index }) => index)).toEqual([2, ...many.map(({ index }) => index)]);
  // Where the fan-out was so small that each had its room, the response itself is too large.
  const alone = { toDo: [], tally: emptyTally() };
  expect(takeIn(alone, chunk.slice(0, 1), [dropped(200)]).ended).toHaveLength(1);
});

test('a cursor that was there before is known, whatever the order of others between', () => {
  const seen: string[] = [];
  expect([1, 'a', { page: 2 }, null, 1].map((cursor) => addCursor(seen, cursor))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});

test('a rate is of the last minute', () => {
  const samples = [{ at: 0, done: 0 }];
  for (let at = 10_000; at <= 300_000; at += 10_000) addSample(samples, at, at < 200_000 ? 0 : (at - 190_000) / 100);
  expect(samples.length).toBeLessThan(10);
  expect(rateOf(samples)).toBe(10);
  expect(rateOf([])).toBe(0);
});
