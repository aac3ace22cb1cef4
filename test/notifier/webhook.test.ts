import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { operatorWebhookNotifier, readNotice, webhookNotifier } from '../../src/notifier/webhook';
import { signedHeaders, verifiedId, webhookKeys } from '../../src/notifier/standard-webhooks';
import { freePort } from '../../src/dev/free-port';
import { eventually } from '../support/eventually';
import { failureOf } from '../support/world';
import { going, LINK, noticeOf, outageNotice, request, SECRET, setUpNotice, unlinked } from './notices';

interface Delivered {
  headers: IncomingHttpHeaders;
  body: string;
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A receiver that responds to each delivery in turn, and to the rest as to the last. */
async function receiver(...responses: (number | RequestListener)[]) {
  const delivered: Delivered[] = [];
  const server = createServer((req, res) => {
    void text(req).then((body) => {
      delivered.push({ headers: req.headers, body });
      const respond = responses[Math.min(delivered.length, responses.length) - 1] ?? 204;
      if (typeof respond === 'number') res.writeHead(respond).end();
      else respond(req, res);
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  let connections = 0;
  server.on('connection', () => connections++);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks/very-secret-path`;
  return { url, delivered, connections: () => connections };
}

/** One that never hears of the end of what it is about. */
async function deliver(url: string, signal = going()): Promise<void> {
  await webhookNotifier({ url, secret: SECRET })(noticeOf(), request, signal);
}

describe('a delivery', () => {
  test('is signed, and is read by whoever has the secret', async () => {
    const { url, delivered } = await receiver(204);
    await deliver(url);
    const [{ headers, body }] = delivered as [Delivered];
    expect(headers['content-type']).toBe('application/json');
    expect(readNotice(body, headers, SECRET)).toEqual({
      type: 'notice.person',
      id: headers['webhook-id'],
      timestamp: expect.any(String) as string,
      data: {
        notice: noticeOf(),
        link: LINK,
        subject: 'Please connect hubspot',
        text: expect.stringContaining(LINK) as string,
      },
    });
  });

  test('has no link where the settings of the worker make none', async () => {
    const { url, delivered } = await receiver(204);
    await webhookNotifier({ url, secret: SECRET })(noticeOf(), unlinked, going());
    expect(JSON.parse(delivered[0]!.body)).not.toHaveProperty('data.link');
  });

  test.each([outageNotice, setUpNotice])('for an operator says so: $reason', async (notice) => {
    const { url, delivered } = await receiver(204);
    await operatorWebhookNotifier({ url, secret: SECRET })(notice, going());
    expect(readNotice(delivered[0]!.body, delivered[0]!.headers, SECRET)).toMatchObject({
      type: 'notice.operator',
      data: { notice },
    });
  });

  test('keeps its id when the worker sends the notice once more, and another notice has another', async () => {
    const { url, delivered } = await receiver(204);
    await deliver(url);
    await deliver(url);
    await webhookNotifier({ url, secret: SECRET })(noticeOf({ reason: 'reminder', reminders: 1 }), request, going());
    const [first, again, other] = delivered.map(({ headers }) => headers['webhook-id']);
    expect(again).toBe(first);
    expect(other).not.toBe(first);
  });

  test('is signed by each of several secrets', async () => {
    const { url, delivered } = await receiver(204);
    const other = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    await webhookNotifier({ url, secret: [SECRET, other] })(noticeOf(), request, going());
    const [{ headers, body }] = delivered as [Delivered];
    for (const secret of [SECRET, other, [SECRET, other]]) expect(readNotice(body, headers, secret)).toBeDefined();
    expect(readNotice(body, headers, `whsec_${Buffer.alloc(24, 8).toString('base64')}`)).toBeUndefined();
  });
});

describe('a receiver', () => {
  test.each([500, 503, 429])(
    'that says %d at first gets it again, with the same id, and that is all',
    async (status) => {
      const { url, delivered } = await receiver(status, 204);
      await deliver(url);
      expect(delivered).toHaveLength(2);
      expect(new Set(delivered.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
      expect(delivered[1]!.body).toBe(delivered[0]!.body);
    },
  );

  test('that breaks the connection off gets it again', async () => {
    const { url, delivered } = await receiver((_, res) => res.destroy(), 204);
    await deliver(url);
    expect(delivered).toHaveLength(2);
  });

  test.each([400, 401, 404, 410])('that says %d is left alone', async (status) => {
    const { url, delivered } = await receiver(status);
    expect(await failureOf(deliver(url))).toMatchObject({
      ...{ type: 'Nango.NotifierFailed', reason: 'not_delivered', status },
    });
    expect(delivered).toHaveLength(1);
  });

  test.each([301, 302, 307, 308])('is not followed elsewhere: %d', async (status) => {
    const elsewhere = await receiver(204);
    const { url } = await receiver((_, res) => res.writeHead(status, { location: elsewhere.url }).end());
    expect(await failureOf(deliver(url))).toMatchObject({ reason: 'not_delivered', status });
    expect(elsewhere.delivered).toEqual([]);
  });

  test('that wants more time than there is gets none', async () => {
    const { url, delivered } = await receiver((_, res) => res.writeHead(429, { 'retry-after': '3600' }).end());
    expect(await failureOf(deliver(url))).toMatchObject({ reason: 'not_delivered', status: 429 });
    expect(delivered).toHaveLength(1);
  });

  test('is waited for as long as it says', async () => {
    const at: number[] = [];
    const { url } = await receiver(
      (_, res) => {
        at.push(Date.now());
        res.writeHead(503, { 'retry-after': '2' }).end();
      },
      (_, res) => {
        at.push(Date.now());
        res.end();
      },
    );
    await deliver(url);
    // A timer of two seconds may have passed after 1,999 milliseconds of the other clock.
    expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(1_990);
  });

  test('that hangs is given up when the request has ended', async () => {
    const ended = new AbortController();
    const { url, delivered } = await receiver(() => ended.abort());
    expect(await failureOf(deliver(url, ended.signal))).toMatchObject({ reason: 'not_delivered' });
    expect(delivered).toHaveLength(1);
  });

  test('whose certificate nobody has signed gets nothing', async () => {
    // Without a certificate there is no handshake.
    let reached = false;
    const server = createTlsServer({}, () => (reached = true)).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    const ended = new AbortController();
    server.once('tlsClientError', () => ended.abort());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await failureOf(deliver(url, ended.signal))).toMatchObject({ reason: 'not_delivered' });
    expect(reached).toBe(false);
  });

  test('that takes it and never ends its response has taken it', async () => {
    const { url, delivered } = await receiver((_, res) => {
      res.writeHead(200).write('x');
      setImmediate(() => res.destroy());
    });
    await deliver(url);
    expect(delivered).toHaveLength(1);
  });

  test('gets 500 at once by a few connections', async () => {
    const { url, delivered, connections } = await receiver(204);
    const notify = webhookNotifier({ url, secret: SECRET });
    // Whom a busy machine has no time for is told again, as by Temporal.
    const told = (i: number) =>
      eventually(async () => {
        await notify(noticeOf({ reminders: i }), request, going());
        return true;
      });
    await Promise.all(Array.from({ length: 500 }, (_, i) => told(i)));
    expect(new Set(delivered.map(({ headers }) => headers['webhook-id'])).size).toBe(500);
    expect(connections()).toBeLessThanOrEqual(8);
  });
});

test('nothing that is thrown says where to, or by which secret', async () => {
  const { url } = await receiver(400);
  const refused = await deliver(url).catch((error: unknown) => error);
  const unreachable = `http://127.0.0.1:${await freePort()}/hooks/very-secret-path`;
  const ended = new AbortController();
  const failed = deliver(unreachable, ended.signal).catch((error: unknown) => error);
  setTimeout(() => ended.abort(), 50);
  for (const error of [refused, await failed]) {
    const shown = inspect(error, { depth: 10, showHidden: true });
    expect(shown).toContain('Nango.NotifierFailed');
    for (const secret of ['very-secret-path', SECRET.slice('whsec_'.length), LINK]) expect(shown).not.toContain(secret);
  }
});

test.each([
  ['http beyond this machine', { url: 'http://app.example.com/' }, 'url'],
  ['a name that begins as this machine does', { url: 'http://localhost.example.com/' }, 'url'],
  ['a password', { url: 'https://ann:pw@app.example.com/' }, 'url'],
  ['no URL', { url: 'app.example.com' }, 'url'],
  ['another protocol', { url: 'file:///etc/passwd' }, 'url'],
  ['a secret without its prefix', { secret: SECRET.slice('whsec_'.length) }, 'secret'],
  ['a short secret', { secret: `whsec_${Buffer.alloc(23).toString('base64')}` }, 'secret'],
  ['a long secret', { secret: `whsec_${Buffer.alloc(65).toString('base64')}` }, 'secret'],
  ['a secret that is no base64', { secret: `whsec_${'?'.repeat(40)}` }, 'secret'],
  ['no secret', { secret: [] }, 'secret'],
  ['an undefined secret', { secret: undefined as unknown as string }, 'secret'],
])('is refused at once: %s', async (_, given, field) => {
  const make = () =>
    Promise.resolve().then(() => webhookNotifier({ url: 'https://app.example.com/', secret: SECRET, ...given }));
  const failure = await failureOf(make());
  expect(failure).toMatchObject({ type: 'Nango.Misconfigured', field });
  expect(failure.message).not.toContain('pw');
});

describe('the signature', () => {
  // The example that Standard Webhooks' own libraries are tested by.
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const at = 1_614_265_330_000;
  const body = '{"test": 2432232314}';
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  };

  test('is that of Standard Webhooks', () => {
    expect(signedHeaders(id, body, webhookKeys(secret), at)).toEqual(headers);
  });

  test.each([
    ['as it is', {}, body, at, id],
    ['beside one of another version', { 'webhook-signature': `v2,x ${headers['webhook-signature']}` }, body, at, id],
    ['five minutes late', {}, body, at + 300_000, id],
    ['later', {}, body, at + 301_000, undefined],
    ['five minutes early', {}, body, at - 300_000, id],
    ['earlier', {}, body, at - 301_000, undefined],
    ['another body', {}, `${body} `, at, undefined],
    ['another id', { 'webhook-id': `${id}x` }, body, at, undefined],
    ['another time', { 'webhook-timestamp': '1614265331' }, body, at, undefined],
    ['a time that is none', { 'webhook-timestamp': '1e9' }, body, at, undefined],
    ['no time', { 'webhook-timestamp': undefined }, body, at, undefined],
    ['no signature', { 'webhook-signature': undefined }, body, at, undefined],
    ['an empty one', { 'webhook-signature': 'v1,' }, body, at, undefined],
    ['two signatures', { 'webhook-signature': ['v1,a', 'v1,b'] }, body, at, undefined],
  ])('%s', (_, over, given, now, expected) => {
    expect(verifiedId(given, { ...headers, ...over }, webhookKeys(secret), now)).toBe(expected);
  });

  test('is found in headers of any case', () => {
    const capitals = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    expect(verifiedId(Buffer.from(body), capitals, webhookKeys(secret), at)).toBe(id);
    expect(verifiedId(Buffer.from(body), new Headers(headers), webhookKeys(secret), at)).toBe(id);
  });
});
