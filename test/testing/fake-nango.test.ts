import { createHmac } from 'node:crypto';
import { createServer, get } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeActionError, FakeNango } from '../../src/testing';

const MINUTE = 60_000;
const START = Date.UTC(2026, 0, 1);

let now: number;
let nango: FakeNango;
const cleanups: (() => Promise<void>)[] = [];

beforeEach(async () => {
  now = START;
  nango = await start();
});

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(options: Parameters<typeof FakeNango.start>[0] = {}): Promise<FakeNango> {
  const fake = await FakeNango.start({ clock: () => now, webhookRetryDelaysMs: [1, 1], ...options });
  cleanups.push(() => fake.close());
  fake.addProvider({ name: 'crm', authMode: 'OAUTH2' });
  fake.addIntegration({ key: 'crm', provider: 'crm' });
  fake.addIntegration({ key: 'other', provider: 'crm' });
  return fake;
}

interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

async function ask(
  method: string,
  path: string,
  given: { key?: string; headers?: object; body?: unknown } = {},
): Promise<Answer> {
  const response = await fetch(nango.url + path, {
    method,
    headers: {
      authorization: `Bearer ${given.key ?? nango.secretKey}`,
      ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...given.headers,
    },
    body: given.body === undefined ? undefined : JSON.stringify(given.body),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

async function mint(tags = { end_user_id: 'ann' }, allowed = ['crm']): Promise<{ token: string; link: string }> {
  const { status, body } = await ask('POST', '/connect/sessions', { body: { tags, allowed_integrations: allowed } });
  expect(status).toBe(201);
  const { data } = body as { data: { token: string; connect_link: string } };
  return { token: data.token, link: data.connect_link };
}

const proxied = (connectionId: string, path = '/x') =>
  ask('GET', `/proxy${path}`, { headers: { 'provider-config-key': 'crm', 'connection-id': connectionId } });

describe('a connect link', () => {
  test('makes a connection with the tags of its session', async () => {
    const { link } = await mint();
    const { connectionId } = nango.complete(link, { as: 'ann' });
    const { body } = await ask('GET', '/connections?tags[end_user_id]=ann');
    expect(body).toMatchObject({ connections: [{ connection_id: connectionId, tags: { end_user_id: 'ann' } }] });
  });

  test('is over half an hour after it was made, to the millisecond', async () => {
    const { link, token } = await mint();
    now = START + 30 * MINUTE - 1;
    expect((await ask('GET', '/connect/session', { key: token })).status).toBe(200);
    now = START + 30 * MINUTE;
    expect((await ask('GET', '/connect/session', { key: token })).body).toMatchObject({
      error: { code: 'unknown_connect_session_token' },
    });
    expect(() => nango.complete(link, { as: 'ann' })).toThrow('expired');
  });

  test('used twice makes two connections with the same tags: the credential is whose hand it was', async () => {
    const { link } = await mint();
    const [first, second] = [nango.complete(link, { as: 'ann' }), nango.complete(link, { as: 'somebody else' })];
    expect(second.connectionId).not.toBe(first.connectionId);
    const stored = [first, second].map(({ connectionId }) => nango.connection('crm', connectionId)!);
    expect(stored.map(({ tags }) => tags)).toEqual([{ end_user_id: 'ann' }, { end_user_id: 'ann' }]);
    expect(stored[0]!.credentials).not.toEqual(stored[1]!.credentials);
  });

  test('is for the integrations it allows', async () => {
    const { link } = await mint();
    expect(() => nango.complete(link, { as: 'ann', integration: 'other' })).toThrow('another integration');
  });

  test('is revoked by its own token', async () => {
    const { link, token } = await mint();
    expect((await ask('DELETE', '/connect/session', { key: token })).status).toBe(204);
    expect(() => nango.complete(link, { as: 'ann' })).toThrow('revoked');
  });

  test('opens a page on which a person connects', async () => {
    const { link } = await mint();
    expect(await (await fetch(link)).text()).toContain('Connect crm');
    const form = new URLSearchParams({ integration: 'crm', as: 'ann' });
    expect((await fetch(link, { method: 'POST', body: form })).status).toBe(200);
    expect((await ask('GET', '/connections')).body).toMatchObject({ connections: [{ tags: { end_user_id: 'ann' } }] });
  });

  test('of a reconnect keeps the id and loses the tags that are not sent again', async () => {
    const made = nango.addConnection({ integration: 'crm', tags: { end_user_id: 'ann' } });
    const body = { connection_id: made.connectionId, integration_id: 'crm' };
    const session = await ask('POST', '/connect/sessions/reconnect', { body });
    const { connect_link: link } = (session.body as { data: { connect_link: string } }).data;
    expect(nango.complete(link, { as: 'ann again' })).toEqual(made);
    expect(nango.connection('crm', made.connectionId)?.tags).toEqual({});
  });
});

describe('keys', () => {
  test('may do what their scopes say, and are told which one they lack', async () => {
    const key = nango.addKey({ scopes: ['environment:connections:list'] });
    expect((await ask('GET', '/connections', { key })).status).toBe(200);
    expect(await ask('POST', '/connect/sessions', { key, body: { tags: {} } })).toMatchObject({
      status: 403,
      body: {
        error: { code: 'forbidden', message: 'Insufficient scope. Required: environment:connect_sessions:write' },
      },
    });
  });

  test('a prefix covers what is below it', async () => {
    const key = nango.addKey({ scopes: ['environment:connections:*'] });
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    const read = await ask('GET', `/connections/${connectionId}?provider_config_key=crm`, { key });
    expect(read.body).toMatchObject({ credentials: { type: 'OAUTH2' } });
  });

  test('without read_credentials there are no credentials', async () => {
    const key = nango.addKey({ scopes: ['environment:connections:read'] });
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    const read = await ask('GET', `/connections/${connectionId}?provider_config_key=crm`, { key });
    expect(read.body).toMatchObject({ credentials: {} });
  });
});

describe('the proxy', () => {
  test('gives a handler the path byte for byte, the credential, and only the headers meant for the provider', async () => {
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    const seen: object[] = [];
    nango.onProxy('crm', (request) => {
      seen.push(request);
      return { json: {} };
    });
    await ask('POST', '/proxy/a%2Fb/c%20d?x=1&x=2&e=', {
      headers: {
        'provider-config-key': 'crm',
        'connection-id': connectionId,
        'nango-proxy-x-own': 'yes',
        'x-other': 'no',
      },
      body: { a: 1 },
    });
    expect(seen).toMatchObject([
      { method: 'POST', path: '/a%2Fb/c%20d?x=1&x=2&e=', body: { a: 1 }, headers: { 'x-own': 'yes' } },
    ]);
    expect(JSON.stringify(seen)).toContain('access of someone');
    expect(JSON.stringify(seen)).not.toContain('x-other');
  });

  test('a reset breaks the caller’s connection', async () => {
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    nango.onProxy('crm', () => 'reset');
    await expect(proxied(connectionId)).rejects.toThrow();
  });

  test('replaces a literal ${…} with the credential, as Nango does, but not an encoded one', async () => {
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    nango.onProxy('crm', ({ path }) => ({ json: { path } }));
    const headers = {
      authorization: `Bearer ${nango.secretKey}`,
      'provider-config-key': 'crm',
      'connection-id': connectionId,
    };
    // fetch would encode the braces.
    const raw = (path: string) =>
      new Promise<string>((resolve, reject) => {
        get({ host: '127.0.0.1', port: new URL(nango.url).port, path, headers }, (response) => {
          let body = '';
          response.on('data', (chunk: Buffer) => (body += chunk.toString()));
          response.on('end', () => resolve(body));
        }).on('error', reject);
      });
    expect(await raw('/proxy/x?k=${access_token}')).toContain('access%20of%20someone');
    expect(await raw('/proxy/x?k=%24%7Baccess_token%7D')).toContain('%24%7Baccess_token%7D');
  });

  test('an unknown connection is a 400, an unknown integration a 404', async () => {
    expect(await proxied('nope')).toMatchObject({ status: 400, body: { error: { code: 'server_error' } } });
    const call = { headers: { 'provider-config-key': 'nope', 'connection-id': 'nope' } };
    expect(await ask('GET', '/proxy/x', call)).toMatchObject({
      status: 404,
      body: { error: { code: 'unknown_provider_config' } },
    });
  });
});

describe('a refresh', () => {
  test.each(['revoked', 'outage'] as const)(
    'that fails (%s) is a 400, then 424 for half a minute, then tried again',
    async (mode) => {
      const { connectionId } = nango.addConnection({ integration: 'crm' });
      nango.onProxy('crm', () => ({ json: {} }));
      nango.refresh(connectionId, mode);
      expect(await proxied(connectionId)).toMatchObject({ status: 400, body: { error: { code: 'server_error' } } });
      expect(await proxied(connectionId)).toMatchObject({
        status: 424,
        body: { error: { code: 'connection_refresh_backoff' } },
      });
      const list = await ask('GET', '/connections');
      expect(list.body).toMatchObject({ connections: [{ errors: [{ type: 'auth' }] }] });
      now += MINUTE / 2;
      expect((await proxied(connectionId)).status).toBe(400);
      nango.refresh(connectionId, 'fine');
      now += MINUTE / 2;
      expect((await proxied(connectionId)).status).toBe(200);
    },
  );
});

describe('actions', () => {
  const trigger = (name: string, connectionId: string, headers = {}) =>
    ask('POST', '/action/trigger', {
      headers: { 'provider-config-key': 'crm', 'connection-id': connectionId, ...headers },
      body: { action_name: name, input: { n: 2 } },
    });

  test('answer their output, their own error, or that they do not exist', async () => {
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    nango.onAction('crm', 'double', (input) => 2 * (input as { n: number }).n);
    nango.onAction('crm', 'refuse', () => {
      throw new FakeActionError({ why: 'because' });
    });
    expect(await trigger('double', connectionId)).toMatchObject({ status: 200, body: 4 });
    expect(await trigger('refuse', connectionId)).toMatchObject({
      status: 500,
      body: { error: { code: 'action_script_runtime_error', payload: { why: 'because' } } },
    });
    expect(await trigger('missing', connectionId)).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    });
    expect(await trigger('double', 'nope')).toMatchObject({
      status: 400,
      body: { error: { code: 'unknown_connection' } },
    });
  });

  test('asynchronous ones cannot be told from unknown ones while they run', async () => {
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    let finish: (output: string) => void = () => undefined;
    nango.onAction('crm', 'slow', () => new Promise((resolve) => (finish = resolve)));
    const { status, headers } = await trigger('slow', connectionId, { 'x-async': 'true' });
    expect(status).toBe(202);
    const statusUrl = headers.get('location') ?? '';
    expect((await ask('GET', statusUrl)).status).toBe(404);
    finish('done');
    expect(await ask('GET', statusUrl)).toMatchObject({ status: 200, body: 'done' });
  });
});

describe('webhooks', () => {
  interface Received {
    headers: IncomingHttpHeaders;
    body: string;
  }

  /** An application that answers deliveries with these statuses in turn, then with 200. */
  async function application(...statuses: number[]): Promise<{ url: string; received: Received[] }> {
    const received: Received[] = [];
    const server: Server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push({ headers: request.headers, body });
        response.writeHead(statuses.shift() ?? 200).end();
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    cleanups.unshift(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, received };
  }

  async function connected(app: { url: string }, prepare: (fake: FakeNango) => void = () => undefined, error?: string) {
    nango = await start({ webhookUrl: app.url, webhookSigningKey: 'the key' });
    prepare(nango);
    const { link } = await mint();
    if (error === undefined) nango.complete(link, { as: 'ann' });
    else nango.complete(link, { error });
    await nango.webhooks.settled();
  }

  test('are signed over their bytes, with the keys in order', async () => {
    const app = await application();
    await connected(app);
    const [{ headers, body } = { headers: {}, body: '' }] = app.received;
    expect(headers['x-nango-hmac-sha256']).toBe(createHmac('sha256', 'the key').update(body).digest('hex'));
    const delivery = JSON.parse(body) as object;
    expect(Object.keys(delivery)).toEqual(Object.keys(delivery).toSorted());
    expect(delivery).toMatchObject({
      type: 'auth',
      operation: 'creation',
      success: true,
      tags: { end_user_id: 'ann' },
    });
  });

  test('of a failed attempt carry no tags', async () => {
    const app = await application();
    await connected(app, undefined, 'invalid_callback');
    const delivery = JSON.parse(app.received[0]!.body) as object;
    expect(delivery).toMatchObject({ success: false, error: { type: 'invalid_callback' } });
    expect(delivery).not.toHaveProperty('tags');
  });

  test('are repeated after a 5xx, twice at the most', async () => {
    const app = await application(500, 503, 502, 500);
    await connected(app);
    expect(app.received).toHaveLength(3);
  });

  test('are not repeated after a 4xx', async () => {
    const app = await application(404);
    await connected(app);
    expect(app.received).toHaveLength(1);
  });

  test('can be dropped', async () => {
    const app = await application();
    await connected(app, (fake) => fake.webhooks.drop(1));
    expect(app.received).toHaveLength(0);
    expect(nango.webhooks.dropped).toBe(1);
  });

  test('can be doubled', async () => {
    const app = await application();
    await connected(app, (fake) => fake.webhooks.duplicate(3));
    expect(app.received).toHaveLength(3);
  });

  test('can be delayed', async () => {
    const app = await application();
    nango = await start({ webhookUrl: app.url });
    nango.webhooks.delay(50);
    nango.complete((await mint()).link, { as: 'ann' });
    expect(app.received).toHaveLength(0);
    await nango.webhooks.settled();
    expect(app.received).toHaveLength(1);
  });
});

describe('the server', () => {
  test('answers 501 for a route it lacks, so that no test passes against nothing', async () => {
    expect(await ask('GET', '/records?model=x')).toMatchObject({
      status: 501,
      body: { error: { code: 'fake_nango_lacks_route', message: 'FakeNango has no GET /records.' } },
    });
  });

  test('answers what Nango does not know either with a page', async () => {
    expect((await ask('GET', '/nope')).headers.get('content-type')).toContain('text/html');
    expect((await ask('POST', '/nope')).status).toBe(404);
  });

  test('lets as many requests in as its limit, and says when the next minute begins', async () => {
    nango = await start({ rateLimitPerMinute: 2 });
    const [, second, third] = [
      await ask('GET', '/connections'),
      await ask('GET', '/connections'),
      await ask('GET', '/connections'),
    ];
    expect(second.headers.get('x-ratelimit-remaining')).toBe('0');
    expect(third).toMatchObject({
      status: 429,
      body: { error: { code: 'too_many_request', method: 'GET', path: '/connections' } },
    });
    expect(third.headers.get('retry-after')).toBe('60');
    now += MINUTE;
    expect((await ask('GET', '/connections')).status).toBe(200);
  });

  test('remembers what it was asked', async () => {
    await ask('GET', '/connections?limit=5');
    expect(nango.requests).toMatchObject([{ method: 'GET', path: '/connections?limit=5', status: 200 }]);
  });
});
