import fc from 'fast-check';
import { MAX_BATCH_BYTES } from '../../src/contract/limits';
import { isolate } from '../../src/workflows/calls/fan-out/isolate';
import { packerOf } from '../../src/workflows/calls/fan-out/packer';

const LANES = 4;
const places = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Takes batches until there are none; `fate` says which calls of a batch come back, and how. */
function drain(packer: ReturnType<typeof packerOf>, fate: (batch: number[]) => { undone?: number[] }): number[][] {
  const batches: number[][] = [];
  while (packer.hasAny()) {
    const batch = packer.take();
    batches.push(batch);
    const { undone = [] } = fate(batch);
    packer.learn(batch.length, batch.length - undone.length);
    packer.putBack(undone);
  }
  return batches;
}

test('every call travels once, in its order, in batches within count and bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 2, max: MAX_BATCH_BYTES + 50_000 }), { maxLength: 600 }), (bytes) => {
      const batches = drain(packerOf(places(bytes.length), bytes, LANES), () => ({}));
      expect(batches.flat()).toEqual(places(bytes.length));
      for (const batch of batches) {
        const weight = batch.reduce((sum, place) => sum + bytes[place]!, 0);
        expect(batch.length).toBeLessThanOrEqual(250);
        expect(batch.length === 1 || weight <= MAX_BATCH_BYTES).toBe(true);
      }
    }),
  );
});

test('whatever comes back undone travels again until it is done, before what comes after it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer(), (count, seed) => {
      const done: number[] = [];
      let random = seed;
      const batches = drain(packerOf(places(count), Array<number>(count).fill(100), LANES), (batch) => {
        random = (random * 1_103_515_245 + 12_345) & 0x7fffffff;
        // An early return: the first calls are done, at least one, the rest never began.
        const cut = 1 + (random % batch.length);
        done.push(...batch.slice(0, cut));
        return { undone: batch.slice(cut) };
      });
      expect(done).toEqual(places(count));
      expect(batches.every((batch) => batch.length > 0)).toBe(true);
    }),
  );
});

test('whichever calls kill workers, they alone are given up, and never with another beside them', async () => {
  const calls = fc
    .integer({ min: 1, max: 300 })
    .chain((count) =>
      fc.record({ count: fc.constant(count), poison: fc.uniqueArray(fc.nat(count - 1), { maxLength: 3 }) }),
    );
  await fc.assert(
    fc.asyncProperty(calls, async ({ count, poison }) => {
      const done = new Set<number>();
      const givenUp: number[] = [];
      const carryOut = (batch: number[]): Promise<number[][]> => {
        if (batch.some((place) => poison.includes(place))) return Promise.resolve([batch]);
        batch.forEach((place) => done.add(place));
        return Promise.resolve([]);
      };
      await isolate(await carryOut(places(count)), carryOut, (place) => givenUp.push(place));
      expect(givenUp.sort()).toEqual([...poison].sort());
      expect(done.size).toBe(count - poison.length);
    }),
  );
});

test('a call that was lost with the worker of another gets another try', async () => {
  let tries = 0;
  const givenUp: number[] = [];
  await isolate(
    [[7]],
    () => Promise.resolve(++tries < 2 ? [[7]] : []),
    (place) => givenUp.push(place),
  );
  expect({ tries, givenUp }).toEqual({ tries: 2, givenUp: [] });
});

test('a batch is as large as the last one got done, and grows again', () => {
  const packer = packerOf(places(1_000), Array<number>(1_000).fill(100), LANES);
  expect(packer.take()).toHaveLength(250);
  packer.learn(250, 12);
  expect(packer.take()).toHaveLength(12);
  packer.learn(12, 12);
  expect(packer.take()).toHaveLength(24);
  packer.learn(24, 1);
  expect(packer.take()).toHaveLength(8);
});

test('a small fan-out is one batch, a larger one as many as run side by side', () => {
  const sizes = (count: number): number[] =>
    drain(packerOf(places(count), Array<number>(count).fill(100), LANES), () => ({})).map((batch) => batch.length);
  expect(sizes(1)).toEqual([1]);
  expect(sizes(50)).toEqual([50]);
  expect(sizes(100)).toEqual([50, 50]);
  expect(sizes(400)).toEqual([100, 100, 100, 100]);
  expect(sizes(1_000)).toEqual([250, 250, 250, 250]);
  expect(sizes(2_000)).toEqual(Array(8).fill(250));
});
