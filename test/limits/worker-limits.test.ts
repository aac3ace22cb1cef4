import type { KnownLimit, Lease, LeaseRequest } from '../../src/contract/types';
import type { Limiter } from '../../src/limits/leased-limit';
import { WorkerLimits } from '../../src/limits/worker-limits';
import type { HttpResponse } from '../../src/nango/http/outcome';
import { PROXY } from '../support/limited-account';

// What a worker does about limits, with a limiter that does as the test says.

const CONNECTION = { integration: 'crm', connectionId: 'c_1' };
const MANAGEMENT = { route: 'management' } as const;
const MINUTE = 60_000;

beforeEach(() => {
  jest.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
});

afterEach(() => {
  jest.useRealTimers();
});

function response(status: number, headers: Record<string, string> = {}): HttpResponse {
  return { kind: 'response', status, headers, body: Buffer.from('{}') };
}

/** A response of Nango's to its first request in a window of a minute. */
function limited(calls: number): HttpResponse {
  const reset = String(Math.ceil(Date.now() / 1000) + 60);
  const remaining = String(calls - 1);
  return response(200, {
    date: new Date().toUTCString(),
    ...{ 'x-ratelimit-limit': String(calls), 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset },
  });
}

function worker({
  lease = (request: LeaseRequest): Promise<Lease> =>
    Promise.resolve({ granted: request.want, leaseMs: 30_000, share: 100, limit: request.known }),
  shows = response(200),
  declared = {},
}: { lease?: Limiter['lease']; shows?: HttpResponse; declared?: { [integration: string]: KnownLimit } } = {}) {
  const requests: (LeaseRequest & { of: string })[] = [];
  let reads = 0;
  const limits: WorkerLimits = new WorkerLimits({
    declared,
    limiterOf: (connection) => ({
      lease(request) {
        requests.push({ ...request, of: connection?.connectionId ?? 'account' });
        return lease(request);
      },
    }),
    readLimit() {
      reads++;
      limits.started(MANAGEMENT);
      limits.ended(MANAGEMENT, shows);
      return Promise.resolve();
    },
    retryHeadersOf: () => undefined,
    readRetryHeaders: () => Promise.resolve(),
    claimant: () => 'w',
  });
  const admit = (count: number, patienceMs = 1_000, signal?: AbortSignal) =>
    limits.admit(CONNECTION, count, { patienceMs, signal });
  return { limits, requests, admit, reads: () => reads };
}

test('an account that shows no limit costs one request before the first of many calls, then nothing', async () => {
  const { admit, requests, reads } = worker();
  expect(await admit(1)).toEqual({ admitted: 1 });
  expect(reads()).toBe(0);
  expect(await Promise.all([admit(500), admit(500)])).toEqual([{ admitted: 500 }, { admitted: 500 }]);
  expect(await admit(500)).toEqual({ admitted: 500 });
  expect(reads()).toBe(1);
  expect(requests).toEqual([]);
});

test('single calls of a worker that makes few need no lease', async () => {
  const { limits, admit, requests } = worker();
  limits.ended(MANAGEMENT, limited(200));
  for (let i = 0; i < 4; i++) expect(await admit(1)).toEqual({ admitted: 1 });
  expect(requests).toEqual([]);
  expect(await admit(1)).toEqual({ admitted: 1 });
  expect(requests).toMatchObject([{ of: 'account', want: 4, facts: { calls: 200, windowMs: MINUTE } }]);
});

test('room that is held takes no round trip, and what was sent is reported', async () => {
  const { limits, admit, requests } = worker({ shows: limited(200) });
  expect(await admit(20)).toEqual({ admitted: 20 });
  for (let i = 0; i < 15; i++) limits.started(PROXY);
  limits.giveBack(CONNECTION, 5);
  expect(await admit(3)).toEqual({ admitted: 3 });
  expect(requests).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(20_000);
  expect(requests[1]).toMatchObject({ want: 0, used: 15 });
});

