import { detailsOf, findNangoFailure } from '../../src/contract/errors';
import { createConnectSession } from '../../src/nango/connect-sessions';
import { deleteConnection, getConnection, listConnections } from '../../src/nango/connections';
import { NangoApi } from '../../src/nango/http/http';
import { requireIntegration } from '../../src/nango/integrations';
import { reply, replyJson, startRawServer } from '../support/raw-server';
import type { RawRequest } from '../support/raw-server';

// Nango's own API. The answers have the shape that a live server gave.

const BOUNDS = { deadlineMs: 20_000 };
const REF = { integration: 'hubspot', connectionId: 'c-1' };
const SECRET = 'do-not-tell';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A client whose server answers everything with this, and the requests that came. */
async function responding(response: string): Promise<{ api: NangoApi; requests: RawRequest[] }> {
  const server = await startRawServer(() => response);
  const api = new NangoApi({ baseUrl: server.baseUrl, secretKey: 'the-key' });
  closers.push(
    () => server.close(),
    () => api.close(),
  );
  return { api, requests: server.requests };
}

async function failureOf(work: Promise<unknown>) {
  const failure = findNangoFailure(await work.then(undefined, (error: unknown) => error));
  return { type: failure?.type, message: failure?.message, ...(failure && detailsOf(failure)) };
}

const sent = (requests: RawRequest[]): string[] => requests.map(({ line }) => line);

const CREATED = '2026-01-02T03:04:05.678+00:00';
const shared = {
  id: 56,
  connection_id: 'c-1',
  provider_config_key: 'hubspot',
  provider: 'hubspot',
  errors: [],
  end_user: null,
  tags: { end_user_id: 'u_42' },
  metadata: { note: SECRET },
};
const listed = { ...shared, created: CREATED };
const read = {
  ...shared,
  connection_config: { userCredentials: SECRET },
  webhook_url_override: null,
  created_at: CREATED,
  updated_at: CREATED,
  last_fetched_at: CREATED,
  credentials: {},
};
const PROJECTION = {
  ...REF,
  provider: 'hubspot',
  tags: { end_user_id: 'u_42' },
  createdAt: CREATED,
  health: 'ok',
  grantedScopes: undefined,
};

describe('listing connections', () => {
  const list = (connections: unknown[], headers: Record<string, string> = {}) =>
    responding(replyJson(200, { connections }, headers));

  test('asks for the integration, each tag and a limit, and for nothing else', async () => {
    const { api, requests } = await list([]);
    await listConnections(api, { integration: 'a b&c', tags: { end_user_id: 'ü=1', 'a/b': 'x' }, limit: 5 }, BOUNDS);
    const [line = ''] = sent(requests);
    const [method, target = ''] = line.split(' ');
    const url = new URL(target, 'http://nango.invalid');
    expect([method, url.pathname]).toEqual(['GET', '/connections']);
    expect([...url.searchParams]).toEqual([
      ['limit', '5'],
      ['integrationId', 'a b&c'],
      ['tags[end_user_id]', 'ü=1'],
      ['tags[a/b]', 'x'],
    ]);
  });

  test('without an integration or tags asks for all', async () => {
    const { api, requests } = await list([]);
    await listConnections(api, { limit: 9 }, BOUNDS);
    expect(sent(requests)).toEqual(['GET /connections?limit=9 HTTP/1.1']);
  });

  test('keeps their order and nothing that may be secret', async () => {
    const { api } = await list([{ ...listed, connection_id: 'newer' }, listed]);
    const { connections } = await listConnections(api, { limit: 9 }, BOUNDS);
    expect(connections).toEqual([{ ...PROJECTION, connectionId: 'newer' }, PROJECTION]);
    expect(JSON.stringify(connections)).not.toContain(SECRET);
  });

  test.each<[string, unknown, unknown]>([
    ['null', null, {}],
    ['absent', undefined, {}],
  ])('takes tags that are %s for none', async (_name, tags, expected) => {
    const { api } = await list([{ ...listed, tags }]);
    expect((await listConnections(api, { limit: 9 }, BOUNDS)).connections[0]?.tags).toEqual(expected);
  });

  test.each<[string, unknown, string]>([
    ['its refresh failed', [{ type: 'auth', log_id: '1' }], 'failing'],
    ['a sync of it failed', [{ type: 'sync', log_id: '1' }], 'ok'],
    ['a sync and its refresh failed', [{ type: 'sync' }, { type: 'auth' }], 'failing'],
    ['errors are null', null, 'ok'],
    ['errors are absent', undefined, 'ok'],
  ])('health when %s', async (_name, errors, health) => {
    const { api } = await list([{ ...listed, errors }]);
    expect((await listConnections(api, { limit: 9 }, BOUNDS)).connections[0]?.health).toBe(health);
  });

  test.each<[string, Record<string, string>, number | undefined]>([
    ['the limit', { 'x-ratelimit-limit': '200' }, 200],
    ['nothing, where Nango has no limiter', {}, undefined],
    ['nothing, where it is no number', { 'x-ratelimit-limit': 'many' }, undefined],
  ])('tells %s a minute', async (_name, headers, limitPerMinute) => {
    const { api } = await list([], headers);
    expect((await listConnections(api, { limit: 9 }, BOUNDS)).limitPerMinute).toBe(limitPerMinute);
  });

  test.each<[string, string, string]>([
    ['no JSON', reply(200, '{', { 'content-type': 'application/json' }), 'Nango.BadResponse'],
    ['JSON of another shape', replyJson(200, [listed]), 'Nango.BadResponse'],
    ['a connection without an id', replyJson(200, { connections: [{ provider: 'x' }] }), 'Nango.BadResponse'],
    ['an empty body', reply(200), 'Nango.BadResponse'],
    ['a page', reply(200, '<html>', { 'content-type': 'text/html' }), 'Nango.Misconfigured'],
  ])('is refused when the answer is %s', async (_name, response, type) => {
    const { api } = await responding(response);
    expect(await failureOf(listConnections(api, { limit: 9 }, BOUNDS))).toMatchObject({ type, status: 200 });
  });
});

