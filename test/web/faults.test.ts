import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { signedPath } from '../../src/requests/permanent-link';
import { inboxWeb } from '../../src/web/inbox-web';
import { publicWeb } from '../../src/web/public-web';
import type { World } from '../support/world';
import { eventually } from '../support/eventually';
import { openRequest, LINK_KEYS, listen, openWorld, pathOf, stop } from './public-stage';
import { Visitor } from './visitor';

// What nobody meant: malformed requests are refused by what they are, and a fault is a line in the log and a plain answer.

const TOKEN = 'the-token-of-this-test-0123456789abcdef';
const KEY = 'signing-key-of-this-test';
/** A run that nobody knows. */
const RUN = '01234567-89ab-4cde-8f01-23456789abcd';

let world: World;
let logged: string[] = [];

beforeAll(async () => {
  world = await openWorld({ config: { webhookSigningKeys: [KEY], inboxToken: TOKEN } });
});

beforeEach(() => {
  logged = [];
  jest.spyOn(console, 'error').mockImplementation((...said: unknown[]) => void logged.push(said.join(' ')));
});

afterEach(() => {
  jest.restoreAllMocks();
});

afterAll(async () => {
  await world.close();
});

const people = () => publicWeb(world.client, { config: world.config });
const operators = () => inboxWeb(world.client, { config: world.config });

describe('what is malformed is refused as what it is, and is no fault', () => {
  afterEach(() => {
    expect(logged).toEqual([]);
  });

  test.each([
    ['owner', { tags: { end_user_id: '\ud800' } }],
    ['integration', { providerConfigKey: 'hub\udc00spot' }],
    ['slot', { tags: { end_user_id: 'u', tn_slot: '\ud800' } }],
    ['connection', { connectionId: '\ud800' }],
  ])('half a character as the %s of a signed webhook', async (_, over) => {
    const creation = { type: 'auth', operation: 'creation', success: true, providerConfigKey: 'hubspot' };
    const body = JSON.stringify({ ...creation, connectionId: 'c', tags: {}, ...over });
    const signature = createHmac('sha256', KEY).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-nango-hmac-sha256': signature };
    expect((await people().request('/webhooks/nango', { method: 'POST', body, headers })).status).toBe(200);
  });

  test.each(['requests/a?x=\u0007', 'requests/a?x=\r\nset-cookie: a=b', 'requests/a?x=\u0080', 'requests/a?\u202e'])(
    'a way to go on to after signing in that no address can hold: %j',
    async (to) => {
      const { status, location } = await new Visitor(operators()).post('/login', { token: TOKEN, name: 'Olga', to });
      expect([status, location]).toEqual([303, '/']);
    },
  );

  test.each([
    ['run', (id: string) => ({ id, firstExecutionRunId: 'no-run-of-temporals' })],
    ['id that is too long', (id: string) => ({ id: id.padEnd(1_001, 'x'), firstExecutionRunId: RUN })],
    ['id with a control character', (id: string) => ({ id: `${id}\u0000`, firstExecutionRunId: RUN })],
  ])('a link that is signed, of a %s', async (_, malformed) => {
    const { ref } = await openRequest(world);
    const path = `/connect/${signedPath(malformed(ref.id), LINK_KEYS)}`;
    for (const way of [path, `${path}/decline`]) expect((await people().request(way)).status).toBe(404);
    const init = { method: 'POST', headers: { 'sec-fetch-site': 'same-origin' } };
    expect((await people().request(path, init)).status).toBe(404);
  });

  test.each([
    ['too long', (id: string) => id.padEnd(1_001, 'x')],
    ['of bytes that are no text', (id: string) => `${id}\u0000\ufffd`],
  ])('an address of the inbox whose id is %s', async (_, malformed) => {
    const { ref } = await openRequest(world);
    const operator = new Visitor(operators());
    await operator.signIn(TOKEN, 'Olga');
    const path = `/requests/${Buffer.from(malformed(ref.id)).toString('base64url')}`;
    for (const way of [path, `${path}/${RUN}`, `${path}/${RUN}/extras`]) {
      expect((await operator.get(way)).status).toBe(404);
    }
    expect((await operator.post(`${path}/${RUN}/remind`)).status).toBe(404);
  });

  test('a body that breaks off', async () => {
    const { ref } = await openRequest(world);
    const operator = new Visitor(operators());
    await operator.signIn(TOKEN, 'Olga');
    const cookie = [...operator.cookies].map((pair) => pair.join('=')).join('; ');
    const posts = [
      [people().fetch, '/webhooks/nango', 'Content-Type: application/json'],
      [people().fetch, pathOf(ref), 'Sec-Fetch-Site: same-origin'],
      [operators().fetch, '/login', 'Sec-Fetch-Site: same-origin'],
      [operators().fetch, '/logout', 'Sec-Fetch-Site: same-origin'],
      [operators().fetch, `/requests/x/${RUN}/remind`, `Sec-Fetch-Site: same-origin\r\nCookie: ${cookie}`],
    ] as const;
    for (const [fetch, path, header] of posts) {
      const responded: unknown[] = [];
      const failed: unknown[] = [];
      const { url, server } = await listen(async (request: Request, env: unknown) => {
        try {
          const response = await (fetch as (...all: unknown[]) => Promise<Response>)(request, env);
          responded.push(response.status);
          return response;
        } catch (error) {
          failed.push(error);
          throw error;
        }
      });
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      const begun = once(server, 'request');
      socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${header}\r\nContent-Length: 100\r\n\r\nhalf`);
      await begun;
      socket.destroy();
      await eventually(() => Promise.resolve(responded.length + failed.length > 0 ? true : undefined));
      await stop(server);
      expect([path, failed]).toEqual([path, []]);
    }
  });
});

describe('a fault', () => {
  const secret = () => `${TOKEN} ${KEY} ${LINK_KEYS[0]} ${world.config.secretKey} nango_connect_session_abc`;
  const thrown: [string, () => unknown][] = [
    ['an error', () => new Error(`no ${secret()}\nat line two \u001b[31m`)],
    ['a text', () => `no ${secret()}`],
    ['nothing', () => undefined],
    ['an object without a prototype', () => Object.create(null) as unknown],
  ];

  test.each(thrown)(
    'of the connect page, %s: a plain page, and one line without stack and secrets',
    async (_, what) => {
      const { ref } = await openRequest(world);
      const authorize = () => {
        throw what();
      };
      const web = publicWeb(world.client, { config: world.config, authorize });
      const response = await web.request(pathOf(ref));
      expect(response.status).toBe(503);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expectPlain(await response.text());
    },
  );

  test.each(thrown)('of the inbox, %s: the same', async (_, what) => {
    const authorize = () => {
      throw what();
    };
    const response = await inboxWeb(world.client, { config: world.config, authorize }).request('/');
    expect(response.status).toBe(500);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expectPlain(await response.text());
  });

  function expectPlain(page: string): void {
    expect(page).toMatch(/^<!doctype html>/);
    expect(logged).toHaveLength(1);
    for (const text of [page, logged[0]!]) {
      expect(text).not.toMatch(/\n\s+at |\u001b/);
      for (const word of secret().split(' ')) expect(text).not.toContain(word);
    }
    expect(logged[0]).toMatch(/^temporal-nango: GET \/\S* failed: .*$/);
    expect(logged[0]).not.toContain('\n');
    expect(logged[0]).not.toMatch(/1\.[\w-]+\.[\w-]+\.[\w-]+/);
  }
});
