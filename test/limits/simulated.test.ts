import fc from 'fast-check';
import { LimitedAccount, SimulatedLimiter, SimulatedWorker } from '../support/limited-account';

// Workers that share a limit, as the code runs, on a clock that the test moves.

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 0, 1) + 123 });
});

afterEach(() => {
  jest.useRealTimers();
});

const DAY = 86_400_000;

/** Moves the clock until it is done. @returns how long it took */
async function finish(work: Promise<unknown>, mostMs = DAY): Promise<number> {
  const began = Date.now();
  let isDone = false;
  void work.then(() => (isDone = true));
  while (!isDone && Date.now() - began < mostMs) await jest.advanceTimersByTimeAsync(1_000);
  expect(isDone).toBe(true);
  await work;
  return Date.now() - began;
}

function workersOf(count: number, account: LimitedAccount, limiter: SimulatedLimiter, latencyMs = () => 10) {
  return Array.from({ length: count }, () => new SimulatedWorker(account, limiter, latencyMs));
}

/** Windows that so many calls take, the last of which may be short. */
function theoryMs(calls: number, { limit, windowMs }: LimitedAccount): number {
  return (Math.ceil(calls / limit) - 1) * windowMs;
}

test.each([1, 2, 4])(
  '600 calls of %i workers take hardly longer than the limit wants, and none is refused',
  async (count) => {
    const account = new LimitedAccount(200, 10_000);
    const limiter = new SimulatedLimiter(() => 20, 0);
    const workers = workersOf(count, account, limiter);
    const began = Date.now();
    await finish(Promise.all(workers.map((worker, i) => worker.run(`w${i}`, 600 / count, 25))));
    const tookMs = Math.max(...workers.map(({ endedAt }) => endedAt)) - began;
    // Each has read the limit once, which is a call of the limit too.
    const overTheory = tookMs / theoryMs(600 + count, account);
    console.log(JSON.stringify({ count, overTheory, windows: account.windows, updates: limiter.requests }));
    expect(account.refused).toBe(0);
    expect(overTheory).toBeLessThan(1.1);
  },
);

const timings = fc.record({
  limiterSkewMs: fc.integer({ min: -3_600_000, max: 3_600_000 }),
  accountSkewMs: fc.integer({ min: -3_600_000, max: 3_600_000 }),
  toLimiterMs: fc.integer({ min: 1, max: 200 }),
  toAccountMs: fc.integer({ min: 1, max: 60 }),
  jitter: fc.infiniteStream(fc.double({ min: 0.5, max: 1, noNaN: true })),
});

/** The same cases each time: about one of a thousand is at the edge of what is asserted. */
const SEED = 20_261_130;

const sizes = fc.record({
  workers: fc.integer({ min: 1, max: 5 }),
  limit: fc.integer({ min: 10, max: 500 }),
  windowMs: fc.constantFrom(10_000, 15_000, 60_000),
  windows: fc.double({ min: 0.5, max: 4, noNaN: true }),
  // Single calls read no limit beforehand.
  batch: fc.integer({ min: 2, max: 50 }),
});

function open(
  { workers: count, limit, windowMs }: { workers: number; limit: number; windowMs: number },
  {
    limiterSkewMs,
    accountSkewMs,
    toLimiterMs,
    toAccountMs,
    jitter,
  }: typeof timings extends fc.Arbitrary<infer T> ? T : never,
) {
  const varied = (ms: number) => (): number => Math.ceil(ms * (jitter.next().value as number));
  const account = new LimitedAccount(limit, windowMs, accountSkewMs);
  const limiter = new SimulatedLimiter(varied(toLimiterMs), limiterSkewMs);
  const workers = workersOf(count, account, limiter, varied(toAccountMs));
  return { account, limiter, workers };
}