test('a call that never left gives its room back', async () => {
  const { limits, admit, requests } = worker({ shows: limited(200) });
  await admit(10);
  limits.ended(PROXY, { kind: 'networkError', code: 'ECONNREFUSED', unsent: true });
  expect(await admit(1)).toEqual({ admitted: 1 });
  expect(requests).toHaveLength(1);
});

test.each<[string, Limiter['lease']]>([
  ['gone', () => Promise.reject(new Error('not found'))],
  ['slow', () => new Promise((_, reject) => setTimeout(() => reject(new Error('deadline')), 3_000))],
])('a limiter that is %s slows calls to a tenth of the limit, and lets the rest through later', async (_, lease) => {
  const { admit, limits } = worker({ shows: limited(200), lease });
  const admitted: number[] = [];
  const began = Date.now();
  const all = (async () => {
    for (let left = 60; left > 0;) {
      const admission = await admit(left, 10 * MINUTE);
      if (!('admitted' in admission)) throw new Error('turned away');
      admitted.push(admission.admitted);
      left -= admission.admitted;
      for (let i = 0; i < admission.admitted; i++) limits.started(PROXY);
    }
    return Date.now() - began;
  })();
  await jest.advanceTimersByTimeAsync(5_000);
  expect(admitted.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(20);
  expect(admitted.length).toBeGreaterThan(0);
  await jest.advanceTimersByTimeAsync(5 * MINUTE);
  expect(await all).toBeGreaterThan(MINUTE);
});

test('whoever finds no room in time is told when to come again, one after the other', async () => {
  const none: Lease = { granted: 0, leaseMs: 30_000, share: 10, retryAfterMs: 30_000 };
  const { admit } = worker({
    shows: limited(200),
    lease: (request) => Promise.resolve({ ...none, limit: request.known }),
  });
  const turnedAway = await Promise.all([admit(20), admit(20), admit(20)]);
  const pauses = turnedAway.map((one) => ('retryAfterMs' in one ? one.retryAfterMs : 0));
  expect(pauses.toSorted((a, b) => a - b)).toEqual([30_000, 36_000, 42_000]);
  expect(turnedAway[0]).toMatchObject({ limitOf: 'account' });
});

test('a wait ends with its signal', async () => {
  const none: Lease = { granted: 0, leaseMs: 30_000, share: 10, retryAfterMs: 5_000 };
  const { admit } = worker({
    shows: limited(200),
    lease: (request) => Promise.resolve({ ...none, limit: request.known }),
  });
  const controller = new AbortController();
  const waiting = expect(admit(20, MINUTE, controller.signal)).rejects.toThrow('enough');
  await jest.advanceTimersByTimeAsync(100);
  controller.abort(new Error('enough'));
  await waiting;
});

test('a declared limit is of its connection, and is asked for beside the account’s', async () => {
  const crm: KnownLimit = { calls: 10, perMs: 1_000, source: 'declared' };
  const { admit, requests } = worker({ declared: { crm } });
  expect(await admit(8)).toEqual({ admitted: 8 });
  expect(requests).toMatchObject([{ of: 'c_1', want: 8, known: crm }]);
});

test('a provider’s refusal holds its connection back, and no other', async () => {
  const { admit, limits, requests } = worker();
  limits.ended(PROXY, response(429, { 'retry-after': '30' }));
  expect(await admit(1)).toEqual({ retryAfterMs: 30_000, limitOf: 'connection' });
  expect(await limits.admit({ ...CONNECTION, connectionId: 'c_2' }, 1, { patienceMs: 0 })).toEqual({ admitted: 1 });
  await jest.advanceTimersByTimeAsync(30_000);
  expect(await admit(1)).toEqual({ admitted: 1 });
  expect(requests).toMatchObject([{ of: 'c_1', known: { source: 'refusals' } }]);
});
