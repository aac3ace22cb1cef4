import { request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { temporalBinary } from '../../src/dev';
import { loggedPath } from '../../src/web/access-log';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { Shell } from './shell';
import type { Started } from './shell';

// The built program as a process, on a real Temporal.

interface Addresses {
  publicUrl: string;
  inboxUrl: string;
  loginUrl?: string;
}

const WEB = 'exec temporal-nango web --json --public 127.0.0.1:0 --inbox 127.0.0.1:0';
const MARK = join(__dirname, '../browser/mark.svg');
const LINK_KEY = 'a link key of thirty-two characters or more';
const TOKEN = 'an inbox token of thirty-two characters or more';

let world: World;
let shell: Shell;
let good: Record<string, string>;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  shell = new Shell(await temporalBinary());
  good = {
    TEMPORAL_ADDRESS: world.env.address,
    NANGO_SERVER_URL: world.nango.url,
    NANGO_WEBHOOK_SIGNING_KEYS: world.nango.webhookSigningKey,
    TEMPORAL_NANGO_LINK_KEYS: LINK_KEY,
  };
});

afterAll(async () => {
  await shell.close();
  await world.close();
});

async function startWeb(env: Record<string, string> = {}): Promise<Started & Addresses> {
  const started = shell.start(WEB, { ...good, ...env });
  const line = await eventually(() => {
    if (started.child.exitCode !== null) throw new Error(started.stderr());
    return Promise.resolve(/^\{.*\}$/m.exec(started.stdout())?.[0]);
  });
  return { ...started, ...(JSON.parse(line) as Addresses) };
}

async function stop({ child, ended }: Started) {
  child.kill('SIGTERM');
  return await ended;
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test('both listeners answer, each for itself; at SIGTERM it ends with 0, having printed one JSON value', async () => {
  const web = await startWeb();
  expect(await (await fetch(`${web.publicUrl}/healthz`)).text()).toBe('ok');
  expect((await fetch(`${web.inboxUrl}/`)).status).toBe(401);
  expect((await fetch(`${web.publicUrl}/login`)).status).toBe(404);
  expect((await fetch(`${web.inboxUrl}/connect/x`)).status).not.toBe(200);
  const { code, stdout } = await stop(web);
  expect(code).toBe(0);
  expect(() => JSON.parse(stdout) as unknown).not.toThrow();
});

test('without a token it makes one, and its login address lets an operator in', async () => {
  const web = await startWeb();
  const { token } = Object.fromEntries(new URL(web.loginUrl ?? '').searchParams);
  const form = { method: 'POST', redirect: 'manual', headers: { 'sec-fetch-site': 'same-origin' } } as const;
  const body = new URLSearchParams({ token: token ?? '', name: 'Ann' });
  const loggedIn = await fetch(`${web.inboxUrl}/login`, { ...form, body });
  expect(loggedIn.status).toBe(303);
  const cookie = loggedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? '';
  expect((await fetch(`${web.inboxUrl}/`, { headers: { cookie } })).status).toBe(200);
  const wrong = await fetch(`${web.inboxUrl}/login`, {
    ...form,
    body: new URLSearchParams({ token: 'x', name: 'Ann' }),
  });
  expect(wrong.status).toBe(401);
  const { stderr } = await stop(web);
  expect(stderr).not.toContain(token);
});

test('with a token of the environment it prints no login address', async () => {
  const web = await startWeb({ TEMPORAL_NANGO_INBOX_TOKEN: TOKEN });
  expect(web.loginUrl).toBeUndefined();
  const { stdout, stderr } = await stop(web);
  expect(stdout + stderr).not.toContain(TOKEN);
});

test('it refuses an inbox for other machines without a token, and names the setting', async () => {
  const line = WEB.replace('--inbox 127.0.0.1:0', '--inbox 0.0.0.0:0');
  const { code, stdout } = await shell.run(line, good);
  expect(code).toBe(2);
  const { error } = JSON.parse(stdout) as { error: { type: string; hint: string } };
  expect(error.type).toBe('Nango.Misconfigured');
  expect(error.hint).toContain('TEMPORAL_NANGO_INBOX_TOKEN');
});

test('it serves the brand of its settings, and refuses one that it cannot show', async () => {
  const web = await startWeb({ TEMPORAL_NANGO_BRAND_COLOR: '#0f766e', TEMPORAL_NANGO_BRAND_MARK: MARK });
  const [css, mark] = [await fetch(`${web.publicUrl}/assets/brand.css`), await fetch(`${web.publicUrl}/assets/mark`)];
  expect(await css.text()).toContain('#0f766e');
  expect(mark.headers.get('content-type')).toBe('image/svg+xml');
  await stop(web);
  for (const [name, value] of Object.entries({ COLOR: 'teal', MARK: '/nowhere/mark.svg' })) {
    const { code, stdout } = await shell.run(WEB, { ...good, [`TEMPORAL_NANGO_BRAND_${name}`]: value });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { field: `TEMPORAL_NANGO_BRAND_${name}` } });
  }
});

