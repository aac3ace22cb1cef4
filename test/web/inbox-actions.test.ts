import type { NangoConnections } from '../../src/client';
import type { RequestView } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { inboxWeb } from '../../src/web/inbox-web';
import { requestPath } from '../../src/requests/inbox-page';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { Visitor } from './visitor';

// What an operator does to a request, with a worker, and what the request then tells of it.

const DAY = 86_400_000;
const TOKEN = 'the-token-of-this-test-0123456789abcdef';

let world: World;
let nango: NangoConnections;
let olga: Visitor;
let person = 0;

beforeAll(async () => {
  world = await World.open('dev', { config: { inboxToken: TOKEN } });
  // The account of a typed key is the key itself.
  world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
  world.nango.onProxy('keyed', ({ credentials }) => ({
    json: { user: { id: credentials.type === 'API_KEY' ? credentials.apiKey : '' } },
  }));
  nango = world.connections;
  olga = new Visitor(inboxWeb(world.client, { config: world.config }));
  await olga.signIn(TOKEN, 'Olga');
});

afterAll(async () => {
  await world.close();
});

type Wanted = Parameters<NangoConnections['ensureConnection']>[0];

/** A request of somebody new, and the way to its page. */
async function pending(wanted: Partial<Wanted> = {}) {
  const owner = { endUser: { id: `u_${++person}` } };
  const request = await nango.ensureConnection({ integration: 'hubspot', ...owner, ...wanted });
  if (request.kind !== 'request') throw new Error('expected a pending request');
  return { owner, request, page: `/${requestPath(request.ref)}` };
}

async function hint(request: ConnectionRequest, made: { connectionId: string }): Promise<void> {
  await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
}

test('to remind: the person is told, once an hour, and the page says by whom', async () => {
  const { request, page } = await pending();
  const { text } = await olga.submit(`${page}/remind`);
  expect(text).toContain('The person is being reminded.');
  await world.notified(request.ref.id, 'reminder');
  await eventually(async () =>
    (await olga.get(page)).text.includes('The person was reminded by Olga') ? true : undefined,
  );
  await eventually(async () => ((await request.view()).reminders === 1 ? true : undefined));
  const again = await olga.post(`${page}/remind`);
  expect([again.status, again.text]).toEqual([409, expect.stringContaining('reminded within the last hour')]);
  expect(world.notices.filter((notice) => notice.request.id === request.ref.id)).toHaveLength(1);
});

test('to extend: the deadline is so many days from now', async () => {
  const { request, page } = await pending();
  const before = Date.now();
  const { text } = await olga.submit(`${page}/extend`, { days: '30' });
  expect(text).toMatch(/The deadline was moved to .* by Olga/);
  const { question } = await request.view();
  expect(question!.deadline).toBeGreaterThanOrEqual(before + 30 * DAY);
  expect(question!.deadline).toBeLessThanOrEqual(Date.now() + 30 * DAY);
  for (const days of ['0', '366', '-1', '1e3', 'x', '']) {
    const refused = await olga.post(`${page}/extend`, { days });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('Give 1 to 365 days')]);
  }
  expect((await request.view()).question).toEqual(question);
});

test.each([
  ['decline', 'declined', 'Declined by Olga', 'Nango.ConnectionDeclined'],
  ['cancel', 'cancelled', 'Cancelled by Olga', 'Nango.RequestCancelled'],
])('to %s: asked again first, and then everybody who waits is told', async (name, status, by, type) => {
  const { request, page } = await pending();
  const confirm = await olga.get(`${page}/${name}`);
  expect([confirm.status, confirm.text]).toEqual([200, expect.stringContaining('It cannot be undone.')]);
  expect((await request.view()).status).toBe('waiting');
  const { text } = await olga.submit(`${page}/${name}`);
  expect(text).toContain(by);
  expect(await failureOf(request.result())).toMatchObject({ type });
  const ended = await olga.get(page);
  expect(ended.text).toContain(` HubSpot ${status} `);
  expect(ended.text).toContain('there is nothing left to do');
  expect(ended.html).not.toContain('<input');
  const again = await olga.post(`${page}/${name}`);
  expect([again.status, again.text]).toEqual([409, expect.stringContaining('The request has ended')]);
});

