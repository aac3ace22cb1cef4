import type { WorkflowHandle } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import type { FanOutProgress, Outcome, ProxyCall } from '../../src/workflow';
import { FAN_OUTS_QUERY } from '../../src/contract/names';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { fanOut, fanOutKinds, fanOutWith, fanOutWithDetails } from '../support/user-workflows';

let world: World;
let worker: Worker;
let refs = 0;
const get = (endpoint: string): ProxyCall => ({ method: 'GET', endpoint });
const many = (count: number, endpoint: (i: number) => string): ProxyCall[] =>
  Array.from({ length: count }, (_, i) => get(endpoint(i)));

/** How often the provider saw each path; most that were in flight at once; who is let go by hand. */
const seen = new Map<string, number>();
let [inFlight, mostInFlight] = [0, 0];
let release: (() => void) | undefined;
let gate: Promise<void> = Promise.resolve();

/** A connection that nobody else has used: what is learned of one is not known of another. */
function newConnection() {
  const connection = { integration: 'hubspot', connectionId: `batch-${refs++}` };
  world.nango.addConnection(connection);
  return connection;
}

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  worker = await world.startNangoWorker();
  await world.startUserWorker();
  world.nango.onProxy('hubspot', async ({ path, headers }) => {
    const n = (seen.get(path) ?? 0) + 1;
    seen.set(path, n);
    mostInFlight = Math.max(mostInFlight, ++inFlight);
    try {
      const [, kind, detail] = path.split('?')[0]!.split('/');
      if (kind === 'gated') await gate;
      if (kind === 'flaky') return n === 1 ? { status: 503, json: {} } : { json: { n } };
      if (kind === 'limited')
        return n === 1 ? { status: 429, headers: { 'retry-after': detail! }, json: {} } : { json: n };
      if (kind === 'down') return { status: 500, json: {} };
      if (kind === 'status') return { status: Number(detail), json: {} };
      if (kind === 'scopes') {
        const json = { category: 'MISSING_SCOPES', errors: [{ context: { requiredScopes: [detail] } }] };
        return { status: 403, json };
      }
      if (kind === 'size') return { json: 'x'.repeat(Number(detail)) };
      return { json: { path, key: headers['idempotency-key'] ?? null } };
    } finally {
      inFlight--;
    }
  });
});

beforeEach(() => {
  seen.clear();
  mostInFlight = 0;
  gate = new Promise((resolve) => (release = resolve));
});

afterEach(() => release?.());

afterAll(async () => {
  await world.close();
});

async function resultOf(handle: WorkflowHandle): Promise<unknown[]> {
  return (await handle.result()) as unknown[];
}

/** How many activities of each type a workflow has scheduled, and its events. */
async function scheduled(workflowId: string): Promise<{ activities: Record<string, number>; events: number }> {
  const { events = [] } = await world.client.workflow.getHandle(workflowId).fetchHistory();
  const activities: Record<string, number> = {};
  for (const { activityTaskScheduledEventAttributes: attributes } of events ?? []) {
    const name = attributes?.activityType?.name;
    if (name) activities[name] = (activities[name] ?? 0) + 1;
  }
  return { activities, events: events?.length ?? 0 };
}

test('a thousand reads are a few activities and some thirty events', async () => {
  const handle = await world.start(
    fanOutKinds,
    newConnection(),
    many(1_000, (i) => `/n/${i}`),
  );
  expect(new Set<unknown>(await resultOf(handle))).toEqual(new Set(['ok']));
  const { activities, events } = await scheduled(handle.workflowId);
  expect(Object.keys(activities)).toEqual(['nango.proxyBatch']);
  // Four, and more where the machine is so slow that a batch runs out of time.
  const batches = activities['nango.proxyBatch']!;
  expect(batches).toBeLessThanOrEqual(40);
  // Three of each, and a workflow task for each that ends alone.
  expect(events).toBeLessThanOrEqual(10 + 6 * batches);
  expect(seen.size).toBe(1_000);
});

