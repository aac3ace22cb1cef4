import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { Context, Next } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { authenticate } from './access';
import type { ActionHandler } from './actions';
import { fail, html } from './answers';
import type { Env } from './env';
import { proxy } from './proxy';
import type { ProxyHandler } from './proxy';
import type { RateLimit } from './rate-limit';
import type { RequestLog } from './request-log';
import { actionRoutes } from './routes/actions';
import { connectSessionRoutes } from './routes/connect-sessions';
import { connectUiRoutes } from './routes/connect-ui';
import { connectionRoutes } from './routes/connections';
import { integrationRoutes } from './routes/integrations';
import { accessTo } from './scopes';
import type { State } from './state';
import type { Webhooks } from './webhooks';

export interface AppParts {
  state: State;
  webhooks: Webhooks;
  rateLimit: RateLimit;
  log: RequestLog;
  proxyHandler: (integration: string) => ProxyHandler | undefined;
  actionHandler: (integration: string, action: string) => ActionHandler | undefined;
  /** Nango itself is down */
  isDown: () => boolean;
}

const PROXY = /^\/proxy(?=\/|\?|$)/i;

/** All of the server, in the order in which Nango looks at a request: its form, its key, its scope, its route. */
export function createApp({
  state,
  webhooks,
  rateLimit,
  log,
  proxyHandler,
  actionHandler,
  isDown,
}: AppParts): Hono<Env> {
  const app = new Hono<Env>({
    getPath: (_, options) => routedPath((options?.env as Env['Bindings']).incoming.url ?? '/'),
  });

  app.use(async (c, next) => {
    const entry = log.begin(c.req.method, c.env.incoming.url ?? '', c.req.header(), state.clock());
    await next();
    entry.status = c.res.status;
  });
  app.use(async (c, next) => (isDown() ? html(503, 'down') : await next()));
  app.use(async (c, next) => (c.req.method === 'OPTIONS' ? c.body(null, 204) : await next()));
  app.use(readBody);
  app.use(async (c, next) => {
    const access = accessTo(c.req.method, c.req.path);
    if (access === undefined) return c.req.method === 'GET' ? html(200, 'The dashboard') : html(404, 'Cannot be found');
    const { key, session } = authenticate(state, access, c.req.header('authorization'));
    c.set('key', key);
    c.set('session', session);
    if (key === undefined) return await next();
    const { headers, retryAfter } = rateLimit.count();
    if (retryAfter === undefined) await next();
    else c.res = tooManyRequests(c, retryAfter);
    // A provider's own headers of these names win over Nango's.
    for (const [name, value] of Object.entries(headers)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });

  app.all('/proxy/*', (c) => proxied(c));
  app.all('/proxy', (c) => proxied(c));
  app.route('/', integrationRoutes(state));
  app.route('/', connectSessionRoutes(state));
  app.route('/', connectionRoutes(state, webhooks));
  app.route('/', actionRoutes(state, actionHandler));
  app.route('/', connectUiRoutes(state, webhooks));

  async function proxied(c: Context<Env>): Promise<Response> {
    const call = {
      method: c.req.method,
      rest: (c.env.incoming.url ?? '').replace(PROXY, ''),
      headers: c.req.header(),
      raw: c.var.raw,
    };
    const answer = await proxy(state, webhooks, proxyHandler, call);
    if (answer !== undefined) return answer;
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }

  app.notFound((c) =>
    c.json(
      { error: { code: 'fake_nango_lacks_route', message: `FakeNango has no ${c.req.method} ${c.req.path}.` } },
      501,
    ),
  );
  app.onError((error, c) => {
    if (error instanceof HTTPException) return error.getResponse();
    return c.json({ error: { code: 'fake_nango_failed', message: String(error) } }, 500);
  });
  return app;
}

/** The content type and the JSON are looked at before the key. */
async function readBody(c: Context<Env>, next: Next): Promise<void> {
  const { method, path } = c.req;
  const raw = Buffer.from(await c.req.arrayBuffer());
  c.set('raw', raw);
  c.set('origin', `http://${c.req.header('host') ?? 'localhost'}`);
  const type = c.req.header('content-type');
  const isJson = type?.toLowerCase().startsWith('application/json') ?? false;
  const isOurs = accessTo(method, path) !== undefined && path !== '/' && !PROXY.test(path);
  if (type !== undefined && !isJson && isOurs) {
    fail(415, { code: 'invalid_content_type', message: 'The content type must be application/json.' });
  }
  if (isJson && raw.length > 0) {
    try {
      c.set('body', JSON.parse(raw.toString('utf8')));
    } catch {
      fail(400, { code: 'invalid_json', message: 'The body is no JSON.' });
    }
  }
  await next();
}

function tooManyRequests(c: Context<Env>, retryAfter: number): Response {
  const error = { code: 'too_many_request', method: c.req.method, path: c.req.path };
  return c.json({ error }, 429, { 'retry-after': String(retryAfter) });
}

/** Paths ignore case and a trailing slash, ids in them do not; below `/proxy` nothing is touched. */
function routedPath(url: string): string {
  const path = url.split('?', 1)[0]?.replace(/\/+$/, '') || '/';
  if (PROXY.test(path)) return path.replace(PROXY, '/proxy');
  const lower = path.toLowerCase();
  const segments = path.split('/');
  const isFixed = accessTo('GET', lower) ?? accessTo('POST', lower) ?? accessTo('DELETE', lower);
  if (isFixed === undefined) return path;
  const fixed = FIXED_DEPTH.find(([prefix]) => lower === prefix || lower.startsWith(`${prefix}/`))?.[1] ?? 1;
  return segments.map((segment, i) => (i <= fixed ? segment.toLowerCase() : segment)).join('/');
}

/** How many segments of a path are names of Nango's, not ids; 1 where nothing is said. */
const FIXED_DEPTH: [prefix: string, segments: number][] = [
  ['/connections/metadata', 2],
  ['/integrations/quickstart', 2],
  ['/connect', 3],
  ['/action/trigger', 2],
  ['/api-auth', 2],
  ['/oauth', 2],
  ['/scripts', 2],
  ['/functions', 2],
  ['/sync', 2],
];
