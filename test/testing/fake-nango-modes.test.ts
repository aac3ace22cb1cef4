import type { AuthMode, Credentials, Provider } from '../../src/testing/fake-nango';
import { Playground } from './playground';

/** What Nango does for each auth mode; the facts are of its catalogue and its API. */

interface Row {
  mode: AuthMode;
  /** where a page of one's own sends what was typed */
  path?: string;
  /** credentials of the developer's app, for modes that take any */
  app?: object;
  /** such a provider's own fields */
  provider?: Partial<Provider>;
  /** of an integration */
  config?: { [name: string]: string };
  /** labels of the connect page, in order */
  labels: string[];
  button?: string;
  /** fields of the page as a person fills them in; `as` where there is an account */
  typed: { [field: string]: string };
  /** what the connection then holds, besides `type` */
  credentials: object;
  connectionConfig?: object;
  /** what a proxied call carries */
  authorization?: string;
}

const client = { client_id: 'cid', client_secret: 'csecret' };
const installable = {
  app_id: '7',
  app_link: 'https://example.com/app',
  private_key: '-----BEGIN RSA PRIVATE KEY-----\nk\n-----END RSA PRIVATE KEY-----',
};
const isText = expect.any(String) as string;

const ROWS: Row[] = [
  {
    mode: 'OAUTH2',
    app: client,
    labels: ['Account'],
    typed: { as: 'ann' },
    credentials: { access_token: 'access of ann', raw: { access_token: 'access of ann', token_type: 'bearer' } },
    authorization: 'Bearer access of ann',
  },
  {
    mode: 'API_KEY',
    path: '/api-auth/api-key',
    labels: ['API Key'],
    typed: { apiKey: 'k-1' },
    credentials: { apiKey: 'k-1' },
    authorization: 'Bearer k-1',
  },
  {
    mode: 'OAUTH2_CC',
    path: '/oauth2/auth',
    labels: ['Client ID', 'Client Secret'],
    typed: { client_id: 'c-1', client_secret: 's-1' },
    credentials: { client_id: 'c-1', client_secret: 's-1', token: isText, raw: { access_token: isText } },
    authorization: 'Bearer access of ann',
  },
  {
    mode: 'BASIC',
    path: '/api-auth/basic',
    labels: ['User Name', 'Password'],
    typed: { username: 'u', password: '' },
    credentials: { username: 'u', password: '' },
    authorization: `Basic ${Buffer.from('u:').toString('base64')}`,
  },
  {
    mode: 'TWO_STEP',
    path: '/auth/two-step',
    provider: {
      credentialFields: { accountId: { title: 'Account ID' }, accountKey: { title: 'Account Key' } },
      integrationConfig: { accountKey: { title: 'Account Key', optional: true } },
    },
    labels: ['Account ID', 'Account Key'],
    typed: { accountId: 'a-1', accountKey: 'k-1' },
    credentials: { accountId: 'a-1', accountKey: 'k-1', token: isText, raw: { access_token: isText } },
    authorization: 'Bearer access of ann',
  },
  {
    mode: 'MCP_OAUTH2',
    provider: { clientRegistration: 'dynamic' },
    labels: ['Account'],
    typed: { as: 'ann' },
    credentials: { access_token: 'access of ann' },
    authorization: 'Bearer access of ann',
  },
  {
    mode: 'OAUTH1',
    app: client,
    labels: ['Account'],
    typed: { as: 'ann' },
    credentials: { oauth_token: 'token of ann', oauth_token_secret: 'secret of ann' },
    authorization: 'OAuth oauth_token="token of ann"',
  },
  {
    mode: 'JWT',
    path: '/auth/jwt',
    provider: { credentialFields: { privateKeyId: { title: 'Key ID' }, privateKey: { title: 'Private Key' } } },
    labels: ['Key ID', 'Private Key'],
    typed: { privateKeyId: 'i', privateKey: 'p' },
    credentials: { privateKeyId: 'i', privateKey: 'p', token: isText },
    authorization: 'Bearer access of ann',
  },
  {
    mode: 'BILL',
    path: '/auth/bill',
    labels: ['User Name', 'Password', 'Organization ID', 'Developer Key'],
    typed: { username: 'u', password: 'p', organization_id: 'o', dev_key: 'd' },
    credentials: { username: 'u', password: 'p', organization_id: 'o', dev_key: 'd', session_id: isText },
  },
  {
    mode: 'SIGNATURE',
    path: '/auth/signature',
    labels: ['User Name', 'Secret'],
    typed: { username: 'u', password: 'p' },
    credentials: { username: 'u', password: 'p', token: isText },
    authorization: 'Bearer access of ann',
  },
  {
    mode: 'TBA',
    path: '/auth/tba',
    app: client,
    labels: ['Token ID', 'Token Secret', 'Client ID', 'Client Secret'],
    typed: { token_id: 't', token_secret: 's', oauth_client_id_override: 'c', oauth_client_secret_override: '' },
    credentials: { token_id: 't', token_secret: 's', config_override: { client_id: 'c' } },
    authorization: 'OAuth oauth_token="t"',
  },
  {
    mode: 'MCP_OAUTH2_GENERIC',
    labels: ['Account', 'MCP Server URL'],
    typed: { as: 'ann', mcp_server_url: 'https://mcp.example.com' },
    credentials: { access_token: 'access of ann' },
    connectionConfig: { mcp_server_url: 'https://mcp.example.com', oauth_client_info: { client_secret: isText } },
    authorization: 'Bearer access of ann',
  },
  {
    mode: 'APP',
    app: installable,
    labels: ['Account'],
    button: 'Install',
    typed: { as: 'ann' },
    credentials: { access_token: 'access of ann' },
    connectionConfig: { installation_id: isText },
    authorization: 'Bearer access of ann',
  },
  {
    mode: 'CUSTOM',
    app: { ...client, ...installable },
    labels: ['Account'],
    button: 'Install',
    typed: { as: 'ann' },
    credentials: { access_token: 'access of ann' },
    connectionConfig: { userCredentials: { access_token: 'user access of ann' } },
    authorization: 'Bearer access of ann',
  },
  { mode: 'NONE', path: '/auth/unauthenticated', labels: [], typed: {}, credentials: {} },
  {
    mode: 'AWS_SIGV4',
    path: '/auth/aws-sigv4',
    provider: { integrationConfig: { service: { title: 'Service' } } },
    config: { service: 's3' },
    labels: ['Role ARN', 'Region'],
    typed: { role_arn: 'arn:aws:iam::1:role/r', region: 'eu-west-1' },
    credentials: { role_arn: 'arn:aws:iam::1:role/r', region: 'eu-west-1', service: 's3', session_token: isText },
    connectionConfig: { role_arn: 'arn:aws:iam::1:role/r', region: 'eu-west-1', external_id: isText },
    authorization: 'AWS4-HMAC-SHA256 Credential=key of ann',
  },
  { mode: 'INSTALL_PLUGIN', labels: ['Account'], button: 'Install', typed: { as: 'ann' }, credentials: {} },
];

