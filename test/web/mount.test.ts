import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { Hono } from 'hono';
import { publicWeb } from '../../src/web/public-web';
import type { World } from '../support/world';
import { ask, openWorld, pathOf, stop } from './public-stage';

// The public web below a prefix of other people's servers, as docs/web.md shows it.

const KEY = 'signing-key';
const NO_GLOBALS = { overrideGlobalObjects: false };

let world: World;

beforeAll(async () => {
  world = await openWorld({ config: { webhookSigningKeys: [KEY] } });
});

afterAll(async () => {
  await world.close();
});

type Host = { url: string; close: () => Promise<unknown> };

async function listening(listener: RequestListener): Promise<Host> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => stop(server) };
}

const web = () => publicWeb(world.client, { config: world.config });

async function inHono(): Promise<Host> {
  const app = new Hono();
  app.mount('/nango', web().fetch);
  app.get('/own', (c) => c.json({ own: true }));
  const listener = getRequestListener(app.fetch, NO_GLOBALS);
  return await listening((request, response) => void listener(request, response));
}

async function inExpress(): Promise<Host> {
  const app = express();
  const listener = getRequestListener(web().fetch, NO_GLOBALS);
  app.use('/nango', (req, res) => void listener(req, res));
  app.use(express.json());
  app.get('/own', (_, res) => void res.json({ own: true }));
  return await listening(app as RequestListener);
}

async function inFastify(): Promise<Host> {
  const app: FastifyInstance = fastify();
  const listener = getRequestListener(new Hono().mount('/nango', web().fetch).fetch, NO_GLOBALS);
  await app.register((nango, _, done) => {
    nango.removeAllContentTypeParsers();
    nango.addContentTypeParser('*', (_request, _body, parsed) => parsed(null));
    nango.all('/nango/*', (request, reply) => {
      reply.hijack();
      void listener(request.raw, reply.raw);
    });
    done();
  });
  app.get('/own', () => ({ own: true }));
  return { url: await app.listen({ port: 0, host: '127.0.0.1' }), close: () => app.close() };
}

test.each([
  ['Hono', inHono],
  ['Express', inExpress],
  ['Fastify', inFastify],
])('in %s: page, assets, button, webhook and the rest of the application', async (_, start) => {
  const { url, close } = await start();
  try {
    const request = await ask(world);
    const page = `${url}/nango${pathOf(request.ref)}`;
    const text = await (await fetch(page)).text();
    expect(text).toContain('asks you to connect HubSpot');
    for (const [, address] of text.matchAll(/(?:href|src)="([^"]+)"/g)) {
      const { status } = await fetch(new URL(address!, page));
      expect([address, status]).toEqual([address, 200]);
    }
    const [, action = ''] = /action="([^"]+)"/.exec(text) ?? [];
    expect(new URL(action, page).href).toBe(page);

    const press = async (wish: string, headers: Record<string, string>) =>
      await fetch(page, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ do: wish }), headers });
    expect((await press('connect', { origin: 'https://elsewhere.example' })).status).toBe(403);
    const { status, headers } = await press('connect', { origin: url });
    expect(status).toBe(303);
    const made = world.nango.complete(headers.get('location')!, { as: 'anna' });

    const body = JSON.stringify({
      ...{ type: 'auth', operation: 'creation', success: true, providerConfigKey: 'hubspot' },
      connectionId: made.connectionId,
      tags: world.nango.connection('hubspot', made.connectionId)?.tags,
    });
    const signature = createHmac('sha256', KEY).update(body).digest('hex');
    const signed = { 'content-type': 'application/json', 'x-nango-hmac-sha256': signature };
    const chunked = { method: 'POST', headers: signed, body: new Blob([body]).stream(), duplex: 'half' } as RequestInit;
    expect((await fetch(`${url}/nango/webhooks/nango`, chunked)).status).toBe(200);
    expect(await request.result()).toMatchObject(made);
    expect(await (await fetch(page)).text()).toContain('HubSpot is connected');

    const declined = await ask(world);
    const other = `${url}/nango${pathOf(declined.ref)}`;
    const no = new URLSearchParams({ do: 'decline' });
    const back = await fetch(other, { method: 'POST', body: no, headers: { origin: url } });
    expect(back.url).toBe(other);
    expect(await back.text()).toContain('You have declined');

    expect(await (await fetch(`${url}/own`)).json()).toEqual({ own: true });
  } finally {
    await close();
  }
});
