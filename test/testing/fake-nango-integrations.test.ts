import { Playground } from './playground';

let world: Playground;

beforeEach(async () => {
  world = await Playground.open();
});

afterEach(async () => {
  await world.close();
});

const refused = { status: 400, body: { error: { code: 'invalid_body', message: expect.any(String) as string } } };

async function create(provider: string, body: object = {}) {
  return await world.call('POST', '/integrations', { body: { provider, unique_key: 'i', ...body } });
}

describe("an integration with Nango's own app", () => {
  beforeEach(async () => {
    world.nango.addProvider({ name: 'p', authMode: 'OAUTH2', developerApp: { scopes: ['read', 'write'] } });
    await world.call('POST', '/integrations/quickstart', { body: { provider: 'p', unique_key: 'i' } });
  });

  const credentials = async () => (await world.call('GET', '/integrations/i?include=credentials')).body;

  test('shows the scopes that the app is registered for, and nothing else of it', async () => {
    expect(await credentials()).toMatchObject({
      data: {
        credentials: { type: 'OAUTH2', client_id: '', client_secret: '', scopes: 'read,write', webhook_secret: null },
      },
    });
  });

  test('takes other credentials, and ignores them', async () => {
    const before = await credentials();
    const own = { type: 'OAUTH2', client_id: 'mine', client_secret: 'mine', scopes: 'other' };
    expect((await world.call('PATCH', '/integrations/i', { body: { credentials: own } })).status).toBe(200);
    expect(await credentials()).toEqual(before);
  });

  test('is connected, with those scopes granted', async () => {
    const { link } = await world.mint({ tags: {}, allowed_integrations: ['i'] });
    const { connectionId } = world.nango.complete(link, { as: 'ann' });
    expect(world.nango.connection('i', connectionId)).toHaveProperty('credentials.raw.scope', 'read write');
  });

  test('is made under a key that is free, of a provider that there is, and with no credentials', async () => {
    const post = async (body: object) => await world.call('POST', '/integrations/quickstart', { body });
    const issue = (path: string) => ({ body: { error: { errors: [{ code: 'invalid_string', path: [path] }] } } });
    expect(await post({ provider: 'p', unique_key: 'i' })).toMatchObject(issue('uniqueKey'));
    expect(await post({ provider: 'nobody', unique_key: 'j' })).toMatchObject(issue('provider'));
    expect(await post({ provider: 'p', unique_key: 'j', credentials: {} })).toMatchObject({
      body: { error: { errors: [{ code: 'unrecognized_keys' }] } },
    });
  });
});

test("Nango's own GitHub app shows neither id nor key", async () => {
  world.nango.addProvider({ name: 'p', authMode: 'APP', developerApp: {} });
  await world.call('POST', '/integrations/quickstart', { body: { provider: 'p', unique_key: 'i' } });
  expect((await world.call('GET', '/integrations/i?include=credentials')).body).toMatchObject({
    data: { credentials: { type: 'APP', app_id: '', private_key: '', app_link: null } },
  });
});

test('an MCP integration of the API is registered with nobody, and cannot be connected', async () => {
  const authorizeUrl = 'http://provider.invalid/authorize';
  world.nango.addProvider({ name: 'p', authMode: 'MCP_OAUTH2', clientRegistration: 'dynamic', authorizeUrl });
  expect((await create('p')).status).toBe(200);
  const { link, token } = await world.mint({ tags: {}, allowed_integrations: ['i'] });
  expect(() => world.nango.complete(link, { as: 'ann' })).toThrow('client id');
  const pressed = await fetch(link, { method: 'POST', body: new URLSearchParams({ integration: 'i', as: 'ann' }) });
  expect(pressed.status).toBe(400);
  expect((await world.call('GET', `/oauth/connect/i?connect_session_token=${token}`)).status).toBe(400);
  expect((await world.call('GET', '/connections')).body).toEqual({ connections: [] });
});

describe('integration_config', () => {
  beforeEach(() => {
    world.nango.addProvider({
      name: 'p',
      authMode: 'AWS_SIGV4',
      integrationConfig: {
        service: { title: 'Service', pattern: '^[a-z0-9]+$' },
        stsMode: { title: 'STS', enum: ['builtin', 'custom'], default_value: 'builtin' },
        endpoint: { title: 'Endpoint', format: 'uri', optional: true },
      },
    });
  });

  test.each([
    ['lacks a value that has no default', { endpoint: 'https://sts.example.com' }],
    ['has a value of another form', { service: 'S 3' }],
    ['has a value that there is not', { service: 's3', stsMode: 'other' }],
    ['has no URL where one belongs', { service: 's3', endpoint: 'sts' }],
  ])('that %s is refused', async (_, config) => {
    expect(await create('p', { integration_config: config })).toMatchObject(refused);
  });

  test('that fits is taken, and what the provider has no field for is dropped', async () => {
    expect((await create('p', { integration_config: { service: 's3', colour: 'red' } })).status).toBe(200);
    const changed = { integration_config: { endpoint: 'https://sts.example.com' } };
    expect((await world.call('PATCH', '/integrations/i', { body: changed })).status).toBe(200);
    const cleared = { integration_config: { service: '' } };
    expect(await world.call('PATCH', '/integrations/i', { body: cleared })).toMatchObject(refused);
  });

  test('may be left out; then the integration cannot be connected', async () => {
    expect((await create('p')).status).toBe(200);
    const { link, token } = await world.mint({ tags: {}, allowed_integrations: ['i'] });
    expect(() => world.nango.complete(link, { as: 'ann' })).toThrow('service');
    const typed = { role_arn: 'arn:aws:iam::1:role/r' };
    const path = `/auth/aws-sigv4/i?connect_session_token=${token}`;
    expect((await world.call('POST', path, { body: typed })).status).toBe(400);
  });

  test('is refused by a provider without fields, as loose values are by one with them', async () => {
    world.nango.addProvider({ name: 'plain', authMode: 'API_KEY' });
    expect(await create('plain', { integration_config: { a: 'b' } })).toMatchObject(refused);
    expect(await create('p', { custom: { a: 'b' } })).toMatchObject(refused);
    expect((await create('plain', { custom: { a: 'b' } })).status).toBe(200);
  });
});

test('credentials that an integration is configured with are listed, and nobody types them again', async () => {
  const accountKey = { title: 'Account Key', optional: true };
  world.nango.addProvider({
    ...{ name: 'p', authMode: 'TWO_STEP', integrationConfig: { accountKey } },
    credentialFields: { accountId: { title: 'Account ID' }, accountKey },
  });
  const made = await create('p', { integration_config: { accountKey: 'k' } });
  expect(made.body).toMatchObject({ data: { preconfigured_credentials: ['accountKey'] } });
  const { link } = await world.mint({ tags: {}, allowed_integrations: ['i'] });
  const html = await (await fetch(link)).text();
  expect(html).toContain('>Account ID</label>');
  expect(html).not.toContain('>Account Key</label>');
});

test('an API key that the integration gives another name is labelled so', async () => {
  world.nango.addProvider({ name: 'p', authMode: 'API_KEY', integrationConfig: { keyLabel: { title: 'Label' } } });
  const made = await create('p', { integration_config: { keyLabel: 'Access code' } });
  expect(made.body).toMatchObject({ data: { credentials_label: { apiKey: 'Access code' } } });
});
