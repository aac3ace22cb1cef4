import { FakeActionError, FakeUpstreamError } from '../../src/testing/fake-nango';
import { MINUTE, Playground } from './playground';

let world: Playground;

beforeEach(async () => {
  world = await Playground.open();
});

afterEach(async () => {
  await world.close();
});

describe('a connect link', () => {
  test('makes a connection with the tags of its session', async () => {
    const { link } = await world.mint();
    const { connectionId } = world.nango.complete(link, { as: 'ann' });
    const { body } = await world.call('GET', '/connections?tags[end_user_id]=ann');
    expect(body).toMatchObject({ connections: [{ connection_id: connectionId, tags: { end_user_id: 'ann' } }] });
  });

  test('is over half an hour after it was made, to the millisecond', async () => {
    const { link, token } = await world.mint();
    world.pass(30 * MINUTE - 1);
    expect((await world.call('GET', '/connect/session', { key: token })).status).toBe(200);
    world.pass(1);
    expect((await world.call('GET', '/connect/session', { key: token })).body).toMatchObject({
      error: { code: 'unknown_connect_session_token' },
    });
    expect(() => world.nango.complete(link, { as: 'ann' })).toThrow('expired');
  });

  test('used twice makes two connections with the same tags: the credential is whose hand it was', async () => {
    const { nango } = world;
    const { link } = await world.mint();
    const [first, second] = [nango.complete(link, { as: 'ann' }), nango.complete(link, { as: 'somebody else' })];
    expect(second.connectionId).not.toBe(first.connectionId);
    const stored = [first, second].map(({ connectionId }) => nango.connection('crm', connectionId)!);
    expect(stored.map(({ tags }) => tags)).toEqual([{ end_user_id: 'ann' }, { end_user_id: 'ann' }]);
    expect(stored[0]!.credentials).not.toEqual(stored[1]!.credentials);
  });

  test('is for the integrations it allows', async () => {
    const { link } = await world.mint();
    expect(() => world.nango.complete(link, { as: 'ann', integration: 'other' })).toThrow('another integration');
  });

  test('is revoked by its own token', async () => {
    const { link, token } = await world.mint();
    expect((await world.call('DELETE', '/connect/session', { key: token })).status).toBe(204);
    expect(() => world.nango.complete(link, { as: 'ann' })).toThrow('revoked');
  });

  test('opens a page on which a person connects', async () => {
    const { link } = await world.mint();
    expect(await (await fetch(link)).text()).toContain('Connect crm');
    const form = new URLSearchParams({ integration: 'crm', as: 'ann' });
    expect((await fetch(link, { method: 'POST', body: form })).status).toBe(200);
    expect((await world.call('GET', '/connections')).body).toMatchObject({
      connections: [{ tags: { end_user_id: 'ann' } }],
    });
  });

  test('opens a page on which a person refuses', async () => {
    const { link } = await world.mint();
    expect((await fetch(link, { method: 'POST', body: new URLSearchParams({ refuse: 'crm' }) })).status).toBe(200);
    expect((await world.call('GET', '/connections')).body).toEqual({ connections: [] });
  });

  test('of a reconnect keeps the id and the end user, and loses the tags that are not sent again', async () => {
    const first = await world.mint({ end_user: { id: 'ann' }, allowed_integrations: ['crm'] });
    const made = world.nango.complete(first.link, { as: 'ann' });
    const { link } = await world.mint({ connection_id: made.connectionId, integration_id: 'crm' }, '/reconnect');
    expect(world.nango.complete(link, { as: 'ann again' })).toEqual(made);
    expect(world.nango.connection('crm', made.connectionId)).toMatchObject({ tags: {}, endUser: { id: 'ann' } });
  });

  test('lets its token see the integrations it is for, and no others', async () => {
    const { token } = await world.mint();
    const { body } = await world.call('GET', '/integrations', { key: token });
    expect(body).toMatchObject({ data: [{ unique_key: 'crm' }] });
    expect((body as { data: unknown[] }).data).toHaveLength(1);
  });
});

