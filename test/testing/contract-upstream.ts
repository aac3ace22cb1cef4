import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The API behind the providers of the contract's fixtures: it answers as its path says. */
export interface Upstream {
  url: string;
  close(): Promise<void>;
}

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  body: string;
  /** what the route's pattern caught */
  caught: string[];
}

const ITEMS = Array.from({ length: 7 }, (_, i) => ({ id: String(i + 1), name: `item ${i + 1}` }));

/** Starts one on loopback. */
export async function startUpstream(): Promise<Upstream> {
  const failures = new Map<string, number>();
  let tokens = 0;

  const routes: [RegExp, (exchange: Exchange) => void][] = [
    [/^\/api\/echo/, echo],
    [/^\/api\/status\/(\d+)$/, status],
    // Fails so often, then answers.
    [
      /^\/api\/flaky\/([\w-]+)\/(\d+)\/(\d+)$/,
      (exchange) => {
        const [name = '', status, times] = exchange.caught;
        const n = (failures.get(name) ?? 0) + 1;
        failures.set(name, n);
        if (n > Number(times)) return json(exchange, 200, { ok: true, n });
        json(exchange, Number(status), { error: 'flaky', n }, { 'retry-after': '0.01' });
      },
    ],
    [/^\/api\/items$/, items],
    [/^\/api\/verify$/, verify],
    [
      /^\/api\/text$/,
      (exchange) => text(exchange, 200, 'text/plain', 'hello text', { 'x-request-id': 'up-1', 'x-other': 'o' }),
    ],
    [/^\/api\/html500$/, (exchange) => text(exchange, 500, 'text/html', '<h1>out of order</h1>')],
    [/^\/api\/badjson$/, (exchange) => text(exchange, 200, 'application/json', '{"a":')],
    [/^\/api\/empty$/, ({ response }) => response.writeHead(200, { 'content-length': 0 }).end()],
    [/^\/api\/close$/, ({ request }) => request.socket.destroy()],
    [/^\/api\/download$/, download],
    [/^\/oauth\/authorize$/, authorize],
    [/^\/oauth\/token$/, (exchange) => token(exchange, ++tokens)],
  ];

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const exchange = { request, response, url, body: Buffer.concat(chunks).toString('utf8'), caught: [] };
      for (const [pattern, serve] of routes) {
        const found = pattern.exec(url.pathname);
        if (found !== null) return serve({ ...exchange, caught: found.slice(1) });
      }
      json(exchange, 404, { error: { type: 'no_such_route', path: url.pathname } });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** With a length, or in pieces where the query says so. */
function json({ response, url }: Exchange, status: number, body: unknown, headers: object = {}): void {
  const text = JSON.stringify(body);
  const length = url.searchParams.has('chunked') ? {} : { 'content-length': Buffer.byteLength(text) };
  response.writeHead(status, { 'content-type': 'application/json', ...length, ...headers }).end(text);
}

function text({ response }: Exchange, status: number, type: string, body: string, headers: object = {}): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers }).end(body);
}

function echo(exchange: Exchange): void {
  const { method, url: path, headers } = exchange.request;
  json(exchange, 200, { method, path, headers, body: exchange.body });
}

function status(exchange: Exchange): void {
  const { response, url, caught } = exchange;
  const code = Number(caught[0]);
  const retryAfter = url.searchParams.get('retryAfter');
  const remaining = url.searchParams.get('remaining');
  const headers = {
    'x-upstream': 'yes',
    ...(retryAfter !== null && { 'retry-after': retryAfter }),
    ...(remaining !== null && { 'x-ratelimit-remaining': remaining }),
  };
  if (code === 204) response.writeHead(code, headers).end();
  else if (code < 300) json(exchange, code, { ok: true, code }, headers);
  else if (code < 400) response.writeHead(code, { ...headers, location: '/api/echo?redirected=1' }).end();
  else json(exchange, code, { error: { type: 'upstream', code, message: 'as asked' } }, headers);
}

function items(exchange: Exchange): void {
  const limit = Number(exchange.url.searchParams.get('limit'));
  const start = Number(exchange.url.searchParams.get('cursor'));
  const next = start + limit < ITEMS.length ? String(start + limit) : null;
  const link = { link: `<${exchange.url.pathname}?cursor=${next}>; rel="next"` };
  json(exchange, 200, { items: ITEMS.slice(start, start + limit), next_cursor: next }, next === null ? {} : link);
}

function verify(exchange: Exchange): void {
  const isBad = exchange.request.headers.authorization?.includes('bad-key') ?? true;
  json(exchange, isBad ? 401 : 200, { ok: !isBad });
}

function download({ response }: Exchange): void {
  const headers = { 'content-type': 'text/csv', 'content-disposition': 'attachment; filename="a.csv"', 'x-other': 'o' };
  response.writeHead(200, headers).end('a,b\n1,2\n');
}

/** Says yes at once. The code tells the token endpoint what was granted. */
function authorize({ response, url }: Exchange): void {
  const back = new URL(url.searchParams.get('redirect_uri') ?? '');
  back.searchParams.set('code', url.searchParams.get('scope') ?? '');
  back.searchParams.set('state', url.searchParams.get('state') ?? '');
  response.writeHead(302, { location: back.href }).end();
}

/** The refresh token says how it is answered. */
function token(exchange: Exchange, n: number): void {
  const form = new URLSearchParams(exchange.body);
  const refreshToken = form.get('refresh_token') ?? '';
  if (refreshToken.startsWith('invalid')) return json(exchange, 400, { error: 'invalid_grant' });
  if (refreshToken.startsWith('down')) return json(exchange, 503, { error: 'temporarily_unavailable' });
  if (refreshToken.startsWith('unauth')) return json(exchange, 401, { error: 'invalid_client' });
  json(exchange, 200, {
    ...{ access_token: `access-${n}`, refresh_token: refreshToken || `refresh-${n}`, token_type: 'bearer' },
    ...{ expires_in: 3600, scope: form.get('code') ?? 'read write' },
  });
}
