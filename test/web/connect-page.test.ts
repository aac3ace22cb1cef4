import type { World } from '../support/world';
import { eventually } from '../support/eventually';
import { waitFor } from '../support/user-workflows';
import { openRequest, LINK_KEYS, openWorld, pathOf, Visitor } from './public-stage';
import { signedPath } from '../../src/requests/permanent-link';

// What a permanent link leads to, over a real Temporal and a Nango on loopback.

let world: World;
let visitor: Visitor;

beforeAll(async () => {
  world = await openWorld();
  visitor = new Visitor(world);
});

afterAll(async () => {
  await world.close();
});

beforeEach(() => {
  visitor = new Visitor(world);
});

const minted = () => world.nango.count(({ method, path }) => method === 'POST' && path.startsWith('/connect/sessions'));

async function waiting(over: Parameters<typeof openRequest>[1] = {}) {
  const request = await openRequest(world, over);
  await eventually(async () => ((await request.describe())?.view.status === 'waiting' ? true : undefined));
  return { request, path: pathOf(request.ref) };
}

test('says who asks, for what, with which permissions, for whom, until when, and what happens next', async () => {
  const deadline = Date.UTC(2031, 0, 2, 3, 4);
  const wanted = { endUser: { id: 'u_9', displayName: 'Dora <b>' }, scopes: ['crm.read', 'crm.write'], slot: 'work' };
  const { path } = await waiting({ ...wanted, deadline: Math.min(deadline, Date.now() + 86_400_000) });
  const { status, text } = await visitor.get(path);
  expect(status).toBe(200);
  for (const said of [
    'Acme asks you to connect HubSpot',
    'HubSpot',
    'Dora &lt;b&gt;',
    'work',
    '<code>crm.read</code>',
    '<code>crm.write</code>',
    'What happens next',
    '<time datetime=',
  ]) {
    expect(text).toContain(said);
  }
});

test('without a name, a display name and scopes it says so in neutral words', async () => {
  const { request, path } = await waiting();
  const { text } = await new Visitor(world, { config: { ...world.config, appName: undefined } }).get(path);
  expect(text).toContain('You are asked to connect HubSpot');
  expect(text).not.toContain('Acme');
  expect(text).toContain('What HubSpot is set up to ask for');
  expect(text).toContain(request.ref.id.split('u:')[1]);
});

test('a key that may only mint hides no name where the full key is there too', async () => {
  const connectKey = world.nango.addKey({ scopes: ['environment:connect_sessions:write'] });
  const { path } = await waiting();
  const both = new Visitor(world, { config: { ...world.config, connectKey } });
  expect((await both.get(path)).text).toContain('asks you to connect HubSpot');
});

test('a key that may only mint shows the integration by its key, and is not asked again for each page', async () => {
  const connectKey = world.nango.addKey({ scopes: ['environment:connect_sessions:write'] });
  const { path } = await waiting();
  const keyed = new Visitor(world, { config: { ...world.config, secretKey: undefined, connectKey } });
  const before = world.nango.requests.length;
  expect((await keyed.get(path)).text).toContain('asks you to connect hubspot');
  await keyed.get(path);
  expect(world.nango.requests.slice(before).map((request) => request.path)).toEqual(['/integrations/hubspot']);
});

test('a page that is fetched, as chats do for a preview, costs the request nothing and mints no link', async () => {
  const { request, path } = await waiting();
  await visitor.get(path);
  const [before, links, calls] = [await world.events(request.ref.id), minted(), world.nango.requests.length];
  for (let i = 0; i < 20; i++) expect((await visitor.get(i % 2 ? path : `${path}/decline`)).status).toBe(200);
  expect(await world.events(request.ref.id)).toEqual(before);
  expect(minted()).toBe(links);
  expect(world.nango.requests.length).toBe(calls);
});

test('needs no script, keeps nothing, and lets no other site in', async () => {
  const { path } = await waiting();
  const { text, headers } = await visitor.get(path);
  const policy = headers.get('content-security-policy') ?? '';
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('set-cookie')).toBeNull();
  expect(policy).not.toContain('unsafe');
  expect(policy.split('; ')).toEqual([
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self' https: http:",
  ]);
  expect(text).not.toMatch(/(?:src|href|action)="(?:[a-z]+:|\/)/);
  expect(text).not.toMatch(/ style=| on[a-z]+=/);
  const cloud = new Visitor(world, {
    config: { ...world.config, baseUrl: 'https://api.nango.dev', secretKey: undefined },
  });
  expect((await cloud.get(path)).headers.get('content-security-policy')).toMatch(/form-action 'self' https:$/);
});

test('its stylesheet and script are where it says', async () => {
  const { path } = await waiting();
  for (const page of [path, `${path}/decline`]) {
    const { text } = await visitor.get(page);
    for (const [, address] of text.matchAll(/(?:href|src)="([^"]*assets[^"]*)"/g)) {
      const { pathname } = new URL(address!, `http://host${page}`);
      expect((await visitor.get(pathname)).status).toBe(200);
    }
  }
});

