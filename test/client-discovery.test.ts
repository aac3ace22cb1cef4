import { randomUUID } from 'node:crypto';
import { NangoConnections } from '../src/client';
import type { BatchResult, ConnectionsPage } from '../src/contract/types';
import { one } from './support/discovery-workflows';
import { startRelay } from './support/relay';
import type { Relay } from './support/relay';
import { failureOf, World } from './support/world';

// What an environment has, for a backend without a key; and with a worker's key that may do little.

let world: World;
let relay: Relay;
/** what Nango's place is taken by, for the requests that are counted down */
let failing = { status: 503, times: 0 };
let nango: NangoConnections;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  relay = await startRelay({
    upstream: world.nango.url,
    respond: () => (failing.times-- > 0 ? { status: failing.status, headers: {}, body: Buffer.from('') } : undefined),
  });
  world.config.baseUrl = relay.url;
  await world.startNangoWorker();
  world.nango.onAction('hubspot', 'create-contact', () => 1);
  world.nango.addSync('hubspot', 'contacts');
  nango = new NangoConnections(world.client, { config: { ...world.config, secretKey: undefined } });
});

beforeEach(() => {
  failing = { status: 503, times: 0 };
});

afterAll(async () => {
  await world?.close();
  await relay?.close();
});

async function all(options: Parameters<NangoConnections['connections']>[0]): Promise<ConnectionsPage['connections']> {
  const found = [];
  for await (const { connections } of nango.connections(options)) found.push(...connections);
  return found;
}

test('everything is discovered without a key', async () => {
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c_1', tags: { end_user_id: 'u_1' } });
  expect(await nango.integrations()).toContainEqual({
    ...{ integration: 'hubspot', provider: 'hubspot', displayName: 'HubSpot' },
  });
  expect(await all({ endUser: { id: 'u_1' } })).toMatchObject([{ integration: 'hubspot', connectionId: 'c_1' }]);
  expect((await nango.functions('hubspot')).map(({ kind, name }) => [kind, name])).toEqual([
    ['sync', 'contacts'],
    ['action', 'create-contact'],
  ]);
  const [connection] = await all({ integration: 'hubspot' });
  expect((await nango.actions(connection!, { schemas: false })).map(({ name }) => name)).toEqual(['create-contact']);
  expect(await nango.provider('github')).toMatchObject({ provider: 'github', authMode: 'OAUTH2' });
});

test.each([501, 10])(
  'from a page on that is gone by now, since connections were deleted, there are none: %d',
  async (from) => {
    world.nango.addConnection({ integration: 'hubspot', connectionId: 'c_gone', tags: { end_user_id: 'u_gone' } });
    const pages = nango.connections({ endUser: { id: 'u_gone' }, from });
    expect(await pages.next()).toEqual({ done: false, value: { connections: [] } });
    expect(await pages.next()).toMatchObject({ done: true });
  },
);

test('more connections than a page has are all of them', async () => {
  world.nango.addIntegration({ key: 'many', provider: 'github' });
  for (let i = 0; i < 1_200; i++) world.nango.addConnection({ integration: 'many' });
  const found = await all({ integration: 'many' });
  expect(new Set(found.map(({ connectionId }) => connectionId)).size).toBe(1_200);
});

test('an unknown name is an error, with those that may have been meant', async () => {
  const unknown = { type: 'Nango.IntegrationNotFound', suggestions: ['hubspot'] };
  expect(await failureOf(nango.functions('hubspit'))).toMatchObject(unknown);
  expect(await failureOf(nango.actions({ integration: 'hubspit', connectionId: 'c' }))).toMatchObject(unknown);
  expect(await failureOf(all({ integration: 'hubspit' }))).toMatchObject(unknown);
  expect(await failureOf(nango.provider('gitub'))).toMatchObject({ field: 'provider', suggestions: ['github'] });
});

const HUBSPIT = { integration: 'hubspit', connectionId: 'c' };
const started = async (activity: string, input: object) =>
  await world.client.activity.execute<unknown>(activity, {
    ...{ id: `${activity}/${randomUUID()}`, taskQueue: 'nango', args: [input], retry: { maximumAttempts: 1 } },
    startToCloseTimeout: 30_000,
  });

test.each([
  ['nango.startDryRun', { integration: 'hubspit', kind: 'action', connectionId: 'c', code: 'x' }],
  ['nango.startDeployment', { integration: 'hubspit', kind: 'action', name: 'greet', code: 'x' }],
  ['nango.proxyPage', { connection: HUBSPIT, endpoint: '/x', paginate: { type: 'link' } }],
])('%s of an integration that there is not says which may have been meant', async (activity, input) => {
  expect(await failureOf(started(activity, input))).toMatchObject({
    ...{ type: 'Nango.IntegrationNotFound', suggestions: ['hubspot'] },
  });
});

