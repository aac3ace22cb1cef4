import { createHmac } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { publicWeb } from '../../src/web/public-web';
import type { PublicWebOptions } from '../../src/web/public-web';
import type { WebhookReport } from '../../src/web/public/webhook-routes';
import type { World } from '../support/world';
import { openRequest, listen, openSilentTemporal, openWorld, stop } from './public-stage';

// Nango's deliveries, over real HTTP where the socket matters.

const KEY = 'signing-key';
const MB = 1024 * 1024;

let world: World;
let url: string;
let server: Server;
let reports: WebhookReport[] = [];
const report = (message: unknown) => void reports.push(message as WebhookReport);

beforeAll(async () => {
  world = await openWorld({ config: { webhookSigningKeys: ['older-key', KEY] } });
  ({ url, server } = await listen(publicWeb(world.client, { config: world.config }).fetch));
  subscribe('temporal-nango:webhook', report);
});

afterAll(async () => {
  unsubscribe('temporal-nango:webhook', report);
  await stop(server);
  await world.close();
});

beforeEach(() => {
  reports = [];
});

function sign(body: string, key = KEY): Record<string, string> {
  const signature = createHmac('sha256', key).update(body).digest('hex');
  return { 'content-type': 'application/json', 'x-nango-hmac-sha256': signature };
}

const CREATION = { type: 'auth', operation: 'creation', success: true, providerConfigKey: 'hubspot' };

function creation(connectionId: string, user: string): string {
  return JSON.stringify({ ...CREATION, connectionId, tags: { end_user_id: user } });
}

/** One without a socket: addresses come from the header. */
function post(body: string, headers: Record<string, string>, options: PublicWebOptions = {}) {
  const web = publicWeb(world.client, { config: world.config, trustedProxies: 1, ...options });
  return async (address = '203.0.113.1') => {
    const init = { method: 'POST', body, headers: { 'x-forwarded-for': address, ...headers } };
    const { status, headers: given } = await web.request('/webhooks/nango', init);
    return { status, retryAfter: given.get('retry-after') };
  };
}

async function deliver(body: RequestInit['body'], headers: Record<string, string>): Promise<number> {
  const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
  return (await fetch(`${url}/webhooks/nango`, init)).status;
}

test('a delivery wakes the request it belongs to', async () => {
  const request = await openRequest(world, { endUser: { id: 'hooked' } });
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-1', tags: { end_user_id: 'hooked' } });
  const body = creation('c-1', 'hooked');
  expect(await deliver(body, sign(body))).toBe(200);
  expect(await request.result()).toMatchObject({ connectionId: 'c-1' });
  expect(reports).toEqual([{ status: 200, outcome: 'routed', signalled: 1, missed: 0 }]);
});

test('what is of no use here is fine, and counted', async () => {
  for (const body of [JSON.stringify({ type: 'brand_new' }), creation('c-2', 'never-opened'), '[]', '1']) {
    expect(await deliver(body, sign(body))).toBe(200);
  }
  expect(reports.map(({ outcome, missed }) => [outcome, missed])).toEqual([
    ['ignored', 0],
    ['routed', 1],
    ['ignored', 0],
    ['ignored', 0],
  ]);
});

test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON', 'application/vnd.x+json'])(
  '%s is JSON',
  async (type) => {
    expect(await deliver('{}', { ...sign('{}'), 'content-type': type })).toBe(200);
  },
);

test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', ''])('"%s" is not', async (type) => {
  expect(await deliver('{}', { ...sign('{}'), 'content-type': type })).toBe(415);
  expect(reports).toMatchObject([{ outcome: 'notJson' }]);
});

test('a signed body that is no JSON is refused, and an unsigned one is refused before anybody looks', async () => {
  expect(await deliver('{"a":', sign('{"a":'))).toBe(400);
  expect(await deliver('{"a":', sign('{"a":', 'guessed'))).toBe(401);
});

test('a megabyte is read, and more is not, whether or not it says how long it is', async () => {
  const body = JSON.stringify({ type: 'sync', filler: '' });
  const full = body.replace('""', JSON.stringify('x'.repeat(MB - body.length)));
  expect(full).toHaveLength(MB);
  expect(await deliver(full, sign(full))).toBe(200);
  const over = `${full} `;
  expect(await deliver(over, sign(over))).toBe(413);
  expect(await deliver(new Blob([over]).stream(), sign(over))).toBe(413);
  const chunked = new Blob([full]).stream();
  expect(await deliver(chunked, sign(full))).toBe(200);
});