test('the button mints one link and leads there; coming back, the page says who is connected', async () => {
  world.nango.onProxy('hubspot', () => ({ json: { id: 'anna@example.com' } }));
  const { request, path } = await waiting({ identity: { endpoint: '/me', pointer: '/id' } });
  const links = minted();
  const { status, headers } = await visitor.press(path, 'connect');
  expect(status).toBe(303);
  expect(minted()).toBe(links + 1);
  expect((await visitor.get(path)).text).toContain('Not connected yet');
  const made = world.nango.complete(headers.get('location')!, { as: 'anna' });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  await request.result();
  const page = await visitor.get(path);
  expect(page).toMatchObject({ status: 200 });
  expect(page.text).toContain('<title>HubSpot is connected</title>');
  expect(page.text).toContain('anna@example.com');
  expect(page.text).toContain('data-live="ended"');
});

test('a connection whose account nobody knows is connected all the same', async () => {
  const { request, path } = await waiting();
  const { headers } = await visitor.press(path, 'connect');
  const made = world.nango.complete(headers.get('location')!, { as: 'anna' });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
  await request.result();
  const { text } = await visitor.get(path);
  expect(text).toContain('HubSpot is connected');
  expect(text).not.toContain('Account');
});

test('declining asks once more, and then the page says so', async () => {
  const { request, path } = await waiting();
  const confirm = await visitor.get(`${path}/decline`);
  expect(confirm.text).toContain('Decline to connect HubSpot?');
  expect(confirm.text).toContain(`action="../${path.split('/').at(-1)}"`);
  expect((await request.describe())?.view.status).toBe('waiting');
  const { status, headers } = await visitor.press(path, 'decline');
  expect(status).toBe(303);
  expect(new URL(headers.get('location')!, `http://host${path}`).pathname).toBe(path);
  expect((await visitor.get(path)).text).toContain('You have declined');
  expect(await request.timeline()).toContainEqual(
    expect.objectContaining({ what: 'declined', by: 'the connect page' }),
  );
  expect(await visitor.get(`${path}/decline`)).toMatchObject({ status: 303 });
});

test.each(['connect', 'decline'])('%s that comes too late shows how it stands', async (choice) => {
  const { request, path } = await waiting();
  await request.cancelForAll({ by: 'ops' });
  const late = await visitor.press(path, choice);
  expect(late.status).toBe(409);
  expect(late.text).toContain('came too late');
  expect(late.text).toContain('This request was withdrawn');
  const page = await visitor.get(path);
  expect(page.status).toBe(200);
  expect(page.text).not.toContain('came too late');
});

test('a request that ends between the look and the click is refused by itself, and shown as it stands', async () => {
  const { request, path } = await waiting();
  const authorize = async () => {
    await request.decline();
    return true;
  };
  const late = await new Visitor(world, { authorize }).press(path, 'connect');
  expect(late.status).toBe(409);
  expect(late.text).toContain('You have declined');
});

test('a request whose time is over says that it has expired', async () => {
  const { request, path } = await waiting({ deadline: Date.now() + 6_000 });
  await request.result().catch(() => undefined);
  expect((await visitor.get(path)).text).toContain('This request has expired');
});

test('an old link says that there is a newer request, and cannot touch it', async () => {
  const endUser = { id: 'opened-twice' };
  const first = await waiting({ endUser });
  await first.request.decline();
  const second = await waiting({ endUser });
  const { text } = await visitor.get(first.path);
  expect(text).toContain('There is a newer request');
  expect(await visitor.press(first.path, 'decline')).toMatchObject({ status: 409 });
  expect((await second.request.describe())?.view.status).toBe('waiting');
});

test('a reconnect is said as such, and so is another account behind it', async () => {
  world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
  world.nango.onProxy('keyed', ({ credentials }) => ({
    json: { id: credentials.type === 'API_KEY' ? credentials.apiKey : '' },
  }));
  const tags = { end_user_id: 'again', tn_account: 'anna' };
  const credentials = { type: 'API_KEY' as const, apiKey: 'anna' };
  world.nango.addConnection({ integration: 'keyed', connectionId: 'c-again', tags, credentials });
  const identity = { endpoint: '/me', pointer: '/id' };
  await world.start(waitFor, { integration: 'keyed', endUser: { id: 'again' }, reconnect: 'c-again', identity });
  const id = 'nango/default/keyed/u:again';
  const { firstExecutionRunId } = await world.request(id, 'waiting');
  const path = pathOf({ id, firstExecutionRunId });
  expect((await visitor.get(path)).text).toContain('Acme asks you to connect keyed again');
  const { headers } = await visitor.press(path, 'connect');
  const made = world.nango.complete(headers.get('location')!, { as: 'bert' });
  await world.client.workflow.getHandle(id).signal('nango.hint', { source: 'webhook', ...made });
  const text = await eventually(async () => {
    const page = await visitor.get(path);
    return page.text.includes('Another account was connected') ? page.text : undefined;
  });
  expect(text).toContain('Before it was anna, now it is bert.');
});

