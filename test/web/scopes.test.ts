import type { RequestView } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { inboxWeb } from '../../src/web/inbox-web';
import { eventually } from '../support/eventually';
import type { World } from '../support/world';
import { openRequest, openWorld, pathOf, Visitor } from './public-stage';
import { Visitor as Operator } from './visitor';

// What people and operators see of a request for scopes that a connection was not granted.

let world: World;
let visitor: Visitor;
let operator: Operator;
let person = 0;

beforeAll(async () => {
  world = await openWorld();
  operator = new Operator(inboxWeb(world.client, { config: world.config, authorize: () => ({ name: 'Olga' }) }));
});

beforeEach(() => {
  visitor = new Visitor(world);
});

afterAll(async () => {
  await world?.close();
});

/** Somebody whose connection was granted this, and who is asked for these. */
async function asked(scope: string, scopes: string[]) {
  const id = `s_${++person}`;
  const tags = { end_user_id: id };
  world.nango.addConnection({ integration: 'hubspot', connectionId: `c-${id}`, tags, credentials: oauth(scope) });
  const request = await openRequest(world, { endUser: { id }, scopes });
  await viewed(request, ({ question }) => question?.kind === 'approve-scopes');
  return { id, request, path: pathOf(request.ref), detail: `/requests/${encodeURIComponent(request.ref.id)}/` };
}

function oauth(scope: string) {
  return { type: 'OAUTH2' as const, access_token: 'canary-token', raw: { scope } };
}

async function viewed(request: ConnectionRequest, fits: (view: RequestView) => boolean): Promise<void> {
  await eventually(async () => {
    const description = await request.describe();
    return description && fits(description.view) ? true : undefined;
  });
}

/** The person connects, and grants this. */
async function grant(link: string, request: ConnectionRequest, scope: string): Promise<void> {
  const made = world.nango.complete(link, { as: 'anna' });
  const { tags } = world.nango.connection('hubspot', made.connectionId)!;
  world.nango.addConnection({ ...made, tags, credentials: oauth(scope) });
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
}

/** The scopes below a heading. */
function listed(html: string, heading: string): string[] {
  const [, list = ''] = new RegExp(`<h2 id="\\w+">${heading}</h2>(.*?)</section>`).exec(html) ?? [];
  return [...list.replace(/<\/?bdi>/g, '').matchAll(/<li>(?:<code>)?([^<]*)/g)].map(([, scope = '']) => scope);
}

async function detailOf({ request, detail }: { request: ConnectionRequest; detail: string }) {
  return await operator.get(detail + request.ref.firstExecutionRunId);
}

test('the page asks for more access, and says what is added and what there is, without anything secret', async () => {
  const { path } = await asked('read profile', ['read', 'write', 'admin']);
  const { text, html } = await visitor.get(path);
  expect(text).toContain('<h1>Acme asks you to grant more access to HubSpot</h1>');
  expect(text).toContain('There is a connection already, but it lacks permissions.');
  expect(listed(html, 'What is added')).toEqual(['write', 'admin']);
  expect(listed(html, 'What it may do already')).toEqual(['read', 'profile']);
  expect(text).toMatch(/<button [^>]*value="connect"[^>]*>Grant more access<\/button>/);
  expect(text).toContain('Until then the connection stays as it is.');
  expect(text).not.toContain('Permissions');
  expect(text).not.toContain('canary-token');
  expect(html).toContain('<section class="scopes" aria-labelledby="missing"><h2 id="missing">');
});

test('who was granted nothing sees that; of many the first are listed, and how many more', async () => {
  const many = Array.from({ length: 23 }, (_, i) => `s${i}`);
  const { path } = await asked('', many);
  const { text, html } = await visitor.get(path);
  expect(text).toContain('What it may do already</h2><p>Nothing.</p>');
  expect(listed(html, 'What is added')).toEqual([...many.slice(0, 20), 'and 3 more']);
});

test('the button leads on to Nango, and once all is granted the page says that it is connected', async () => {
  const { request, path } = await asked('read', ['write']);
  const { headers } = await visitor.press(path, 'connect');
  await grant(headers.get('location')!, request, 'read write');
  await request.result();
  expect((await visitor.get(path)).text).toContain('HubSpot is connected');
});