test('a batch of calls says it once, and looks the names up once', async () => {
  const calls = Array.from({ length: 3 }, () => ({ call: { method: 'GET', endpoint: '/x' } }));
  const before = world.nango.count(({ path }) => path === '/integrations');
  const { outcomes } = (await started('nango.proxyBatch', {
    connection: HUBSPIT,
    calls,
    concurrency: 3,
  })) as BatchResult;
  const said = outcomes.map((outcome) => (outcome?.ok === false ? outcome.error.suggestions : undefined));
  expect(said.filter((names) => names !== undefined)).toEqual([['hubspot']]);
  expect(world.nango.count(({ path }) => path === '/integrations') - before).toBeLessThanOrEqual(1);
});

test('what is said wrongly is refused before any I/O', async () => {
  const elsewhere = new NangoConnections(world.client, { config: { ...world.config, taskQueue: 'nobody-polls' } });
  const nobody = { type: 'Nango.NoWorker' };
  expect(await failureOf(elsewhere.integrations())).toMatchObject(nobody);
  expect(await failureOf(elsewhere.functions(''))).toMatchObject({ field: 'integration' });
  expect(await failureOf(elsewhere.provider('a b'))).toMatchObject({ field: 'provider' });
  expect(await failureOf(elsewhere.connections({ from: -1 }).next())).toMatchObject({ field: 'from' });
});

test('while Nango is down it is read again, and nothing of the failure is kept', async () => {
  failing.times = 2;
  expect(await nango.integrations({ fresh: true })).not.toEqual([]);
  expect(failing.times).toBeLessThan(0);
  failing = { status: 401, times: 1 };
  expect(await failureOf(nango.integrations({ fresh: true }))).toMatchObject({
    type: 'Nango.InvalidRequest',
    status: 401,
  });
  expect(await nango.integrations()).not.toEqual([]);
});

test('many who want it at once are one request', async () => {
  const path = '/integrations/hubspot/functions';
  const count = (): number => world.nango.count((request) => request.path.startsWith(path));
  await nango.functions('hubspot', { fresh: true });
  const before = count();
  await Promise.all(Array.from({ length: 40 }, () => nango.functions('hubspot')));
  expect(count()).toBe(before);
  await Promise.all(Array.from({ length: 40 }, () => nango.functions('hubspot', { fresh: true })));
  expect(count() - before).toBeLessThan(40);
});

describe('with a key that may do next to nothing', () => {
  let narrow: World;

  beforeAll(async () => {
    narrow = await World.open('dev', { workers: false });
    narrow.config.secretKey = narrow.nango.addKey({ scopes: ['environment:actions:execute', 'environment:proxy'] });
    await narrow.startNangoWorker();
    await narrow.startUserWorker('./discovery-workflows');
    narrow.nango.onAction('hubspot', 'create-contact', () => 1);
    narrow.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
  });

  afterAll(() => narrow?.close());

  test('each refusal names the scope', async () => {
    const { connections } = narrow;
    const lacks = (scope: string) => ({ type: 'Nango.Forbidden', scope: `environment:${scope}` });
    expect(await failureOf(connections.integrations())).toMatchObject(lacks('integrations:list'));
    expect(await failureOf(connections.functions('hubspot'))).toMatchObject(lacks('functions:list'));
    expect(await failureOf(connections.connections().next())).toMatchObject(lacks('connections:list'));
    // What Nango knows of providers may be read by any key.
    expect(await connections.provider('github')).toMatchObject({ provider: 'github' });
  });

  test('an action that there is not fails as it would, without a suggestion', async () => {
    const connection = { integration: 'hubspot', connectionId: 'c' };
    const failure = await failureOf(narrow.execute(one, connection, { action: 'create-contacts' }));
    expect(failure).toMatchObject({ type: 'Nango.ActionNotFound', status: 404 });
    expect(failure).not.toHaveProperty('suggestions');
  });
});

test('a Temporal that has no activities without a workflow says so', async () => {
  const skipping = await World.open('timeSkipping');
  try {
    expect(await failureOf(skipping.connections.integrations())).toMatchObject({
      ...{ type: 'Nango.TemporalUnavailable', code: 'UNIMPLEMENTED' },
    });
  } finally {
    await skipping.close();
  }
});
