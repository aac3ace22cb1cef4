/** Every route of Nango's API and who may use it, also those that this fake has no handler for. */

/** Who may use a route. */
export type Access =
  /** a secret key with one of these scopes */
  | { by: 'secret'; anyOf: string[] }
  /** the same, or a connect token */
  | { by: 'either'; anyOf: string[] }
  | { by: 'connectToken' }
  /** an account key, which this fake has none of */
  | { by: 'account'; anyOf: string[] }
  /** a connect page: the connect token travels in the query */
  | { by: 'page' }
  /** anybody */
  | { by: 'public' };

/** What is known of a request by its method and path. */
export interface Route {
  access: Access;
  /** the path with the names in it as they are spelt in the table, and the ids as they came */
  path: string;
}

const environment = (...scopes: string[]) => scopes.map((scope) => `environment:${scope}`);
const secret = (...scopes: string[]): Access => ({ by: 'secret', anyOf: environment(...scopes) });
const either = (...scopes: string[]): Access => ({ by: 'either', anyOf: environment(...scopes) });
const account = (scope: string): Access => ({ by: 'account', anyOf: [`account:${scope}`] });
const connectToken: Access = { by: 'connectToken' };
const page: Access = { by: 'page' };
const public_: Access = { by: 'public' };

/** Methods, path, access. `:name` is one segment, `*` the rest. The first that fits is taken. */
const TABLE: [methods: string, path: string, access: Access][] = [
  ['GET', '/providers', either()],
  ['GET', '/providers/:provider', either()],
  ['GET', '/providers/:provider/templates', secret()],
  ['GET', '/integrations', either('integrations:list', 'integrations:list_credentials')],
  ['POST', '/integrations', secret('integrations:create')],
  ['POST', '/integrations/quickstart', secret('integrations:create')],
  ['GET', '/integrations/:key', secret('integrations:read', 'integrations:read_credentials')],
  ['PATCH', '/integrations/:key', secret('integrations:update')],
  ['DELETE', '/integrations/:key', secret('integrations:delete')],
  ['GET', '/integrations/:key/functions', secret('functions:list')],
  ['GET', '/integrations/:key/functions/:name', secret('functions:read')],
  ['DELETE', '/integrations/:key/functions/:name', secret('functions:delete')],
  ['GET', '/integrations/:key/functions/:name/code', secret('functions:read')],
  ['GET', '/config/:key', secret('integrations:read')],

  ['POST', '/connect/sessions', secret('connect_sessions:write')],
  ['POST', '/connect/sessions/reconnect', secret('connect_sessions:write')],
  ['GET,DELETE', '/connect/session', connectToken],
  ['POST', '/connect/telemetry', public_],

  ['GET', '/connections', secret('connections:list', 'connections:list_credentials')],
  ['POST', '/connections', secret('connections:create')],
  ['POST,PATCH', '/connections/metadata', secret('connections:update')],
  ['GET', '/connections/:id', secret('connections:read', 'connections:read_credentials')],
  ['PATCH', '/connections/:id', secret('connections:update')],
  ['DELETE', '/connections/:id', secret('connections:delete')],
  ['GET', '/connection', secret('connections:list', 'connections:list_credentials')],
  ['POST', '/connection', secret('connections:create')],
  ['POST,PATCH', '/connection/metadata', secret('connections:update')],
  ['GET', '/connection/:id', secret('connections:read', 'connections:read_credentials')],
  ['DELETE', '/connection/:id', secret('connections:delete')],
  ['POST,PATCH', '/connection/:id/metadata', secret('connections:update')],

  ['*', '/proxy', secret('proxy')],
  ['*', '/proxy/*', secret('proxy')],
  ['POST', '/action/trigger', secret('actions:execute')],
  ['GET', '/action/:id', secret('actions:execute')],
  ['GET', '/scripts/config', secret('integrations:list_functions')],
  ['GET,POST', '/mcp', secret('mcp')],
  ['*', '/v1/*', secret()],

  ['POST', '/sync/trigger', secret('syncs:execute')],
  ['POST', '/sync/start', secret('syncs:execute')],
  ['POST', '/sync/pause', secret('syncs:execute')],
  ['GET', '/sync/status', secret('syncs:read')],
  ['PUT', '/sync/update-connection-frequency', secret('syncs:update')],
  ['POST', '/sync/:name/variant/:variant', secret('syncs:variant:create')],
  ['DELETE', '/sync/:name/variant/:variant', secret('syncs:variant:delete')],
  ['POST', '/sync/deploy', secret('deploy')],
  ['POST', '/sync/deploy/:kind', secret('deploy')],
  ['GET', '/records', secret('records:read')],
  ['PATCH', '/records/prune', secret('records:write')],
  ['GET', '/environment-variables', secret('variables:read')],
  ['POST', '/functions/compile', secret('functions:compile')],
  ['POST', '/functions/dryruns', secret('functions:dryrun')],
  ['GET', '/functions/dryruns/:id', secret('functions:dryrun')],
  ['POST', '/functions/deployments', secret('deploy')],
  ['POST', '/functions/deployments/*', secret('deploy')],
  ['GET', '/functions/deployments/:id', secret('deploy')],
  ['POST', '/functions/invocations', secret('functions:invocations')],
  ['GET', '/functions/invocations/:id', secret('functions:invocations')],

  ['POST', '/environment/webhook-signing-key/rotate', secret('webhook_signing_key:rotate')],
  ['POST', '/environments', account('environments:create')],
  ['DELETE', '/environments/:id', account('environments:delete')],
  ['POST', '/environment/api-keys', account('api_keys:create')],
  ['DELETE', '/environment/api-keys/:id', account('api_keys:delete')],

  ['POST', '/api-auth/:mode/:key', page],
  ['POST', '/auth/:mode/:key', page],
  ['POST', '/app-store-auth/:key', page],
  ['GET', '/app-auth/connect', public_],
  ['GET', '/oauth/connect/:key', page],
  ['GET', '/oauth/callback', public_],
  ['POST', '/oauth2/auth/:key', page],
  ['POST', '/webhook/:environment/:key', public_],
  ['GET', '/health', public_],
  ['GET', '/images/template-logos/:file', public_],
  // The page of a connect link, with a form that this fake puts there.
  ['GET,POST', '/', public_],
];

