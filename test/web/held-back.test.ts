import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { resolveConfig } from '../../src/config';
import { inboxWeb } from '../../src/web/inbox-web';
import { publicWeb } from '../../src/web/public-web';
import { absentTemporal } from '../support/absent-temporal';
import { listen, stop } from './public-stage';

// Senders that hold their bodies back until many have begun: what is counted must be counted before. No Temporal is needed.

const TOKEN = 'the-token-of-this-test-0123456789abcdef';
const KEY = 'signing-key';
const config = { ...resolveConfig({ env: {}, cwd: '/' }), inboxToken: TOKEN, webhookSigningKeys: [KEY] };
const client = absentTemporal();

let servers: Server[] = [];

afterEach(async () => {
  await Promise.all(servers.map(stop));
  servers = [];
});

afterAll(async () => {
  await client.connection.close();
});

async function serving(fetch: Parameters<typeof listen>[0]): Promise<number> {
  const { url, server } = await listen(fetch);
  servers.push(server);
  return Number(new URL(url).port);
}

/** A request of which everything but the last byte has been sent; whatever is answered is kept. */
class Held {
  private received = '';
  private readonly responded: Promise<void>;

  private constructor(
    private readonly socket: Socket,
    private readonly last: string,
  ) {
    this.responded = new Promise((resolve) => {
      socket.on('data', (data: Buffer) => {
        this.received += data.toString();
        resolve();
      });
      socket.on('error', () => resolve()).on('close', () => resolve());
    });
  }

  static async open(port: number, path: string, headers: Record<string, string>, body: string, localAddress?: string) {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    await once(socket, 'connect');
    const all = { host: `127.0.0.1:${port}`, 'content-length': String(body.length), ...headers };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body.slice(0, -1)}`);
    return new Held(socket, body.slice(-1));
  }

  /** Sends the rest. @returns the status */
  async release(): Promise<number> {
    if (this.received === '') this.socket.write(this.last);
    await this.responded;
    this.socket.destroy();
    return Number(/^HTTP\/1\.1 (\d+)/.exec(this.received)?.[1]);
  }
}

/** Begins many, and ends them once all have arrived. @returns how often which status was answered */
async function allAtOnce(n: number, open: (i: number) => Promise<Held>, arrived: () => Promise<unknown>) {
  const held: Held[] = [];
  for (let i = 0; i < n; i++) held.push(await open(i));
  await arrived();
  const counts: Record<number, number> = {};
  for (const status of await Promise.all(held.map((one) => one.release()))) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };

test('of three hundred wrong tokens that are begun at once, ten are looked at', async () => {
  const port = await serving(inboxWeb(client, { config }).fetch);
  const guess = (token: string, address?: string) =>
    Held.open(port, '/login', FORM, new URLSearchParams({ token, name: 'Olga' }).toString(), address);
  const arrived = () => fetch(`http://127.0.0.1:${port}/login`);
  const { 429: refused, ...others } = await allAtOnce(300, (i) => guess(`wrong-${i}`), arrived);
  expect(refused).toBe(290);
  // On a slow machine the rest of a form comes too late.
  expect(['401', '408']).toEqual(expect.arrayContaining(Object.keys(others)));
  expect(await (await guess(TOKEN)).release()).toBe(429);
  expect(await (await guess(TOKEN, '127.0.0.2')).release()).toBe(303);
});

test('right tokens take nothing away, however many', async () => {
  const port = await serving(inboxWeb(client, { config }).fetch);
  const signIn = () => Held.open(port, '/login', FORM, new URLSearchParams({ token: TOKEN, name: 'Olga' }).toString());
  for (let i = 0; i < 30; i++) expect(await (await signIn()).release()).toBe(303);
});

describe('webhooks', () => {
  const body = JSON.stringify({ type: 'sync' });
  const send = (port: number, key: string, address?: string) => {
    const signature = createHmac('sha256', key).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-nango-hmac-sha256': signature };
    return Held.open(port, '/webhooks/nango', headers, body, address);
  };

  test('of three hundred bad signatures that are begun at once, sixty are looked at', async () => {
    const port = await serving(publicWeb(client, { config }).fetch);
    const arrived = () => fetch(`http://127.0.0.1:${port}/healthz`);
    expect(await allAtOnce(300, () => send(port, 'guessed'), arrived)).toEqual({ 401: 60, 503: 240 });
    expect(await (await send(port, KEY)).release()).toBe(503);
    expect(await (await send(port, KEY, '127.0.0.2')).release()).toBe(200);
  });

  test('good ones take nothing away, three hundred at once, and fifty that come slowly', async () => {
    const port = await serving(publicWeb(client, { config }).fetch);
    const signature = createHmac('sha256', KEY).update(body).digest('hex');
    const headers = { 'content-type': 'application/json', 'x-nango-hmac-sha256': signature };
    const deliver = async () => {
      const response = await fetch(`http://127.0.0.1:${port}/webhooks/nango`, { method: 'POST', body, headers });
      return response.status;
    };
    const statuses = await Promise.all(Array.from({ length: 300 }, deliver));
    expect(new Set(statuses)).toEqual(new Set([200]));
    const arrived = () => fetch(`http://127.0.0.1:${port}/healthz`);
    expect(await allAtOnce(50, () => send(port, KEY), arrived)).toEqual({ 200: 50 });
  });
});
