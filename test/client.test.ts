import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NangoConnections } from '../src/client';
import type { ConnectionRequest } from '../src/requests/connection-request';
import { absentTemporal } from './support/absent-temporal';
import { waitFor } from './support/user-workflows';
import { eventually } from './support/eventually';
import { failureOf, World } from './support/world';

let world: World;
let nango: NangoConnections;
let person = 0;

beforeAll(async () => {
  world = await World.open('dev');
  nango = world.connections;
});

afterAll(async () => {
  await world.close();
});

function someone() {
  const id = `u_${++person}`;
  return { id, wanted: { integration: 'hubspot', endUser: { id } } };
}

async function pending(wanted: { integration: string; endUser: { id: string } }): Promise<ConnectionRequest> {
  const request = await nango.ensureConnection(wanted);
  if (request.kind !== 'request') throw new Error('is connected');
  return request;
}

test('a backend redirects a person to the link, and gets the connection', async () => {
  const { wanted } = someone();
  const request = await pending(wanted);
  const link = await request.connectLink();
  // A self-hosted page talks to the cloud unless the link says otherwise.
  expect(new URL(link).searchParams.get('apiURL')).toBe(world.nango.url);
  const made = world.nango.complete(link, { as: 'account' });
  expect(await request.result()).toMatchObject(made);
  expect(await nango.ensureConnection(wanted)).toMatchObject({ kind: 'connection', connection: made });
});

test('a session for the embedded page expires in half an hour', async () => {
  const { token, connectLink, expiresAt } = await (await pending(someone().wanted)).connectSession();
  expect(token).toMatch(/^nango_connect_session_[0-9a-f]{64}$/);
  expect(connectLink).toContain(token);
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(29 * 60_000);
});

test('page views share one request and one joiner; the ref of the first still works', async () => {
  const { wanted } = someone();
  const requests = [await pending(wanted), await pending(wanted), await pending(wanted)];
  expect(new Set(requests.map(({ ref }) => JSON.stringify(ref))).size).toBe(1);
  const kept = JSON.parse(JSON.stringify(requests[0]!.ref)) as ConnectionRequest['ref'];
  expect(await nango.request(kept).view()).toMatchObject({ status: 'waiting', subscribers: 1 });
});

test('a page that is viewed right after the person has connected says so, though no webhook has come', async () => {
  const { wanted } = someone();
  const request = await pending(wanted);
  const made = world.nango.complete(await request.connectLink(), { as: 'a' });
  expect(await nango.ensureConnection(wanted)).toMatchObject({ kind: 'connection', connection: made });
});

test('cancelling takes the backend off, and ends a request that nobody else waits for', async () => {
  const request = await pending(someone().wanted);
  await request.cancel();
  expect(await failureOf(request.result())).toMatchObject({ type: 'Nango.RequestCancelled' });
  expect(await failureOf(request.connectLink())).toMatchObject({
    type: 'Nango.InvalidRequest',
    reason: 'request_closed',
  });
});

test('a wait with one join and one click stays within fifty events, and its workflow within twenty', async () => {
  const { id, wanted } = someone();
  const waiting = await world.start(waitFor, wanted);
  const requestId = `nango/default/hubspot/u:${id}`;
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  const made = world.nango.complete(await nango.request({ id: requestId, firstExecutionRunId }).connectLink(), {
    as: 'a',
  });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
  await waiting.result();
  await world.client.workflow.getHandle(requestId).result();
  expect((await world.events(requestId)).length).toBeLessThanOrEqual(50);
  expect((await world.events(waiting.workflowId)).length).toBeLessThanOrEqual(20);
});

test('a decline is told, and ignoreCoolDown: false respects it', async () => {
  const { wanted } = someone();
  const request = await pending(wanted);
  await request.decline();
  expect(await failureOf(request.result())).toMatchObject({ type: 'Nango.ConnectionDeclined' });
  expect(await failureOf(request.decline())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'request_closed' });
  expect(await failureOf(nango.ensureConnection({ ...wanted, ignoreCoolDown: false }))).toMatchObject({
    type: 'Nango.ConnectionDeclined',
    coolDownUntil: expect.any(Number) as number,
  });
  // Whoever pressed a button wants to be asked.
  expect(await nango.ensureConnection(wanted)).toMatchObject({ kind: 'request' });
});

test('after a decline a workflow fails at once, and asks nobody', async () => {
  const { id, wanted } = someone();
  const waiting = [await world.start(waitFor, wanted), await world.start(waitFor, wanted)];
  await eventually(async () => ((await nango.requests(wanted))[0]?.status === 'waiting' ? true : undefined));
  await (await pending(wanted)).decline();
  for (const one of waiting) expect(await failureOf(one.result())).toMatchObject({ type: 'Nango.ConnectionDeclined' });
  const request = world.client.workflow.getHandle(`nango/default/hubspot/u:${id}`);
  const { runId } = await request.describe();
  expect(await failureOf(world.execute(waitFor, wanted))).toMatchObject({ type: 'Nango.ConnectionDeclined' });
  expect((await request.describe()).runId).toBe(runId);
});

test('extending moves the deadline, but not into the past', async () => {
  const request = await pending(someone().wanted);
  const until = Date.now() + 30 * 86_400_000;
  await request.extend(until);
  expect(await request.view()).toMatchObject({ question: { deadline: until } });
  expect(await failureOf(request.extend(Date.now() - 1))).toMatchObject({
    type: 'Nango.InvalidRequest',
    field: 'until',
  });
});