describe('reading a connection', () => {
  test('asks for it by both parts of its identity, each encoded', async () => {
    const { api, requests } = await responding(replyJson(200, read));
    await getConnection(api, { integration: 'a b&c', connectionId: '../x?y#z' }, BOUNDS);
    expect(sent(requests)).toEqual(['GET /connections/..%2Fx%3Fy%23z?provider_config_key=a%20b%26c HTTP/1.1']);
  });

  test('tells nothing that may be secret', async () => {
    const credentials = { type: 'OAUTH2', access_token: SECRET, raw: { access_token: SECRET, scope: 'read' } };
    const { api } = await responding(replyJson(200, { ...read, credentials }));
    const connection = await getConnection(api, REF, BOUNDS);
    expect(connection).toEqual({ ...PROJECTION, grantedScopes: ['read'] });
    expect(JSON.stringify(connection)).not.toContain(SECRET);
  });

  test.each<[string, unknown, string[] | undefined]>([
    ['separated by spaces', { raw: { scope: 'read write  admin' } }, ['read', 'write', 'admin']],
    ['separated by commas', { raw: { scope: 'read,write, admin' } }, ['read', 'write', 'admin']],
    ['none', { raw: { scope: '' } }, []],
    ['not readable with this key', {}, undefined],
    ['not told by the provider', { raw: { token_type: 'bearer' } }, undefined],
    ['no text', { raw: { scope: { user: ['read'] } } }, undefined],
    ['nowhere, with credentials of another kind', { type: 'API_KEY', apiKey: SECRET }, undefined],
    ['nowhere, with an answer of another form', { type: 'OAUTH1', raw: 'a=b' }, undefined],
    ['nowhere, without an answer', { raw: null }, undefined],
    ['nowhere, without credentials', null, undefined],
  ])('granted scopes: %s', async (_name, credentials, scopes) => {
    const { api } = await responding(replyJson(200, { ...read, credentials }));
    expect((await getConnection(api, REF, BOUNDS)).grantedScopes).toEqual(scopes);
  });

  // One that Nango has given up need not list an error: the code alone says it.
  test.each<[number, unknown[]]>([
    [400, [{ type: 'auth', log_id: '1' }]],
    [424, [{ type: 'auth', log_id: '1' }]],
    [424, []],
  ])('one whose refresh fails, said as %s, is a failing connection and no error', async (status, errors) => {
    const connection = { ...read, errors };
    const error = { code: 'invalid_credentials', message: SECRET, payload: { connection } };
    const { api } = await responding(replyJson(status, { error }));
    const found = await getConnection(api, REF, BOUNDS);
    expect(found).toEqual({ ...PROJECTION, health: 'failing' });
    expect(JSON.stringify(found)).not.toContain(SECRET);
  });

  test.each<[string, string, Record<string, unknown>]>([
    [
      'is missing',
      replyJson(404, { error: { code: 'not_found', message: SECRET } }),
      { type: 'Nango.ConnectionNotFound', status: 404 },
    ],
    [
      'has no integration',
      replyJson(400, { error: { code: 'unknown_provider_config', message: SECRET } }),
      { type: 'Nango.IntegrationNotFound', status: 400 },
    ],
    [
      'fails to refresh and is not shown',
      replyJson(424, { error: { code: 'invalid_credentials', message: SECRET } }),
      { type: 'Nango.RefreshFailing', retryAfterMs: 30_000 },
    ],
    ['has another shape', replyJson(200, { id: SECRET }), { type: 'Nango.BadResponse', status: 200 }],
    ['is a page', reply(200, SECRET, { 'content-type': 'text/html' }), { type: 'Nango.Misconfigured' }],
  ])('one that %s is told by type, in our own words', async (_name, response, expected) => {
    const { api } = await responding(response);
    const failure = await failureOf(getConnection(api, REF, BOUNDS));
    expect(failure).toMatchObject(expected);
    expect(JSON.stringify(failure)).not.toContain(SECRET);
  });
});