test.each([
  ['an address that is none', '--public nowhere'],
  ['a number of proxies that is none', '--trusted-proxies many'],
])('%s is wrong usage', async (_, option) => {
  expect((await shell.run(`${WEB} ${option}`, good)).code).toBe(2);
});

test('an address that somebody else has is wrong usage, said in a line', async () => {
  const { port } = new URL(world.nango.url);
  const { code, stdout } = await shell.run(WEB.replace('--inbox 127.0.0.1:0', `--inbox 127.0.0.1:${port}`), good);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ error: { message: expect.stringContaining('EADDRINUSE') as string } });
});

test('without a Temporal it ends with 3', async () => {
  const { code, stdout } = await shell.run(WEB, { ...good, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toMatchObject({ error: { type: 'Nango.TemporalUnavailable' } });
});

test('its log is one JSON object a request: no query, no header, and nothing that opens a request', async () => {
  const web = await startWeb();
  const signed = `1.${'a'.repeat(40)}.${'b'.repeat(36)}.${'c'.repeat(43)}`;
  const headers = { cookie: 'canary-cookie', authorization: 'canary-authorization' };
  await fetch(`${web.publicUrl}/connect/${signed}?query=canary-query`, { headers });
  await fetch(`${web.publicUrl}/connect/${signed}/decline`, { headers });
  await fetch(`${web.inboxUrl}/login?token=canary-token`);
  const { stderr } = await stop(web);
  const lines = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines).toMatchObject([
    { listener: 'public', method: 'GET', path: '/connect/<signed>', status: 404 },
    { listener: 'public', method: 'GET', path: '/connect/<signed>/decline', status: 404 },
    { listener: 'inbox', method: 'GET', path: '/login', status: 200 },
  ]);
  expect(stderr).not.toContain('canary');
  expect(stderr).not.toContain('cccc');
});

test('at SIGTERM a request in flight is answered, and no other is taken', async () => {
  const web = await startWeb();
  const { hostname, port } = new URL(web.publicUrl);
  const body = JSON.stringify({ type: 'sync' });
  const headers = { 'content-type': 'application/json', 'content-length': body.length, 'x-nango-hmac-sha256': 'none' };
  const delivery = httpRequest({ hostname, port, path: '/webhooks/nango', method: 'POST', headers });
  const responded = once(delivery, 'response');
  delivery.write(body.slice(0, 1));
  // A second request on another connection says that the first has been taken by then.
  await fetch(`${web.publicUrl}/healthz`);
  web.child.kill('SIGTERM');
  await eventually(async () => ((await accepts(Number(port))) ? undefined : true));
  delivery.end(body.slice(1));
  const [response] = (await responded) as [{ statusCode: number }];
  expect(response.statusCode).toBe(401);
  expect((await web.ended).code).toBe(0);
});

test('what opens a request is in no logged path, in whatever spelling', () => {
  const signed = `1.${'a'.repeat(40)}.${'b'.repeat(36)}.${'c'.repeat(43)}`;
  const paths = [
    `connect/${signed}`,
    `%63onnect/${signed}`,
    `CONNECT//${signed}/decline`,
    signed,
    `x%zz/connect/${signed}`,
  ];
  for (const path of [...paths, `%63onnect/${signed}%`, `connect%2F${signed}`]) {
    expect(loggedPath(`http://127.0.0.1/${path}`)).not.toContain('cccc');
  }
});
