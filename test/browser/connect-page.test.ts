import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { waitFor } from '../support/user-workflows';
import { eventually } from '../support/eventually';
import { connectAs, Stage } from './stage';
import { approvedInVain, BRAND, updatedScopes } from './states';

/** Of each picture, whether it is there. */
const IMAGES = 'Array.from(document.images, ({ complete, naturalWidth }) => complete && naturalWidth > 0)';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage?.close());

const minted = () =>
  stage.world.nango.count(({ method, path }) => method === 'POST' && path.startsWith('/connect/sessions'));

const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor();

test('a previewer’s GET mints nothing and changes nothing; a click connects, and every open page says so', async () => {
  const request = await stage.openRequest();
  const link = request.permanentLink();
  const before = { minted: minted(), events: await stage.world.events(request.ref.id) };
  for (const method of ['GET', 'HEAD', 'GET']) expect((await fetch(link, { method })).status).toBe(200);
  expect({ minted: minted(), events: await stage.world.events(request.ref.id) }).toEqual(before);

  const [ann, bob] = [await stage.person(), await stage.person()];
  await ann.goto(link);
  await bob.goto(link);
  await heading(bob, 'Example CRM asks you to connect HubSpot');
  await connectAs(ann, 'ann@example.com');
  expect(minted()).toBe(before.minted + 1);
  // Nobody touches the other page.
  await heading(bob, 'HubSpot is connected');
  await heading(ann, 'HubSpot is connected');
  expect((await request.result()).integration).toBe('hubspot');
});

test('a workflow that waits resumes after the click, and the page that has stayed shows that it is connected', async () => {
  const waiting = await stage.world.start(waitFor, { integration: 'hubspot', endUser: { id: 'back' } });
  const id = 'nango/default/hubspot/u:back';
  const { firstExecutionRunId } = await stage.world.request(id, 'waiting');
  const page = await stage.person();
  await page.goto(stage.world.connections.request({ id, firstExecutionRunId }).permanentLink());
  await connectAs(page, 'back@example.com');
  await heading(page, 'HubSpot is connected');
  expect(await waiting.result()).toMatchObject({ integration: 'hubspot' });
});

test('as which account it is connected is said, where an identity is known', async () => {
  stage.world.nango.onProxy('hubspot', () => ({ json: { email: 'ann@example.com' } }));
  const request = await stage.openRequest({ identity: { endpoint: '/account-info', pointer: '/email' } });
  const page = await stage.person();
  await page.goto(request.permanentLink());
  await connectAs(page, 'ann');
  await page.goto(request.permanentLink());
  await heading(page, 'HubSpot is connected');
  await page.getByText('ann@example.com').waitFor();
});

test('whoever granted too little sees what is added, grants it, and what waits goes on', async () => {
  const { world } = stage;
  world.nango.addConnection({
    integration: 'hubspot',
    connectionId: 'c-more',
    tags: { end_user_id: 'more' },
    grant: ['read'],
  });
  const waiting = await world.start(waitFor, { integration: 'hubspot', endUser: { id: 'more' }, scopes: ['write'] });
  const id = 'nango/default/hubspot/u:more';
  const { firstExecutionRunId } = await world.request(id, 'waiting');
  const page = await stage.person();
  await page.goto(world.connections.request({ id, firstExecutionRunId }).permanentLink());
  await heading(page, 'Example CRM asks you to grant more access to HubSpot');
  await page.getByText('write', { exact: true }).waitFor();
  await connectAs(page, 'ann', 'read write');
  expect(await waiting.result()).toMatchObject({ connectionId: 'c-more', grantedScopes: ['read', 'write'] });
  await heading(page, 'HubSpot is connected');
});

test('whoever leaves out a box is asked for it once, and then told what goes without', async () => {
  const request = await stage.openRequest({ scopes: ['read', 'write'] });
  const page = await stage.person();
  await page.goto(request.permanentLink());
  await connectAs(page, 'ann', 'read');
  await page.goto(request.permanentLink());
  await heading(page, /asks you to grant more access/);
  await connectAs(page, 'ann', 'read');
  await page.goto(request.permanentLink());
  await heading(page, 'Not all was granted');
});