describe('whether another account may be written to', () => {
  async function found(request: ConnectionRequest, account: string): Promise<void> {
    await eventually(async () =>
      (await request.view()).question?.accountChange?.found === account ? true : undefined,
    );
  }

  /** A connection of acme has been connected anew as bolt. */
  async function anotherAccount() {
    const id = `u_${++person}`;
    const connectionId = `c-${id}`;
    const tags = { end_user_id: id, tn_account: 'acme' };
    const credentials = { type: 'API_KEY', apiKey: 'acme' } as const;
    world.nango.addConnection({ integration: 'keyed', connectionId, tags, credentials });
    const identity = { endpoint: '/me', pointer: '/user/id' };
    const wanted = { integration: 'keyed', endUser: { id }, reconnect: connectionId, identity };
    const { request, page } = await pending(wanted);
    await hint(request, world.nango.complete(await request.connectLink(), { as: 'bolt' }));
    await found(request, 'bolt');
    return { request, page };
  }

  test('the page names both accounts; a yes ends the request and is recorded', async () => {
    const { request, page } = await anotherAccount();
    const { text } = await olga.get(page);
    expect(text).toContain('was of the account acme');
    expect(text).toMatch(/Yes, bolt is right.*No, ask again for acme/);
    expect((await olga.submit(`${page}/decide`, { choice: 'yes' })).text).toContain('is right by Olga');
    expect((await request.result()).tags.tn_account).toBe('bolt');
    const ended = await olga.get(page);
    expect(ended.text).toContain('Account bolt');
  });

  test('a no asks again; there is then nothing to answer', async () => {
    const { request, page } = await anotherAccount();
    expect((await olga.submit(`${page}/decide`, { choice: 'no' })).text).toContain('is wrong by Olga');
    const { status, question, decision } = await request.view();
    expect([status, question?.accountChange, decision?.by]).toEqual(['waiting', undefined, 'Olga']);
    const again = await olga.post(`${page}/decide`, { choice: 'yes' });
    expect([again.status, again.text]).toEqual([409, expect.stringContaining('There is nothing to answer')]);
  });

  test('a yes on a page that shows one account is none to another that was connected since', async () => {
    const { request, page } = await anotherAccount();
    const form = { choice: 'yes', found: 'bolt' };
    expect((await olga.get(page)).html).toContain('name="found" value="bolt"');
    await hint(request, world.nango.complete(await request.connectLink(), { as: 'cork' }));
    await found(request, 'cork');
    const stale = await olga.post(`${page}/decide`, form);
    expect([stale.status, stale.text]).toEqual([409, expect.stringContaining('There is nothing to answer')]);
    expect((await olga.post(`${page}/decide`, { ...form, found: 'cork' })).status).toBe(303);
    expect((await request.result()).tags.tn_account).toBe('cork');
  });

  test('what is neither yes nor no is refused', async () => {
    const { page } = await anotherAccount();
    expect((await olga.post(`${page}/decide`, { choice: 'perhaps' })).status).toBe(400);
  });
});

