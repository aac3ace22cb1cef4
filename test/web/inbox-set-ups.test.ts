import type { IntegrationSetUp } from '../../src';
import { inboxWeb } from '../../src/web/inbox-web';
import { setUpPath } from '../../src/requests/inbox-page';
import { eventually } from '../support/eventually';
import { isInHistory } from '../support/history-scan';
import { waitForIntegration } from '../support/user-workflows';
import { World } from '../support/world';
import { Visitor } from './visitor';

// What an operator does about an integration that waits to be set up, and what the pages then say.

const TOKEN = 'the-token-of-this-test-0123456789abcdef';
const SECRET = 'typed-into-the-page';

let world: World;
let olga: Visitor;
let keyless: Visitor;
let count = 0;

beforeAll(async () => {
  world = await World.open('dev', { config: { inboxToken: TOKEN } });
  olga = new Visitor(inboxWeb(world.client, { config: world.config }));
  await olga.signIn(TOKEN, 'Olga');
  keyless = new Visitor(inboxWeb(world.client, { config: { ...world.config, secretKey: undefined } }));
  await keyless.signIn(TOKEN, 'Kay');
});

afterAll(async () => {
  await world?.close();
});

/** @param scopes that the caller names; default: none */
async function opened(
  given: object = {},
  scopes?: string[],
): Promise<{ setUp: IntegrationSetUp; name: string; way: string }> {
  const name = `p-${++count}`;
  world.nango.addProvider({
    name,
    authMode: 'OAUTH2',
    defaultScopes: ['read'],
    docs: 'https://example.com/d',
    ...given,
  });
  const setUp = await world.connections.ensureIntegration({ provider: name, scopes });
  if (setUp.kind !== 'setUp') throw new Error(`a ${setUp.kind}`);
  await world.atRest(setUp.ref.id);
  return { setUp, name, way: `/${setUpPath(setUp.ref)}` };
}

const OWN = { clientId: 'cid', clientSecret: SECRET };

test('the list has those that wait, and the way to them', async () => {
  const { name, way, setUp } = await opened();
  const { html } = await eventually(async () => {
    const seen = await olga.get('/set-ups');
    return seen.text.includes(name) ? seen : undefined;
  });
  expect(html).toContain(`href="./${way.slice(1)}"`);
  expect((await olga.get('/')).text).toMatch(/Integrations to set up \(\d+\)/);
  await setUp.decline();
});

test('the page guides to an app of one’s own; what is typed goes to Nango, and whoever waits goes on', async () => {
  const { name, way, setUp } = await opened();
  const waiting = await world.start(waitForIntegration, { provider: name });
  await eventually(async () => ((await setUp.view()).subscribers === 2 ? true : undefined));
  await world.atRest(setUp.ref.id);
  const page = await olga.get(way);
  expect(page.text).toContain(`${world.nango.url}/oauth/callback`);
  expect(page.html).toContain('href="https://example.com/d"');
  expect(page.text).toContain('Tick these scopes: read');
  const done = await olga.submit(`${way}/own`, OWN);
  expect(done.text).toContain('It is set up');
  expect(done.text).toContain('It has ended: there is nothing left to do');
  expect(await waiting.result()).toEqual({ integration: name, provider: name });
  expect(await setUp.describe()).toMatchObject({ status: 'ready' });
  expect(await isInHistory(world.client, setUp.ref.id, `${world.nango.url}/oauth/callback`)).toBe(true);
  expect(await isInHistory(world.client, setUp.ref.id, SECRET)).toBe(false);
  expect(done.html).not.toContain(SECRET);
});

describe('of more scopes than a list shows', () => {
  const long = Array.from({ length: 40 }, (_, n) => `https://www.googleapis.com/auth/a-scope-as-long-as-these-${n}`);

  async function requestedBy(integration: string): Promise<string | undefined> {
    const response = await fetch(`${world.nango.url}/integrations/${integration}?include=credentials`, {
      headers: { authorization: `Bearer ${world.nango.secretKey}` },
    });
    return ((await response.json()) as { data: { credentials: { scopes?: string } } }).data.credentials.scopes;
  }

  test.each([
    ["the provider's own are all there to be ticked, and left to Nango", { defaultScopes: long }, undefined],
    ['those that callers have named are all requested', {}, long],
  ])('%s', async (_, provider, scopes) => {
    const { name, way, setUp } = await opened(provider, scopes);
    expect((await setUp.describe())?.question).toMatchObject({ moreScopes: expect.any(Number) as number });
    expect((await olga.get(way)).text).toContain(`Tick these scopes: ${long.join(', ')}`);
    expect((await olga.submit(`${way}/own`, OWN)).text).toContain('It is set up');
    expect(await requestedBy(name)).toBe(long.join(','));
  });
});