test('a body that says it is larger is not waited for', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const head = [
    'POST /webhooks/nango HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    'Content-Length: 99999999',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
  const [response] = (await once(socket, 'data')) as [Buffer];
  expect(response.toString()).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

test('while Temporal does not answer, Nango is told within a second to try again', async () => {
  const silent = await openSilentTemporal();
  const web = publicWeb(silent.client, { config: world.config });
  const body = creation('c-3', 'anybody');
  const { status } = await web.request('/webhooks/nango', { method: 'POST', body, headers: sign(body) });
  expect(status).toBe(503);
  expect(reports).toMatchObject([{ outcome: 'temporalUnavailable' }]);
  await silent.close();
});

test('without a signing key a delivery is asked for again: it may be set by then', async () => {
  const send = post('{}', sign('{}'), { config: { ...world.config, webhookSigningKeys: [] } });
  expect(await send()).toMatchObject({ status: 503 });
  expect(reports).toMatchObject([{ outcome: 'notConfigured' }]);
});

describe('onWebhook', () => {
  const sync = JSON.stringify({ type: 'sync', syncName: 'contacts', success: true });

  test('gets what wakes no request, once it is verified', async () => {
    const events: unknown[] = [];
    const options = { onWebhook: (event: unknown) => void events.push(event) };
    const others = [
      sync,
      JSON.stringify({ type: 'forward', payload: { a: 1 } }),
      JSON.stringify({ type: 'async_action', id: 'x' }),
      JSON.stringify({ type: 'auth', operation: 'refresh', success: false }),
    ];
    for (const body of others) expect(await post(body, sign(body), options)()).toMatchObject({ status: 200 });
    expect(events).toEqual(others.map((body) => JSON.parse(body) as unknown));
    for (const body of [creation('c-4', 'nobody'), '[]', '{"no":"type"}']) await post(body, sign(body), options)();
    await post(sync, sign(sync, 'guessed'), options)();
    expect(events).toHaveLength(others.length);
  });

  test('that fails has Nango try again, and says why to whoever listens', async () => {
    const error = new Error('The queue is full');
    const onWebhook = () => Promise.reject(error);
    expect(await post(sync, sign(sync), { onWebhook })()).toMatchObject({ status: 503 });
    expect(reports).toEqual([{ status: 503, outcome: 'applicationFailed', signalled: 0, missed: 0, error }]);
  });

  test('that takes longer than a second has Nango try again', async () => {
    const onWebhook = () => new Promise(() => undefined);
    expect(await post(sync, sign(sync), { onWebhook })()).toMatchObject({ status: 503 });
    expect(reports).toMatchObject([{ outcome: 'applicationFailed' }]);
  });
});

describe('an address with sixty bad signatures in a minute', () => {
  const good = JSON.stringify({ type: 'sync' });

  test('is told to come later, unread; others are not, and good deliveries never use it up', async () => {
    const web = publicWeb(world.client, { config: world.config, trustedProxies: 1 });
    const send = async (address: string, headers: Record<string, string>) => {
      const init = { method: 'POST', body: good, headers: { 'x-forwarded-for': address, ...headers } };
      return await web.request('/webhooks/nango', init);
    };
    for (let i = 0; i < 100; i++) expect((await send('203.0.113.7', sign(good))).status).toBe(200);
    for (let i = 0; i < 60; i++) expect((await send('203.0.113.7', sign(good, 'guessed'))).status).toBe(401);
    const limited = await send('203.0.113.7', sign(good));
    expect(limited.status).toBe(503);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(reports.at(-1)).toMatchObject({ outcome: 'limited' });
    expect((await send('203.0.113.8', sign(good))).status).toBe(200);
    // What the sender says to the left of the proxy's entry is not believed.
    expect((await send('203.0.113.8, 203.0.113.7', sign(good))).status).toBe(503);
  });

  test('is known by its socket without proxies, whatever the header says', async () => {
    const one = await listen(publicWeb(world.client, { config: world.config }).fetch);
    try {
      const statuses = [];
      for (let i = 0; i < 61; i++) {
        const headers = { ...sign(good, 'guessed'), 'x-forwarded-for': `203.0.113.${i}` };
        statuses.push((await fetch(`${one.url}/webhooks/nango`, { method: 'POST', body: good, headers })).status);
      }
      expect(statuses.filter((status) => status === 401)).toHaveLength(60);
      expect(statuses.at(-1)).toBe(503);
    } finally {
      await stop(one.server);
    }
  });
});