describe('keys', () => {
  test('may do what their scopes say, and are told which one they lack', async () => {
    const key = world.nango.addKey({ scopes: ['environment:connections:list'] });
    expect((await world.call('GET', '/connections', { key })).status).toBe(200);
    expect((await world.call('GET', '/integrations', { key })).status).toBe(403);
    expect(await world.call('POST', '/connect/sessions', { key, body: { tags: {} } })).toMatchObject({
      status: 403,
      body: {
        error: { code: 'forbidden', message: 'Insufficient scope. Required: environment:connect_sessions:write' },
      },
    });
  });

  test('a prefix covers what is below it', async () => {
    const key = world.nango.addKey({ scopes: ['environment:connections:*'] });
    const { connectionId } = world.nango.addConnection({ integration: 'crm' });
    const read = await world.call('GET', `/connections/${connectionId}?provider_config_key=crm`, { key });
    expect(read.body).toMatchObject({ credentials: { type: 'OAUTH2' } });
  });

  test('without read_credentials there are no credentials, and no forced refresh', async () => {
    const key = world.nango.addKey({ scopes: ['environment:connections:read'] });
    const { connectionId } = world.nango.addConnection({ integration: 'crm' });
    const path = `/connections/${connectionId}?provider_config_key=crm`;
    expect((await world.call('GET', path, { key })).body).toMatchObject({ credentials: {} });
    expect((await world.call('GET', `${path}&force_refresh=true`, { key })).status).toBe(403);
  });

  test('come alone or after "Bearer ", spelt like that', async () => {
    const statusFor = async (authorization: string) =>
      (await world.call('GET', '/connections', { headers: { authorization } })).status;
    expect(await statusFor(world.nango.secretKey)).toBe(200);
    expect(await statusFor(`bearer ${world.nango.secretKey}`)).toBe(401);
  });
});

describe('a refresh', () => {
  test.each(['revoked', 'outage'] as const)(
    'that fails (%s) is a 400, then 424 for half a minute, then tried again',
    async (mode) => {
      const { nango } = world;
      const { connectionId } = nango.addConnection({ integration: 'crm' });
      nango.onProxy('crm', () => ({ json: {} }));
      nango.refresh(connectionId, mode);
      expect(await world.proxied(connectionId)).toMatchObject({
        status: 400,
        body: { error: { code: 'server_error' } },
      });
      expect(await world.proxied(connectionId)).toMatchObject({
        status: 424,
        body: { error: { code: 'connection_refresh_backoff' } },
      });
      const list = await world.call('GET', '/connections');
      expect(list.body).toMatchObject({ connections: [{ errors: [{ type: 'auth' }] }] });
      world.pass(MINUTE / 2);
      expect((await world.proxied(connectionId)).status).toBe(400);
      nango.refresh(connectionId, 'fine');
      world.pass(MINUTE / 2);
      expect((await world.proxied(connectionId)).status).toBe(200);
    },
  );

  test('that failed, though forced, holds back a token that is still good', async () => {
    const { nango } = world;
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    const stored = nango.connection('crm', connectionId)!;
    stored.refreshMode = 'revoked';
    const read = `/connections/${connectionId}?provider_config_key=crm`;
    expect((await world.call('GET', `${read}&force_refresh=true`)).status).toBe(400);
    expect(await world.call('GET', read)).toMatchObject({
      status: 424,
      body: { error: { code: 'invalid_credentials', payload: { connection: { credentials: {} } } } },
    });
  });

  test('that failed on four days is not tried again, unless forced', async () => {
    const { nango } = world;
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    nango.onProxy('crm', () => ({ json: {} }));
    nango.refresh(connectionId, 'revoked');
    for (let day = 0; day < 4; day++) {
      expect((await world.proxied(connectionId)).status).toBe(400);
      world.pass(24 * 60 * MINUTE);
    }
    const exhausted = { status: 424, body: { error: { code: 'server_error' } } };
    expect(await world.proxied(connectionId)).toMatchObject(exhausted);
    nango.refresh(connectionId, 'fine');
    expect(await world.proxied(connectionId)).toMatchObject(exhausted);
    const forced = await world.call('GET', `/connections/${connectionId}?provider_config_key=crm&force_refresh=true`);
    expect(forced.status).toBe(200);
    expect((await world.proxied(connectionId)).status).toBe(200);
  });
});

