import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { authenticate, authorize } from './access';
import type { Caller } from './access';
import { crossOrigin } from './cors';
import { html, json } from './responses';
import type { DeployedFunctions } from './deployed-functions';
import type { FunctionCompiler } from './function-compiler';
import type { FunctionJobs } from './function-jobs';
import type { Env } from './env';
import { pageSession } from './page-session';
import { proxy } from './proxy';
import type { ProxyHandler } from './proxy';
import { endpointOf } from './proxy-url';
import { queryOf } from './query';
import type { RateLimit } from './rate-limit';
import { checkKind, readBody } from './request-body';
import type { RequestLog } from './request-log';
import { routeOf } from './route-table';
import { createRuntime } from './action-runtime';
import { actionRoutes } from './routes/actions';
import { environmentRoutes } from './routes/environment';
import { logoRoutes } from './routes/logos';
import { mcpRoutes } from './routes/mcp';
import { apiAuthRoutes } from './routes/api-auth';
import { connectPageRoutes } from './routes/connect-page';
import { connectSessionRoutes } from './routes/connect-sessions';
import { connectionRoutes } from './routes/connections';
import { importRoutes } from './routes/import-connection';
import { deployedFunctionRoutes } from './routes/deployed-functions';
import { functionJobRoutes } from './routes/function-jobs';
import { createIntegrationRoutes } from './routes/create-integration';
import { integrationRoutes } from './routes/integrations';
import { oauthRoutes } from './routes/oauth';
import { providerRoutes } from './routes/providers';
import { scriptRoutes } from './routes/scripts';
import type { Connection, State } from './state';
import type { Webhooks } from './webhooks';

/** What the server is put together from. */
export interface AppParts {
  state: State;
  webhooks: Webhooks;
  rateLimit: RateLimit;
  log: RequestLog;
  proxyHandler: (integration: string) => ProxyHandler | undefined;
  functions: DeployedFunctions;
  compiler: FunctionCompiler;
  jobs: FunctionJobs;
  /** Nango itself is down */
  isDown: () => boolean;
}

/** All of the server, in the order in which Nango looks at a request: its form, its route, its key, its scope. */
export function createApp(parts: AppParts): Hono<Env> {
  const { state, webhooks, rateLimit, log, proxyHandler, functions, isDown } = parts;
  const runtimeOf = (connection: Connection, metadata?: Connection['metadata']) =>
    createRuntime((call) => proxy(state, webhooks, proxyHandler, call), connection, metadata);
  const app = new Hono<Env>({
    getPath: (request, options) => {
      const [path = '/'] = requestUrl(options?.env as Env['Bindings']).split('?', 1);
      return routeOf(request.method, path)?.path ?? path;
    },
  });

  app.use(async (c, next) => {
    const entry = log.begin(c.req.method, requestUrl(c.env), c.req.header(), state.clock());
    await next();
    entry.status = c.res.status;
  });
  app.use(async (c, next) => (isDown() ? html(503, 'down') : await next()));
  app.use(async (c, next) => (c.req.method === 'OPTIONS' ? c.body(null, 204) : await next()));
  app.use(readBody);
  app.use(crossOrigin);
  app.use(checkKind);
  app.use(async (c, next) => {
    const access = routeOf(c.req.method, c.req.path)?.access;
    if (access === undefined) {
      const isRead = ['GET', 'HEAD'].includes(c.req.method);
      return isRead ? html(200, 'The dashboard') : html(404, 'This cannot be found');
    }
    const caller: Caller =
      access.by === 'page'
        ? { session: pageSession(state, queryOf(c)) }
        : authenticate(state, access, c.req.header('authorization'));
    c.set('key', caller.key);
    c.set('session', caller.session);
    if (access.by === 'public') return await next();
    const { headers, retryAfter } = rateLimit.count();
    if (retryAfter !== undefined) c.res = tooManyRequests(c, retryAfter);
    else await next();
    // A provider's own headers of these names win over Nango's.
    for (const [name, value] of Object.entries(headers)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  // After the limiter, so that what is refused here counts too.
  app.use(async (c, next) => {
    const access = routeOf(c.req.method, c.req.path)?.access;
    if (access !== undefined) authorize(access, { key: c.var.key });
    await next();
  });

  app.get('/health', () => json(200, { result: 'ok' }));
  app.all('/proxy', proxied);
  app.all('/proxy/*', proxied);
  app.route('/', providerRoutes(state));
  app.route('/', logoRoutes(state));
  app.route('/', createIntegrationRoutes(state));
  app.route('/', deployedFunctionRoutes(state, functions));
  app.route('/', integrationRoutes(state, functions));
  app.route('/', connectSessionRoutes(state));
  app.route('/', connectionRoutes(state, webhooks));
  app.route('/', importRoutes(state, webhooks));
  app.route('/', actionRoutes(state, webhooks, functions, runtimeOf));
  app.route('/', scriptRoutes(state, functions));
  app.route('/', functionJobRoutes({ ...parts, runtimeOf }));
  app.route('/', mcpRoutes(state, functions, runtimeOf));
  app.route('/', environmentRoutes(state, webhooks));
  app.route('/', apiAuthRoutes(state, webhooks));
  app.route('/', oauthRoutes(state, webhooks));
  app.route('/', connectPageRoutes(state, webhooks));

  async function proxied(c: Context<Env>): Promise<Response> {
    const response = await proxy(state, webhooks, proxyHandler, {
      method: c.req.method,
      endpoint: endpointOf(requestUrl(c.env)),
      headers: c.req.header(),
      raw: c.var.raw,
      parsed: c.var.body,
    });
    if (response !== undefined) return response;
    c.env.incoming.socket.destroy();
    return RESPONSE_ALREADY_SENT;
  }

  app.notFound((c) => {
    const message = `FakeNango has no route ${c.req.method} ${c.req.path}`;
    return json(501, { error: { code: 'fake_nango_lacks_route', message } });
  });
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse();
    return json(500, { error: { code: 'fake_nango_failed', message: String(error) } });
  });
  return app;
}

/** Path and query as they came. */
function requestUrl({ incoming }: Env['Bindings']): string {
  return incoming.url ?? '/';
}

function tooManyRequests(c: Context<Env>, retryAfter: number): Response {
  const error = { code: 'too_many_request', method: c.req.method, path: c.req.path };
  return json(429, { error }, { 'retry-after': String(retryAfter) });
}
