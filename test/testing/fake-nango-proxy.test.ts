import { createServer, get } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Playground } from './playground';

let world: Playground;
let connectionId: string;

beforeEach(async () => {
  world = await Playground.open();
  ({ connectionId } = world.nango.addConnection({ integration: 'crm' }));
});

afterEach(async () => {
  await world.close();
});

describe('with a handler for the provider', () => {
  test('gives it the path byte for byte, the credential, and only the headers meant for the provider', async () => {
    const seen: object[] = [];
    world.nango.onProxy('crm', (request) => {
      seen.push(request);
      return { json: {} };
    });
    await world.proxied(connectionId, '/a%2Fb/c%20d?x=1&x=2&e=', {
      method: 'POST',
      headers: { 'nango-proxy-x-own': 'yes', 'x-other': 'no' },
      body: { a: 1 },
    });
    expect(seen).toMatchObject([
      { method: 'POST', path: '/a%2Fb/c%20d?x=1&x=2&e=', body: { a: 1 }, headers: { 'x-own': 'yes' } },
    ]);
    expect(JSON.stringify(seen)).toContain('access of someone');
    expect(JSON.stringify(seen)).not.toContain('x-other');
  });

  test('hands on its errors with all headers, and little of its successes unless they come in pieces', async () => {
    const { nango } = world;
    const headers = { 'x-other': 'o', 'x-request-id': 'r', 'retry-after': '7' };
    nango.onProxy('crm', ({ path }) => ({
      status: Number(path.slice(1, 4)),
      chunked: path.endsWith('?c'),
      headers,
      json: {},
    }));
    const shown = async (path: string) => {
      const { status, headers } = await world.proxied(connectionId, path);
      return [status, ...['x-other', 'x-request-id', 'retry-after'].map((name) => headers.get(name))];
    };
    expect(await shown('/201')).toEqual([200, null, 'r', null]);
    expect(await shown('/201?c')).toEqual([201, 'o', 'r', '7']);
    expect(await shown('/429')).toEqual([429, 'o', 'r', '7']);
  });

  test('breaks the caller’s connection on a reset', async () => {
    world.nango.onProxy('crm', () => 'reset');
    await expect(world.proxied(connectionId)).rejects.toThrow();
  });

  test('waits for as long as it is made to', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const arrived = new Promise<void>((resolve) => {
      world.nango.onProxy('crm', async () => {
        resolve();
        await held;
        return { json: 'late' };
      });
    });
    const call = world.proxied(connectionId);
    await arrived;
    expect(world.nango.requests[0]!.status).toBeUndefined();
    release();
    expect((await call).body).toBe('late');
  });

  test('retries where the caller asks Nango to, after what the provider says', async () => {
    let n = 0;
    world.nango.onProxy('crm', () => (++n === 1 ? { status: 503, headers: { 'retry-after': '0.01' } } : { json: n }));
    expect((await world.proxied(connectionId, '/x', { headers: { retries: '1' } })).body).toBe(2);
  });

  test('replaces a literal ${…} with the credential, as Nango does, but not an encoded one', async () => {
    world.nango.onProxy('crm', ({ path }) => ({ json: { path } }));
    expect(await rawGet('/proxy/x?k=${access_token}')).toContain('access%20of%20someone');
    expect(await rawGet('/proxy/x?k=%24%7Baccess_token%7D')).toContain('%24%7Baccess_token%7D');
    expect(await rawGet('/proxy/a/../b/%2e%2e/c')).toContain('"/c"');
  });

  /** Without what fetch does to a path. */
  function rawGet(path: string): Promise<string> {
    const { port } = new URL(world.nango.url);
    const headers = {
      authorization: `Bearer ${world.nango.secretKey}`,
      'provider-config-key': 'crm',
      'connection-id': connectionId,
    };
    return new Promise((resolve, reject) => {
      get({ host: '127.0.0.1', port, path, headers }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString()));
        response.on('end', () => resolve(body));
      }).on('error', reject);
    });
  }
});

describe('with a provider on the network', () => {
  let server: Server;
  let base: string;

  beforeEach(async () => {
    server = createServer((request, response) => void provider(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;
    world.nango.addProvider({ name: 'real', authMode: 'OAUTH2', baseUrl: base });
    world.nango.addIntegration({ key: 'crm', provider: 'real' });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Says what it was asked; `/redirect/307` and the like send the caller on. */
  async function provider(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const status = /redirect\/(\d+|loop)/.exec(request.url ?? '')?.[1];
    if (status !== undefined) {
      const location = status === 'loop' ? request.url : '/api/echo';
      response.writeHead(Number(status) || 302, { location, 'content-length': 0 }).end();
      return;
    }
    const { method, url, headers } = request;
    const body = gzipSync(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
    response.writeHead(200, {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'content-length': body.length,
    });
    response.end(body);
  }

  const post = { method: 'POST', body: { a: 1 } };

  test('calls it, with the credential, and unpacks what it answers', async () => {
    const { body } = await world.proxied(connectionId, '/echo', post);
    expect(body).toMatchObject({ method: 'POST', url: '/api/echo', body: '{"a":1}' });
    expect(body).toMatchObject({ headers: { authorization: 'Bearer access of someone' } });
  });

  test.each([
    [302, { method: 'GET', body: '' }],
    [303, { method: 'GET', body: '' }],
    [307, { method: 'POST', body: '{"a":1}' }],
  ])('follows a %d', async (status, seen) => {
    const { body } = await world.proxied(connectionId, `/redirect/${status}`, post);
    expect(body).toMatchObject({ ...seen, url: '/api/echo', headers: { authorization: 'Bearer access of someone' } });
  });

  test('gives up on redirects that do not end, as on any failure of the network', async () => {
    expect(await world.proxied(connectionId, '/redirect/loop')).toMatchObject({
      status: 500,
      body: { code: 'ERR_FR_TOO_MANY_REDIRECTS', method: 'get' },
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const response = await world.proxied(connectionId, '/echo');
    expect(response).toMatchObject({ status: 500, body: { code: 'ECONNREFUSED', method: 'get' } });
    expect(response.body).not.toHaveProperty('error');
  });

  test('takes a whole URL below the base for what comes after it, and makes one slash of several', async () => {
    expect((await world.proxied(connectionId, `/${base}/echo`)).body).toMatchObject({ url: '/api/echo' });
    expect((await world.proxied(connectionId, '//echo')).body).toMatchObject({ url: '/api/echo' });
  });
});

describe('before it calls anybody', () => {
  test.each([
    ['an integration that is not there', 404, 'unknown_provider_config', { 'provider-config-key': 'nope' }],
    ['a connection that is not there', 400, 'server_error', { 'connection-id': 'nope' }],
    ['a provider without an address', 400, 'unsupported_provider', {}],
    ['an address that is not called', 400, 'base_url_override_not_allowed', { 'base-url-override': 'http://10.0.0.1' }],
    ['no address at all', 400, 'invalid_headers', { 'base-url-override': 'nope' }],
    ['retries that are no number', 400, 'invalid_headers', { retries: 'many' }],
  ])('refuses %s', async (_, status, code, headers: { [name: string]: string }) => {
    expect(await world.proxied(connectionId, '/x', { headers })).toMatchObject({ status, body: { error: { code } } });
  });
});
