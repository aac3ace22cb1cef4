import { ApplicationFailure } from '@temporalio/common';
import { activityInfo } from '@temporalio/activity';
import { bulkPageId } from '../../src/contract/names';
import type { Call } from '../../src/contract/types';
import { BulkUser, reads } from '../support/bulk-user';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';

let world: World;
let user: BulkUser;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  await world.startUserWorker();
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
});

beforeEach(async () => {
  user = await BulkUser.start(world);
  world.nango.onProxy('hubspot', ({ path }) => ({ json: { path } }));
});

afterEach(async () => {
  await user.close();
});

afterAll(async () => {
  await world.close();
});

/** Calls wait here until it is opened. */
function held(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test('every call of every page has its outcome at the sink, under its index', async () => {
  user.has(reads(95), 20, 95);
  const run = await world.connections.bulk(user.input());
  expect(await run.result()).toEqual({ status: 'completed', done: 95, failed: {}, unknown: 0, skipped: 0 });
  expect(user.indexes).toEqual(numbers(95));
  for (const [index, outcome] of user.sunk) {
    expect(outcome).toEqual({ ok: true, status: 200, data: { path: `/read/${index}` } });
  }
  expect(user.cursors).toEqual([undefined, 20, 40, 60, 80]);
  expect(await run.progress()).toMatchObject({ status: 'completed', done: 95, total: 95 });
});

test('no call stands in the history of the run, whose priority is below that of others, as is that of all it begins', async () => {
  const priorities: unknown[] = [];
  user.has(reads(40), 20);
  const { source } = user;
  user.source = (input) => {
    priorities.push(activityInfo().priority?.priorityKey);
    return source(input);
  };
  const run = await world.connections.bulk(user.input());
  await run.result();
  const page = world.client.workflow.getHandle(bulkPageId(run.ref.firstExecutionRunId, 0));
  const { events } = await page.fetchHistory();
  // Its activities take the priority of their workflow, where nothing else is said.
  const [started] = events!.flatMap(({ workflowExecutionStartedEventAttributes: one }) => (one ? [one] : []));
  expect(started?.priority?.priorityKey).toBe(4);
  const handle = world.client.workflow.getHandle(run.ref.id);
  expect(JSON.stringify(await handle.fetchHistory())).not.toContain('/read/');
  expect(await world.events(run.ref.id)).not.toContain('activityTaskScheduled');
  expect(priorities).toEqual([4, 4]);
});

test('a call that is none is an outcome with its field, and a place that is empty is passed over', async () => {
  const calls = reads(6) as (Call | null)[];
  calls[1] = { method: 'FETCH', endpoint: '/x' } as unknown as Call;
  calls[2] = 'GET /x' as unknown as Call;
  calls[4] = null;
  user.has(calls, 10);
  const run = await world.connections.bulk(user.input());
  const failed = { 'Nango.InvalidRequest': 2 };
  expect(await run.result()).toEqual({ status: 'completed', done: 5, failed, unknown: 0, skipped: 1 });
  expect(user.indexes).toEqual([0, 1, 2, 3, 5]);
  expect(user.sunk.get(1)).toEqual({ ok: false, error: { type: 'Nango.InvalidRequest', field: 'call.method' } });
  expect(user.sunk.get(2)).toEqual({ ok: false, error: { type: 'Nango.InvalidRequest', field: 'call' } });
});

test('a write of unknown outcome is counted apart, and sent once', async () => {
  let writes = 0;
  world.nango.onProxy('hubspot', ({ path }) => {
    if (path === '/write') writes++;
    return path === '/write' ? { status: 500, json: {} } : { status: path === '/bad' ? 404 : 200, json: {} };
  });
  user.has([{ method: 'POST', endpoint: '/write' }, { method: 'GET', endpoint: '/bad' }, ...reads(2)], 4);
  const run = await world.connections.bulk(user.input());
  const failed = { 'Nango.ProviderRejected': 1 };
  expect(await run.result()).toEqual({ status: 'completed', done: 4, failed, unknown: 1, skipped: 0 });
  expect(writes).toBe(1);
});

test.each<[string, () => unknown, string]>([
  ['throws', () => Promise.reject(ApplicationFailure.nonRetryable('no')), 'source_failed'],
  ['returns no page', () => ({ calls: 'none' }), 'page_malformed'],
  ['returns nothing', () => undefined, 'page_malformed'],
  ['returns the same cursor for ever', () => ({ calls: reads(1), next: 20 }), 'pages_do_not_end'],
  ['returns a page of 1.5 MB', () => ({ calls: ['x'.repeat(1_500_000)] }), 'page_too_large'],
  ['returns a page of 10 MB', () => ({ calls: ['x'.repeat(10_000_000)] }), 'page_too_large'],
])(
  'a source that %s ends the run, typed, with the index, after the sink has what was begun',
  async (_, second, reason) => {
    user.source = ({ cursor }) => (cursor === undefined ? { calls: reads(20), next: 20 } : second());
    const run = await world.connections.bulk(user.input());
    const { type, ...details } = await failureOf(run.result());
    expect(type).toBe('Nango.BulkFailed');
    expect(details).toMatchObject({ reason, index: reason === 'pages_do_not_end' ? 21 : 20 });
    expect(user.indexes.slice(0, 20)).toEqual(numbers(20));
    expect(await run.progress()).toMatchObject({ status: 'failed' });
  },
);

test('a sink that fails holds the run back, which says so, and loses nothing', async () => {
  let isDown = true;
  user.has(reads(60), 10);
  user.sink = () => {
    if (isDown) throw new Error('down');
  };
  const run = await world.connections.bulk(user.input({ concurrency: 32 }));
  await eventually(async () => ((await run.progress()).waitsFor === 'sink' ? true : undefined), 30_000);
  // Four pages at a time: no fifth is read.
  expect(user.cursors).toHaveLength(4);
  expect((await run.progress()).done).toBe(0);
  const [listed] = (await world.connections.bulkRuns()).filter(({ id }) => id === run.ref.id);
  expect(listed).toMatchObject({ ...run.ref, progress: { status: 'running' } });
  isDown = false;
  expect(await run.result()).toMatchObject({ status: 'completed', done: 60 });
  expect(user.indexes).toEqual(numbers(60));
});

test('a run that is paused begins nothing, goes on where it is resumed, and refuses both once it is stopped', async () => {
  const gate = held();
  let begun = 0;
  world.nango.onProxy('hubspot', async () => {
    begun++;
    await gate.opened;
    return { json: {} };
  });
  user.has(reads(100), 50);
  const run = await world.connections.bulk(user.input({ concurrency: 1 }));
  await eventually(() => Promise.resolve(begun === 1 || undefined));
  await run.pause({ by: 'Olga' });
  expect(await run.progress()).toMatchObject({ status: 'paused', by: 'Olga' });
  gate.open();
  await eventually(() => Promise.resolve(user.sunk.size === 15 || undefined));
  // The outcomes are sunk, and it has been considered what comes next.
  await world.atRest(bulkPageId(run.ref.firstExecutionRunId, 0));
  // What had been begun as one fan-out is over, and no other is.
  expect(begun).toBe(15);
  await run.resume({ by: 'Bert' });
  expect((await run.progress()).by).toBeUndefined();
  await eventually(() => Promise.resolve(begun > 15 || undefined));
  await run.stop();
  expect(await failureOf(run.pause())).toMatchObject({ type: 'Nango.InvalidRequest' });
  const { status, done } = await run.result();
  expect(status).toBe('stopped');
  expect(done).toBe(user.sunk.size);
  expect(done).toBeLessThan(100);
  expect(await failureOf(run.resume())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'bulk_ended' });
});