test('whatever the clocks, sizes and delays, the limit is kept, nobody starves, and no time is lost', async () => {
  const worst = { overMs: 0, refused: 0, share: 1 };
  await fc.assert(
    fc.asyncProperty(sizes, timings, async (size, timing) => {
      const { account, workers } = open(size, timing);
      const each = Math.ceil((size.windows * size.limit) / size.workers);
      const began = Date.now();
      let shares: number[] | undefined;
      const running = workers.map(async (worker, i) => {
        await worker.run(`w${i}`, each, size.batch);
        shares ??= workers.map(({ done }) => [...done.values()].reduce((a, b) => a + b, 0) / each);
      });
      await finish(Promise.all(running));
      const tookMs = Math.max(...workers.map(({ endedAt }) => endedAt)) - began;
      const calls = each * size.workers + size.workers;
      // Without a limit it would take so long.
      const turns = Math.ceil(each / (2 * size.batch));
      const unlimitedMs = turns * (3 * timing.toAccountMs + 2 * timing.toLimiterMs);
      const overMs = tookMs - 1.1 * theoryMs(calls, account) - unlimitedMs;
      worst.overMs = Math.max(worst.overMs, overMs / size.windowMs);
      worst.refused = Math.max(worst.refused, account.refused / calls);
      const share = size.windows > 1 && each >= 50 ? Math.min(...(shares ?? [])) : 1;
      worst.share = Math.min(worst.share, share);
      expect(share).toBeGreaterThan(0.15);
      expect(overMs).toBeLessThan(size.windowMs * 1.05 + 2_000);
      // The first request of each worker is made before its limiter knows of it.
      expect(account.refused).toBeLessThan(size.workers + 0.01 * calls);
    }),
    { numRuns: 60, seed: SEED },
  );
  console.log(JSON.stringify(worst));
});

const faults = fc.array(
  fc.record({
    atMs: fc.integer({ min: 100, max: 120_000 }),
    kind: fc.constantFrom('limiterRestarts', 'limiterIsAway', 'workerDies', 'limitFalls', 'limitRises'),
  }),
  { maxLength: 4 },
);

test('limiters that restart or are gone, workers that die, and a limit that changes cost time and few refusals', async () => {
  const worst = { overMs: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(sizes, timings, faults, async (size, timing, planned) => {
      const { account, limiter, workers } = open(size, timing);
      const each = Math.ceil((size.windows * size.limit) / size.workers);
      const dead = new Set<SimulatedWorker>();
      let outstanding = 0;
      const happens = (kind: string): void => {
        if (kind === 'limiterRestarts') {
          // One more lease may be on its way.
          outstanding += limiter.outstanding + size.limit / 4;
          limiter.restart();
        } else if (kind === 'limiterIsAway') {
          limiter.isAway = true;
          setTimeout(() => (limiter.isAway = false), 20_000);
        } else if (kind === 'limitFalls') account.limit = Math.ceil(account.limit / 2);
        else if (kind === 'limitRises') account.limit *= 2;
        else if (dead.size < workers.length - 1) {
          const [worker] = workers.filter((one) => !dead.has(one));
          worker?.die();
          dead.add(worker!);
        }
      };
      for (const { atMs, kind } of planned) setTimeout(() => happens(kind), atMs);
      const began = Date.now();
      const living = workers.map((worker, i) => worker.run(`w${i}`, each, size.batch));
      await finish(Promise.all(living), DAY);
      const alive = workers.filter((worker) => !dead.has(worker));
      for (const worker of alive) expect([...worker.done.values()]).toEqual([each]);
      const tookMs = Math.max(...alive.map(({ endedAt }) => endedAt)) - began;
      const calls = each * size.workers + size.workers;
      const few = size.workers + 0.01 * calls;
      // While a limiter is gone each worker sends a tenth of the limit in a window; a new one finds out what is left.
      const windows = Math.ceil(tookMs / size.windowMs) + 1;
      const alone = planned.some(({ kind }) => kind === 'limiterIsAway') ? 0.1 * size.limit * size.workers * 3 : 0;
      const fell = planned.filter(({ kind }) => kind === 'limitFalls').length * size.limit;
      worst.overMs = Math.max(worst.overMs, tookMs / size.windowMs - size.windows);
      worst.refused = Math.max(worst.refused, account.refused / calls);
      expect(account.refused).toBeLessThan(few + outstanding + alone + fell + windows);
    }),
    { numRuns: 60, seed: SEED },
  );
  console.log(JSON.stringify(worst));
});
