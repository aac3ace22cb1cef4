import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signTestWebhook } from '../../src/testing/fake-nango';
import type { FakeNango } from '../../src/testing/fake-nango';
import { Playground } from './playground';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

let received: Received[];
/** What the application answers, in turn; then 200. */
let statuses: number[];
let server: Server;
let world: Playground;

const said = () => received.map(({ body }) => JSON.parse(body) as { [key: string]: unknown });
const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

beforeEach(async () => {
  received = [];
  statuses = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      response.writeHead(statuses.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  world = await Playground.open({ webhookUrl: `${url()}/hooks`, webhookSigningKey: 'the key' });
});

afterEach(async () => {
  await world.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function connected(prepare: (fake: FakeNango) => void = () => undefined): Promise<void> {
  prepare(world.nango);
  world.nango.complete((await world.mint()).link, { as: 'ann' });
  await world.nango.webhooks.settled();
}

test('are signed over their bytes, with the keys in order', async () => {
  await connected();
  const { headers, body } = received[0]!;
  expect(headers['x-nango-hmac-sha256']).toBe(createHmac('sha256', 'the key').update(body).digest('hex'));
  expect(headers).toMatchObject(signTestWebhook(body, 'the key'));
  const [delivery] = said();
  expect(Object.keys(delivery!)).toEqual(Object.keys(delivery!).toSorted());
  const tags = { end_user_id: 'ann' };
  expect(delivery).toMatchObject({ type: 'auth', operation: 'creation', success: true, from: 'nango', tags });
});

test('name the end user, if the session did', async () => {
  const { link } = await world.mint({ end_user: { id: 'ann', email: 'ann@example.com' }, organization: { id: 'org' } });
  world.nango.complete(link, { as: 'ann', integration: 'crm' });
  await world.nango.webhooks.settled();
  const endUser = { endUserId: 'ann', endUserEmail: 'ann@example.com', organizationId: 'org', tags: {} };
  expect(said()).toMatchObject([{ endUser }]);
});

test('of a failed attempt carry no tags', async () => {
  world.nango.complete((await world.mint()).link, { error: 'invalid_callback' });
  await world.nango.webhooks.settled();
  expect(said()).toMatchObject([{ success: false, error: { type: 'invalid_callback' } }]);
  expect(said()[0]).not.toHaveProperty('tags');
});

test('go where the session says, those of its failed attempts too', async () => {
  const { link } = await world.mint({
    tags: {},
    allowed_integrations: ['crm'],
    webhook_url_override: `${url()}/elsewhere`,
  });
  world.nango.complete(link, { error: 'invalid_callback' });
  world.nango.complete(link, { as: 'ann' });
  await world.nango.webhooks.settled();
  expect(received.map(({ path }) => path)).toEqual(['/elsewhere', '/elsewhere']);
});

test('tell of a reconnect, an import, a failed refresh and an asynchronous action', async () => {
  const { nango } = world;
  nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  nango.addIntegration({ key: 'keyed', provider: 'keyed' });
  const body = { provider_config_key: 'keyed', connection_id: 'c', credentials: { type: 'API_KEY', apiKey: 'k' } };
  await world.call('POST', '/connections', { body });
  await world.call('POST', '/connections', { body });
  await nango.webhooks.settled();

  const { connectionId } = nango.addConnection({ integration: 'crm', tags: { a: 'b' } });
  nango.refresh(connectionId, 'revoked');
  await world.proxied(connectionId);
  await nango.webhooks.settled();

  nango.onAction('crm', 'act', () => 'done');
  const headers = { 'provider-config-key': 'crm', 'connection-id': connectionId, 'x-async': 'true' };
  const run = await world.call('POST', '/action/trigger', { headers, body: { action_name: 'act' } });
  await nango.webhooks.settled();
  expect(said()).toMatchObject([
    { type: 'auth', operation: 'creation', connectionId: 'c' },
    { type: 'auth', operation: 'override', connectionId: 'c' },
    { type: 'auth', operation: 'refresh', success: false, tags: { a: 'b' } },
    { type: 'async_action', payload: { id: (run.body as { id: string }).id } },
  ]);
});

test('are repeated after a 5xx, twice at the most', async () => {
  statuses = [500, 503, 502, 500];
  await connected();
  expect(received).toHaveLength(3);
  expect(world.nango.webhooks.delivered).toMatchObject([{ attempts: 3, status: 502 }]);
});

test('are not repeated after a 4xx', async () => {
  statuses = [404];
  await connected();
  expect(received).toHaveLength(1);
});

test('can be dropped by number', async () => {
  await connected((fake) => fake.webhooks.drop(1));
  expect(received).toHaveLength(0);
  expect(world.nango.webhooks.dropped).toBe(1);
  await connected();
  expect(received).toHaveLength(1);
});

test('can be dropped by what they say', async () => {
  const { nango } = world;
  nango.webhooks.drop(({ success }) => success === true);
  const { link } = await world.mint();
  nango.complete(link, { error: 'invalid_callback' });
  nango.complete(link, { as: 'ann' });
  await nango.webhooks.settled();
  expect(said()).toMatchObject([{ success: false }]);
  expect(nango.webhooks.dropped).toBe(1);
});

test('can be doubled', async () => {
  await connected((fake) => fake.webhooks.duplicate(3));
  expect(received).toHaveLength(3);
});

test('can be delayed', async () => {
  world.nango.webhooks.delay(50);
  world.nango.complete((await world.mint()).link, { as: 'ann' });
  expect(received).toHaveLength(0);
  await world.nango.webhooks.settled();
  expect(received).toHaveLength(1);
});