test('a run whose id another one has by now keeps its own result, and nothing is told of the other', async () => {
  user.has(reads(3), 3);
  const id = 'bulk-of-every-night';
  const first = await world.connections.bulk(user.input(), { id });
  expect(await first.result()).toMatchObject({ done: 3 });
  expect(await first.progress()).toMatchObject({ status: 'completed', done: 3 });
  user.has(reads(5), 5);
  const second = await world.connections.bulk(user.input(), { id });
  expect(await second.result()).toMatchObject({ done: 5 });
  expect(await first.result()).toMatchObject({ done: 3 });
  expect(await failureOf(first.progress())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'bulk_ended' });
});

test('who it was is a name, whoever says so; a run that refuses one goes on as it was', async () => {
  const run = await world.connections.bulk(user.input({ source: { activity: 'source', taskQueue: 'nobody' } }));
  const by = 'a\u202eb';
  for (const name of ['pause', 'resume', 'stop'] as const) {
    expect(await failureOf(run[name]({ by }))).toMatchObject({ type: 'Nango.InvalidRequest', field: 'by' });
    for (const given of [{ by }, { by: 1 }, null, 'x']) {
      const update = world.client.workflow.getHandle(run.ref.id).executeUpdate(`nango.${name}`, { args: [given] });
      expect(await failureOf(update)).toMatchObject({ type: 'Nango.InvalidRequest' });
    }
  }
  expect((await run.progress()).status).toBe('running');
  await world.client.workflow.getHandle(run.ref.id).executeUpdate('nango.stop');
  expect((await run.result()).status).toBe('stopped');
});

