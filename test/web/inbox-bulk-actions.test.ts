import type { BulkRun } from '../../src/bulk/bulk-run';
import { inboxWeb } from '../../src/web/inbox-web';
import { bulkPathOf } from '../../src/web/inbox/address';
import { BulkUser, reads } from '../support/bulk-user';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { Visitor } from './visitor';

// What an operator does to a bulk run, with a worker, and what the run then tells of it.

const TOKEN = 'the-token-of-this-test-0123456789abcdef';

let world: World;
let user: BulkUser;
let olga: Visitor;
let open: () => void;

beforeAll(async () => {
  world = await World.open('dev', { config: { inboxToken: TOKEN } });
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
  user = await BulkUser.start(world);
  olga = new Visitor(inboxWeb(world.client, { config: world.config }));
  await olga.signIn(TOKEN, 'Olga');
});

beforeEach(() => {
  const opened = new Promise<void>((resolve) => (open = resolve));
  world.nango.onProxy('hubspot', async () => {
    await opened;
    return { json: {} };
  });
});

afterEach(() => open());

afterAll(async () => {
  await user.close();
  await world.close();
});

/** A run whose calls are held until the test is over, and the way to what can be done to it. */
async function begun(): Promise<{ run: BulkRun; way: string }> {
  user.has(reads(100), 50, 100);
  const run = await world.connections.bulk(user.input({ concurrency: 1 }));
  await eventually(async () => ((await run.progress()).waitsFor === 'calls' ? true : undefined));
  return { run, way: `/${bulkPathOf(run.ref)}` };
}

/** Waits until the list shows a run so. */
async function listed(id: string, status: string): Promise<void> {
  await eventually(async () => {
    const { html } = await olga.get('/bulk');
    const row = html.split('<tr>').find((tr) => tr.includes(id)) ?? '';
    return row.replace(/<[^>]+>/g, '').includes(status) ? true : undefined;
  });
}

test('one is paused and resumed, by whom is told, and the other one is left alone', async () => {
  const [{ run, way }, other] = [await begun(), await begun()];
  const paused = await olga.submit(`${way}/pause`);
  expect(paused.text).toContain('The run is paused');
  expect(await run.progress()).toMatchObject({ status: 'paused', by: 'Olga' });
  expect(await other.run.progress()).toMatchObject({ status: 'running' });
  await listed(run.ref.id, 'paused by Olga');
  await listed(other.run.ref.id, 'running');
  const resumed = await olga.submit(`${way}/resume`);
  expect(resumed.text).toContain('The run goes on.');
  expect((await run.progress()).status).toBe('running');
  expect((await run.progress()).by).toBeUndefined();
  await listed(run.ref.id, 'running');
  open();
  expect(await run.result()).toMatchObject({ status: 'completed', done: 100 });
  await other.run.result();
});

test('to stop one is asked once more; it then ends as stopped, and takes nothing else', async () => {
  const { run, way } = await begun();
  const confirm = await olga.get(`${way}/stop`);
  expect([confirm.status, confirm.text]).toEqual([200, expect.stringContaining('It cannot be undone')]);
  expect(confirm.text).toContain(run.ref.id);
  expect((await run.progress()).status).toBe('running');
  const { text } = await olga.submit(`${way}/stop`);
  expect(text).toContain('The run is being stopped');
  expect(await run.progress()).toMatchObject({ status: 'stopping', by: 'Olga' });
  for (const name of ['pause', 'resume']) {
    const refused = await olga.post(`${way}/${name}`);
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('It begins no more calls')]);
  }
  open();
  const { status, done } = await run.result();
  expect(status).toBe('stopped');
  expect(done).toBeLessThan(100);
  for (const name of ['pause', 'resume', 'stop']) {
    const refused = await olga.post(`${way}/${name}`);
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('The run has ended')]);
    expect(refused.html).toContain('All bulk runs');
  }
  await eventually(async () => ((await olga.get('/bulk')).text.includes(run.ref.id) ? undefined : true));
});

test('what is meant for a run that has ended does not reach a later one of its name', async () => {
  user.has([], 1);
  const first = await world.connections.bulk(user.input(), { id: 'again' });
  await first.result();
  user.has(reads(100), 50);
  const second = await world.connections.bulk(user.input({ concurrency: 1 }), { id: 'again' });
  expect(second.ref.id).toBe(first.ref.id);
  expect((await olga.post(`/${bulkPathOf(first.ref)}/stop`)).status).toBe(409);
  expect((await second.progress()).status).toBe('running');
  await second.stop();
  open();
  await second.result();
});

test('a workflow that is no bulk run is not found, and nothing is sent to it', async () => {
  const request = await world.connections.ensureConnection({ integration: 'hubspot', endUser: { id: 'u' } });
  if (request.kind !== 'request') throw new Error('expected a pending request');
  const { run, way } = await begun();
  const sent = jest.spyOn(world.client.workflowService, 'updateWorkflowExecution');
  for (const name of ['pause', 'resume', 'stop']) {
    expect((await olga.post(`/${bulkPathOf(request.ref)}/${name}`)).status).toBe(404);
  }
  expect((await olga.get(`/${bulkPathOf(request.ref)}/stop`)).status).toBe(404);
  expect(sent).not.toHaveBeenCalled();
  await olga.submit(`${way}/stop`);
  expect(sent).toHaveBeenCalledTimes(1);
  open();
  await run.result();
});

test('with a worker the page does not warn of one', async () => {
  expect((await olga.get('/bulk')).text).not.toContain('No worker');
});
