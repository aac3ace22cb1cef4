import { BATCH_TIME_MS, MAX_BATCH_RESULT_BYTES } from '../../src/contract/limits';
import { timeBox } from '../../src/nango/time-box';
import type { Done } from '../../src/nango/time-box';

/** Work that ends when it is let; each piece weighs the same unless told otherwise. */
function bench(bytes: (n: number) => number) {
  const waiting = new Map<number, (done: Done<number>) => void>();
  const begun: number[] = [];
  return {
    begun,
    work: (n: number) => {
      begun.push(n);
      return new Promise<Done<number>>((resolve) => waiting.set(n, resolve));
    },
    end: async (n: number, facts: Partial<Done<number>> = {}): Promise<void> => {
      waiting.get(n)!({ outcome: n, bytes: bytes(n), typical: true, last: false, ...facts });
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const KB = 1024;

test('as many as may be are in flight, begun in their order, and all are kept', async () => {
  const { begun, work, end } = bench(() => KB);
  const boxed = timeBox(5, 2, KB, work);
  expect(begun).toEqual([0, 1]);
  await end(1);
  expect(begun).toEqual([0, 1, 2]);
  for (const n of [0, 2, 3, 4]) await end(n);
  expect(await boxed).toEqual({ outcomes: [0, 1, 2, 3, 4], bytes: 5 * KB, meanBytes: KB });
});

test('of responses of unknown size six are in flight, until one has shown its size', async () => {
  const { begun, work, end } = bench(() => KB);
  void timeBox(100, 50, undefined, work);
  expect(begun).toHaveLength(6);
  await end(0);
  expect(begun).toHaveLength(51);
});

test('of large responses no more are in flight than find room, and the box closes at 256 KB', async () => {
  const { begun, work, end } = bench(() => 200 * KB);
  const boxed = timeBox(30, 50, 200 * KB, work);
  expect(begun).toHaveLength(7);
  await end(0);
  await end(1);
  for (const n of begun.slice(2)) await end(n);
  const { outcomes } = await boxed;
  expect(outcomes.slice(0, begun.length)).toEqual(begun);
  expect(outcomes.slice(begun.length).every((outcome) => outcome === null)).toBe(true);
});

test('what finds no room is not kept, and the first always does', async () => {
  const { work, end } = bench((n) => (n === 0 ? 2 * MAX_BATCH_RESULT_BYTES : KB));
  const boxed = timeBox(3, 3, KB, work);
  await end(0);
  await end(1);
  await end(2);
  expect(await boxed).toMatchObject({ outcomes: [0, null, null] });
});

test('a piece that says it is the last one begins no other', async () => {
  const { begun, work, end } = bench(() => 10);
  const boxed = timeBox(4, 2, 10, work);
  await end(0, { last: true, typical: false });
  await end(1);
  expect(begun).toEqual([0, 1]);
  expect(await boxed).toEqual({ outcomes: [0, 1, null, null], bytes: 10, meanBytes: 10 });
});

test('after its time nothing is begun, and what is in flight is waited for', async () => {
  const now = jest.spyOn(Date, 'now').mockReturnValue(0);
  try {
    const { begun, work, end } = bench(() => 10);
    const boxed = timeBox(4, 2, 10, work);
    now.mockReturnValue(BATCH_TIME_MS);
    await end(0);
    await end(1);
    expect(begun).toEqual([0, 1]);
    expect((await boxed).outcomes).toEqual([0, 1, null, null]);
  } finally {
    now.mockRestore();
  }
});

test('what a piece throws is thrown at once', async () => {
  const boxed = timeBox(2, 2, 10, (n) =>
    n === 0 ? new Promise<never>(() => undefined) : Promise.reject(new Error('abort')),
  );
  await expect(boxed).rejects.toThrow('abort');
});
