import { joinRequest } from '../../src/requests/join';
import { eventually } from '../support/eventually';
import { Gate } from '../support/gate';
import { World } from '../support/world';
import { waitFor } from '../support/user-workflows';

// What a request looks at, and that nothing it is pointed at can hold it up. A server that suggests to continue as new
// after a hundred events, and a gate in front of Nango.

const HINT = 'nango.hint';

let gate: Awaited<ReturnType<typeof Gate.open>>;
let world: World;
let person = 0;

beforeAll(async () => {
  gate = await Gate.open();
  world = await World.open('dev', {
    config: { baseUrl: gate.url },
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '100' },
  });
  gate.target = world.nango.url;
});

afterEach(() => {
  gate.pass = () => 'through';
});

afterAll(async () => {
  await world.close();
  await gate[Symbol.asyncDispose]();
});

/** Somebody who is asked, and whose request has looked and rests. */
async function openRequest() {
  const id = `u_${++person}`;
  const wanted = { integration: 'hubspot', endUser: { id } };
  const waiting = await world.start(waitFor, wanted);
  const request = `nango/default/hubspot/u:${id}`;
  await world.request(request, 'waiting');
  await world.notified(request, 'opened');
  const handle = world.client.workflow.getHandle(request);
  const hint = (connectionId?: string) => handle.signal(HINT, { source: 'webhook', connectionId });
  const connect = () =>
    world.nango.addConnection({ integration: 'hubspot', connectionId: `c-${id}`, tags: { end_user_id: id } });
  return { id, request, waiting, handle, hint, connect };
}

/** Requests for the connection of this id alone. */
function readsOf(connectionId: string): number {
  return gate.came.filter((path) => path.startsWith(`/connections/${connectionId}?`)).length;
}

test('a hint that names nothing readable, or is none, holds up no other', async () => {
  const { handle, hint, connect, waiting } = await openRequest();
  for (const bad of ['..', '.', '', 'x'.repeat(256), 'a\u0000b', '\ud800']) await hint(bad);
  const forms = [[], [null], ['x'], [[]], [{ source: 'webhook', connectionId: 5 }], [{ source: 'x' }]];
  for (const args of forms) await handle.signal(HINT, ...args);
  const { connectionId } = connect();
  await hint(connectionId);
  expect(await waiting.result()).toMatchObject({ connectionId });
});

test('a connection whose reading never ends holds up neither another nor a look by owner', async () => {
  const [first, second] = [await openRequest(), await openRequest()];
  gate.pass = (path) => (path.startsWith('/connections/stuck-') ? 'held' : 'through');
  for (const { id, hint } of [first, second]) {
    await hint(`stuck-${id}`);
    await eventually(() => Promise.resolve(readsOf(`stuck-${id}`) > 0 || undefined));
  }
  const made = first.connect();
  await first.hint(made.connectionId);
  expect(await first.waiting.result()).toMatchObject(made);
  const found = second.connect();
  await second.hint();
  expect(await second.waiting.result()).toMatchObject(found);
});

test('a connection that can never be read is read once, and looked for by owner', async () => {
  const { id, hint, connect, waiting } = await openRequest();
  const made = connect();
  gate.pass = (path) => (path.startsWith(`/connections/c-${id}?`) ? { status: 200, json: { no: 'shape' } } : 'through');
  await hint(made.connectionId);
  expect(await waiting.result()).toMatchObject(made);
  expect(readsOf(made.connectionId)).toBe(1);
});

test('a hint that is refused while the request still looks for the first time does not end it', async () => {
  const id = `u_${++person}`;
  let down = true;
  gate.pass = (path) => {
    if (path.startsWith(`/connections/bad-${id}`)) return { status: 200, json: { no: 'shape' } };
    const isLookup = path.startsWith('/connections?') && path.includes(id);
    return down && isLookup ? { status: 500, json: {} } : 'through';
  };
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const subject = { integration: 'hubspot', owner: { endUser: { id } } };
  const joined = await joinRequest(place, subject, { joinId: 'j' }, { ignoreCoolDown: true, at: Date.now() });
  expect(joined).toMatchObject({ status: 'pending' });
  const request = `nango/default/hubspot/u:${id}`;
  await world.client.workflow.getHandle(request).signal(HINT, { source: 'webhook', connectionId: `bad-${id}` });
  await eventually(() => Promise.resolve(readsOf(`bad-${id}`) > 0 || undefined));
  down = false;
  expect(await world.request(request, 'waiting')).toMatchObject({ status: 'waiting' });
});

test('more hints than are followed at a time: the owner’s connections are looked at instead', async () => {
  const { id, hint, connect, waiting } = await openRequest();
  gate.pass = (path) => (path.startsWith('/connections/stuck-') ? 'held' : 'through');
  for (let i = 0; i < 16; i++) await hint(`stuck-${id}-${i}`);
  await eventually(() => Promise.resolve(readsOf(`stuck-${id}-15`) > 0 || undefined));
  const made = connect();
  await hint(made.connectionId);
  expect(await waiting.result()).toMatchObject(made);
  expect(readsOf(made.connectionId)).toBe(0);
});

test('a hinted connection that could not be read yet is read by the run that continues', async () => {
  const { request, handle, hint, waiting } = await openRequest();
  const { firstExecutionRunId } = await world.request(request, 'waiting');
  const link = await world.connections.request({ id: request, firstExecutionRunId }).connectLink();
  // Nothing but the hint leads to it: no list by owner, and no sweep.
  const made = world.nango.complete(link, { as: 'a' });
  world.nango.connection('hubspot', made.connectionId)!.tags.end_user_id = 'renamed';
  let down = true;
  gate.pass = (path) => {
    const isIt = path.startsWith(`/connections/${made.connectionId}?`);
    return path.includes('managed_by') || (down && isIt) ? { status: 500, json: {} } : 'through';
  };
  await hint(made.connectionId);
  await eventually(() => Promise.resolve(readsOf(made.connectionId) > 0 || undefined));
  await eventually(async () => {
    await hint();
    return (await handle.describe()).runId === firstExecutionRunId ? undefined : true;
  });
  down = false;
  expect(await waiting.result()).toMatchObject(made);
});