describe('extra connections', () => {
  /** A link that was used twice. */
  async function twice(wanted: Partial<Wanted> = {}) {
    const made = await pending(wanted);
    const link = await made.request.connectLink();
    const first = world.nango.complete(link, { as: 'anna' });
    // Which was first is told by the time, to the millisecond.
    for (const now = Date.now(); Date.now() === now;);
    const second = world.nango.complete(link, { as: 'bert' });
    await hint(made.request, first);
    await made.request.result();
    return { ...made, first, second };
  }

  const exists = (id: string) => world.nango.connection('hubspot', id) !== undefined;

  test('are listed on the request of their owner, and deleted after asking again', async () => {
    const { page, first, second } = await twice();
    const other = await twice();
    const { html } = await olga.get(`${page}/extras`);
    expect(html).toContain(second.connectionId);
    expect(html).not.toContain(first.connectionId);
    expect(html).not.toContain(other.second.connectionId);
    const confirm = await olga.get(`${page}/extras/delete?connection=${second.connectionId}`);
    expect(confirm.text).toContain(`The connection ${second.connectionId} is deleted at Nango`);
    expect(exists(second.connectionId)).toBe(true);
    const { text } = await olga.submit(`${page}/extras/delete`, { connection: second.connectionId });
    expect(text).toContain('The extra connection is deleted.');
    expect([first, second].map(({ connectionId }) => exists(connectionId))).toEqual([true, false]);
    expect((await olga.get(`${page}/extras`)).text).toContain('has none for this integration');
  });

  test('of others are not listed on a request of nobody in particular', async () => {
    const { page } = await pending({ endUser: undefined, slot: 'shared' });
    await twice({ slot: 'shared' });
    expect((await olga.get(`${page}/extras`)).text).toContain('has none for this integration');
  });

  test('are all that is deleted: a connection in use is not', async () => {
    const { page, first } = await twice();
    const refused = await olga.post(`${page}/extras/delete`, { connection: first.connectionId });
    expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('That connection is in use')]);
    expect(exists(first.connectionId)).toBe(true);
    expect((await olga.post(`${page}/extras/delete`)).status).toBe(400);
  });
});

describe('the permanent link', () => {
  test('is shown as text while the request is open', async () => {
    const config = { ...world.config, linkKeys: ['k'.repeat(32)], publicUrl: 'https://app.test/nango' };
    const web = new Visitor(inboxWeb(world.client, { config }));
    web.cookies.set(...[...olga.cookies][0]!);
    const { request, page } = await pending();
    const { html } = await web.get(page);
    expect(html).toMatch(/<input class="link" readonly="" value="https:\/\/app\.test\/nango\/connect\/1\.[^"]+"/);
    await request.decline();
    expect((await web.get(page)).html).not.toContain('app.test');
  });

  test('is missing without a key, and the page names the setting', async () => {
    const { page } = await pending();
    expect((await olga.get(page)).text).toContain('set TEMPORAL_NANGO_LINK_KEYS');
  });
});

test('a request that was replaced leads to the newer one, and what is sent to it does not reach that', async () => {
  const { request, page, owner } = await pending();
  await request.cancelForAll({ by: 'Bert' });
  const newer = await nango.ensureConnection({ integration: 'hubspot', ...owner });
  if (newer.kind !== 'request') throw new Error('expected a pending request');
  const { html, text } = await olga.get(page);
  expect(text).toContain('A newer request for the same connection is open.');
  expect(html).toContain(requestPath(newer.ref));
  expect((await olga.post(`${page}/cancel`)).status).toBe(409);
  expect((await newer.view()).status).toBe('waiting');
});

test('a click and a connection show on the page too, and the account where it is known', async () => {
  const { request, page } = await pending();
  await hint(request, world.nango.complete(await request.connectLink(), { as: 'anna' }));
  await request.result();
  const { text } = await olga.get(page);
  expect(text).toMatch(/The request began.*The person was asked.*Somebody clicked, and got a link.*Connected/);
});

test('with a worker the pages do not warn of one', async () => {
  const { page } = await pending();
  for (const path of ['/', page]) expect((await olga.get(path)).text).not.toContain('No worker');
});

test('whom the host application names stands in the history', async () => {
  const { request, page } = await pending();
  const authorize = () => ({ name: 'ops@example.com' });
  const host = new Visitor(inboxWeb(world.client, { config: world.config, authorize }));
  await host.submit(`${page}/extend`, { days: '2' });
  expect(await request.timeline()).toContainEqual(expect.objectContaining({ what: 'extended', by: 'ops@example.com' }));
  const view: RequestView = await request.view();
  expect(view.status).toBe('waiting');
});
