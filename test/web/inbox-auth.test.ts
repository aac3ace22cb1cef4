import { Hono } from 'hono';
import { generateSignedCookie } from 'hono/cookie';
import { resolveConfig } from '../../src/config';
import { inboxWeb } from '../../src/web/inbox-web';
import type { Operator } from '../../src/web/inbox-web';
import { Visitor } from './visitor';
import { absentTemporal } from '../support/absent-temporal';

// Who may use the inbox. No Temporal answers here: a page that does not exist is 404 for operators and 401 for others.

const TOKEN = 'the-token-of-this-test-0123456789abcdef';
const PAGE = '/nothing-here';
const COOKIE = 'temporal_nango_inbox';

const config = { ...resolveConfig({ env: {}, cwd: __dirname }), inboxToken: TOKEN };
const client = absentTemporal();

afterAll(async () => {
  await client.connection.close();
});

function visitor(address?: string): Visitor {
  return new Visitor(inboxWeb(client, { config }), address);
}

/** A cookie as the inbox writes it. */
async function cookie(until: number, name: string, token = TOKEN): Promise<string> {
  const value = `${until}.${Buffer.from(name).toString('base64url')}`;
  const [, signed = ''] = /=([^;]*)/.exec(await generateSignedCookie(COOKIE, value, token)) ?? [];
  return signed;
}

test('neither a token nor a function that knows operators: it does not start, and names the setting', () => {
  const without = { ...config, inboxToken: undefined };
  expect(() => inboxWeb(client, { config: without })).toThrow(/TEMPORAL_NANGO_INBOX_TOKEN/);
});