test('two thousand come back in the order of the calls, each read once', async () => {
  const outcomes: Outcome[] = await world.execute(
    fanOut,
    newConnection(),
    many(2_000, (i) => `/n/${i}`),
  );
  expect(outcomes.map((outcome) => outcome.ok && (outcome.data as { path: string }).path)).toEqual(
    Array.from({ length: 2_000 }, (_, i) => `/n/${i}`),
  );
  expect([...seen.values()].every((times) => times === 1)).toBe(true);
});

test('writes and actions go one an activity beside the reads, and an idempotent write goes with the reads', async () => {
  world.nango.onAction('hubspot', 'double', (input) => ({ twice: 2 * (input as { n: number }).n }));
  const write: ProxyCall = { method: 'POST', endpoint: '/write', body: { a: 1 } };
  const calls = [
    get('/n/1'),
    write,
    { action: 'double', input: { n: 4 } },
    { ...write, idempotent: true },
    get('/n/2'),
  ];
  const handle = await world.start(fanOut, newConnection(), calls);
  const outcomes = await resultOf(handle);
  expect(outcomes).toMatchObject([
    { data: { path: '/n/1', key: null } },
    { data: { path: '/write', key: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
    { data: { twice: 8 } },
    { data: { path: '/write', key: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
    { data: { path: '/n/2' } },
  ]);
  expect((await scheduled(handle.workflowId)).activities).toEqual({
    'nango.proxyBatch': 1,
    'nango.proxy': 1,
    'nango.triggerAction': 1,
  });
});

test('what fails in passing is repeated together after one pause, in a batch of its own', async () => {
  const calls = [...many(60, (i) => `/n/${i}`), ...many(30, (i) => `/flaky/${i}`)];
  const handle = await world.start(fanOutKinds, newConnection(), calls);
  expect(new Set<unknown>(await resultOf(handle))).toEqual(new Set(['ok']));
  const { events = [] } = await handle.fetchHistory();
  expect(events!.filter((event) => event.timerStartedEventAttributes)).toHaveLength(1);
  expect((await scheduled(handle.workflowId)).activities).toEqual({ 'nango.proxyBatch': 3 });
  expect(seen.get('/flaky/7')).toBe(2);
  expect(seen.get('/n/7')).toBe(1);
});

test('a limit that is used up holds back the whole connection until the provider says', async () => {
  const connection = newConnection();
  const handle = await world.start(fanOutKinds, connection, [get('/limited/2'), ...many(400, (i) => `/n/${i}`)]);
  const progress = await eventually(async () => {
    const [latest] = await handle.query<FanOutProgress[]>(FAN_OUTS_QUERY);
    return latest?.heldUntil === undefined ? undefined : latest;
  });
  expect(progress).toMatchObject({ integration: 'hubspot', calls: 401, status: 'running' });
  expect(new Set<unknown>(await resultOf(handle))).toEqual(new Set(['ok']));
  expect(seen.get('/limited/2')).toBe(2);
});

test('a refused call is an outcome and is not repeated; a failing one is tried no more than ten times', async () => {
  const skipping = await World.open('timeSkipping');
  try {
    let tries = 0;
    skipping.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
    skipping.nango.onProxy('hubspot', ({ path }) => {
      if (path === '/down') tries++;
      return path === '/down' ? { status: 500, json: {} } : path === '/no' ? { status: 404, json: {} } : { json: 1 };
    });
    const connection = { integration: 'hubspot', connectionId: 'c' };
    const kinds = await skipping.execute(fanOutKinds, connection, [get('/a'), get('/no'), get('/down'), get('/b')]);
    expect(kinds).toEqual(['ok', 'Nango.ProviderRejected 404', 'Nango.ProviderUnavailable 500', 'ok']);
    expect(tries).toBe(10);
  } finally {
    await skipping.close();
  }
});

test('outcomes of reads and writes alike say which scopes are missing, and no call is repeated', async () => {
  const calls: ProxyCall[] = [get('/scopes/tickets'), { method: 'POST', endpoint: '/scopes/content', body: {} }];
  const outcomes: Outcome[] = await world.execute(fanOut, newConnection(), calls);
  expect(outcomes).toEqual([
    { ok: false, error: { type: 'Nango.ScopesMissing', status: 403, scopes: ['tickets'] } },
    { ok: false, error: { type: 'Nango.ScopesMissing', status: 403, scopes: ['content'] } },
  ]);
  expect([...seen.values()]).toEqual([1, 1]);
});

test('responses of 200 KB all come, and none is read twice but a few of the first', async () => {
  const kinds = await world.execute(
    fanOutKinds,
    newConnection(),
    many(30, (i) => `/size/200000?i=${i}`),
  );
  expect(new Set(kinds)).toEqual(new Set(['ok']));
  const reads = [...seen.values()].reduce((sum, n) => sum + n, 0);
  expect(reads).toBeLessThanOrEqual(32);
});

test('no more calls are in flight than the caller allows, writes and reads together', async () => {
  const writes: ProxyCall[] = many(20, (i) => `/w/${i}`).map((one) => ({ ...one, method: 'POST', body: {} }));
  await world.execute(fanOutWith, newConnection(), [...many(120, (i) => `/n/${i}`), ...writes], { concurrency: 3 });
  expect(mostInFlight).toBeLessThanOrEqual(3);
  expect(seen.size).toBe(140);
});

test('after onFailure: stop nothing more is begun, and what was not begun says so', async () => {
  const calls = [get('/status/404'), ...many(300, (i) => `/n/${i}`)];
  const outcomes: Outcome[] = await world.execute(fanOutWith, newConnection(), calls, {
    concurrency: 1,
    onFailure: 'stop',
  });
  expect(outcomes[0]).toEqual({ ok: false, error: { type: 'Nango.ProviderRejected', status: 404 } });
  expect(outcomes).toHaveLength(301);
  expect(outcomes.at(-1)).toEqual({ ok: false, error: { type: 'Nango.NotSent' } });
  expect(seen.has('/n/299')).toBe(false);
});

test('a cancellation reaches a batch, aborts its reads, and what was done is still known', async () => {
  const connection = newConnection();
  const handle = await world.start(fanOutKinds, connection, [
    ...many(60, (i) => `/n/${i}`),
    ...many(400, (i) => `/gated/${i}`),
  ]);
  await eventually(() => Promise.resolve(inFlight > 0 || undefined));
  await handle.cancel();
  await expect(handle.result()).rejects.toThrow('cancelled');
  await eventually(() => Promise.resolve(worker.getStatus().numInFlightActivities === 0 || undefined));
  const begun = seen.size;
  release?.();
  await eventually(() => Promise.resolve(inFlight === 0 || undefined));
  // What was aborted on its way may arrive after that.
  expect(seen.size).toBeLessThanOrEqual(begun + mostInFlight);
  expect(seen.size).toBeLessThan(460);
  const [latest] = await handle.query<FanOutProgress[]>(FAN_OUTS_QUERY);
  expect(latest).toMatchObject({ calls: 460, status: 'cancelled' });
});

test("a workflow's own current details are left alone; without any they tell how far the fan-out is", async () => {
  const calls = [get('/gated/1'), get('/status/404')];
  const handle = await world.start(fanOutWithDetails, newConnection(), calls, 'my own words');
  release?.();
  expect(await handle.result()).toBe('my own words');
  expect(await world.execute(fanOutWithDetails, newConnection(), calls, '')).toBe('');
});

test.each([{ concurrency: 0 }, { concurrency: 1_001 }, { concurrency: 1.5 }, { onFailure: 'no' }, { other: 1 }, null])(
  'options %j are refused before any call is sent',
  async (options) => {
    const executed = world.execute(fanOutWith, newConnection(), [get('/x')], options as never);
    expect(await failureOf(executed)).toMatchObject({ type: 'Nango.InvalidRequest' });
    expect(seen.size).toBe(0);
  },
);