test("Nango's app is one click; where there is none the page has the other half left", async () => {
  const lent = await opened({ developerApp: {} });
  expect((await olga.submit(`${lent.way}/nango-app`)).text).toContain('It is set up');
  const other = await opened();
  const refused = await olga.post(`${other.way}/nango-app`);
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Nango lends no app')]);
  const page = await olga.get(other.way);
  expect(page.html).not.toContain('nango-app"');
  expect(page.html).toContain('/own"');
  // Somebody else has the page from before still open.
  const stale = await olga.post(`${other.way}/nango-app`);
  expect([stale.status, stale.text]).toEqual([400, expect.stringContaining('no longer a choice')]);
  await other.setUp.decline();
});

test('the command that it shows is of this integration, whatever its key holds', async () => {
  const { name, setUp: other } = await opened();
  await other.decline();
  const setUp = await world.connections.ensureIntegration({ provider: name, integration: `my ${name}` });
  if (setUp.kind !== 'setUp') throw new Error(`a ${setUp.kind}`);
  const page = await keyless.get(`/${setUpPath(setUp.ref)}`);
  expect(page.text.replaceAll('&#39;', "'")).toContain(
    `integrations add ${name} --integration 'my ${name}' --client-id ID`,
  );
  await setUp.decline();
});

test('a process without a key shows no field for a secret', async () => {
  const { name, way, setUp } = await opened();
  const page = await keyless.get(way);
  expect(page.html).not.toContain('type="password"');
  expect(page.text).toContain(`integrations add ${name} --client-id ID --client-secret-env NAME`);
  expect((await keyless.post(`${way}/own`, OWN)).status).toBe(503);
  expect((await setUp.view()).status).toBe('waiting');
  await setUp.decline();
});

test.each<[string, Record<string, string>, number, string]>([
  ['a field that is missing', { clientId: 'cid' }, 400, 'That is not what the form asks for'],
  ['a field that is empty', { clientId: ' ', clientSecret: SECRET }, 400, 'That is not what the form asks for'],
])('%s is refused, and nothing is made', async (_, form, status, says) => {
  const { way, setUp } = await opened();
  const before = await world.events(setUp.ref.id);
  const refused = await olga.post(`${way}/own`, form);
  expect([refused.status, refused.text]).toEqual([status, expect.stringContaining(says)]);
  expect(refused.html).not.toContain(SECRET);
  expect(await world.events(setUp.ref.id)).toEqual(before);
  await setUp.decline();
});

test('credentials that Nango refuses are said to be, and not repeated', async () => {
  const { way, setUp } = await opened({ authMode: 'APP' });
  const refused = await olga.post(`${way}/own`, { appId: '7', appLink: 'https://example.com', privateKey: SECRET });
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Nango refuses the credentials')]);
  expect(refused.html).not.toContain(SECRET);
  await setUp.decline();
});

test('what is made in the dashboard is looked up at once, and only believed once it is there', async () => {
  const { name, way } = await opened({ authMode: 'MCP_OAUTH2' });
  const page = await olga.get(way);
  expect(page.text).toContain('its API cannot');
  expect(page.html).not.toContain('/own"');
  const early = await olga.post(`${way}/made`);
  expect(early.text).toContain('The integration is not there yet');
  world.nango.addIntegration({ key: name, provider: name });
  expect((await olga.submit(`${way}/made`)).text).toContain('It is set up');
});

test('to decline is asked once more; the page of what has ended takes nothing else', async () => {
  const { way, setUp } = await opened();
  expect((await olga.get(`${way}/decline`)).text).toContain('It cannot be undone');
  expect((await olga.submit(`${way}/decline`)).text).toContain('Declined');
  expect(await setUp.describe()).toMatchObject({ status: 'declined' });
  for (const path of ['made', 'nango-app', 'decline', 'own']) {
    const late = await olga.post(`${way}/${path}`, OWN);
    expect([path, late.status]).toEqual([path, 409]);
  }
  expect(world.nango.count(({ method, path }) => method === 'POST' && path === '/integrations')).toBeLessThan(20);
});

test.each(['/set-ups/bmFuZ28/x', '/set-ups/x', `/set-ups/${Buffer.from('nango/default/a').toString('base64url')}/x`])(
  '%s is no set-up',
  async (path) => {
    expect((await olga.get(path)).status).toBe(404);
    expect((await olga.post(`${path}/made`)).status).toBe(404);
  },
);

test('nobody sees or does anything without being signed in', async () => {
  const { way, setUp } = await opened();
  const stranger = new Visitor(inboxWeb(world.client, { config: world.config }));
  expect((await stranger.get(way)).status).toBe(401);
  expect((await stranger.post(`${way}/own`, OWN)).status).toBe(401);
  expect((await olga.post(`${way}/own`, OWN, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await setUp.view()).status).toBe('waiting');
  await setUp.decline();
});
