import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { fail, invalid, json, parse } from '../responses';
import type { Issue } from '../responses';
import { endUserOf, endUserSchema, endUserTags, endUserView, organizationSchema } from '../end-user';
import type { Env } from '../env';
import { connectionId, integrationKey, noQuery, webhookUrl } from '../fields';
import { queryOf } from '../query';
import type { ConnectSession, EndUser, State } from '../state';
import { tagsSchema } from '../tags';

/** Exactly this long after it was made a session is over. */
const SESSION_MS = 30 * 60_000;

const defaultsSchema = z.strictObject({
  user_scopes: z.string().optional(),
  authorization_params: z.record(z.string(), z.string()).optional(),
  connection_config: z.looseObject({ oauth_scopes_override: z.string().optional() }).optional(),
});

const organization = organizationSchema.optional();
const rest = {
  integrations_config_defaults: z.record(integrationKey, defaultsSchema).optional(),
  overrides: z.record(integrationKey, z.object({ docs_connect: z.string().optional() })).optional(),
  webhook_url_override: webhookUrl.optional(),
  tags: tagsSchema.optional(),
};
const createSchema = z.strictObject({
  end_user: endUserSchema.optional(),
  organization,
  allowed_integrations: z.array(integrationKey).optional(),
  ...rest,
});
/** Whoever gives no tags must name the person in the old way. */
const createWithoutTagsSchema = createSchema.extend({ end_user: endUserSchema });
const reconnectSchema = z.strictObject({
  connection_id: connectionId,
  integration_id: integrationKey,
  end_user: endUserSchema.optional(),
  organization,
  ...rest,
});
const noBody = z.strictObject({}).optional();

type Created = z.infer<typeof createSchema>;
type Given = Omit<Created, 'allowed_integrations'>;

/** Connect sessions and the tokens that stand for them. https://nango.dev/docs/reference/api/connect/sessions/create */
export function connectSessionRoutes(state: State): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/connect/sessions', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const { body: given } = c.var;
    const hasTags = typeof given === 'object' && given !== null && 'tags' in given;
    const body: Created = parse(hasTags ? createSchema : createWithoutTagsSchema, given, 'invalid_body');
    const allowed = body.allowed_integrations?.length ? body.allowed_integrations : undefined;
    refuse(allowed?.flatMap((key, i) => unknown(key, 'allowed_integrations', i)) ?? []);
    check(body);
    return created(c, open(body, endUserOf(body.end_user, body.organization), { allowedIntegrations: allowed }));
  });

  app.post('/connect/sessions/reconnect', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(reconnectSchema, c.var.body, 'invalid_body');
    const { integration_id: integration, connection_id: connectionId } = body;
    const connection = state.find(integration, connectionId);
    if (connection === undefined) {
      return fail(400, { code: 'invalid_body', message: 'There is no such connection.' });
    }
    check(body);
    // Unlike the tags, the end user of the connection stays if none is given.
    const endUser = endUserOf(body.end_user, body.organization) ?? connection.endUser;
    const rest = { allowedIntegrations: [integration], reconnect: { integration, connectionId } };
    return created(c, open(body, endUser, rest));
  });

  app.get('/connect/session', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    parse(noBody, c.var.body, 'invalid_body');
    return json(200, { data: view(c.var.session!) });
  });

  app.delete('/connect/session', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    parse(noBody, c.var.body, 'invalid_body');
    state.sessions.delete(c.var.session!.token);
    return c.body(null, 204);
  });

  function open(body: Given, endUser: EndUser | null, rest: Partial<ConnectSession>): ConnectSession {
    const session: ConnectSession = {
      token: state.newToken(),
      expiresAt: state.clock() + SESSION_MS,
      tags: { ...endUserTags(body.end_user, body.organization), ...body.tags },
      endUser,
      configDefaults: body.integrations_config_defaults,
      overrides: body.overrides,
      webhookUrlOverride: body.webhook_url_override || null,
      ...rest,
    };
    state.sessions.set(session.token, session);
    return session;
  }

  /** Refuses settings for integrations that are not there, all of them at once, and what costs extra. */
  function check({ integrations_config_defaults: defaults = {}, overrides = {} }: Given): void {
    refuse([
      ...Object.keys(defaults).flatMap((key) => unknown(key, 'integrations_config_defaults', key)),
      ...Object.keys(overrides).flatMap((key) => unknown(key, 'overrides', key)),
    ]);
    if (Object.values(overrides).some(({ docs_connect }) => docs_connect)) {
      fail(403, { code: 'forbidden', message: 'The link to the documentation is not yours to choose.' });
    }
  }

  function unknown(key: string, ...path: PropertyKey[]): Issue[] {
    return state.integrations.has(key) ? [] : [{ code: 'custom', message: 'No such integration.', path }];
  }

  return app;
}

function refuse(issues: Issue[]): void {
  if (issues.length > 0) invalid('invalid_body', ...issues);
}

function created(c: Context<Env>, { token, expiresAt }: ConnectSession): Response {
  // The link is the bearer secret.
  const connect_link = `${c.var.origin}/?session_token=${token}`;
  return json(201, { data: { token, connect_link, expires_at: new Date(expiresAt).toISOString() } });
}

function view({ endUser, allowedIntegrations, configDefaults, overrides, reconnect }: ConnectSession) {
  const theme = { light: { primary: '#00B2E3' }, dark: { primary: '#00B2E3' } };
  const defaults = Object.entries(configDefaults ?? {}).map(([key, { connection_config, authorization_params }]) => [
    key,
    { connection_config, authorization_params },
  ]);
  return {
    endUser: endUserView(endUser),
    connectUISettings: { showWatermark: true, defaultTheme: 'system', theme },
    ...(allowedIntegrations && { allowed_integrations: allowedIntegrations }),
    ...(configDefaults && { integrations_config_defaults: Object.fromEntries(defaults) as object }),
    ...(reconnect && { isReconnecting: true }),
    ...(overrides && { overrides }),
    websocketsPath: '/',
  };
}