const ROUTES = TABLE.map(([methods, path, access]) => ({
  methods: methods.split(','),
  path,
  access,
  pattern: new RegExp(`^${path.replace(/:\w+/g, '([^/]+)').replace('*', '(.*)')}${path === '/' ? '' : '/?'}$`, 'i'),
}));

/**
 * The route of a request; undefined for one that Nango does not know either. Names in a path ignore case, and one slash
 * at its end; ids do not.
 */
export function routeOf(method: string, path: string): Route | undefined {
  for (const { methods, path: template, access, pattern } of ROUTES) {
    const found = fits(methods, method) ? pattern.exec(path) : null;
    if (found === null) continue;
    const ids = found.slice(1);
    return { access, path: template.replace(/:\w+|\*/g, () => ids.shift() ?? '') };
  }
  return undefined;
}

/** A HEAD goes where a GET would go. */
function fits(methods: string[], method: string): boolean {
  return methods[0] === '*' || methods.includes(method === 'HEAD' ? 'GET' : method);
}

/** Groups of routes that take no body but JSON, whatever the method; the proxy and what providers call are not among them. */
const JSON_ONLY =
  /^\/(providers|integrations|connections?|connect|action|scripts|mcp|v1|sync|records|environment-variables|functions|environments|api-auth|auth|app-store-auth|oauth)(\/|$)/i;

/** Whether a request with a body of another kind is refused before anything else is looked at. */
export function takesJsonOnly(path: string): boolean {
  return JSON_ONLY.test(path);
}
