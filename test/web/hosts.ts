import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { Hono } from 'hono';
import { stop } from './public-stage';

/** Other people's servers that have a handler of ours below `/nango`, as docs/web.md shows it; each with a route of its own. */
export const HOSTS = [
  ['Hono', inHono],
  ['Express', inExpress],
  ['Fastify', inFastify],
] as const;

interface Host {
  url: string;
  close: () => Promise<unknown>;
}

type Fetch = (request: Request) => Response | Promise<Response>;

const NO_GLOBALS = { overrideGlobalObjects: false };

async function listening(listener: RequestListener): Promise<Host> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => stop(server) };
}

async function inHono(fetch: Fetch): Promise<Host> {
  const app = new Hono();
  app.mount('/nango', fetch);
  app.get('/own', (c) => c.json({ own: true }));
  const listener = getRequestListener(app.fetch, NO_GLOBALS);
  return await listening((request, response) => void listener(request, response));
}

async function inExpress(fetch: Fetch): Promise<Host> {
  const app = express();
  const listener = getRequestListener(fetch, NO_GLOBALS);
  app.use('/nango', (req, res) => void listener(req, res));
  app.use(express.json());
  app.get('/own', (_, res) => void res.json({ own: true }));
  return await listening(app as RequestListener);
}

async function inFastify(fetch: Fetch): Promise<Host> {
  const app: FastifyInstance = fastify();
  const listener = getRequestListener(new Hono().mount('/nango', fetch).fetch, NO_GLOBALS);
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
