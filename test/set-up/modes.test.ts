import { AUTH_MODES, setUpWayOf } from '../../src/contract/rules/auth-modes';
import type { AppCredentials } from '../../src/contract/types';
import { IntegrationSetUp } from '../../src';
import type { AuthMode, Provider } from '../../src/testing/fake-nango';
import { call } from '../support/user-workflows';
import { World } from '../support/world';

// Each of the seventeen modes, from a Nango without integrations to a proxied call, by the client.

interface Row {
  mode: AuthMode;
  /** how it is set up */
  way: 'app' | 'atOnce' | 'dashboard';
  /** Nango may lend an app */
  lends?: true;
  credentials?: AppCredentials;
  /** such a provider's own fields */
  provider?: Partial<Provider>;
  /** of an integration made in the dashboard */
  config?: { [name: string]: string };
  typed: { [field: string]: string };
}

const client = { clientId: 'cid', clientSecret: { fromEnv: 'SETUP_TEST_SECRET' } };
const installable = {
  appId: '7',
  appLink: 'https://example.com/app',
  privateKey: { fromEnv: 'SETUP_TEST_PRIVATE_KEY' },
};
const account = { as: 'ann' };

const ROWS: Row[] = [
  { mode: 'OAUTH2', way: 'app', lends: true, credentials: client, typed: account },
  { mode: 'OAUTH1', way: 'app', lends: true, credentials: client, typed: account },
  { mode: 'APP', way: 'app', lends: true, credentials: installable, typed: account },
  { mode: 'CUSTOM', way: 'app', credentials: { ...client, ...installable }, typed: account },
  { mode: 'OAUTH2_CC', way: 'atOnce', typed: { client_id: 'c', client_secret: 's' } },
  { mode: 'API_KEY', way: 'atOnce', typed: { apiKey: 'k' } },
  { mode: 'BASIC', way: 'atOnce', typed: { username: 'u', password: '' } },
  {
    mode: 'TWO_STEP',
    way: 'atOnce',
    provider: {
      credentialFields: { accountId: { title: 'Account ID' } },
      integrationConfig: { region: { title: 'Region', optional: true } },
    },
    typed: { accountId: 'a' },
  },
  { mode: 'JWT', way: 'atOnce', provider: { credentialFields: { key: { title: 'Key' } } }, typed: { key: 'k' } },
  { mode: 'BILL', way: 'atOnce', typed: { username: 'u', password: 'p', organization_id: 'o', dev_key: 'd' } },
  { mode: 'SIGNATURE', way: 'atOnce', typed: { username: 'u', password: 'p' } },
  { mode: 'TBA', way: 'atOnce', typed: { token_id: 't', token_secret: 's' } },
  { mode: 'NONE', way: 'atOnce', typed: {} },
  { mode: 'INSTALL_PLUGIN', way: 'atOnce', typed: account },
  { mode: 'MCP_OAUTH2_GENERIC', way: 'atOnce', typed: { mcp_server_url: 'https://example.com/mcp', ...account } },
  { mode: 'MCP_OAUTH2', way: 'dashboard', provider: { clientRegistration: 'dynamic' }, typed: account },
  {
    mode: 'AWS_SIGV4',
    way: 'dashboard',
    provider: { integrationConfig: { service: { title: 'Service' } } },
    config: { service: 's3' },
    typed: { role_arn: 'arn:aws:iam::1:role/r' },
  },
];

const PRIVATE_KEY = '-----BEGIN RSA PRIVATE KEY-----\nk\n-----END RSA PRIVATE KEY-----';

let world: World;

beforeAll(async () => {
  process.env.SETUP_TEST_SECRET = 'csecret';
  process.env.SETUP_TEST_PRIVATE_KEY = PRIVATE_KEY;
  world = await World.open('timeSkipping');
});

afterAll(async () => {
  delete process.env.SETUP_TEST_SECRET;
  delete process.env.SETUP_TEST_PRIVATE_KEY;
  await world?.close();
});

