import { createHmac } from 'node:crypto';
import type { BulkRef, RequestRef, SetUpRef } from '../../src/contract/types';
import { signedPath } from '../../src/requests/permanent-link';
import { inboxWeb } from '../../src/web/inbox-web';
import { setUpPath } from '../../src/requests/inbox-page';
import { bulkPathOf } from '../../src/web/inbox/address';
import { logoPath, signedLogoPath } from '../../src/web/logos/logo-path';
import { publicWeb } from '../../src/web/public-web';
import { absentTemporal } from '../support/absent-temporal';
import { World } from '../support/world';
import { Visitor } from './visitor';

// Every route of both handlers, from the router's own table: what it answers to somebody who has nothing, and to somebody
// who has what opens it.

const INBOX_TOKEN = 'the-token-of-this-test-0123456789abcdef';
const LINK_KEY = 'the-key-of-this-test-0123456789abcdefgh';

/** Statuses without and with the link, the signature or the session that a route wants. */
type Expected = readonly [without: number, with_: number, form?: Record<string, string>];

const PUBLIC: Record<string, Expected> = {
  'GET /assets/style.css': [200, 200],
  'GET /assets/script.js': [200, 200],
  'GET /assets/brand.css': [200, 200],
  'GET /assets/mark': [200, 200],
  'GET /logos/:signed': [404, 200],
  'GET /healthz': [200, 200],
  'GET /readyz': [200, 200],
  'GET /connect/:signed': [404, 200],
  'GET /connect/:signed/decline': [404, 200],
  'POST /connect/:signed': [404, 303, { do: 'connect' }],
  'POST /webhooks/nango': [401, 200],
};