test('a decline asks once more, and then tells whoever waits', async () => {
  const request = await stage.openRequest();
  const ended = request.result().catch((error: Error) => error.message);
  const page = await stage.person();
  await page.goto(request.permanentLink());
  await page.getByRole('link', { name: 'Decline' }).click();
  await page.getByRole('link', { name: 'No, go back' }).click();
  await page.getByRole('link', { name: 'Decline' }).click();
  await page.getByRole('button', { name: 'Yes, decline' }).click();
  await heading(page, 'You have declined');
  expect(await ended).toMatch(/declined/);
});

test('an expired request says so, and has no button', async () => {
  const request = await stage.openRequest({ deadline: Date.now() + 6_000 });
  const page = await stage.person();
  await page.goto(request.permanentLink());
  await request.result().catch(() => undefined);
  await heading(page, 'This request has expired');
  expect(await page.getByRole('button').count()).toBe(0);
});

test('a link to a request that a newer one has replaced says so, and cannot reach the newer one', async () => {
  const wanted = { endUser: { id: 'replaced' } };
  const old = await stage.openRequest(wanted);
  const page = await stage.person();
  await page.goto(old.permanentLink());
  await old.cancel();
  const fresh = await stage.openRequest(wanted);
  await heading(page, 'There is a newer request');
  expect((await stage.world.connections.describeRequest(fresh.ref.id))?.view.status).toBe('waiting');
});

test('everything works without JavaScript: connecting, reloading, declining', async () => {
  const [first, second] = [await stage.openRequest(), await stage.openRequest()];
  const page = await stage.person({ javaScriptEnabled: false });
  await page.goto(first.permanentLink());
  await connectAs(page, 'scriptless');
  await first.result();
  await page.goto(first.permanentLink());
  await heading(page, 'HubSpot is connected');
  await page.goto(second.permanentLink());
  await page.getByRole('link', { name: 'Decline' }).click();
  await page.getByRole('button', { name: 'Yes, decline' }).click();
  await heading(page, 'You have declined');
});

test('the keyboard alone is enough', async () => {
  const request = await stage.openRequest();
  const page = await stage.person();
  await page.goto(request.permanentLink());
  await tabTo(page, /^Decline/);
  await page.keyboard.press('Enter');
  await tabTo(page, /^No, go back/);
  await page.keyboard.press('Enter');
  await heading(page, /asks you to connect/);
  await tabTo(page, /^Connect/);
  const opened = page.context().waitForEvent('page');
  await page.keyboard.press('Enter');
  const nangos = await opened;
  await nangos.getByLabel('Account').waitFor();
  await tabTo(nangos, /^Connect/);
  await nangos.keyboard.press('Space');
  await nangos.getByRole('heading', { name: 'Connected' }).waitFor();
  await request.result();
});

test('no page asks anything of a third party, keeps a cookie, or lets its link out', async () => {
  const request = await stage.openRequest();
  const page = await stage.person();
  const hosts = new Set<string>();
  page.on('request', (sent) => hosts.add(new URL(sent.url()).origin));
  const response = await page.goto(request.permanentLink());
  await heading(page, /asks you to connect/);
  await eventually(() => Promise.resolve(hosts.size > 0 ? true : undefined));
  expect([...hosts]).toEqual([stage.web.publicUrl]);
  expect(await page.evaluate(IMAGES)).toEqual([true]);
  expect(await page.context().cookies()).toEqual([]);
  const headers = response?.headers() ?? {};
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(headers['content-security-policy']).not.toContain('unsafe');
});

