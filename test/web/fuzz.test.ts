import { once } from 'node:events';
import { connect } from 'node:net';
import type { Hono } from 'hono';
import type { RequestRef } from '../../src/contract/types';
import { signedPath } from '../../src/requests/permanent-link';
import type { InboxEnv } from '../../src/web/inbox/operator';
import { inboxWeb } from '../../src/web/inbox-web';
import { publicWeb } from '../../src/web/public-web';
import { serveWeb } from '../../src/web/serve';
import { Random } from '../support/random';
import type { World } from '../support/world';
import { openRequest, LINK_KEYS, openWorld } from './public-stage';
import { Visitor } from './visitor';

// Every route of both handlers, asked as nobody should. LONG_SEED repeats a run.

const TOKEN = 'the-token-of-this-test-0123456789abcdef';
const KEY = 'signing-key-of-this-test';
const REQUESTS = 500;
const RAW = 150;

const random = Random.fromEnv();
const oneOf = <T>(items: readonly T[]): T => items[random.between(0, items.length - 1)]!;
const chance = (share: number): boolean => random.next() < share;

const HOSTILE = [
  ...['', '.', '..', '%', '%00', '%2e%2e', '%ff%fe', '%E0%A4%A', '%ud800', '%F0%9F%92%A9', '%0d%0aset-cookie:a=b'],
  ...['__proto__', 'constructor', 'toString', '-1', 'null', '[]', '{}', '{{x}}', '<script>', "' or 1=1 --", '*', ':id'],
  ...['//x', 'a/../b', '\\', '1.a.b.c', 'nango/default/', 'bmFuZ28v', `bmFuZ28vZGVmYXVsdC8${'A'.repeat(1_500)}`],
  ...['x'.repeat(3_000), '01234567-89ab-4cde-8f01-23456789abcd', 'é', '💩', '\u202e', 'a b', '?', '&', '#', ';', '='],
];
const METHODS = ['GET', 'POST', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'LOCK'];
const HEADERS: Record<string, readonly string[]> = {
  cookie: [
    'temporal_nango_inbox=',
    'temporal_nango_inbox=1.2.3',
    '=; ;;',
    `temporal_nango_inbox=${'x'.repeat(500)}`,
    '%',
  ],
  host: ['', 'x', 'evil.example', '[::1]', 'a:99999', 'x'.repeat(300)],
  origin: ['null', 'https://', 'http://inbox.test', 'x', 'file:///etc'],
  'sec-fetch-site': ['same-origin', 'same-site', 'none', 'x', ''],
  'x-forwarded-for': ['', ',', 'unknown', '::', '999.1.1.1', '1.2.3.4:x', `${'1,'.repeat(300)}`, 'fe80::1%eth0'],
  'x-forwarded-proto': ['https', 'javascript', 'https,http'],
  'content-length': ['0', '5', '99999999', '-1', 'x', '1e9'],
  'x-nango-hmac-sha256': ['', 'x', '0'.repeat(64), 'f'.repeat(65)],
};
const TYPES = ['application/x-www-form-urlencoded', 'application/json', 'text/plain', 'multipart/form-data', 'x', ''];
const BODIES = [
  ...['', '{', '[]', '{"type":"auth"}', 'do=connect', 'do=%', 'do=decline&do=x', 'token=%ff&name=%00', '%%%', '&&==&'],
  ...[
    `token=${TOKEN}&name=%E2%80%AEx`,
    `token=${TOKEN}&name=Olga&to=%01`,
    `token=${TOKEN}&name=Olga&to=requests/a?%0d`,
  ],
  ...['days=1e3', 'days=99999', 'days=-1', 'days=3', 'choice=maybe', 'choice=yes', 'connection=..', 'connection=%2F'],
  ...[
    '--x\r\n',
    '--x\r\nContent-Disposition: form-data; name="do"\r\n\r\nconnect\r\n--x--',
    'x'.repeat(20_000),
    '\ud83d',
  ],
];

let world: World;
let ref: RequestRef;
let cookie: string;
let said: string[] = [];

beforeAll(async () => {
  console.log(`fuzz of the web, seed ${random.seed}`);
  world = await openWorld({ config: { webhookSigningKeys: [KEY], inboxToken: TOKEN } });
  ({ ref } = await openRequest(world));
  const operator = new Visitor(operators());
  await operator.signIn(TOKEN, 'Olga');
  cookie = [...operator.cookies].map((pair) => pair.join('=')).join('; ');
});

beforeEach(() => {
  said = [];
  for (const way of ['error', 'warn', 'info', 'log'] as const) {
    jest.spyOn(console, way).mockImplementation((...words: unknown[]) => void said.push(words.join(' ')));
  }
});

afterEach(() => {
  jest.restoreAllMocks();
});

afterAll(async () => {
  await world.close();
});

const people = () => publicWeb(world.client, { config: world.config, trustedProxies: 1 });
const operators = () => inboxWeb(world.client, { config: world.config });

/** The paths of a handler, from the router's own table. */
function pathsOf({ routes }: { routes: { path: string }[] }): string[] {
  return [...new Set(routes.map(({ path }) => path.replace('/*', '/')))];
}

