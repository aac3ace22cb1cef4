import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { fail, invalid, json, parse } from '../responses';
import type { Env } from '../env';
import { empty, integrationKey, noQuery, plainName } from '../fields';
import { credentialsView, integrationView } from '../integration-view';
import { isAllowed } from '../connect';
import { queryOf } from '../query';
import { covers } from '../scopes';
import type { Integration, Provider, State } from '../state';

const SCOPES = /^[0-9a-zA-Z:/_.*-]+(,[0-9a-zA-Z:/_.*-]+)*$/;
const clientId = z.string().min(1).max(255);
const secret = z.string().min(1);
const app = {
  app_id: z.string().min(1).max(255),
  app_link: z.string().min(1),
  private_key: z.string().startsWith('-----BEGIN RSA PRIVATE KEY----').endsWith('-----END RSA PRIVATE KEY-----'),
};

const credentialsSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['OAUTH1', 'OAUTH2', 'TBA']),
    client_id: clientId,
    client_secret: secret,
    scopes: z.union([z.string().regex(SCOPES), empty]).optional(),
    webhook_secret: z.string().max(255).optional(),
  }),
  z.strictObject({ type: z.literal('APP'), ...app }),
  z.strictObject({ type: z.literal('CUSTOM'), client_id: clientId, client_secret: secret, ...app }),
]);

const common = {
  display_name: z.string().min(1).max(255).optional(),
  credentials: credentialsSchema.optional(),
  forward_webhooks: z.boolean().optional(),
  integration_config: z.record(z.string(), z.string().max(8192)).optional(),
  custom: z.record(z.string(), z.string()).optional(),
};
const createSchema = z.strictObject({ provider: plainName, unique_key: integrationKey, ...common });
const changeSchema = z.strictObject({ unique_key: integrationKey.optional(), ...common });

const include = z.enum(['webhook', 'credentials']);
const readQuery = z.strictObject({ include: z.union([include, z.array(include)]).optional() });
const params = z.strictObject({ uniqueKey: integrationKey });

/** Integrations. https://nango.dev/docs/reference/api/integration/list */
export function integrationRoutes(state: State): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/integrations', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const { session } = c.var;
    const shown = [...state.integrations.values()].filter(
      ({ key }) => session === undefined || isAllowed(session, key),
    );
    const sorted = shown.toSorted((a, b) => compare(a.provider.name, b.provider.name) || a.createdAt - b.createdAt);
    return json(200, { data: sorted.map((one) => integrationView(one, c.var.origin)) });
  });

  app.post('/integrations', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(createSchema, c.var.body, 'invalid_body');
    const provider = state.providers.get(body.provider);
    if (provider === undefined) return invalid('invalid_body', issue('provider', 'No such provider.'));
    checkKind(body.credentials, provider);
    if (body.credentials === undefined && provider.authMode === 'OAUTH2') {
      return fail(400, { code: 'invalid_body', message: 'This provider needs credentials.' });
    }
    if (state.integrations.has(body.unique_key))
      return invalid('invalid_body', issue('uniqueKey', 'The key is taken.'));
    checkConfig(body.integration_config);
    const now = state.clock();
    const integration: Integration = {
      key: body.unique_key,
      provider,
      displayName: body.display_name ?? provider.displayName,
      forwardWebhooks: body.forward_webhooks ?? true,
      credentials: body.credentials ? { scopes: provider.defaultScopes?.join(','), ...body.credentials } : null,
      createdAt: now,
      updatedAt: now,
    };
    state.integrations.set(integration.key, integration);
    return json(200, { data: integrationView(integration, c.var.origin) });
  });

  app.get('/integrations/:key', (c) => {
    const query = parse(readQuery, queryOf(c), 'invalid_query_params');
    const integration = find(c);
    const included = [query.include ?? []].flat();
    const mayRead = covers(c.var.key?.scopes, ['environment:integrations:read_credentials']);
    const { provider } = integration;
    const webhook_url = provider.routesWebhooks
      ? `${c.var.origin}/webhook/${state.environmentId}/${encodeURIComponent(integration.key)}`
      : null;
    return json(200, {
      data: {
        ...integrationView(integration, c.var.origin),
        ...(included.includes('webhook') && { webhook_url }),
        ...(included.includes('credentials') && mayRead && { credentials: credentialsView(integration) }),
      },
    });
  });

  app.patch('/integrations/:key', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(changeSchema, c.var.body, 'invalid_body');
    const integration = find(c);
    checkKind(body.credentials, integration.provider);
    if (body.unique_key !== undefined && body.unique_key !== integration.key)
      rename(state, integration, body.unique_key);
    checkConfig(body.integration_config);
    integration.displayName = body.display_name ?? integration.displayName;
    integration.forwardWebhooks = body.forward_webhooks ?? integration.forwardWebhooks;
    // What is not given stays as it was.
    if (body.credentials !== undefined) integration.credentials = { ...integration.credentials, ...body.credentials };
    integration.updatedAt = state.clock();
    return json(200, { data: integrationView(integration, c.var.origin) });
  });

  app.delete('/integrations/:key', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const { key } = find(c);
    state.integrations.delete(key);
    state.connections = state.connections.filter((connection) => connection.integration !== key);
    return json(200, { success: true });
  });

  function find(c: Context<Env, '/integrations/:key'>): Integration {
    const { uniqueKey } = parse(params, { uniqueKey: c.req.param('key') }, 'invalid_uri_params');
    return state.integrations.get(uniqueKey) ?? fail(404, { code: 'not_found', message: 'No such integration.' });
  }

  return app;
}

function rename(state: State, integration: Integration, key: string): void {
  if (state.integrations.has(key)) return fail(400, { code: 'invalid_body', message: 'The key is taken.' });
  if (state.connections.some((connection) => connection.integration === integration.key)) {
    return fail(400, { code: 'invalid_body', message: 'An integration with connections cannot be renamed.' });
  }
  state.integrations.delete(integration.key);
  integration.key = key;
  state.integrations.set(key, integration);
}

function checkKind(credentials: { type: string } | undefined, { authMode }: Provider): void {
  if (credentials !== undefined && credentials.type !== authMode) {
    fail(400, { code: 'invalid_body', message: 'The credentials are of another kind than the provider.' });
  }
}

/** No provider of this fake is configured. */
function checkConfig(config: object | undefined): void {
  if (config !== undefined && Object.keys(config).length > 0) {
    fail(400, { code: 'invalid_body', message: 'This provider takes no configuration.' });
  }
}

function issue(path: string, message: string) {
  return { code: 'invalid_string', message, path: [path] };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