test('a workflow runs one as a child; cancelled, it stops and has sunk what it did', async () => {
  user.has(reads(30), 10);
  expect(
    await world.client.workflow.execute('bulkOf', {
      workflowId: 'bulk-of',
      taskQueue: 'user',
      args: [user.input({ sink: 'discard' })],
    }),
  ).toMatchObject({ done: 30 });
  user.has(reads(400), 20);
  const handle = await world.client.workflow.start('bulkOf', {
    workflowId: 'bulk-of-cancelled',
    taskQueue: 'user',
    args: [user.input({ concurrency: 2 })],
  });
  await eventually(() => Promise.resolve(user.sunk.size > 0 || undefined));
  await handle.cancel();
  await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
  await eventually(async () => ((await world.connections.bulkRuns()).length === 0 ? true : undefined));
  expect(user.sunk.size).toBeLessThan(400);
});

test('of answers as large as they may be none is lost, and each page’s history stays below its bounds', async () => {
  const data = 'x'.repeat(250_000);
  world.nango.onProxy('hubspot', ({ path }) => ({ json: path.endsWith('0') ? { data } : {} }));
  user.has(reads(150), 150);
  const run = await world.connections.bulk(user.input());
  expect(await run.result()).toEqual({ status: 'completed', done: 150, failed: {}, unknown: 0, skipped: 0 });
  expect(user.indexes).toEqual(numbers(150));
  expect([...user.sunk.values()].every(({ ok }) => ok)).toBe(true);
});

test('a stop does not wait for a source that nobody serves', async () => {
  const gone = { activity: 'source', taskQueue: 'nobody-polls-this' };
  const run = await world.connections.bulk(user.input({ source: gone }));
  await eventually(async () => ((await run.progress()).waitsFor === 'source' ? true : undefined));
  await run.stop();
  expect(await run.result()).toEqual({ status: 'stopped', done: 0, failed: {}, unknown: 0, skipped: 0 });
});

test('a run that was terminated loses no outcome: its pages come to their end', async () => {
  const gate = held();
  world.nango.onProxy('hubspot', async () => {
    await gate.opened;
    return { json: {} };
  });
  user.has(reads(60), 20);
  const run = await world.connections.bulk(user.input({ concurrency: 1 }));
  await eventually(async () => ((await run.progress()).waitsFor === 'calls' ? true : undefined));
  await world.client.workflow.getHandle(run.ref.id).terminate();
  gate.open();
  await eventually(() => Promise.resolve(user.sunk.size === 20 || undefined));
});
