import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { fail, parse, queryOf } from '../answers';
import { forbidden } from '../access';
import type { Env } from '../env';
import { verify } from '../provider-http';
import { freshen } from '../refresh';
import { covers } from '../scopes';
import type { Connection, Credentials, State } from '../state';
import { endUserSchema, tagsOf, tagsSchema } from '../tags';
import type { Webhooks } from '../webhooks';

const READ_CREDENTIALS = ['environment:connections:read_credentials'];

const importSchema = z.strictObject({
  provider_config_key: z.string(),
  connection_id: z.string().min(1).max(255).optional(),
  credentials: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('API_KEY'), apiKey: z.string() }),
    z.strictObject({ type: z.literal('BASIC'), username: z.string(), password: z.string() }),
    z.strictObject({
      type: z.literal('OAUTH2'),
      access_token: z.string(),
      refresh_token: z.string().optional(),
      expires_at: z.string().optional(),
    }),
  ]),
  metadata: z.record(z.string(), z.unknown()).optional(),
  connection_config: z.record(z.string(), z.unknown()).optional(),
  tags: tagsSchema.optional(),
  webhook_url_override: z.union([z.url(), z.string().max(0)]).optional(),
  end_user: endUserSchema.optional(),
});

const listQuery = z.strictObject({
  connectionId: z.string().optional(),
  search: z.string().optional(),
  integrationId: z.string().optional(),
  tags: z.record(z.string(), z.string()).optional(),
  endUserId: z.string().optional(),
  endUserOrganizationId: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(2000).optional(),
  page: z.coerce.number().int().min(0).optional(),
});

const flag = z.enum(['true', 'false']).optional();
const readQuery = z.strictObject({
  provider_config_key: z.string(),
  force_refresh: flag,
  refresh_token: flag,
  refresh_github_app_jwt_token: flag,
});
const keyQuery = z.strictObject({ provider_config_key: z.string() });
const noQuery = z.strictObject({});

const changeSchema = z.strictObject({
  tags: tagsSchema.optional(),
  end_user: endUserSchema.optional(),
  webhook_url_override: z.union([z.url(), z.string().max(0)]).optional(),
});

const metadataSchema = z.strictObject({
  connection_id: z.union([z.string(), z.array(z.string())]),
  provider_config_key: z.string(),
  metadata: z.record(z.string(), z.unknown()),
});

/** Connections. https://nango.dev/docs/reference/api/connections/list */
export function connectionRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/connections', (c) => {
    const query = parse(listQuery, queryOf(c), 'invalid_query_params');
    const { limit = 10_000, page = 0 } = query;
    const found = state.connections.filter((connection) => fits(connection, query));
    // Newest first; of the same time the later one.
    const sorted = found.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id);
    const shown = sorted.slice(page * limit, (page + 1) * limit);
    return c.json({ connections: shown.map((connection) => listView(state, connection)) });
  });

  app.post('/connections', async (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(importSchema, c.var.body, 'invalid_body');
    const integration = state.integrations.get(body.provider_config_key);
    if (integration === undefined) return fail(404, { code: 'not_found', message: 'No such integration.' });
    const credentials = imported(body.credentials);
    if (!(await verify(integration.provider, credentials))) {
      return fail(400, { code: 'connection_test_failed', message: 'The provider refuses these credentials.' });
    }
    const { connection } = state.upsert({
      integration: integration.key,
      connectionId: body.connection_id,
      credentials,
      tags: { ...tagsOf(body.end_user, undefined), ...body.tags },
      metadata: body.metadata ?? {},
      connectionConfig: body.connection_config ?? {},
      endUser: body.end_user ?? null,
      webhookUrlOverride: body.webhook_url_override || null,
    });
    return c.json(view(state, connection, shown(connection.credentials, false)), 201);
  });

  app.post('/connections/metadata', (c) => setMetadata(c, false));
  app.patch('/connections/metadata', (c) => setMetadata(c, true));

  app.get('/connections/:id', async (c) => {
    const query = parse(readQuery, queryOf(c), 'invalid_query_params');
    const mayRead = covers(c.var.key?.scopes, READ_CREDENTIALS);
    if (!mayRead && (query.force_refresh === 'true' || query.refresh_token === 'true'))
      return forbidden(READ_CREDENTIALS);
    const connection = find(c, query.provider_config_key);
    if (connection === undefined) return fail(404, { code: 'not_found', message: 'There is no such connection.' });
    const refreshed = await freshen(state, webhooks, connection, query.force_refresh === 'true');
    connection.lastFetchedAt = state.clock();
    if (refreshed !== 'ok') {
      return fail(refreshed === 'failed' ? 400 : 424, {
        code: 'invalid_credentials',
        message: REFRESH_MESSAGE[refreshed],
        payload: { connection: view(state, connection, {}) },
      });
    }
    const credentials = mayRead ? shown(connection.credentials, query.refresh_token === 'true') : {};
    return c.json(view(state, connection, credentials));
  });

  app.patch('/connections/:id', (c) => {
    const query = parse(keyQuery, queryOf(c), 'invalid_query_params');
    const body = parse(changeSchema, c.var.body, 'invalid_body');
    const connection = find(c, query.provider_config_key);
    if (connection === undefined) return fail(404, { code: 'not_found', message: 'There is no such connection.' });
    if (body.tags !== undefined) connection.tags = body.tags;
    if (body.webhook_url_override !== undefined) connection.webhookUrlOverride = body.webhook_url_override || null;
    connection.updatedAt = state.clock();
    return c.json({ success: true });
  });

  app.delete('/connections/:id', (c) => {
    const query = parse(keyQuery, queryOf(c), 'invalid_query_params');
    const connection = find(c, query.provider_config_key);
    if (connection === undefined) return fail(400, { code: 'unknown_connection' });
    state.connections = state.connections.filter((other) => other !== connection);
    return c.json({ success: true });
  });

  /** @returns the connection; ends the request if not even the integration exists */
  function find(c: Context<Env, '/connections/:id'>, integration: string): Connection | undefined {
    if (!state.integrations.has(integration)) {
      return fail(400, { code: 'unknown_provider_config', message: 'No such integration.' });
    }
    return state.find(integration, c.req.param('id'));
  }

  function setMetadata(c: Context<Env>, merge: boolean): Response {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(metadataSchema, c.var.body, 'invalid_body');
    const found = [body.connection_id].flat().map((id) => state.find(body.provider_config_key, id));
    if (found.includes(undefined))
      return fail(404, { code: 'unknown_connection', message: 'There is no such connection.' });
    for (const connection of found) {
      connection!.metadata = merge ? { ...connection!.metadata, ...body.metadata } : body.metadata;
    }
    return c.json(body, merge ? 200 : 201);
  }

  return app;
}