test('open requests are listed by owner and integration, from their memo, while no worker runs', async () => {
  const [a, b] = [someone(), someone()];
  await pending(a.wanted);
  await pending(b.wanted);
  const worker = new NangoConnections(world.client, { config: { ...world.config, taskQueue: 'nobody-polls-this' } });
  const listed = await eventually(async () => {
    const found = await worker.requests({ endUser: { id: a.id } });
    return found[0]?.status === 'waiting' ? found : undefined;
  });
  expect(listed).toMatchObject([{ integration: 'hubspot', owner: { endUser: { id: a.id } }, subscribers: 1 }]);
  expect(await nango.requests({ integration: 'other' })).toEqual([]);
  expect((await nango.requests()).length).toBeGreaterThanOrEqual(2);
});

test('connections are listed newest first and deleted, without a key in this process', async () => {
  const keyless = new NangoConnections(world.client, { config: { ...world.config, secretKey: undefined } });
  const owner = { endUser: { id: 'lister' } };
  for (const n of [1, 2]) {
    world.nango.addConnection({
      integration: 'hubspot',
      connectionId: `l-${n}`,
      tags: { end_user_id: 'lister', ...(n === 2 && { tn_slot: 'x' }) },
      createdAt: Date.UTC(2026, 0, n),
    });
  }
  expect((await keyless.list(owner)).map(({ connectionId }) => connectionId)).toEqual(['l-2', 'l-1']);
  await keyless.disconnect({ integration: 'hubspot', connectionId: 'l-2' });
  await keyless.disconnect({ integration: 'hubspot', connectionId: 'l-2' });
  expect((await keyless.list(owner)).map(({ connectionId }) => connectionId)).toEqual(['l-1']);
});

test('a link cannot be minted without a key, and a wrong request is not made for it', async () => {
  const keyless = new NangoConnections(world.client, { config: { ...world.config, secretKey: undefined } });
  const request = keyless.request((await pending(someone().wanted)).ref);
  const failure = await failureOf(request.connectLink());
  expect(failure).toMatchObject({ type: 'Nango.Misconfigured', field: 'NANGO_TOOLBOX_SECRET_KEY' });
  expect(failure.message).toContain('https://app.nango.dev/signup');
});

test('a key that may only mint is enough to mint', async () => {
  const connectKey = world.nango.addKey({ scopes: ['environment:connect_sessions:write'] });
  const config = { ...world.config, secretKey: undefined, connectKey };
  const request = new NangoConnections(world.client, { config }).request((await pending(someone().wanted)).ref);
  expect(await request.connectLink()).toContain('session_token=');
  const listOnly = world.nango.addKey({ scopes: ['environment:connections:list'] });
  const wrong = new NangoConnections(world.client, { config: { ...config, connectKey: listOnly } }).request(
    request.ref,
  );
  const failure = await failureOf(wrong.connectLink());
  expect(failure.type).toBe('Nango.Forbidden');
  expect(failure.message).toContain('environment:connect_sessions:write');
});

describe('what is wrong is said', () => {
  test('an empty owner, before any I/O', async () => {
    const failure = await failureOf(nango.ensureConnection({ integration: 'hubspot', endUser: { id: '' } }));
    expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', field: 'endUser.id' });
  });

  test('an unknown integration', async () => {
    const failure = await failureOf(nango.ensureConnection({ ...someone().wanted, integration: 'nope' }));
    expect(failure).toMatchObject({ type: 'Nango.IntegrationNotFound' });
  });

  test('nobody polls the queue', async () => {
    const lonely = new NangoConnections(world.client, { config: { ...world.config, taskQueue: 'nobody-polls-this' } });
    expect(await failureOf(lonely.ensureConnection(someone().wanted))).toMatchObject({ type: 'Nango.NoWorker' });
    expect(await failureOf(lonely.list())).toMatchObject({ type: 'Nango.NoWorker' });
  });

  test('Temporal is down', async () => {
    const client = absentTemporal();
    const down = new NangoConnections(client, { config: world.config });
    expect(await failureOf(down.ensureConnection(someone().wanted))).toMatchObject({
      type: 'Nango.TemporalUnavailable',
    });
    await client.connection.close();
  });
});

describe('what the worker finds wrong is said to the client', () => {
  const worlds: World[] = [];

  async function withWorker(config: { baseUrl?: string; secretKey?: string }): Promise<NangoConnections> {
    const broken = await World.open('dev', { config });
    worlds.push(broken);
    return broken.connections;
  }

  afterAll(async () => {
    for (const broken of worlds) await broken.close();
  });

  test('a key that Nango refuses', async () => {
    const refused = await withWorker({ secretKey: '5f0c7a52-3f5e-4b0c-9d7e-0123456789ab' });
    const failure = await failureOf(refused.ensureConnection(someone().wanted));
    expect(failure).toMatchObject({ type: 'Nango.Misconfigured', status: 401, code: 'unknown_account' });
  });

  test('a server that is not Nango', async () => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end('<html>welcome</html>');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const other = await withWorker({ baseUrl: `http://127.0.0.1:${port}` });
    expect(await failureOf(other.ensureConnection(someone().wanted))).toMatchObject({
      type: 'Nango.Misconfigured',
      status: 200,
    });
    server.close();
  });
});
