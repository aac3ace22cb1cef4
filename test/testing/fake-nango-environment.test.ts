import { reply, startRawServer } from '../support/raw-server';
import type { RawServer } from '../support/raw-server';
import { Playground } from './playground';

let world: Playground;

beforeEach(async () => {
  world = await Playground.open();
});

afterEach(async () => {
  await world.close();
});

test('variables of the environment are shown with their values, to a key that may read them', async () => {
  world.nango.addEnvironmentVariable('REGION', 'eu');
  world.nango.addEnvironmentVariable('REGION', 'us');
  expect(await world.call('GET', '/environment-variables')).toMatchObject({
    status: 200,
    body: [{ name: 'REGION', value: 'us' }],
  });
  const key = world.nango.addKey({ scopes: ['environment:integrations:list'] });
  expect((await world.call('GET', '/environment-variables', { key })).status).toBe(403);
});

describe("a provider's own webhook", () => {
  let application: RawServer;
  let hook: string;

  beforeEach(async () => {
    application = await startRawServer(() => reply(200));
    await world.close();
    world = await Playground.open({ webhookUrl: application.baseUrl });
    world.nango.addIntegration({ key: 'hub', provider: 'hubspot' });
    const { body } = await world.call('GET', '/integrations/hub?include=webhook');
    hook = new URL((body as { data: { webhook_url: string } }).data.webhook_url).pathname;
  });

  afterEach(async () => {
    await application.close();
  });

  const call = async () =>
    await world.call('POST', hook, { headers: { 'x-provider-sig': 'abc' }, body: { n: 1, hello: 'world' } });

  test('is handed on as it is, with its own headers, and signed', async () => {
    expect((await call()).status).toBe(204);
    await world.nango.webhooks.settled();
    const [{ body, headers } = { body: '', headers: [] }] = application.requests;
    expect(body).toBe('{"hello":"world","n":1}');
    expect(headers).toContainEqual(['x-provider-sig', 'abc']);
    expect(headers).toContainEqual(['x-nango-hmac-sha256', expect.any(String)]);
  });

  test('stays where it is for an integration that forwards none', async () => {
    await world.call('PATCH', '/integrations/hub', { body: { forward_webhooks: false } });
    expect((await call()).status).toBe(204);
    await world.nango.webhooks.settled();
    expect(application.requests).toEqual([]);
  });

  test('of another environment, or of an unknown integration, is refused', async () => {
    expect((await world.call('POST', '/webhook/other/hub', { body: {} })).status).toBe(404);
    expect((await world.call('POST', `${hook}x`, { body: {} })).body).toEqual({
      error: { code: 'unknown_provider_config' },
    });
  });
});

describe('tools over MCP', () => {
  const rpc = async (method: string, params?: object) => {
    const { connectionId } = world.nango.addConnection({ integration: 'crm' });
    const headers = { 'provider-config-key': 'crm', 'connection-id': connectionId };
    const { body } = await world.call('POST', '/mcp', { headers, body: { jsonrpc: '2.0', id: 1, method, params } });
    return JSON.parse(String(body).replace(/^event: message\ndata: /, '')) as unknown;
  };

  test('an action that fails says so in its result', async () => {
    world.nango.onAction('crm', 'fail', () => {
      throw new Error('no');
    });
    expect(await rpc('tools/call', { name: 'fail' })).toMatchObject({ result: { isError: true } });
  });

  test('a tool or a method that is not there is an error', async () => {
    expect(await rpc('tools/call', { name: 'nope' })).toMatchObject({ error: { code: -32_602 } });
    expect(await rpc('resources/list')).toMatchObject({ error: { code: -32_601 } });
  });

  test('a request without a connection is refused, and a GET always', async () => {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
    expect((await world.call('POST', '/mcp', { body })).body).toMatchObject({ error: { code: 'invalid_headers' } });
    const headers = { 'provider-config-key': 'crm', 'connection-id': 'nobody' };
    expect((await world.call('POST', '/mcp', { headers, body })).body).toMatchObject({
      error: { code: 'unknown_connection' },
    });
    expect((await world.call('GET', '/mcp')).status).toBe(405);
  });
});