/** Modes whose integrations cannot be made without a developer's app. */
const NEEDS_APP = ['OAUTH1', 'OAUTH2', 'APP', 'CUSTOM'];
/** Modes for which Nango may lend one. */
const MAY_BE_LENT = ['OAUTH1', 'OAUTH2', 'APP'];

let world: Playground;

beforeEach(async () => {
  world = await Playground.open();
});

afterEach(async () => {
  await world.close();
});

test('the table has a row for each of the seventeen modes', () => {
  expect(new Set(ROWS.map(({ mode }) => mode)).size).toBe(17);
});

describe.each(ROWS)('$mode', (row) => {
  const { mode, app, config } = row;
  const takes = app !== undefined;

  beforeEach(() => world.nango.addProvider({ name: 'p', authMode: mode, ...row.provider }));

  const create = async (body: object = {}) =>
    await world.call('POST', '/integrations', { body: { provider: 'p', unique_key: 'i', ...body } });

  test(`an integration is ${NEEDS_APP.includes(mode) ? 'not ' : ''}made without credentials`, async () => {
    const { status, body } = await create();
    if (NEEDS_APP.includes(mode)) expect({ status, body }).toMatchObject(REFUSED);
    else expect({ status, body }).toMatchObject({ status: 200, body: { data: { unique_key: 'i', provider: 'p' } } });
  });

  test('credentials of another mode are refused', async () => {
    const other = mode === 'OAUTH1' ? 'OAUTH2' : 'OAUTH1';
    expect(await create({ credentials: { type: other, ...client } })).toMatchObject(REFUSED);
  });

  test(`credentials of its own are ${takes ? 'shown to who asks for them' : 'no form that there is'}`, async () => {
    const made = await create({ credentials: { type: mode, ...(app ?? client) } });
    if (!takes) {
      expect(made).toMatchObject({ status: 400, body: { error: { code: 'invalid_body', errors: [INVALID_TYPE] } } });
      return;
    }
    expect(made.status).toBe(200);
    expect(made.body).not.toHaveProperty('data.credentials');
    const read = await world.call('GET', '/integrations/i?include=credentials');
    const rest = 'app_id' in app ? {} : { scopes: null, webhook_secret: null };
    expect(read.body).toHaveProperty('data.credentials', { type: mode, ...app, ...rest });
  });

  test(`Nango ${MAY_BE_LENT.includes(mode) ? 'lends its developer app' : 'has no app to lend'}`, async () => {
    world.nango.addProvider({ name: 'lent', authMode: mode, developerApp: { scopes: ['fixed'] } });
    const quickstart = async (provider: string) =>
      await world.call('POST', '/integrations/quickstart', { body: { provider, unique_key: 'q' } });
    const lendable = MAY_BE_LENT.includes(mode);
    const message = lendable ? /^No Nango-provided developer app/ : /^Quickstart is only available/;
    expect(await quickstart('p')).toMatchObject(REFUSED);
    expect(await quickstart('p')).toHaveProperty('body.error.message', expect.stringMatching(message));
    const lent = await quickstart('lent');
    if (!lendable) expect(lent).toMatchObject(REFUSED);
    else expect(lent).toMatchObject({ status: 200, body: { data: { unique_key: 'q', provider: 'lent' } } });
  });

  test('it is read, changed and deleted like any other', async () => {
    world.nango.addIntegration({ key: 'i', provider: 'p', config });
    const changed = await world.call('PATCH', '/integrations/i', { body: { display_name: 'Renamed' } });
    expect(changed).toMatchObject({ status: 200, body: { data: { display_name: 'Renamed' } } });
    expect((await world.call('GET', '/integrations')).body).toHaveProperty('data.2.display_name', 'Renamed');
    expect((await world.call('DELETE', '/integrations/i')).body).toEqual({ success: true });
    expect((await world.call('GET', '/integrations/i')).status).toBe(404);
  });

  test('its connect page asks for what the mode needs, and makes a connection that holds it', async () => {
    world.nango.addIntegration({ key: 'i', provider: 'p', config });
    const { link } = await world.mint({ tags: {}, allowed_integrations: ['i'] });
    const html = await (await fetch(link)).text();
    expect([...html.matchAll(/<label [^>]*>([^<]*)</g)].map(([, label]) => label)).toEqual(row.labels);
    expect(html).toContain(`<button name="integration" value="i">${row.button ?? 'Connect'}</button>`);

    const form = new URLSearchParams({ ...row.typed, integration: 'i' });
    expect(await fetch(link, { method: 'POST', body: form })).toMatchObject({ status: 200 });
    const [connection] = await connections();
    expect(connection).toMatchObject({ provider: 'p' });
    const read = await world.call('GET', `/connections/${connection!.connection_id}?provider_config_key=i`);
    const { credentials, connection_config } = read.body as { credentials: Credentials; connection_config: object };
    if (mode === 'NONE') expect(credentials).toEqual({});
    else expect(credentials).toMatchObject({ type: mode, ...row.credentials });
    expect(connection_config).toMatchObject(row.connectionConfig ?? {});
  });

  test('a proxied call carries what a connection holds', async () => {
    world.nango.addIntegration({ key: 'i', provider: 'p', config });
    world.nango.onProxy('i', ({ headers }) => ({ json: { authorization: headers.authorization ?? null } }));
    const { link } = await world.mint({ tags: {}, allowed_integrations: ['i'] });
    const { connectionId } = world.nango.complete(link, { as: 'ann', typed: row.typed });
    const headers = { 'provider-config-key': 'i', 'connection-id': connectionId };
    const called = await world.call('GET', '/proxy/x', { headers });
    expect(called).toMatchObject({ status: 200, body: { authorization: row.authorization ?? null } });
  });

  test('a name alone connects it: what nobody types is made up', async () => {
    world.nango.addIntegration({ key: 'i', provider: 'p', config });
    const { link } = await world.mint({ tags: {}, allowed_integrations: ['i'] });
    const { connectionId } = world.nango.complete(link, { as: 'ann' });
    expect(world.nango.connection('i', connectionId)).toMatchObject({ credentials: { type: mode } });
  });
});

test.each(ROWS.filter(({ path }) => path))('a page of its own connects $mode by $path', async (row) => {
  world.nango.addProvider({ name: 'p', authMode: row.mode, ...row.provider });
  world.nango.addIntegration({ key: 'i', provider: 'p', config: row.config });
  const { token } = await world.mint({ tags: {}, allowed_integrations: ['i'] });
  const post = async (key: string, body: object) =>
    await world.call('POST', `${row.path}/${key}?connect_session_token=${token}`, { body });
  expect(await post('i', row.typed)).toMatchObject({ status: 200, body: { providerConfigKey: 'i' } });
  expect(await connections()).toHaveLength(1);
  expect(await post('crm', row.typed)).toMatchObject({ status: 400, body: { error: { code: 'invalid_auth_mode' } } });
});

const REFUSED = { status: 400, body: { error: { code: 'invalid_body', message: isText } } };
const INVALID_TYPE = { code: 'invalid_union', path: ['credentials', 'type'] };

async function connections(): Promise<{ connection_id: string }[]> {
  const { body } = await world.call('GET', '/connections');
  return (body as { connections: { connection_id: string }[] }).connections;
}
