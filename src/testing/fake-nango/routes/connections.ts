import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { forbidden } from '../access';
import { fail, json, parse } from '../responses';
import { fullView, listView } from '../connection-view';
import { shownCredentials } from '../credentials';
import { endUserOf, endUserSchema, endUserTags } from '../end-user';
import type { Env } from '../env';
import { connectionId, flag, integrationKey, noQuery, webhookUrl } from '../fields';
import { queryOf } from '../query';
import { freshen, REFRESH_MESSAGE } from '../refresh';
import { covers } from '../scopes';
import type { Connection, State } from '../state';
import { tagsSchema } from '../tags';
import type { Webhooks } from '../webhooks';

const READ_CREDENTIALS = ['environment:connections:read_credentials'];
const MOST = 10_000;

const text = z.string().min(1).max(255).optional();
const listQuery = z.strictObject({
  connectionId: text,
  search: text,
  integrationId: z.string().min(1).optional(),
  tags: tagsSchema.optional(),
  endUserId: text,
  endUserOrganizationId: text,
  limit: z.coerce.number().min(1).max(2000).optional(),
  page: z.coerce.number().min(0).optional(),
});
const readQuery = z.strictObject({
  provider_config_key: integrationKey,
  force_refresh: flag,
  refresh_token: flag,
  refresh_github_app_jwt_token: flag,
});
const keyQuery = z.strictObject({ provider_config_key: integrationKey });
const params = z.strictObject({ connectionId });

const changeSchema = z.strictObject({
  end_user: endUserSchema.optional(),
  tags: tagsSchema.optional(),
  webhook_url_override: webhookUrl.optional(),
});

const id = z.string().min(1);
const metadataSchema = z.strictObject({
  connection_id: z.union([id, z.array(id)]),
  provider_config_key: z.string().min(1),
  metadata: z.record(z.string(), z.unknown()),
});

/** Connections that are there. https://nango.dev/docs/reference/api/connections/list */
export function connectionRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/connections', (c) => {
    const query = parse(listQuery, queryOf(c), 'invalid_query_params');
    const { limit = MOST, page = 0 } = query;
    const found = state.connections.filter((connection) => fits(connection, query));
    // Newest first; of the same time the later one.
    const sorted = found.toSorted((a, b) => b.createdAt - a.createdAt || b.id - a.id);
    const shown = sorted.slice(page * limit, (page + 1) * limit);
    return json(200, { connections: shown.map((connection) => listView(state, connection)) });
  });

  app.post('/connections/metadata', (c) => setMetadata(c, false));
  app.patch('/connections/metadata', (c) => setMetadata(c, true));

  app.get('/connections/:id', async (c) => {
    const query = parse(readQuery, queryOf(c), 'invalid_query_params');
    const mayRead = covers(c.var.key?.scopes, READ_CREDENTIALS);
    const wantsSecrets = [query.force_refresh, query.refresh_token, query.refresh_github_app_jwt_token].includes(
      'true',
    );
    if (!mayRead && wantsSecrets) return forbidden(READ_CREDENTIALS);
    const connection = find(idOf(c), query.provider_config_key);
    // Who may not see credentials makes nobody fetch new ones: what went wrong stands in `errors` only.
    const freshness = mayRead ? await freshen(state, webhooks, connection, query.force_refresh === 'true') : 'ok';
    connection.lastFetchedAt = state.clock();
    if (freshness !== 'ok') {
      return fail(freshness === 'failed' ? 400 : 424, {
        code: 'invalid_credentials',
        message: REFRESH_MESSAGE[freshness],
        payload: { connection: fullView(state, connection, {}) },
      });
    }
    const { credentials } = connection;
    const shown = mayRead ? shownCredentials(credentials, query.refresh_token === 'true') : {};
    return json(200, fullView(state, connection, shown));
  });

  app.patch('/connections/:id', (c) => {
    const query = parse(keyQuery, queryOf(c), 'invalid_query_params');
    const body = parse(changeSchema, c.var.body, 'invalid_body');
    const connection = find(idOf(c), query.provider_config_key);
    const { tags, end_user, webhook_url_override: override } = body;
    if (end_user !== undefined) connection.endUser = endUserOf(end_user);
    if (end_user !== undefined || tags !== undefined) connection.tags = { ...endUserTags(end_user), ...tags };
    if (override !== undefined) connection.webhookUrlOverride = override || null;
    connection.updatedAt = state.clock();
    return json(200, { success: true });
  });

  app.delete('/connections/:id', (c) => {
    const id = idOf(c);
    const query = parse(keyQuery, queryOf(c), 'invalid_query_params');
    const connection = state.find(query.provider_config_key, id);
    if (connection === undefined) return fail(400, { code: 'unknown_connection' });
    state.connections = state.connections.filter((other) => other !== connection);
    return json(200, { success: true });
  });

  function idOf(c: Context<Env, '/connections/:id'>): string {
    return parse(params, { connectionId: c.req.param('id') }, 'invalid_uri_params').connectionId;
  }

  function find(id: string, integration: string): Connection {
    if (!state.integrations.has(integration)) {
      return fail(400, { code: 'unknown_provider_config', message: 'No such integration.' });
    }
    return state.find(integration, id) ?? fail(404, { code: 'not_found', message: 'There is no such connection.' });
  }

  /** All or nothing. */
  function setMetadata(c: Context<Env>, merge: boolean): Response {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(metadataSchema, c.var.body, 'invalid_body');
    const found = [body.connection_id]
      .flat()
      .map(
        (id) =>
          state.find(body.provider_config_key, id) ??
          fail(404, { code: 'unknown_connection', message: 'There is no such connection.' }),
      );
    for (const connection of found) {
      connection.metadata = merge ? { ...connection.metadata, ...body.metadata } : body.metadata;
    }
    return json(merge ? 200 : 201, body);
  }

  return app;
}

function fits(connection: Connection, query: z.infer<typeof listQuery>): boolean {
  const { connectionId, integrationId, search, tags = {}, endUserId, endUserOrganizationId } = query;
  const { endUser } = connection;
  const searched = [connection.connectionId, endUser?.displayName, endUser?.email];
  return (
    (connectionId === undefined || connection.connectionId === connectionId) &&
    (integrationId === undefined || splitList(integrationId).includes(connection.integration)) &&
    (search === undefined || searched.some((text) => text?.toLowerCase().includes(search.toLowerCase()))) &&
    (endUserId === undefined || endUser?.id === endUserId) &&
    (endUserOrganizationId === undefined || endUser?.organization?.id === endUserOrganizationId) &&
    Object.entries(tags).every(([key, value]) => connection.tags[key] === value)
  );
}

function splitList(text: string): string[] {
  return text.split(',').map((part) => part.trim());
}
