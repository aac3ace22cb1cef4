import { createHmac } from 'node:crypto';
import { inboxWeb } from '../../src/web/inbox-web';
import { publicWeb } from '../../src/web/public-web';
import { serveWeb } from '../../src/web/serve';
import type { World } from '../support/world';
import { HOSTS } from './hosts';
import { openRequest, openWorld, pathOf } from './public-stage';

// Bodies of every route that takes one, with and without their length, wherever the handlers are mounted.

const TOKEN = 'the-token-of-this-test-0123456789abcdef';
const KEY = 'signing-key';
const PUBLIC_LIMIT = 1_024;
const INBOX_LIMIT = 16 * 1_024;
const WEBHOOK_LIMIT = 1024 * 1024;

/** Where both handlers are, and how they are asked. */
interface Place {
  people: string;
  operators: string;
  fetch(url: string, init: RequestInit): Promise<Response>;
  close(): Promise<unknown>;
}

let world: World;

beforeAll(async () => {
  world = await openWorld({ config: { webhookSigningKeys: [KEY], inboxToken: TOKEN } });
});

afterAll(async () => {
  await world.close();
});

const people = () => publicWeb(world.client, { config: world.config });
const operators = () => inboxWeb(world.client, { config: world.config });

async function byOurselves(): Promise<Place> {
  const here = { host: '127.0.0.1', port: 0 };
  const served = await serveWeb({
    client: world.client,
    config: world.config,
    public: here,
    inbox: here,
  });
  return { people: served.publicUrl, operators: served.inboxUrl, fetch, close: () => served.close() };
}

function below(start: (typeof HOSTS)[number][1]): () => Promise<Place> {
  return async () => {
    const [one, other] = [await start(people().fetch), await start(operators().fetch)];
    const close = () => Promise.all([one.close(), other.close()]);
    return { people: `${one.url}/nango`, operators: `${other.url}/nango`, fetch, close };
  };
}

function byFetch(): Promise<Place> {
  const hosts = { people: people(), operators: operators() };
  const fetchByHost = (url: string, init: RequestInit) => {
    const { protocol, pathname } = new URL(url);
    return Promise.resolve(hosts[protocol === 'people:' ? 'people' : 'operators'].request(`http://x${pathname}`, init));
  };
  return Promise.resolve({
    people: 'people://x',
    operators: 'operators://x',
    fetch: fetchByHost,
    close: () => Promise.resolve(),
  });
}

/** A form of exactly so many bytes. */
function form(fields: Record<string, string>, bytes: number): string {
  const text = new URLSearchParams({ ...fields, filler: '' }).toString();
  return text + 'x'.repeat(bytes - text.length);
}

/** A body in pieces, which does not say how long it is. */
function pieces(text: string): RequestInit {
  const bytes = Buffer.from(text);
  const half = Math.ceil(bytes.length / 2);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of [bytes.subarray(0, half), bytes.subarray(half)]) controller.enqueue(piece);
      controller.close();
    },
  });
  return { body, duplex: 'half' };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };

describe.each<[string, () => Promise<Place>]>([
  ['served by ourselves', byOurselves],
  ...HOSTS.map(([name, start]) => [`in ${name}`, below(start)] as [string, () => Promise<Place>]),
  ['by fetch', byFetch],
])('%s', (_, start) => {
  let place: Place;

  beforeAll(async () => {
    place = await start();
  });

  afterAll(async () => {
    await place.close();
  });

  async function send(url: string, body: RequestInit, headers: Record<string, string>): Promise<Response> {
    return await place.fetch(url, { method: 'POST', redirect: 'manual', headers, ...body });
  }

  /** What is answered at the limit, and over it, in pieces and in one; over it first, since the other does something. */
  async function statuses(
    url: string,
    limit: number,
    text: (bytes: number) => string,
    headers: Record<string, string>,
  ) {
    const over = text(limit + 1);
    const refused = [await send(url, pieces(over), headers), await send(url, { body: over }, headers)];
    const taken = await send(url, pieces(text(limit)), headers);
    return [...refused, taken].map(({ status }) => status);
  }

  test('a webhook', async () => {
    const url = `${place.people}/webhooks/nango`;
    const text = (bytes: number) => `${JSON.stringify({ type: 'sync' })}${' '.repeat(bytes)}`.slice(0, bytes);
    const signature = createHmac('sha256', KEY).update(text(WEBHOOK_LIMIT)).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-nango-hmac-sha256': signature };
    expect(await statuses(url, WEBHOOK_LIMIT, text, headers)).toEqual([413, 413, 200]);
  });

  test.each(['connect', 'decline'])('the button that says %s', async (choice) => {
    const url = `${place.people}${pathOf((await openRequest(world)).ref)}`;
    expect(await statuses(url, PUBLIC_LIMIT, (bytes) => form({ do: choice }, bytes), FORM)).toEqual([413, 413, 303]);
  });

  test('signing in, what operators do, and signing out', async () => {
    const { ref } = await openRequest(world);
    const signedIn = await send(`${place.operators}/login`, pieces(form({ token: TOKEN, name: 'Olga' }, 200)), FORM);
    const headers = { ...FORM, cookie: signedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? '' };
    const request = `/requests/${Buffer.from(ref.id).toString('base64url')}/${ref.firstExecutionRunId}`;
    const seen: [string, number[]][] = [];
    const visit = async (path: string, fields: Record<string, string> = {}) => {
      const text = (bytes: number) => form(fields, bytes);
      seen.push([path, await statuses(`${place.operators}${path}`, INBOX_LIMIT, text, headers)]);
    };
    await visit('/login', { token: TOKEN, name: 'Olga' });
    await visit(`${request}/remind`);
    await visit(`${request}/extend`, { days: '3' });
    await visit(`${request}/decide`, { choice: 'yes' });
    await visit(`${request}/choose`, { connection: 'c' });
    await visit(`${request}/extras/delete`, { connection: 'gone' });
    await visit(`${request}/cancel`);
    await visit(`${request}/decline`);
    await visit('/logout');
    expect(seen).toEqual([
      ['/login', [413, 413, 303]],
      [`${request}/remind`, [413, 413, 303]],
      [`${request}/extend`, [413, 413, 303]],
      [`${request}/decide`, [413, 413, 409]],
      [`${request}/choose`, [413, 413, 409]],
      [`${request}/extras/delete`, [413, 413, 303]],
      [`${request}/cancel`, [413, 413, 303]],
      [`${request}/decline`, [413, 413, 409]],
      ['/logout', [413, 413, 303]],
    ]);
  });

  test.each([
    ['the inbox', () => `${place.operators}/login`, 415],
    ['the connect page', async () => `${place.people}${pathOf((await openRequest(world)).ref)}`, 415],
  ])('what is no form of ours is refused by %s', async (_place, url, expected) => {
    const headers = { ...FORM, 'content-type': 'multipart/form-data; boundary=x' };
    for (const text of ['--x\r\nContent-Disposition: form-data; name="token"\r\n', '--x', 'do=connect']) {
      expect((await send(await url(), pieces(text), headers)).status).toBe(expected);
    }
  });
});