test('who has granted less sees what is missing, and that the connection goes on', async () => {
  const { request, path } = await asked('read', ['write', 'admin']);
  await grant(await request.connectLink(), request, 'read write');
  await expect(request.result()).rejects.toThrow();
  const { text, html } = await visitor.get(path);
  expect(text).toContain('Not all was granted');
  expect(text).toContain('HubSpot stays connected, with what it may do already.');
  expect(listed(html, 'Not granted')).toEqual(['admin']);
});

test.each<[string, string, (request: ConnectionRequest) => Promise<void>]>([
  ['declined', 'You have declined', (request) => request.decline()],
  ['withdrawn', 'This request was withdrawn', (request) => request.cancelForAll({ by: 'ops' })],
])('one that was %s says that the connection stays as it is', async (_, title, end) => {
  const { request, path } = await asked('read', ['write']);
  await end(request);
  await viewed(request, ({ status }) => status !== 'waiting');
  const { text, html } = await visitor.get(path);
  expect(text).toContain(title);
  expect(text).toContain('HubSpot stays connected');
  expect(text).not.toContain('was not connected');
  expect(listed(html, 'Not granted')).toEqual(['write']);
});

test('declining is asked once more in the words of the question', async () => {
  const { path } = await asked('read', ['write']);
  expect((await visitor.get(`${path}/decline`)).text).toContain('Decline to grant more access to HubSpot?');
});

describe('the inbox', () => {
  test('lists it by what is asked, and filters by that', async () => {
    const { id } = await asked('read', ['write']);
    await openRequest(world, { endUser: { id: `other-${id}` } });
    const row = new RegExp(` waits for the person +${id} +HubSpot +to grant more scopes `);
    const page = await eventually(async () => {
      const found = await operator.get('/?question=approve-scopes');
      return row.test(found.text) ? found : undefined;
    });
    expect(page.text).not.toContain(`other-${id}`);
    expect(page.html).toContain('<option value="approve-scopes" selected="">to grant more scopes</option>');
  });

  test('says what was granted and what is missing, and when that was found', async () => {
    const { text } = await detailOf(await asked('read profile', ['read', 'write']));
    expect(text).toContain('waits for the person to grant more scopes');
    expect(text).toContain('Granted read, profile');
    expect(text).toContain('Missing write');
    expect(text).toMatch(/The connection was not granted all that is needed.*The person was asked/);
  });

  test('of one that has ended it says what was not granted', async () => {
    const one = await asked('read', ['write']);
    await one.request.decline();
    await viewed(one.request, ({ status }) => status === 'declined');
    const { text } = await detailOf(one);
    expect(text).toContain('Not granted write');
    expect(text).not.toContain('Missing');
  });

  test('of a connection it says what it was granted', async () => {
    const one = await asked('read', ['write']);
    await grant(await one.request.connectLink(), one.request, 'read write');
    await one.request.result();
    expect((await detailOf(one)).text).toContain('Granted read, write');
  });

  test('and that nobody can know it, where the provider does not tell', async () => {
    const id = `s_${++person}`;
    const request = await openRequest(world, { endUser: { id }, scopes: ['write'] });
    const made = world.nango.complete(await request.connectLink(), { as: 'anna' });
    const { tags } = world.nango.connection('hubspot', made.connectionId)!;
    const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: {} };
    world.nango.addConnection({ ...made, tags, credentials });
    await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
    await request.result();
    const { text } = await detailOf({ request, detail: `/requests/${encodeURIComponent(request.ref.id)}/` });
    expect(text).toContain('Granted unknown: the key of the worker lacks');
  });
});

test('the timeline tells it where somebody who was asked to connect has granted less', async () => {
  const request = await openRequest(world, { endUser: { id: `s_${++person}` }, scopes: ['read', 'write'] });
  await viewed(request, ({ status }) => status === 'waiting');
  await grant(await request.connectLink(), request, 'read');
  await viewed(request, ({ question }) => question?.kind === 'approve-scopes');
  expect((await request.timeline()).map(({ what }) => what)).toEqual(['began', 'opened', 'clicked', 'scopesMissing']);
});
