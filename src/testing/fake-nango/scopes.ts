/** Who may call what. The order counts: the first rule that fits is taken. */

export type Access =
  | { by: 'secret'; anyOf: string[] }
  /** a secret key or a connect token */
  | { by: 'either' }
  | { by: 'connectToken' }
  /** an account key, which this fake has none of */
  | { by: 'account'; anyOf: string[] }
  /** a browser: the connect token travels in the query, if at all */
  | { by: 'public' };

const secret = (...scopes: string[]): Access => ({ by: 'secret', anyOf: scopes.map((s) => `environment:${s}`) });
const anyKey: Access = { by: 'secret', anyOf: [] };

const RULES: [methods: string, path: RegExp, access: Access][] = [
  ['GET', /^\/providers(\/|$)/, { by: 'either' }],
  ['GET', /^\/integrations$/, { by: 'either' }],
  ['POST', /^\/integrations(\/quickstart)?$/, secret('integrations:create')],
  ['GET', /^\/integrations\/[^/]+$/, secret('integrations:read', 'integrations:read_credentials')],
  ['PATCH', /^\/integrations\/[^/]+$/, secret('integrations:update')],
  ['DELETE', /^\/integrations\/[^/]+$/, secret('integrations:delete')],
  ['GET', /^\/integrations\/[^/]+\/functions$/, secret('functions:list')],
  ['GET', /^\/integrations\/[^/]+\/functions\//, secret('functions:read')],
  ['DELETE', /^\/integrations\/[^/]+\/functions\//, secret('functions:delete')],
  ['POST', /^\/connect\/sessions(\/reconnect)?$/, secret('connect_sessions:write')],
  ['GET,DELETE', /^\/connect\/session$/, { by: 'connectToken' }],
  ['GET', /^\/connections$/, secret('connections:list', 'connections:list_credentials')],
  ['POST', /^\/connections$/, secret('connections:create')],
  ['POST,PATCH', /^\/connections\/metadata$/, secret('connections:update')],
  ['GET', /^\/connections\/[^/]+$/, secret('connections:read', 'connections:read_credentials')],
  ['PATCH', /^\/connections\/[^/]+$/, secret('connections:update')],
  ['DELETE', /^\/connections\/[^/]+$/, secret('connections:delete')],
  ['*', /^\/proxy(\/|$)/, secret('proxy')],
  ['POST', /^\/action\/trigger$/, secret('actions:execute')],
  ['GET', /^\/action\/[^/]+$/, secret('actions:execute')],
  ['GET', /^\/scripts\/config$/, secret('integrations:list_functions')],
  ['POST', /^\/functions\/compile$/, secret('functions:compile')],
  ['POST,GET', /^\/functions\/dryruns(\/|$)/, secret('functions:dryrun')],
  ['POST,GET', /^\/functions\/deployments(\/|$)/, secret('deploy')],
  ['POST', /^\/sync\/(trigger)$/, secret('syncs:execute')],
  ['POST', /^\/sync\/(start|pause)$/, secret('syncs:execute')],
  ['GET', /^\/sync\/status$/, secret('syncs:read')],
  ['PUT', /^\/sync\/update-connection-frequency$/, secret('syncs:update')],
  ['GET', /^\/records$/, secret('records:read')],
  ['PATCH', /^\/records\/prune$/, secret('records:write')],
  ['GET', /^\/environment-variables$/, secret('variables:read')],
  ['POST', /^\/mcp$/, secret('mcp')],
  ['POST', /^\/environments$/, { by: 'account', anyOf: ['account:environments:create'] }],
  ['GET', /^\/config(\/|$)/, anyKey],
  ['POST', /^\/api-auth\/[^/]+\/[^/]+$/, { by: 'public' }],
  ['GET', /^\/oauth\/(connect\/[^/]+|callback)$/, { by: 'public' }],
  ['GET,POST', /^\/$/, { by: 'public' }],
];

/** The rule for a route; undefined for a path that Nango does not know either. */
export function accessTo(method: string, path: string): Access | undefined {
  return RULES.find(
    ([methods, pattern]) => (methods === '*' || methods.split(',').includes(method)) && pattern.test(path),
  )?.[2];
}

/** Whether a key's scopes cover one of those wanted: exact, or by a prefix that ends in `:*`. */
export function covers(scopes: string[] | undefined, wanted: string[]): boolean {
  if (scopes === undefined || wanted.length === 0) return true;
  return wanted.some((want) =>
    scopes.some((scope) => scope === want || (scope.endsWith(':*') && want.startsWith(scope.slice(0, -1)))),
  );
}