describe('deleting a connection', () => {
  test('asks for it by both parts of its identity', async () => {
    const { api, requests } = await responding(replyJson(200, { success: true }));
    await deleteConnection(api, { integration: 'a/b', connectionId: 'c 1' }, BOUNDS);
    expect(sent(requests)).toEqual(['DELETE /connections/c%201?provider_config_key=a%2Fb HTTP/1.1']);
  });

  test('that is gone is done', async () => {
    const { api } = await responding(replyJson(400, { error: { code: 'unknown_connection' } }));
    await expect(deleteConnection(api, REF, BOUNDS)).resolves.toBeUndefined();
  });

  test('with a key that may not is not done', async () => {
    const message = 'Insufficient scope. Required: environment:connections:delete';
    const { api } = await responding(replyJson(403, { error: { code: 'forbidden', message } }));
    const failure = await failureOf(deleteConnection(api, REF, BOUNDS));
    expect(failure.type).toBe('Nango.Forbidden');
    expect(failure.message).toContain('environment:connections:delete');
  });
});

describe('whether there is an integration', () => {
  const data = [
    { unique_key: 'github', provider: 'github' },
    { unique_key: 'hubspot', provider: 'hubspot', logo: null },
  ];

  test('of its key, by the list alone', async () => {
    const { api, requests } = await responding(replyJson(200, { data }));
    await requireIntegration(api, 'hubspot', BOUNDS);
    expect(sent(requests)).toEqual(['GET /integrations HTTP/1.1']);
  });

  test.each([
    ['hub', ['github', 'hubspot']],
    ['HubSpot', ['hubspot']],
    ['slack', undefined],
  ])('%s is none', async (key, suggestions) => {
    const { api } = await responding(replyJson(200, { data }));
    const failure = await failureOf(requireIntegration(api, key, BOUNDS));
    expect(failure).toMatchObject({ type: 'Nango.IntegrationNotFound' });
    expect(failure.suggestions).toEqual(suggestions);
  });
});

describe('making a connect session', () => {
  const token = `nango_connect_session_${'0'.repeat(64)}`;
  const data = { token, connect_link: `http://localhost:3009/?session_token=${token}`, expires_at: CREATED };
  const made = (input: { scopes?: string[] }) => ({ integration: 'hubspot', tags: { end_user_id: 'u_42' }, ...input });

  test('is for one integration only, with its tags', async () => {
    const { api, requests } = await responding(replyJson(201, { data }));
    const session = await createConnectSession(api, made({}), BOUNDS);
    expect(session).toEqual({ token, connectLink: data.connect_link, expiresAt: CREATED });
    expect(sent(requests)).toEqual(['POST /connect/sessions HTTP/1.1']);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      tags: { end_user_id: 'u_42' },
      allowed_integrations: ['hubspot'],
    });
  });

  test('asks the provider for scopes by a list with commas', async () => {
    const { api, requests } = await responding(replyJson(201, { data }));
    await createConnectSession(api, made({ scopes: ['read', 'write'] }), BOUNDS);
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
      integrations_config_defaults: { hubspot: { connection_config: { oauth_scopes_override: 'read,write' } } },
    });
  });

  test.each<[string, number, object, string]>([
    [
      'an integration that does not exist',
      400,
      { code: 'invalid_body', errors: [{ code: 'custom', message: SECRET, path: ['allowed_integrations', '0'] }] },
      'Nango.IntegrationNotFound',
    ],
    [
      'a tag that Nango refuses',
      400,
      { code: 'invalid_body', errors: [{ code: 'invalid_key', message: SECRET, path: ['tags', 'Bad Key'] }] },
      'Nango.InvalidRequest',
    ],
    ['more connections than the plan has', 400, { code: 'resource_capped', message: SECRET }, 'Nango.PlanLimit'],
    [
      'a key without the scope',
      403,
      { code: 'forbidden', message: 'Insufficient scope. Required: environment:connect_sessions:write' },
      'Nango.Forbidden',
    ],
  ])('is refused for %s', async (_name, status, error, type) => {
    const { api } = await responding(replyJson(status, { error }));
    const failure = await failureOf(createConnectSession(api, made({}), BOUNDS));
    expect(failure).toMatchObject({ type, status });
    expect(JSON.stringify(failure)).not.toContain(SECRET);
  });

  test('does not tell the token when the answer is not what it should be', async () => {
    const { api } = await responding(replyJson(201, { data: { token } }));
    const failure = await failureOf(createConnectSession(api, made({}), BOUNDS));
    expect(failure.type).toBe('Nango.BadResponse');
    expect(JSON.stringify(failure)).not.toContain(token);
  });
});
