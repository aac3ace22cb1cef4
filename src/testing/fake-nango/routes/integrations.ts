import { Hono } from 'hono';
import { z } from 'zod';
import { fail, invalid, parse, queryOf } from '../answers';
import { covers } from '../scopes';
import type { Env } from '../env';
import type { Integration, Provider, State } from '../state';

const SCOPES = /^[0-9a-zA-Z:/_.*-]+(,[0-9a-zA-Z:/_.*-]+)*$/;
const scopes = z.union([z.string().regex(SCOPES), z.string().max(0)]).optional();
const webhookSecret = z.union([z.string().min(1), z.string().max(0)]).optional();
const privateKey = z.string().startsWith('-----BEGIN RSA PRIVATE KEY-----').endsWith('-----END RSA PRIVATE KEY-----');

const credentialsSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.enum(['OAUTH1', 'OAUTH2']),
    client_id: z.string().min(1),
    client_secret: z.string().min(1),
    scopes,
    webhook_secret: webhookSecret,
  }),
  z.strictObject({
    type: z.literal('APP'),
    app_id: z.string().min(1),
    app_link: z.string().min(1),
    private_key: privateKey,
  }),
]);

const keySchema = z
  .string()
  .regex(/^[a-zA-Z0-9:.@~ _-]+$/)
  .max(255);
const displayName = z.string().min(1).max(255);

const createSchema = z.strictObject({
  provider: z.string(),
  unique_key: keySchema,
  display_name: displayName.optional(),
  credentials: credentialsSchema.optional(),
  forward_webhooks: z.boolean().optional(),
});

const changeSchema = z.strictObject({
  unique_key: keySchema.optional(),
  display_name: displayName.optional(),
  credentials: credentialsSchema.optional(),
  forward_webhooks: z.boolean().optional(),
});

const include = z.enum(['webhook', 'credentials']);
const readQuery = z.strictObject({ include: z.union([include, z.array(include)]).optional() });
const noQuery = z.strictObject({});

/** Integrations and the providers they are of. https://nango.dev/docs/reference/api/integration/list */
export function integrationRoutes(state: State): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/providers', (c) => {
    const { search = '' } = parse(
      z.strictObject({ search: z.string().optional() }),
      queryOf(c),
      'invalid_query_params',
    );
    const found = [...state.providers.values()].filter(({ name }) => name.includes(search.toLowerCase()));
    return c.json({ data: found.map((provider) => providerView(provider, c.var.origin)) });
  });

  app.get('/providers/:provider', (c) => {
    const provider = state.providers.get(c.req.param('provider'));
    if (provider === undefined) return fail(404, { code: 'not_found', message: 'No such provider.' });
    return c.json({ data: providerView(provider, c.var.origin) });
  });

  app.get('/integrations', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    return c.json({ data: [...state.integrations.values()].map((one) => view(one, c.var.origin)) });
  });

  app.post('/integrations', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(createSchema, c.var.body, 'invalid_body');
    const provider = state.providers.get(body.provider);
    if (provider === undefined) return invalid('invalid_body', issue('provider', 'No such provider.'));
    if (state.integrations.has(body.unique_key))
      return invalid('invalid_body', issue('uniqueKey', 'The key is taken.'));
    if (body.credentials === undefined && provider.authMode === 'OAUTH2') {
      return fail(400, { code: 'invalid_body', message: 'This provider needs credentials.' });
    }
    checkKind(body.credentials, provider);
    const now = state.clock();
    const integration: Integration = {
      key: body.unique_key,
      provider,
      displayName: body.display_name ?? provider.displayName,
      forwardWebhooks: body.forward_webhooks ?? true,
      credentials: body.credentials ?? null,
      createdAt: now,
      updatedAt: now,
    };
    state.integrations.set(integration.key, integration);
    return c.json({ data: view(integration, c.var.origin) });
  });

  app.get('/integrations/:key', (c) => {
    const query = parse(readQuery, queryOf(c), 'invalid_query_params');
    const integration = find(state, c.req.param('key'));
    const included = [query.include ?? []].flat();
    const mayRead = covers(c.var.key?.scopes, ['environment:integrations:read_credentials']);
    return c.json({
      data: {
        ...view(integration, c.var.origin),
        ...(included.includes('webhook') && {
          webhook_url: `${c.var.origin}/webhook/${state.environmentId}/${integration.key}`,
        }),
        ...(included.includes('credentials') && mayRead && { credentials: credentialsView(integration) }),
      },
    });
  });

  app.patch('/integrations/:key', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(changeSchema, c.var.body, 'invalid_body');
    const integration = find(state, c.req.param('key'));
    checkKind(body.credentials, integration.provider);
    if (body.unique_key !== undefined && body.unique_key !== integration.key)
      rename(state, integration, body.unique_key);
    integration.displayName = body.display_name ?? integration.displayName;
    integration.forwardWebhooks = body.forward_webhooks ?? integration.forwardWebhooks;
    if (body.credentials !== undefined) integration.credentials = { ...integration.credentials, ...body.credentials };
    integration.updatedAt = state.clock();
    return c.json({ data: view(integration, c.var.origin) });
  });

  app.delete('/integrations/:key', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const { key } = find(state, c.req.param('key'));
    state.integrations.delete(key);
    state.connections = state.connections.filter((connection) => connection.integration !== key);
    return c.json({ success: true });
  });

  return app;
}

function find(state: State, key: string): Integration {
  return state.integrations.get(key) ?? fail(404, { code: 'not_found', message: 'No such integration.' });
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

function issue(path: string, message: string) {
  return { code: 'invalid_string', message, path: [path] };
}

function logo(provider: string, origin: string): string {
  return `${origin}/images/template-logos/${provider}.svg`;
}

function view({ key, provider, displayName, forwardWebhooks, createdAt, updatedAt }: Integration, origin: string) {
  return {
    unique_key: key,
    provider: provider.name,
    display_name: displayName,
    logo: logo(provider.name, origin),
    forward_webhooks: forwardWebhooks,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
  };
}

function credentialsView({ credentials }: Integration) {
  return credentials && { scopes: null, webhook_secret: null, ...credentials };
}

function providerView({ name, displayName, authMode, baseUrl, defaultScopes }: Provider, origin: string) {
  return {
    name,
    display_name: displayName,
    auth_mode: authMode,
    logo_url: logo(name, origin),
    ...(defaultScopes && { default_scopes: defaultScopes }),
    ...(baseUrl && { proxy: { base_url: baseUrl } }),
  };
}
