import { Playground } from './playground';
import type { Given } from './playground';

let world: Playground;

beforeAll(async () => {
  world = await Playground.open();
  world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
  world.nango.addConnection({ integration: 'crm', connectionId: 'c' });
});

afterAll(async () => {
  await world.close();
});

/** `code@path` of every issue, or the code of the error if it has none. */
async function complaint(method: string, path: string, given?: Given): Promise<string> {
  const { status, body } = await world.call(method, path, given);
  const { error } = body as { error?: { code: string; errors?: { code: string; path: string[] }[] } };
  if (error === undefined) return String(status);
  return error.errors?.map(({ code, path }) => `${code}@${path.join('.')}`).join(' ') ?? `${status} ${error.code}`;
}

const headers = { 'provider-config-key': 'crm', 'connection-id': 'c' };
const connection = (credentials: object) => ({ provider_config_key: 'keyed', credentials });
const action = { action_name: 'a' };

test.each<[method: string, path: string, given: Given, complaint: string]>([
  // what is looked at before the route and the key
  [
    'POST',
    '/connections',
    { key: 'none', headers: { 'content-type': 'text/plain' }, body: {} },
    '415 invalid_content_type',
  ],
  ['POST', '/connections', { key: 'none', body: 5 }, '400 invalid_json'],
  ['GET', '/CONNECTIONS/?limit=1', {}, '200'],
  ['HEAD', '/connections', {}, '200'],
  // integrations
  ['GET', '/integrations/a%2Fb', {}, 'invalid_format@uniqueKey'],
  [
    'POST',
    '/integrations',
    { body: { provider: 'a/b', unique_key: 'k'.repeat(256) } },
    'invalid_format@provider too_big@unique_key',
  ],
  [
    'PATCH',
    '/integrations/crm',
    { body: { display_name: '', forward_webhooks: 'no' } },
    'too_small@display_name invalid_type@forward_webhooks',
  ],
  ['PATCH', '/integrations/crm', { body: { custom: { a: 'b' } } }, '200'],
  // connect sessions
  ['POST', '/connect/sessions', { body: [1] }, 'invalid_type@'],
  ['POST', '/connect/sessions', { body: { nope: 1 } }, 'invalid_type@end_user unrecognized_keys@'],
  [
    'POST',
    '/connect/sessions',
    { body: { tags: {}, allowed_integrations: ['x', 'crm', 'y'] } },
    'custom@allowed_integrations.0 custom@allowed_integrations.2',
  ],
  [
    'POST',
    '/connect/sessions',
    { body: { tags: {}, integrations_config_defaults: { x: {} }, overrides: { y: {} } } },
    'custom@integrations_config_defaults.x custom@overrides.y',
  ],
  [
    'POST',
    '/connect/sessions',
    { body: { tags: {}, overrides: { crm: { docs_connect: 'https://example.com' } } } },
    '403 forbidden',
  ],
  [
    'POST',
    '/connect/sessions',
    { body: { tags: {}, webhook_url_override: 'http://10.0.0.1/' } },
    'custom@webhook_url_override',
  ],
  [
    'POST',
    '/connect/sessions',
    { body: { tags: {}, webhook_url_override: 'https://api.nango.dev/' } },
    'custom@webhook_url_override',
  ],
  [
    'POST',
    '/connect/sessions/reconnect',
    { body: { connection_id: 'c', integration_id: 'other' } },
    '400 invalid_body',
  ],
  // connections
  ['POST', '/connections', { body: connection({ type: 'API_KEY', apiKey: '' }) }, 'too_small@credentials.apiKey'],
  ['POST', '/connections', { body: connection({ type: 'NOPE' }) }, 'invalid_union@credentials.type'],
  ['POST', '/connections', { body: connection({ type: 'NONE' }) }, '400 invalid_body'],
  [
    'POST',
    '/connections',
    { body: connection({ type: 'OAUTH2', access_token: 'a', expires_at: 'soon' }) },
    'invalid_type@credentials.expires_at',
  ],
  ['GET', '/connections?limit=2001&page=-1', {}, 'too_big@limit too_small@page'],
  ['GET', '/connections?tags=a', {}, 'invalid_type@tags'],
  ['GET', '/connections?integration_id=crm', {}, 'unrecognized_keys@'],
  ['GET', '/connections/a%3Fb?provider_config_key=crm', {}, 'invalid_format@connectionId'],
  ['GET', '/connections/c?provider_config_key=crm&force_refresh=1', {}, 'invalid_value@force_refresh'],
  ['GET', '/connections/c?provider_config_key=nope', {}, '400 unknown_provider_config'],
  ['DELETE', '/connections/c?provider_config_key=nope', {}, '400 unknown_connection'],
  [
    'POST',
    '/connections/metadata',
    { body: { connection_id: ['c', 'd'], provider_config_key: 'crm', metadata: {} } },
    '404 unknown_connection',
  ],
  // actions
  [
    'POST',
    '/action/trigger',
    { headers: { ...headers, 'x-max-retries': '9', 'x-async': 'maybe' }, body: action },
    'invalid_value@x-async too_big@x-max-retries',
  ],
  ['POST', '/action/trigger', { headers, body: { action_name: 'a b' } }, 'invalid_format@action_name'],
  ['POST', '/action/trigger', { headers, body: { ...action, more: 1 } }, '404 not_found'],
  [
    'POST',
    '/action/trigger',
    { headers: { ...headers, 'provider-config-key': 'nope' }, body: action },
    '400 unknown_connection',
  ],
  ['GET', '/action/nope', {}, 'invalid_format@id'],
])('%s %s %j: %s', async (method, path, given, expected) => {
  expect(await complaint(method, path, given)).toBe(expected);
});

test('credentials that the connect page sends are looked at before the integration, the kind before what is allowed', async () => {
  const { token } = await world.mint();
  const page = (integration: string, body: object, query = '') =>
    complaint('POST', `/api-auth/api-key/${integration}?connect_session_token=${token}${query}`, { body });
  expect(await page('nope', {})).toBe('invalid_type@apiKey');
  expect(await page('nope', { apiKey: 'k' })).toBe('404 unknown_provider_config');
  expect(await page('other', { apiKey: 'k' })).toBe('400 invalid_auth_mode');
  expect(await page('keyed', { apiKey: 'k' })).toBe('400 integration_not_allowed');
  expect(await page('keyed', { apiKey: 'k' }, '&connection_id=mine')).toBe('custom@connection_id');
});