const REFRESH_MESSAGE = {
  failed: 'The provider did not refresh the token.',
  backoff: 'A recent refresh attempt failed. Backing off before retrying.',
  exhausted: 'The token was not refreshed for too long.',
};

function fits(connection: Connection, query: z.infer<typeof listQuery>): boolean {
  const { connectionId, integrationId, search, tags = {}, endUserId } = query;
  return (
    (connectionId === undefined || connection.connectionId === connectionId) &&
    (integrationId === undefined || integrationId.split(',').includes(connection.integration)) &&
    (search === undefined || JSON.stringify([connection.connectionId, connection.tags]).includes(search)) &&
    (endUserId === undefined || connection.endUser?.id === endUserId) &&
    (query.endUserOrganizationId === undefined ||
      connection.endUser?.organization?.id === query.endUserOrganizationId) &&
    Object.entries(tags).every(([key, value]) => connection.tags[key.toLowerCase()] === value)
  );
}

function imported(given: z.infer<typeof importSchema>['credentials']): Credentials {
  return given.type === 'OAUTH2' ? { ...given, raw: { ...given } } : given;
}

/** Refresh tokens are shown only when asked for. */
function shown(credentials: Credentials, withRefreshToken: boolean): object {
  if (credentials.type !== 'OAUTH2' || withRefreshToken) return credentials;
  return { ...credentials, refresh_token: undefined };
}

function errorsOf({ authError }: Connection) {
  return authError === undefined ? [] : [{ type: 'auth', log_id: authError }];
}

function listView(state: State, connection: Connection) {
  return {
    id: connection.id,
    connection_id: connection.connectionId,
    provider_config_key: connection.integration,
    provider: state.integrations.get(connection.integration)?.provider.name,
    errors: errorsOf(connection),
    end_user: connection.endUser,
    tags: connection.tags,
    metadata: connection.metadata,
    created: new Date(connection.createdAt).toISOString(),
  };
}

function view(state: State, connection: Connection, credentials: object) {
  const { created, ...listed } = listView(state, connection);
  return {
    ...listed,
    connection_config: connection.connectionConfig,
    webhook_url_override: connection.webhookUrlOverride,
    created_at: created,
    updated_at: new Date(connection.updatedAt).toISOString(),
    last_fetched_at: new Date(connection.lastFetchedAt).toISOString(),
    credentials,
  };
}
