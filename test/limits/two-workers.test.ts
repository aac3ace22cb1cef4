import { MockActivityEnvironment } from '@temporalio/testing';
import { createLimits } from '../../src/activities/limits';
import type { ConnectionNames } from '../../src/contract/types';
import type { WorkerLimits } from '../../src/limits/worker-limits';
import { NangoApi } from '../../src/nango/http/http';
import { ProviderCatalog } from '../../src/nango/provider-facts';
import { proxied } from '../../src/nango/proxy';
import { fanOut } from '../support/user-workflows';
import { World } from '../support/world';

// Workers of one limited account, on a real Temporal.

const LIMIT = 60;
const WINDOW_MS = 10_000;

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

/** The limits of a worker of its own, as its activities use them. */
function workerOf(given: World): { api: NangoApi; limits: WorkerLimits } {
  const api = new NangoApi({ baseUrl: given.nango.url, secretKey: given.nango.secretKey });
  return { api, limits: createLimits(api, new ProviderCatalog(api), 'default', {}) };
}

/** An activity that makes calls some at a time. @returns how many of them were refused */
async function makeCalls(
  given: World,
  workflowId: string,
  connection: ConnectionNames,
  calls: number,
): Promise<number> {
  const { api, limits } = workerOf(given);
  const environment = new MockActivityEnvironment(
    { taskQueue: 'nango', workflowExecution: { workflowId, runId: 'r' } },
    { client: given.client },
  );
  const call = { connection, call: { method: 'GET', endpoint: '/x' } } as const;
  try {
    return await environment.run<[], number, () => Promise<number>>(async () => {
      let refused = 0;
      for (let left = calls; left > 0;) {
        const admission = await limits.admit(connection, Math.min(left, 15), { patienceMs: 60_000 });
        if (!('admitted' in admission)) throw new Error(`turned away for ${admission.retryAfterMs} ms`);
        const sent = Array.from({ length: admission.admitted }, () => proxied(api, call, { deadlineMs: 5_000 }));
        const ended = await Promise.allSettled(sent);
        refused += ended.filter(({ status }) => status === 'rejected').length;
        left -= admission.admitted;
      }
      return refused;
    });
  } finally {
    await api.close();
  }
}

test('two workers with a workflow each stay within the limit of their account together, and neither starves', async () => {
  world = await World.open('dev', { workers: false, rateLimitPerMinute: LIMIT, rateLimitWindowMs: WINDOW_MS });
  await world.startNangoWorker();
  const connections = ['one', 'two'].map((connectionId) =>
    world.nango.addConnection({ integration: 'hubspot', connectionId }),
  );
  const calls = 80;
  const began = Date.now();
  const refused = await Promise.all(
    connections.map(({ connectionId }, i) =>
      makeCalls(world, `workflow-${i}`, { integration: 'hubspot', connectionId }, calls),
    ),
  );
  const tookMs = Date.now() - began;

  const { requests } = world.nango;
  const limited = requests.filter(({ headers }) => headers.authorization !== undefined);
  const ofOne = windowsOf(limited.filter(({ connectionId }) => connectionId !== 'two'));
  const middle = limited.slice(0, limited.length / 2);
  const share = middle.filter(({ connectionId }) => connectionId === 'one').length / middle.length;
  const windows = windowsOf(limited);
  console.log(JSON.stringify({ tookMs, windows, ofOne, shareOfOneInFirstHalf: share, refused }));
  expect(refused).toEqual([0, 0]);
  expect(Math.max(...windows)).toBeLessThanOrEqual(LIMIT);
  expect(share).toBeGreaterThan(0.25);
  expect(share).toBeLessThan(0.75);

  const history = await world.events('nango-limit/default');
  expect(history.filter((event) => event === 'workflowExecutionUpdateCompleted').length).toBeGreaterThan(2);
  console.log(`limiter: ${history.length} events for ${2 * calls} calls`);
});

test('single calls wait for room, and none of them fails', async () => {
  world = await World.open('dev', { rateLimitPerMinute: LIMIT, rateLimitWindowMs: WINDOW_MS });
  const [connection] = [world.nango.addConnection({ integration: 'hubspot', connectionId: 'one' })];
  const calls = Array.from({ length: 130 }, () => ({ method: 'GET' as const, endpoint: '/x' }));
  const outcomes = await world.execute(
    fanOut,
    { integration: 'hubspot', connectionId: connection?.connectionId ?? '' },
    calls,
  );
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  const refused = world.nango.count(({ status }) => status === 429);
  console.log(JSON.stringify({ windows: windowsOf(world.nango.requests), refused }));
  // Of those that were under way when the first refusal showed the limit; a fan-out has sixteen at a time.
  expect(refused).toBeLessThanOrEqual(16);
});