describe('with a token', () => {
  test('without a cookie every page is the login page, which leads back to where one was going', async () => {
    const { status, html } = await visitor().get('/requests/abc/def?done=x');
    expect(status).toBe(401);
    expect(html).toContain('action="../../login"');
    expect(html).toContain('name="to" value="requests/abc/def?done=x"');
    expect(html).not.toContain(TOKEN);
  });

  test('the right token and a name open it; the cookie holds neither token nor more than it has to', async () => {
    const somebody = visitor();
    const { status, location, headers } = await somebody.post('/login', {
      token: TOKEN,
      name: ' Olga ',
      to: 'requests/a',
    });
    expect([status, location]).toEqual([303, '/requests/a']);
    const set = headers.get('set-cookie')!;
    expect(set).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(decodeURIComponent(set)).not.toContain(TOKEN);
    const { status: opened, text } = await somebody.get(PAGE);
    expect([opened, text]).toEqual([404, expect.stringContaining('There is no such page')]);
  });

  test.each([
    'https://evil.test/',
    '//evil.test',
    '/\\evil.test',
    'javascript:alert(1)',
    '../admin',
    'requests/a/../../b',
    'bulk/../b',
    'bulky',
  ])('after signing in nobody is led to %s', async (to) => {
    expect((await visitor().post('/login', { token: TOKEN, name: 'Olga', to })).location).toBe('/');
  });

  test.each(['requests/a/b?done=x', 'bulk', 'bulk/a/b/stop', 'set-ups', 'set-ups/a/b'])(
    'after signing in one is led to %s',
    async (to) => {
      expect((await visitor().post('/login', { token: TOKEN, name: 'Olga', to })).location).toBe(`/${to}`);
    },
  );

  test('over https, seen or told by a proxy, the cookie is sent over https only', async () => {
    const form = { token: TOKEN, name: 'Olga' };
    const proxied = await visitor().post('/login', form, { 'x-forwarded-proto': 'https' });
    expect(proxied.headers.get('set-cookie')).toContain('; Secure');
    const web = inboxWeb(client, { config });
    const seen = await web.request('https://inbox.test/login', {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(seen.headers.get('set-cookie')).toContain('; Secure');
  });

  test('a cookie opens it until its time is over', async () => {
    const somebody = visitor();
    somebody.cookies.set(COOKIE, await cookie(Date.now() + 60_000, 'Olga'));
    expect((await somebody.get(PAGE)).status).toBe(404);
    somebody.cookies.set(COOKIE, await cookie(Date.now() - 1, 'Olga'));
    expect((await somebody.get(PAGE)).status).toBe(401);
  });

  test('a cookie that was made up or changed does not', async () => {
    const later = Date.now() + 60_000;
    const good = await cookie(later, 'Olga');
    const [, signature] = decodeURIComponent(good).split(/\.(?=[^.]*$)/);
    const changed = `${later}.${Buffer.from('Bert').toString('base64url')}.${signature}`;
    const longer = `${later + 1}.${Buffer.from('Olga').toString('base64url')}.${signature}`;
    const forged = [await cookie(later, 'Olga', 'another'), changed, longer, good.slice(0, -3), 'x', ''];
    for (const value of forged.map((one) => encodeURIComponent(decodeURIComponent(one)))) {
      const somebody = visitor();
      somebody.cookies.set(COOKIE, value);
      expect((await somebody.get(PAGE)).status).toBe(401);
    }
  });

  test('an address that holds the token fills the form in and signs nobody in', async () => {
    const previewer = visitor();
    const { status, html } = await previewer.get(`/login?token=${TOKEN}`);
    expect([status, previewer.cookies.size]).toEqual([200, 0]);
    expect(html).toContain(`value="${TOKEN}"`);
    expect((await previewer.get(PAGE)).status).toBe(401);
  });

  test('a wrong token, and a name that is none, are told apart', async () => {
    const wrong = await visitor().post('/login', { token: 'wrong', name: 'Olga' });
    expect([wrong.status, wrong.text]).toEqual([401, expect.stringContaining('That is not the token')]);
    expect(wrong.html).toContain('value="Olga"');
    expect(wrong.html).not.toContain('value="wrong"');
    for (const name of ['', '  ', 'x'.repeat(256), 'a\u0007b']) {
      const nobody = await visitor().post('/login', { token: TOKEN, name });
      expect([nobody.status, nobody.headers.get('set-cookie')]).toEqual([400, null]);
      // What was typed is not sent back: the page may be kept.
      expect(nobody.html).not.toContain(TOKEN);
    }
  });

  test('after ten wrong tokens nothing from that address is looked at for a minute; others are let in', async () => {
    const guesser = visitor('192.0.2.7');
    for (let n = 0; n < 10; n++) expect((await guesser.post('/login', { token: `${n}`, name: 'x' })).status).toBe(401);
    const { status, headers } = await guesser.post('/login', { token: TOKEN, name: 'Olga' });
    expect(status).toBe(429);
    const seconds = Number(headers.get('retry-after'));
    expect([seconds > 0, seconds <= 60]).toEqual([true, true]);
    const other = new Visitor(guesser.web, '192.0.2.8');
    expect((await other.post('/login', { token: TOKEN, name: 'Olga' })).status).toBe(303);
  });

  test('signing out ends the session', async () => {
    const somebody = visitor();
    await somebody.signIn(TOKEN, 'Olga');
    const { status, location } = await somebody.post('/logout');
    expect([status, location, somebody.cookies.size]).toEqual([303, '/login', 0]);
    expect((await somebody.get(PAGE)).status).toBe(401);
  });
});

describe('with a function of the host application', () => {
  const by = (operator: Operator | Response | undefined) =>
    new Visitor(inboxWeb(client, { config, authorize: () => Promise.resolve(operator) }));

  test('whom it names is let in, and sees no way to sign out here', async () => {
    const { status, html } = await by({ name: 'Olga' }).get(PAGE);
    expect(status).toBe(404);
    expect(html).not.toContain('logout');
    expect((await by({ name: 'Olga' }).post('/login', { token: TOKEN, name: 'x' })).status).toBe(404);
  });

  test('whom it does not name is told so; the token is no way around it', async () => {
    expect((await by(undefined).get('/')).status).toBe(401);
    const somebody = by(undefined);
    somebody.cookies.set(COOKIE, await cookie(Date.now() + 60_000, 'Olga'));
    expect((await somebody.get('/')).status).toBe(401);
    expect((await by(undefined).post('/login', { token: TOKEN, name: 'x' })).status).toBe(401);
  });

  test('its own answer is sent as it is', async () => {
    const own = new Response('<style>a{}</style>', { status: 302, headers: { location: '/sso' } });
    const { status, location, html, headers } = await by(own).get('/');
    expect([status, location, html]).toEqual([302, '/sso', '<style>a{}</style>']);
    expect(headers.get('content-security-policy')).toBeNull();
  });
});

describe('a function of the host application that is not held to its types', () => {
  const saying = (said: unknown) => new Visitor(inboxWeb(client, { config, authorize: () => said as Operator }));

  test.each([[null], [false]])('%j is nothing', async (said) => {
    expect((await saying(said).get(PAGE)).status).toBe(401);
  });

  test.each([[true], ['Olga'], [{}], [{ name: '' }], [{ name: 7 }]])('%j lets nobody in', async (said) => {
    const logged = jest.spyOn(console, 'error').mockReturnValue();
    expect((await saying(said).get(PAGE)).status).toBe(500);
    expect(logged).toHaveBeenCalledWith(expect.stringContaining('authorize'));
    logged.mockRestore();
  });

  test('a response of another making lets nobody in, and is sent', async () => {
    const foreign = { status: 302, headers: new Headers(), body: null };
    const web = inboxWeb(client, { config, authorize: () => foreign as Response });
    expect(await web.request(`http://inbox.test${PAGE}`)).toBe(foreign);
  });
});

describe('what is sent from elsewhere', () => {
  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['nowhere', { 'sec-fetch-site': 'none' }],
    ['an older browser on another site', { 'sec-fetch-site': '', origin: 'https://evil.test', host: 'inbox.test' }],
  ])('a form of %s is refused', async (_, headers) => {
    const somebody = visitor();
    await somebody.signIn(TOKEN, 'Olga');
    const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''));
    const web = somebody.web;
    const init = { method: 'POST', headers: { ...sent, cookie: `${COOKIE}=${somebody.cookies.get(COOKIE)}` } };
    for (const path of ['/requests/a/b/cancel', '/bulk/a/b/stop', '/logout', '/login']) {
      expect((await web.request(`http://inbox.test${path}`, init)).status).toBe(403);
    }
  });

  test('a form of this very page is not, in an older browser either', async () => {
    const headers = { origin: 'http://inbox.test', host: 'inbox.test' };
    expect((await visitor().web.request('http://inbox.test/logout', { method: 'POST', headers })).status).toBe(303);
  });

  test('a form that is too large is refused before it is read', async () => {
    const { status } = await visitor().post('/login', { token: 'x'.repeat(20_000), name: 'Olga' });
    expect(status).toBe(413);
  });
});

