import { FakeActionError, FakeUpstreamError } from '../../src/testing/fake-nango';
import type { Worker } from '@temporalio/worker';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { act, actWithin, fanOutAll } from '../support/paged-workflows';

// Actions that are started and asked for their output. The clock is skipped: the pauses between the polls are long.

const HOUR_MS = 3_600_000;
const connection = { integration: 'hubspot', connectionId: 'c-1' };
let world: World;

const polls = (): number => world.nango.count(({ method, path }) => method === 'GET' && path.startsWith('/action/'));
const starts = (): number =>
  world.nango.count(
    ({ method, path, headers }) => method === 'POST' && path === '/action/trigger' && 'x-async' in headers,
  );

/** Deploys an action that ends once it was asked for its output so many times. */
function deploy(name: string, polled: number, end: () => unknown): void {
  world.nango.onAction('hubspot', name, async () => {
    const before = polls();
    await eventually(() => Promise.resolve(polls() - before >= polled || undefined));
    return end();
  });
}

beforeAll(async () => {
  world = await World.open('timeSkipping', { workers: false });
  await world.startNangoWorker();
  await world.startUserWorker('./paged-workflows');
  world.nango.addConnection({ ...connection });
});

afterAll(async () => {
  await world?.close();
});

test('an action is started once, without retries of Nango, and its output comes when there is one', async () => {
  deploy('three', 3, () => ({ done: true, id: 7 }));
  const before = starts();
  expect(await world.execute(act, connection, 'three', { a: 1 }, { async: true, pick: ['/id'] })).toEqual({ '/id': 7 });
  expect(starts() - before).toBe(1);
  const trigger = world.nango.requests.find(({ path, headers }) => path === '/action/trigger' && 'x-async' in headers);
  expect(trigger?.headers).toMatchObject({ 'x-async': 'true', 'x-max-retries': '0' });
});

test('it costs the same events, whether it was asked 3 times or 300 times', async () => {
  const eventsFor = async (times: number): Promise<string[]> => {
    deploy('slow', times, () => ({ done: true }));
    const before = polls();
    const running = await world.start(actWithin, connection, 'slow', 24 * HOUR_MS);
    expect(await running.result()).toEqual({ done: true });
    expect(polls() - before).toBeGreaterThanOrEqual(times);
    return (await world.events(running.workflowId)).filter((type) => !type.startsWith('workflowTask'));
  };
  const few = await eventsFor(3);
  expect(await eventsFor(300)).toEqual(few);
  expect(few.filter((type) => type.startsWith('activityTask'))).toHaveLength(6);
});

test.each([{}, { idempotent: true }])(
  'one without an output at its deadline is unknown, with %j as well',
  async (options) => {
    world.nango.onAction('hubspot', 'null', () => null);
    const before = starts();
    const failure = await failureOf(world.execute(actWithin, connection, 'null', HOUR_MS, options));
    expect(failure).toMatchObject({ type: 'Nango.OutcomeUnknown', reason: 'pending' });
    expect(failure.message).toContain('null');
    expect(starts() - before).toBe(1);
  },
);

test.each([
  ['a business error', {}, () => new FakeActionError({ why: 'x' }), { type: 'Nango.ActionFailed', status: 500 }],
  ['a crash', {}, () => new Error('boom'), { type: 'Nango.ActionFailed', code: 'script_internal_error' }],
  ['an error of the provider', {}, () => new FakeUpstreamError(503), { type: 'Nango.ActionFailed', status: 503 }],
  [
    'an error of the provider, where it may be repeated',
    { idempotent: true },
    () => new FakeUpstreamError(503),
    { type: 'Nango.ProviderUnavailable', status: 503 },
  ],
])('%s of the action ends it at once', async (_, options, error, expected) => {
  deploy('failing', 1, () => {
    throw error();
  });
  const before = world.nango.requests.length;
  expect(await failureOf(world.execute(actWithin, connection, 'failing', HOUR_MS, options))).toMatchObject(expected);
  const ofAction = world.nango.requests.slice(before).filter(({ path }) => path.startsWith('/action/'));
  const exchanges = ofAction.map(({ method, status }) => `${method} ${status}`);
  expect(exchanges.filter((one) => one !== 'GET 404')).toEqual(['POST 202', expect.stringMatching(/^GET [45]/)]);
});