const BRAND = { color: '#0f766e', mark: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') };

const REQUEST = '/requests/:id/:run';
const RUN = '/bulk/:id/:run';
const SET_UP = '/set-ups/:id/:run';

const INBOX: Record<string, Expected> = {
  'GET /assets/style.css': [200, 200],
  'GET /assets/inbox.css': [200, 200],
  'GET /assets/script.js': [200, 200],
  'GET /login': [200, 200],
  'POST /login': [401, 303, { token: INBOX_TOKEN, name: 'Olga' }],
  'POST /logout': [303, 303],
  'GET /logos/:integration': [401, 200],
  'GET /': [401, 200],
  'GET /requests/:id': [401, 302],
  [`GET ${REQUEST}`]: [401, 200],
  [`GET ${REQUEST}/decline`]: [401, 200],
  [`GET ${REQUEST}/cancel`]: [401, 200],
  [`GET ${REQUEST}/extras`]: [401, 200],
  [`GET ${REQUEST}/extras/delete`]: [401, 200],
  [`POST ${REQUEST}/remind`]: [401, 303],
  [`POST ${REQUEST}/extend`]: [401, 303, { days: '3' }],
  [`POST ${REQUEST}/decline`]: [401, 303],
  [`POST ${REQUEST}/cancel`]: [401, 303],
  [`POST ${REQUEST}/decide`]: [401, 409, { choice: 'yes' }],
  [`GET ${REQUEST}/confirm-owner`]: [401, 409],
  [`GET ${REQUEST}/refuse-owner`]: [401, 409],
  [`GET ${REQUEST}/disconnect`]: [401, 409],
  [`POST ${REQUEST}/confirm-owner`]: [401, 409, { link: 'o.1' }],
  [`POST ${REQUEST}/refuse-owner`]: [401, 409, { link: 'o.1' }],
  [`POST ${REQUEST}/disconnect`]: [401, 409, { link: 'o.1' }],
  [`POST ${REQUEST}/choose`]: [401, 409, { connection: 'c' }],
  [`POST ${REQUEST}/update-scopes`]: [401, 409, { clientId: 'c', clientSecret: 's' }],
  [`POST ${REQUEST}/scopes-updated`]: [401, 409],
  [`POST ${REQUEST}/extras/delete`]: [401, 303, { connection: 'gone' }],
  'GET /bulk': [401, 200],
  [`GET ${RUN}/stop`]: [401, 200],
  [`POST ${RUN}/pause`]: [401, 303],
  [`POST ${RUN}/resume`]: [401, 303],
  [`POST ${RUN}/stop`]: [401, 303],
  'GET /set-ups': [401, 200],
  [`GET ${SET_UP}`]: [401, 200],
  [`GET ${SET_UP}/decline`]: [401, 200],
  [`POST ${SET_UP}/nango-app`]: [401, 400],
  [`POST ${SET_UP}/own`]: [401, 303, { clientId: 'c', clientSecret: 's' }],
  [`POST ${SET_UP}/made`]: [401, 503],
  [`POST ${SET_UP}/decline`]: [401, 303],
};

interface Routed {
  routes: { method: string; path: string }[];
}

/** The routes of a handler; what stands in front of all of them is none. */
function routesOf({ routes }: Routed): string[] {
  const names = routes.map(({ method, path }) => `${method} ${path}`);
  return [...new Set(names)].filter((name) => name !== 'ALL /*');
}

const without = (table: Record<string, Expected>, routed: Routed): string[] =>
  routesOf(routed).filter((name) => !Object.hasOwn(table, name));

let world: World;
let person = 0;

beforeAll(async () => {
  world = await World.open('dev', { config: { linkKeys: [LINK_KEY], inboxToken: INBOX_TOKEN } });
});

afterAll(async () => {
  await world.close();
});

const publicOf = () => publicWeb(world.client, { config: world.config, brand: BRAND });
const inboxOf = () => inboxWeb(world.client, { config: world.config });

async function operator(web: Visitor['web']): Promise<Visitor> {
  const [somebody, visitor] = [new Visitor(inboxOf()), new Visitor(web)];
  await somebody.signIn(INBOX_TOKEN, 'Olga');
  for (const [name, value] of somebody.cookies) visitor.cookies.set(name, value);
  return visitor;
}

/** A bulk run whose source is never served. */
async function begunRun(): Promise<BulkRef> {
  const connection = { integration: 'hubspot', connectionId: 'c' };
  const source = { activity: 'source', taskQueue: 'nobody-polls-this' };
  return (await world.connections.bulk({ connection, source, sink: 'discard' })).ref;
}

/** An integration that waits to be set up. */
async function openSetUp(): Promise<SetUpRef> {
  const name = `p-${++person}`;
  world.nango.addProvider({ name, authMode: 'OAUTH2' });
  const setUp = await world.connections.ensureIntegration({ provider: name });
  if (setUp.kind !== 'setUp') throw new Error(`a ${setUp.kind}`);
  await world.atRest(setUp.ref.id);
  return setUp.ref;
}

/** The path of a route, filled in for a request, or a bulk run, that has just been opened. */
async function filledIn(path: string): Promise<string> {
  if (path.startsWith(RUN)) return path.replace(RUN, `/${bulkPathOf(await begunRun())}`);
  if (path.startsWith(SET_UP)) return path.replace(SET_UP, `/${setUpPath(await openSetUp())}`);
  if (path === '/logos/:signed') return `/${signedLogoPath('hubspot', [LINK_KEY])}`;
  if (path === '/logos/:integration') return `/${logoPath('hubspot')}`;
  const wanted = { integration: 'hubspot', endUser: { id: `u_${++person}` } };
  const request = await world.connections.ensureConnection(wanted);
  if (request.kind !== 'request') throw new Error('expected a pending request');
  const ref: RequestRef = request.ref;
  return path
    .replace(':signed', signedPath(ref, [LINK_KEY]))
    .replace(':id', Buffer.from(ref.id).toString('base64url'))
    .replace(':run', ref.firstExecutionRunId);
}

async function statusOf(visitor: Visitor, route: string, path: string, form: Record<string, string> = {}) {
  const isPost = route.startsWith('POST');
  return (await (isPost ? visitor.post(path, form) : visitor.get(path))).status;
}

describe('every route has an expectation', () => {
  const client = absentTemporal();
  const config = {
    baseUrl: 'http://127.0.0.1:1',
    environment: 'default',
    taskQueue: 'nango',
    webhookSigningKeys: ['k'],
    linkKeys: [],
  };

  afterAll(() => client.connection.close());

  test('and every expectation a route', () => {
    const [people, operators] = [
      publicWeb(client, { config, brand: BRAND }),
      inboxWeb(client, { config, token: INBOX_TOKEN }),
    ];
    expect([without(PUBLIC, people), without(INBOX, operators)]).toEqual([[], []]);
    expect(routesOf(people).sort()).toEqual(Object.keys(PUBLIC).sort());
    expect(routesOf(operators).sort()).toEqual(Object.keys(INBOX).sort());
  });

  test('a new one is found, in a handler that was given to another one too', () => {
    const web = inboxWeb(client, { config, token: INBOX_TOKEN });
    web.get('/new', (c) => c.text('open to all'));
    web.all('/export/*', (c) => c.text('open to all'));
    expect(without(INBOX, web)).toEqual(['GET /new', 'ALL /export/*']);
  });

  test('with a host application that knows its operators there are no others', () => {
    const web = inboxWeb(client, { config, authorize: () => undefined });
    const signing = ['GET /login', 'POST /login', 'POST /logout'];
    expect(routesOf(web).sort()).toEqual(
      Object.keys(INBOX)
        .filter((route) => !signing.includes(route))
        .sort(),
    );
  });
});

describe('the public handler', () => {
  test.each(Object.entries(PUBLIC))('%s', async (route, [forged, genuine, form]) => {
    const [method = '', path = ''] = route.split(' ');
    const visitor = new Visitor(publicOf());
    if (route === 'POST /webhooks/nango') {
      const body = JSON.stringify({ type: 'sync' });
      const signature = createHmac('sha256', world.nango.webhookSigningKey).update(body).digest('hex');
      const send = async (signed: string) => {
        const headers = { 'content-type': 'application/json', 'x-nango-hmac-sha256': signed };
        return (await publicOf().request(path, { method, body, headers })).status;
      };
      expect([await send('00'.repeat(32)), await send(signature)]).toEqual([forged, genuine]);
      return;
    }
    const filled = await filledIn(path);
    const cut = path.includes(':signed') ? path.replace(':signed', '1.a.b.c') : filled;
    expect(await statusOf(visitor, route, cut, form)).toBe(forged);
    expect(await statusOf(visitor, route, filled, form)).toBe(genuine);
  });

  test.each(Object.keys(INBOX).filter((route) => !Object.hasOwn(PUBLIC, route)))(
    'knows nothing of the inbox, for operators neither: %s',
    async (route) => {
      const [, path = ''] = route.split(' ');
      const filled = await filledIn(path);
      for (const visitor of [new Visitor(publicOf()), await operator(publicOf())]) {
        expect(await statusOf(visitor, route, filled, INBOX[route]?.[2])).toBe(404);
      }
    },
  );
});

describe('the inbox', () => {
  test.each(Object.entries(INBOX))('%s', async (route, [nobody, somebody, form]) => {
    const [, path = ''] = route.split(' ');
    const filled = await filledIn(path);
    expect(await statusOf(new Visitor(inboxOf()), route, filled)).toBe(nobody);
    expect(await statusOf(await operator(inboxOf()), route, filled, form)).toBe(somebody);
  });

  test.each(Object.keys(PUBLIC).filter((route) => !Object.hasOwn(INBOX, route)))(
    'is not opened by what opens the public one: %s',
    async (route) => {
      const [, path = ''] = route.split(' ');
      expect(await statusOf(new Visitor(inboxOf()), route, await filledIn(path), PUBLIC[route]?.[2])).toBe(401);
    },
  );
});