const PARTS: Record<string, () => string> = {
  ':signed': () => signedPath(ref, LINK_KEYS),
  ':id': () => Buffer.from(ref.id).toString('base64url'),
  ':run': () => ref.firstExecutionRunId,
};

function filledIn(path: string): string {
  const parts = path.split('/').map((part) => {
    const genuine = PARTS[part]?.() ?? part;
    if (chance(0.75)) return genuine;
    return chance(0.5) ? oneOf(HOSTILE) : genuine + oneOf(HOSTILE);
  });
  const query = chance(0.3)
    ? `?${oneOf(['done', 'q', 'token', 'connection', 'owner', '__proto__'])}=${oneOf(HOSTILE)}`
    : '';
  return parts.join('/') + query;
}

function headers(): Record<string, string> {
  const given: Record<string, string> = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': TYPES[0]! };
  given['x-forwarded-for'] = `198.51.100.${random.between(1, 250)}`;
  if (chance(0.3)) given['content-type'] = oneOf(TYPES) + oneOf(['', '; boundary=x', ';', '; charset=utf-16']);
  for (const [name, values] of Object.entries(HEADERS)) if (chance(0.08)) given[name] = oneOf(values);
  return given;
}

/** A body in one, in pieces, or one that breaks off. */
function bodyOf(text: string): RequestInit {
  if (chance(0.4)) return { body: text };
  const breaksOff = chance(0.3);
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(Buffer.from(text.slice(0, 10)));
      if (breaksOff) return controller.error(new Error('broke off'));
      controller.enqueue(Buffer.from(text.slice(10)));
      controller.close();
    },
  });
  return { body, duplex: 'half' };
}

function requestTo(path: string): Request | undefined {
  const method = chance(0.6) ? oneOf(['GET', 'POST']) : oneOf(METHODS);
  const init = { method, headers: headers(), ...(method === 'GET' || method === 'HEAD' ? {} : bodyOf(oneOf(BODIES))) };
  try {
    return new Request(`http://inbox.test${path}`, init);
  } catch {
    // Nothing that an HTTP client could send.
    return undefined;
  }
}

function expectNoFault(what: string, status: number, page: string): void {
  expect([what, status]).not.toEqual([what, 500]);
  expect(said).toEqual([]);
  expect(page).not.toMatch(/\n\s+at .*:\d+:\d+/);
  for (const secret of [KEY, LINK_KEYS[0], LINK_KEYS[1], world.config.secretKey!]) expect(page).not.toContain(secret);
}

test.each<[string, () => Hono | Hono<InboxEnv>]>([
  ['the public handler', people],
  ['the inbox', operators],
])('%s answers none of them with a fault', async (_, make) => {
  const web = make() as Hono;
  const paths = pathsOf(web);
  let served = 0;
  for (let i = 0; i < REQUESTS; i++) {
    const request = requestTo(filledIn(paths[i % paths.length]!));
    if (request === undefined) continue;
    const what = `${request.method} ${request.url}`;
    const env = { incoming: { socket: { remoteAddress: `192.0.2.${random.between(1, 250)}` } } };
    const response = await web.fetch(request, env);
    expectNoFault(what, response.status, await response.text());
    served += 1;
  }
  expect(served).toBeGreaterThan(REQUESTS / 2);
});

test('nor by the bytes of a socket, and both listeners go on', async () => {
  const here = { host: '127.0.0.1', port: 0 };
  const web = await serveWeb({ client: world.client, config: world.config, public: here, inbox: here });
  try {
    for (let i = 0; i < RAW; i++) {
      const url = chance(0.5) ? web.publicUrl : web.inboxUrl;
      const path = filledIn(oneOf(pathsOf(url === web.publicUrl ? people() : operators())));
      const target = oneOf([
        path,
        path,
        path,
        '*',
        `http://evil.example${path}`,
        `//evil.example${path}`,
        'x:1',
        path.slice(1),
      ]);
      const text = oneOf(BODIES);
      const framing = oneOf([
        `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
        `Transfer-Encoding: chunked\r\n\r\n${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`,
        `Transfer-Encoding: chunked\r\n\r\nzz\r\n${text}`,
        `Content-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n${text}`,
        `Content-Length: ${text.length + 50}\r\n\r\n${text}`,
      ]);
      const lines = Object.entries(headers()).filter(
        ([name]) => name !== 'content-length' && (name !== 'host' || chance(0.5)),
      );
      const head = ['Host: x', ...lines.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
      const response = await raw(url, `${oneOf(METHODS)} ${target} HTTP/1.1\r\n${head}\r\n${framing}`);
      expectNoFault(target, Number(/^HTTP\/1\.1 (\d+)/.exec(response)?.[1] ?? 0), response);
    }
    expect((await fetch(`${web.publicUrl}/healthz`)).status).toBe(200);
    expect((await fetch(`${web.inboxUrl}/login`)).status).toBe(200);
  } finally {
    await web.close();
  }
});

/** Sends bytes and says that nothing follows. @returns what is answered until the other side has said all */
async function raw(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let response = '';
  socket.on('data', (data: Buffer) => (response += data.toString())).on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.end(bytes);
  await closed;
  return response;
}