test('every page says what browsers may do with it', async () => {
  const signedIn = visitor();
  await signedIn.signIn(TOKEN, 'Olga');
  for (const seen of [await visitor().get('/'), await signedIn.get(PAGE), await visitor().get('/login')]) {
    const policy = seen.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(Object.fromEntries(seen.headers)).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(seen.html).not.toMatch(/<style|style=|<script>|onclick/);
  }
});

test.each([
  ['mounted', (web: ReturnType<typeof inboxWeb>) => new Hono().mount('/ops/inbox', web.fetch)],
  ['routed', (web: ReturnType<typeof inboxWeb>) => new Hono().route('/ops/inbox', web)],
])('%s below a path, every way stays below it', async (_, below) => {
  const host = new Visitor(below(inboxWeb(client, { config })));
  const { status, html } = await host.get('/ops/inbox/requests/a/b');
  expect(status).toBe(401);
  for (const [, way] of html.matchAll(/(?:href|src|action)="([^"#]*)"/g)) {
    expect(new URL(way!, 'http://inbox.test/ops/inbox/requests/a/b').pathname).toMatch(/^\/ops\/inbox\//);
  }
  const form = { token: TOKEN, name: 'Olga', to: 'requests/a/b' };
  expect((await host.post('/ops/inbox/login', form)).location).toBe('/ops/inbox/requests/a/b');
  expect((await host.get('/ops/inbox/requests/a/b')).status).toBe(404);
  expect((await host.get('/ops/inbox/assets/style.css')).headers.get('content-type')).toContain('text/css');
});
