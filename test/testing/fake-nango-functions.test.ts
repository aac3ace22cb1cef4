import { Playground } from './playground';

let world: Playground;

beforeEach(async () => {
  world = await Playground.open();
});

afterEach(async () => {
  await world.close();
});

test('actions and syncs that were deployed are listed by integration, and nothing else is', async () => {
  const { nango } = world;
  nango.onAction('crm', 'echo-action', (input) => input);
  nango.addSync('crm', 'items');
  const { status, body } = await world.call('GET', '/scripts/config');
  expect(status).toBe(200);
  expect(body).toMatchObject([
    {
      providerConfigKey: 'crm',
      provider: 'crm',
      actions: [{ name: 'echo-action', type: 'action', enabled: true, input: 'ActionInput_crm_echoaction' }],
      syncs: [{ name: 'items', type: 'sync', enabled: true, runs: 'every hour', sync_type: 'full' }],
      'on-events': [],
    },
  ]);
  expect(body).toHaveLength(1);
});

test('an action that is deployed again keeps its id', async () => {
  world.nango.onAction('crm', 'act', () => 1);
  const list = async () => (await world.call('GET', '/scripts/config')).body as [{ actions: { id: number }[] }];
  const [{ actions: before }] = await list();
  world.nango.onAction('crm', 'act', () => 2);
  expect((await list())[0].actions).toEqual([expect.objectContaining({ id: before[0]?.id })]);
});

test('an action and a sync may have the same name', async () => {
  world.nango.onAction('crm', 'items', () => 1);
  world.nango.addSync('crm', 'items');
  const { connectionId } = world.nango.addConnection({ integration: 'crm' });
  const headers = { 'provider-config-key': 'crm', 'connection-id': connectionId };
  const response = await world.call('POST', '/action/trigger', { headers, body: { action_name: 'items' } });
  expect(response).toMatchObject({ status: 200, body: 1 });
});

test('a key without the scope is refused', async () => {
  const key = world.nango.addKey({ scopes: ['environment:integrations:list'] });
  expect((await world.call('GET', '/scripts/config', { key })).status).toBe(403);
});

test('a provider has a page of documentation, its own or the usual one', async () => {
  world.nango.addProvider({ name: 'own', authMode: 'OAUTH2', docs: 'http://127.0.0.1/own' });
  expect((await world.call('GET', '/providers/own')).body).toMatchObject({ data: { docs: 'http://127.0.0.1/own' } });
  const { body } = await world.call('GET', '/providers/crm');
  expect(body).toMatchObject({ data: { docs: 'https://nango.dev/docs/integrations/all/crm' } });
});