test('an outage while it runs is ridden out', async () => {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  world.nango.onAction('hubspot', 'held', async () => {
    await ended;
    return { done: true };
  });
  const before = polls();
  const running = await world.start(actWithin, connection, 'held', HOUR_MS);
  const result = running.result();
  await eventually(() => Promise.resolve(polls() > before || undefined));
  world.nango.outage(true);
  const down = world.nango.requests.length;
  await eventually(() => Promise.resolve(world.nango.requests.length > down + 2 || undefined));
  end();
  world.nango.outage(false);
  expect(await result).toEqual({ done: true });
});

test('a start whose answer was lost is not repeated', async () => {
  world.nango.outage(true);
  const before = world.nango.requests.length;
  const failing = failureOf(world.execute(actWithin, connection, 'null', HOUR_MS));
  expect(await failing).toMatchObject({ type: 'Nango.OutcomeUnknown', status: 503 });
  expect(world.nango.requests.length - before).toBe(1);
  world.nango.outage(false);
});

test('an action that does not exist, and a connection that is gone, are told at the start', async () => {
  expect(await failureOf(world.execute(actWithin, connection, 'nope', HOUR_MS))).toMatchObject({
    type: 'Nango.ActionNotFound',
  });
  const gone = { ...connection, connectionId: 'gone' };
  expect(await failureOf(world.execute(actWithin, gone, 'null', HOUR_MS))).toMatchObject({
    type: 'Nango.ConnectionNotFound',
  });
});

test('a fan-out takes async actions beside other calls', async () => {
  deploy('one', 1, () => ({ done: 1 }));
  const outcomes = await world.execute(fanOutAll, connection, [
    { action: 'one', async: true },
    { method: 'GET', endpoint: '/x' },
    { action: 'absent', async: true },
  ]);
  expect(outcomes).toEqual([
    { ok: true, status: 200, data: { done: 1 } },
    { ok: true, status: 200, data: { path: '/x' } },
    { ok: false, error: { type: 'Nango.ActionNotFound', status: 404, code: 'not_found' } },
  ]);
});

test.each([
  ['in the past', -1, 'call.deadline'],
  ['over five days ahead', 6 * 24 * HOUR_MS, 'call.deadline'],
])('a deadline %s is refused before anything is sent', async (_, ms, field) => {
  const before = world.nango.requests.length;
  expect(await failureOf(world.execute(actWithin, connection, 'null', ms))).toMatchObject({
    type: 'Nango.InvalidRequest',
    field,
  });
  expect(world.nango.requests.length).toBe(before);
});

test('a deadline without async is refused', async () => {
  const failure = await failureOf(world.execute(act, connection, 'null', {}, { deadline: Date.now() + HOUR_MS }));
  expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', field: 'call.deadline' });
});

describe('on a real server', () => {
  let real: World;
  let worker: Worker;

  beforeAll(async () => {
    real = await World.open('dev', { workers: false });
    worker = await real.startNangoWorker();
    await real.startUserWorker('./paged-workflows');
    real.nango.addConnection({ ...connection });
    real.nango.onAction('hubspot', 'null', () => null);
  });

  afterAll(async () => {
    await real?.close();
  });

  const polls = (): number => real.nango.count(({ method, path }) => method === 'GET' && path.startsWith('/action/'));

  test('a cancellation ends the waiting at once, between two polls', async () => {
    const running = await real.start(actWithin, connection, 'null', HOUR_MS);
    await eventually(() => Promise.resolve(polls() >= 3 || undefined));
    await running.cancel();
    await expect(running.result()).rejects.toThrow();
    const { status } = await running.describe();
    expect(status.name).toBe('CANCELLED');
    expect(await real.events(running.workflowId)).toContain('activityTaskCancelRequested');
  });

  test('the deadline ends it, also after the worker was replaced', async () => {
    const before = polls();
    const running = await real.start(actWithin, connection, 'null', 30_000);
    await eventually(() => Promise.resolve(polls() - before >= 2 || undefined));
    worker.shutdown();
    await eventually(() => Promise.resolve(worker.getState() === 'STOPPED' || undefined));
    worker = await real.startNangoWorker();
    expect(await failureOf(running.result())).toMatchObject({ type: 'Nango.OutcomeUnknown', reason: 'pending' });
    expect((await real.events(running.workflowId)).filter((type) => type === 'activityTaskScheduled')).toHaveLength(2);
  });
});