describe('actions', () => {
  const trigger = (name: string, connectionId: string, headers = {}) =>
    world.call('POST', '/action/trigger', {
      headers: { 'provider-config-key': 'crm', 'connection-id': connectionId, ...headers },
      body: { action_name: name, input: { n: 2 } },
    });

  test('answer their output, their own error, or that they do not exist', async () => {
    const { nango } = world;
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

  test('crash, or hand on what the provider said', async () => {
    const { nango } = world;
    const { connectionId } = nango.addConnection({ integration: 'crm' });
    nango.onAction('crm', 'crash', () => {
      throw new TypeError('plain crash');
    });
    nango.onAction('crm', 'missing', () => {
      throw new FakeUpstreamError(404, { error: 'gone' });
    });
    nango.onAction('crm', 'limited', () => {
      throw new FakeUpstreamError(429);
    });
    expect(await trigger('crash', connectionId)).toMatchObject({
      status: 500,
      body: { error: { code: 'script_internal_error', payload: { name: 'TypeError', message: 'plain crash' } } },
    });
    expect(await trigger('missing', connectionId)).toMatchObject({
      status: 424,
      body: { error: { code: 'script_http_error', upstream: { status: 404, body: { error: 'gone' } } } },
    });
    expect(await trigger('limited', connectionId)).toMatchObject({
      status: 424,
      body: { error: { code: 'script_api_rate_limit_error' } },
    });
  });

  test('asynchronous ones cannot be told from unknown ones while they run', async () => {
    const { connectionId } = world.nango.addConnection({ integration: 'crm' });
    let finish: (output: string) => void = () => undefined;
    world.nango.onAction('crm', 'slow', () => new Promise((resolve) => (finish = resolve)));
    const { status, headers } = await trigger('slow', connectionId, { 'x-async': 'yes' });
    expect(status).toBe(202);
    const statusUrl = headers.get('location') ?? '';
    expect((await world.call('GET', statusUrl)).status).toBe(404);
    finish('done');
    expect(await world.call('GET', statusUrl)).toMatchObject({ status: 200, body: 'done' });
  });
});

describe('the server', () => {
  test('answers 501 for a route it lacks, so that no test passes against nothing', async () => {
    expect(await world.call('GET', '/records?model=x')).toMatchObject({
      status: 501,
      body: { error: { code: 'fake_nango_lacks_route', message: 'FakeNango has no route GET /records' } },
    });
  });

  test('answers what Nango does not know either with a page', async () => {
    expect((await world.call('GET', '/nope')).headers.get('content-type')).toContain('text/html');
    expect((await world.call('POST', '/nope')).status).toBe(404);
    expect((await world.call('PUT', '/integrations', { body: {} })).status).toBe(404);
  });

  test('has the limit of a self-hosted server unless told otherwise', async () => {
    expect((await world.call('GET', '/connections')).headers.get('x-ratelimit-limit')).toBe('200');
  });

  test('lets as many requests in as its limit, and says when the next minute begins', async () => {
    const limited = await Playground.open({ rateLimitPerMinute: 2 });
    try {
      await limited.call('GET', '/connections');
      const second = await limited.call('GET', '/connections');
      expect(second.headers.get('x-ratelimit-remaining')).toBe('0');
      const third = await limited.call('GET', '/connections');
      expect(third).toMatchObject({
        status: 429,
        body: { error: { code: 'too_many_request', method: 'GET', path: '/connections' } },
      });
      expect(third.headers.get('retry-after')).toBe('60');
      expect(third.headers.get('x-ratelimit-limit')).toBe('2');
      limited.pass(MINUTE);
      expect((await limited.call('GET', '/connections')).status).toBe(200);
    } finally {
      await limited.close();
    }
  });

  test('remembers what it was asked, and for whom', async () => {
    const { nango } = world;
    await world.call('GET', '/connections?limit=5');
    await world.proxied('c-1');
    expect(nango.requests).toMatchObject([
      { method: 'GET', path: '/connections?limit=5', status: 200 },
      { path: '/proxy/x', status: 400, integration: 'crm', connectionId: 'c-1' },
    ]);
    expect(nango.requests[0]!.headers.authorization).toContain(nango.secretKey);
    expect(nango.count(({ path }) => path.startsWith('/proxy'))).toBe(1);
  });

  test('goes away and comes back', async () => {
    world.nango.outage(true);
    expect((await world.call('GET', '/connections')).status).toBe(503);
    world.nango.outage(false);
    expect((await world.call('GET', '/connections')).status).toBe(200);
  });
});
