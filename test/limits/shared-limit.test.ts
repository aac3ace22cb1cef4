import { NativeConnection, Worker } from '@temporalio/worker';
import { limiterId } from '../../src/contract/request-id';
import { workflowLimiter } from '../../src/limits/workflow-limiter';
import { NangoPlugin } from '../../src/plugin';
import type { ProxyCall } from '../../src/workflow';
import { BulkUser, reads } from '../support/bulk-user';
import { bundleFor } from '../support/bundles';
import { fanOutKinds } from '../support/user-workflows';
import { World } from '../support/world';

// Workers of one limited account, on a real Temporal.

const LIMIT = 60;
const WINDOW_MS = 10_000;
const CALLS = 80;
/**
 * Calls that a busy machine delays for longer than their journey is allowed (0104) count in the server's next window. Of
 * two workers that did not share the limit, a window would refuse as many as it takes.
 */
const LATE = 10;

const calls = (count: number): ProxyCall[] => Array.from({ length: count }, () => ({ method: 'GET', endpoint: '/x' }));

let world: World;

afterEach(async () => {
  await world.close();
});

/** How many requests came in each window, as the server counts: one begins with the first after the former. */
function windowsOf(requests: { at: number }[]): number[] {
  const windows: number[] = [];
  let end = 0;
  for (const { at } of requests) {
    if (at >= end) {
      windows.push(0);
      end = at + WINDOW_MS;
    }
    windows[windows.length - 1]!++;
  }
  return windows;
}

test('two workers with a workflow each stay within the limit of their account together, and neither starves', async () => {
  world = await World.open('dev', { workers: false, rateLimitPerMinute: LIMIT, rateLimitWindowMs: WINDOW_MS });
  await world.startNangoWorker();
  await world.startUserWorker();
  // One connection of the SDK takes no second worker of a queue.
  const connection = await NativeConnection.connect({ address: world.env.address });
  const second = await Worker.create({
    connection,
    taskQueue: 'nango',
    workflowBundle: bundleFor('../../src/worker-workflows'),
    plugins: [new NangoPlugin({ config: world.config })],
  });
  const began = Date.now();
  const kinds = await second.runUntil(
    Promise.all(
      ['one', 'two'].map((connectionId) => {
        world.nango.addConnection({ integration: 'hubspot', connectionId });
        return world.execute(fanOutKinds, { integration: 'hubspot', connectionId }, calls(CALLS));
      }),
    ),
  );
  const tookMs = Date.now() - began;
  await connection.close();
  expect(new Set(kinds.flat())).toEqual(new Set(['ok']));

  const { requests } = world.nango;
  const limited = requests.filter(({ headers }) => headers.authorization !== undefined);
  const ofOne = windowsOf(limited.filter(({ connectionId }) => connectionId !== 'two'));
  // From when the second of them has begun.
  const first = Math.max(...['one', 'two'].map((id) => limited.findIndex(({ connectionId }) => connectionId === id)));
  const middle = limited.slice(first, first + limited.length / 2);
  const share = middle.filter(({ connectionId }) => connectionId === 'one').length / middle.length;
  const windows = windowsOf(limited);
  const refused = world.nango.count(({ status }) => status === 429);
  console.log(JSON.stringify({ tookMs, windows, ofOne, shareOfOneInHalf: share, refused }));
  expect(refused).toBeLessThanOrEqual(LATE);
  expect(Math.max(...windows)).toBeLessThanOrEqual(LIMIT + LATE);
  expect(share).toBeGreaterThan(0.2);
  expect(share).toBeLessThan(0.8);

  const history = await world.events('nango-limit/default');
  expect(history.filter((event) => event === 'workflowExecutionUpdateCompleted').length).toBeGreaterThan(2);
  console.log(`limiter: ${history.length} events for ${2 * CALLS} calls`);
});

test('calls of an activity each wait for room, and none of them fails', async () => {
  world = await World.open('dev', { rateLimitPerMinute: LIMIT, rateLimitWindowMs: WINDOW_MS });
  const [connection] = [world.nango.addConnection({ integration: 'hubspot', connectionId: 'one' })];
  const writes = calls(130).map((one) => ({ ...one, method: 'POST' as const }));
  const ref = { integration: 'hubspot', connectionId: connection?.connectionId ?? '' };
  expect(new Set(await world.execute(fanOutKinds, ref, writes))).toEqual(new Set(['ok']));
  const refused = world.nango.count(({ status }) => status === 429);
  console.log(JSON.stringify({ windows: windowsOf(world.nango.requests), refused }));
  // Of those that were under way when the first refusal showed the limit; a fan-out has sixteen at a time.
  expect(refused).toBeLessThanOrEqual(16);
});

test('two bulk runs on one connection share its limit', async () => {
  world = await World.open('dev', { rateLimitPerMinute: LIMIT, rateLimitWindowMs: WINDOW_MS });
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
  const users = await Promise.all([BulkUser.start(world), BulkUser.start(world)]);
  const ends = await Promise.all(
    users.map(async (user) => {
      user.has(reads(50), 25);
      return await (await world.connections.bulk(user.input())).result();
    }),
  );
  await Promise.all(users.map((user) => user.close()));
  const end = { status: 'completed', done: 50, failed: {}, unknown: 0, skipped: 0 };
  expect(ends).toEqual([end, end]);
  const windows = windowsOf(world.nango.requests.filter(({ headers }) => headers.authorization !== undefined));
  expect(Math.max(...windows)).toBeLessThanOrEqual(LIMIT + LATE);
  expect(world.nango.count(({ status }) => status === 429)).toBeLessThanOrEqual(LATE);
});

test('a limiter that nobody runs is given up, and the log names it', async () => {
  world = await World.open('dev', { workers: false });
  const warnings: unknown[] = [];
  const log = { warn: (message: string, meta: object) => void warnings.push({ message, ...meta }) };
  const id = limiterId('default');
  const limiter = workflowLimiter(id, () => ({ client: world.client, taskQueue: 'nango', log }));
  const known = { calls: LIMIT, perMs: WINDOW_MS, source: 'nango' } as const;
  await expect(limiter.lease({ holder: 'w_1', want: 1, known })).rejects.toThrow();
  expect(warnings).toEqual([{ message: expect.stringContaining('rateLimiter') as string, workflowId: id }]);
});