test('too many open links are said to be that', async () => {
  const { request, path } = await waiting();
  for (let i = 0; i < 20; i++) await request.connectLink();
  const page = await visitor.press(path, 'connect');
  expect(page.status).toBe(429);
  expect(page.text).toContain('It was tried too often');
  expect(page.html).toContain('<img src="../logos/');
});

describe('what was sent from elsewhere changes nothing', () => {
  test.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' }],
    ['a sister of the site', { 'sec-fetch-site': 'same-site' }],
    ['a page that is not said', {}],
    ['a sandboxed page', { origin: 'null' }],
    ['another origin, by an old browser', { origin: 'https://evil.example' }],
  ])('%s', async (_, headers) => {
    const { request, path } = await waiting();
    const links = minted();
    for (const choice of ['connect', 'decline']) {
      const { status, text } = await visitor.press(path, choice, headers);
      expect(status).toBe(403);
      expect(text).toContain('That did not come from this page');
    }
    expect(minted()).toBe(links);
    expect((await request.describe())?.view.status).toBe('waiting');
  });

  test('but an old browser on the page itself is heard', async () => {
    const { path } = await waiting();
    expect(await visitor.press(path, 'connect', { origin: 'http://localhost' })).toMatchObject({ status: 303 });
  });
});

test('a form that says something else is refused', async () => {
  const { path } = await waiting();
  for (const choice of ['', 'cancel']) expect(await visitor.press(path, choice)).toMatchObject({ status: 400 });
  expect(await visitor.press(path, 'connect'.repeat(1_000))).toMatchObject({ status: 413 });
});

test('every link that leads nowhere is the same page, byte for byte', async () => {
  const { request, path } = await waiting();
  const { ref } = request;
  const forged = [
    path.slice(0, -1),
    path.slice(0, -20),
    `${path}x`,
    '/connect/x',
    '/connect/decline',
    `/connect/${signedPath(ref, ['a key of somebody else, also long enough'])}`,
    `/connect/${signedPath({ ...ref, id: ref.id.replace('default', 'other') }, LINK_KEYS)}`,
    `/connect/${signedPath({ ...ref, id: 'nango/default/hubspot/u:never-opened' }, LINK_KEYS)}`,
    `/connect/${signedPath({ ...ref, firstExecutionRunId: '00000000-0000-4000-8000-000000000000' }, LINK_KEYS)}`,
    path.replace('/connect/1.', '/connect/2.'),
    '/connect/%00',
  ];
  const pages = [];
  for (const one of forged) {
    const { status, text, headers } = await visitor.get(one);
    expect(status).toBe(404);
    pages.push(text + JSON.stringify([...headers]));
    expect((await visitor.press(one, 'connect')).status).toBe(404);
  }
  expect(new Set(pages).size).toBe(1);
  expect(pages[0]).toContain('This link does not work');
});

test('a link that an older key has signed works until the key is removed', async () => {
  const { request } = await waiting();
  const path = `/connect/${signedPath(request.ref, [LINK_KEYS[1]!])}`;
  expect(await visitor.get(path)).toMatchObject({ status: 200 });
  const config = { ...world.config, linkKeys: LINK_KEYS.slice(0, 1) };
  expect(await new Visitor(world, { config }).get(path)).toMatchObject({ status: 404 });
});

describe('authorize', () => {
  test('is asked for each page and each button, and what it refuses is for somebody else', async () => {
    const { request, path } = await waiting();
    const seen: unknown[] = [];
    const authorize = ({ ref, view }: { ref: unknown; view: { integration: string } }, http: Request) => {
      seen.push([ref, view.integration, http.method]);
      return false;
    };
    const strict = new Visitor(world, { authorize });
    for (const { status, text } of [
      await strict.get(path),
      await strict.get(`${path}/decline`),
      await strict.press(path, 'connect'),
    ]) {
      expect(status).toBe(403);
      expect(text).toContain('for somebody else');
      expect(text).not.toContain('HubSpot');
    }
    expect(seen).toEqual(['GET', 'GET', 'POST'].map((method) => [request.ref, 'hubspot', method]));
    await strict.get('/connect/forged');
    expect(seen).toHaveLength(3);
  });

  test('may answer by itself, and its answer is sent as it is', async () => {
    const { path } = await waiting();
    const login = () => Response.redirect('https://app.example/login', 302);
    const { status, headers } = await new Visitor(world, { authorize: login }).get(path);
    expect(status).toBe(302);
    expect([...headers.keys()]).toEqual(['location']);
  });
});

test('many visits by one address in a minute have to wait, by another they do not', async () => {
  const { path } = await waiting();
  const get = await visitor.get(path);
  expect(get.status).toBe(200);
  const statuses = [];
  for (let i = 0; i < 120; i++) statuses.push((await visitor.get('/connect/x')).status);
  expect(statuses.filter((status) => status === 404)).toHaveLength(119);
  const over = await visitor.get(path);
  expect(over.status).toBe(429);
  expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(Number(over.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  expect(over.text).toContain('Too many visits');
  // Reading does not use up what acting has.
  for (let i = 0; i < 20; i++) expect((await visitor.press('/connect/x', 'connect')).status).toBe(404);
  expect((await visitor.press(path, 'connect')).status).toBe(429);
});