test('the table has a row for each mode that there is, and one that there is not is left to the dashboard', () => {
  expect(ROWS.map(({ mode }) => mode).sort()).toEqual([...AUTH_MODES].sort());
  expect(AUTH_MODES).toHaveLength(17);
  expect(setUpWayOf('OAUTH3')).toEqual(setUpWayOf('MCP_OAUTH2'));
  expect(setUpWayOf('constructor')).toEqual(setUpWayOf('MCP_OAUTH2'));
});

test.each(ROWS)('$mode: from no integration to a call', async ({ mode, way, lends, credentials, config, ...row }) => {
  const name = `p-${mode.toLowerCase()}`;
  world.nango.addProvider({ name, authMode: mode, ...row.provider });
  const wanted = { integration: name, provider: name, endUser: { id: 'ann' } };
  const ensured = await world.connections.ensureConnection(wanted);

  if (way === 'atOnce') {
    expect(ensured.kind).toBe('request');
  } else {
    const setUp = setUpIn(ensured);
    const { question } = await setUp.view();
    if (way === 'app') {
      expect(question).toMatchObject({ authMode: mode, choices: [...(lends ? ['nangoApp'] : []), 'own', 'made'] });
      expect(question?.fields).toEqual(Object.keys(credentials ?? {}));
      expect(question?.callbackUrl).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/(oauth\/callback|app-auth\/connect)$/);
      expect(await setUp.decide({ choice: 'own', credentials: credentials ?? {}, by: 'ops' })).toBe('ready');
    } else {
      expect(question).toMatchObject({ authMode: mode, choices: ['made'], fields: [] });
      world.nango.addIntegration({ key: name, provider: name, config });
    }
    expect(await setUp.result()).toEqual({ integration: name, provider: name });
  }

  await world.syncClock();
  const request = await world.connections.ensureConnection(wanted);
  if (request.kind !== 'request') throw new Error(`a ${request.kind}`);
  const link = await request.connectLink();
  const made = world.nango.complete(link, { as: 'ann', typed: row.typed });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  const connection = await request.result();
  world.nango.onProxy(name, () => ({ json: { mode } }));
  expect(await world.execute(call, connection, { method: 'GET', endpoint: '/x' })).toEqual({
    status: 200,
    data: { mode },
  });
});

test.each(ROWS.filter(({ lends }) => lends))('$mode: with the app that Nango lends, by one click', async ({ mode }) => {
  const name = `lent-${mode.toLowerCase()}`;
  world.nango.addProvider({ name, authMode: mode, developerApp: {} });
  const setUp = setUpIn(await world.connections.ensureIntegration({ provider: name }));
  expect(await setUp.decide({ choice: 'nangoApp', by: 'ops' })).toBe('ready');
  expect(await setUp.result()).toEqual({ integration: name, provider: name });
});

test.each(ROWS.filter(({ lends }) => lends))('$mode: unattended where the caller agrees', async ({ mode }) => {
  const name = `unattended-${mode.toLowerCase()}`;
  world.nango.addProvider({ name, authMode: mode, developerApp: {} });
  const made = await world.connections.ensureIntegration({ provider: name, allowNangoApp: true });
  expect(made).toEqual({ kind: 'integration', integration: name, provider: name });
});

test('an integration that has to be configured is left to the dashboard, whatever its mode', async () => {
  world.nango.addProvider({
    ...{ name: 'configured', authMode: 'API_KEY' },
    integrationConfig: { region: { title: 'Region' } },
  });
  const setUp = setUpIn(await world.connections.ensureIntegration({ provider: 'configured' }));
  expect((await setUp.view()).question).toMatchObject({ choices: ['made'], authMode: 'API_KEY' });
  await setUp.decline();
});

function setUpIn(ensured: { kind: string }): IntegrationSetUp {
  if (!(ensured instanceof IntegrationSetUp)) throw new Error(`a ${ensured.kind}`);
  return ensured;
}