test('neither does a branded one, whose logos are there as pictures', async () => {
  const page = await stage.person();
  const link = await stage.pageWith(BRAND, await stage.openRequest());
  const sent: URL[] = [];
  page.on('request', (request) => sent.push(new URL(request.url())));
  await page.goto(link);
  await heading(page, /asks you to connect/);
  expect(await page.evaluate(IMAGES)).toEqual([true, true]);
  expect([...new Set(sent.map(({ origin }) => origin))]).toEqual([new URL(link).origin]);
  const paths = sent.map(({ pathname }) => pathname.replace(/\/logos\/.*/, '/logos'));
  expect(paths).toEqual(expect.arrayContaining(['/assets/brand.css', '/assets/mark', '/logos']));
  const color = await page.evaluate('getComputedStyle(document.getElementById("connect")).backgroundColor');
  expect(color).toBe('rgb(15, 118, 110)');
});

describe('a logo with scripts in it', () => {
  const SCRIPTED = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="document.documentElement.id='ran'">
    <script>document.documentElement.id = 'ran'; fetch('/healthz?ran');</script>
    <foreignObject width="9" height="9"><body xmlns="http://www.w3.org/1999/xhtml"><img src="x" onerror="fetch('/healthz?ran')"/></body></foreignObject>
    <image href="https://third-party.example/x.png"/><path d="M0 0h9v9H0z"/></svg>`;
  let nango: Server;

  beforeAll(async () => {
    nango = createServer(({ url = '', headers }, response) => {
      const isLogo = url.endsWith('.svg');
      const data = { unique_key: 'hubspot', display_name: 'HubSpot', logo: `http://${headers.host}/logo.svg` };
      response.writeHead(200, { 'content-type': isLogo ? 'image/svg+xml' : 'application/json' });
      response.end(isLogo ? SCRIPTED : JSON.stringify({ data }));
    });
    nango.listen(0, '127.0.0.1');
    await once(nango, 'listening');
  });

  afterAll(() => nango.close());

  test('runs none of them, in the page or opened by itself', async () => {
    const { port } = nango.address() as AddressInfo;
    const page = await stage.person();
    const link = await stage.pageWith({ baseUrl: `http://127.0.0.1:${port}` }, await stage.openRequest());
    const ended: [string, string | undefined][] = [];
    page.on('requestfinished', (request) => ended.push([new URL(request.url()).pathname, 'sent']));
    page.on('requestfailed', (request) => ended.push([new URL(request.url()).pathname, request.failure()?.errorText]));
    await page.goto(link);
    expect(await page.evaluate(IMAGES)).toEqual([true]);
    const source = await page.locator('img').getAttribute('src');
    await page.goto(new URL(source!, link).href);
    expect(await page.evaluate('document.documentElement.tagName')).toBe('svg');
    expect(await page.evaluate('document.documentElement.id')).toBe('');
    // Of what it wants the browser's log says that our policy has stopped it.
    const wanted = ended.filter(([path]) => /^\/(x|healthz)/.test(path) || path.endsWith('/x'));
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.filter(([, how]) => how !== 'csp')).toEqual([]);
  });
});

/** Presses Tab until something of this name has the focus, which must be seen. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 30; presses++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    if ((await focused.count()) === 0 || !name.test((await focused.innerText()).trim())) continue;
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toMatch(/^(solid|auto)$/);
    return;
  }
  throw new Error(`No ${name} can be reached by the keyboard`);
}

test('whoever says yes to a new connection makes one, and the old one is deleted', async () => {
  const request = await updatedScopes(stage);
  const page = await stage.person();
  await page.goto(request.permanentLink());
  await page.getByText('the old one is deleted.').waitFor();
  await connectAs(page, 'ann');
  const made = await request.result();
  expect(made.grantedScopes).toContain('crm.objects.deals.read');
  await page.goto(request.permanentLink());
  await heading(page, 'Example Notes is connected');
});

test('while an operator has to act the person sees that, and has no button but to decline', async () => {
  const request = await approvedInVain(stage);
  const page = await stage.person();
  await page.goto(request.permanentLink());
  await heading(page, 'Example CRM asks you to wait for more access to Example Notes');
  expect(await page.getByRole('button').count()).toBe(0);
  await page.getByRole('link', { name: 'Decline' }).waitFor();
});
