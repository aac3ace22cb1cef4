import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { fail, invalid, parse, queryOf } from '../answers';
import type { Env } from '../env';
import type { ConnectSession, State } from '../state';
import { endUserSchema, organizationSchema, tagsOf, tagsSchema } from '../tags';

/** Exactly this long after it was made a session is over. */
const SESSION_MS = 30 * 60_000;

const defaultsSchema = z.record(
  z.string(),
  z.strictObject({
    user_scopes: z.string().optional(),
    authorization_params: z.record(z.string(), z.string()).optional(),
    connection_config: z.looseObject({ oauth_scopes_override: z.string().optional() }).optional(),
  }),
);

const common = {
  tags: tagsSchema.optional(),
  end_user: endUserSchema.optional(),
  organization: organizationSchema.optional(),
  integrations_config_defaults: defaultsSchema.optional(),
  overrides: z.record(z.string(), z.strictObject({ docs_connect: z.string().optional() })).optional(),
  webhook_url_override: z.union([z.url(), z.string().max(0)]).optional(),
};

const createSchema = z
  .strictObject({ ...common, allowed_integrations: z.array(z.string()).optional() })
  .superRefine(({ tags, end_user }, context) => {
    if (tags !== undefined || end_user !== undefined) return;
    context.addIssue({
      code: 'invalid_type',
      expected: 'object',
      input: undefined,
      path: ['end_user'],
      message: 'Required.',
    });
  });

const reconnectSchema = z.strictObject({ ...common, connection_id: z.string(), integration_id: z.string() });

const noQuery = z.strictObject({});

/** Connect sessions and the tokens that stand for them. https://nango.dev/docs/reference/api/connect/sessions/create */
export function connectSessionRoutes(state: State): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/connect/sessions', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(createSchema, c.var.body, 'invalid_body');
    body.allowed_integrations?.forEach((key, i) => {
      if (!state.integrations.has(key)) unknownIntegration('allowed_integrations', String(i));
    });
    checkDefaults(state, body.integrations_config_defaults);
    const session = open(state, body);
    session.allowedIntegrations = body.allowed_integrations?.length ? body.allowed_integrations : undefined;
    return created(c, session);
  });

  app.post('/connect/sessions/reconnect', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(reconnectSchema, c.var.body, 'invalid_body');
    const { integration_id: integration, connection_id: connectionId } = body;
    if (state.find(integration, connectionId) === undefined) {
      return fail(400, { code: 'invalid_body', message: 'There is no such connection.' });
    }
    checkDefaults(state, body.integrations_config_defaults);
    const session = open(state, body);
    session.allowedIntegrations = [integration];
    session.reconnect = { integration, connectionId };
    return created(c, session);
  });

  app.get('/connect/session', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    return c.json({ data: view(c.var.session!) });
  });

  app.delete('/connect/session', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    state.sessions.delete(c.var.session!.token);
    return c.body(null, 204);
  });

  return app;
}

function open(state: State, body: Omit<z.infer<typeof createSchema>, 'allowed_integrations'>): ConnectSession {
  const { end_user, organization } = body;
  const session: ConnectSession = {
    token: state.newToken(),
    expiresAt: state.clock() + SESSION_MS,
    tags: { ...tagsOf(end_user, organization), ...body.tags },
    endUser: end_user === undefined ? null : { ...end_user, organization: organization ?? null },
    configDefaults: body.integrations_config_defaults,
    webhookUrlOverride: body.webhook_url_override || null,
  };
  state.sessions.set(session.token, session);
  return session;
}

function created(c: Context<Env>, { token, expiresAt }: ConnectSession): Response {
  // The link is the bearer secret.
  const connect_link = `${c.var.origin}/?session_token=${token}`;
  return c.json({ data: { token, connect_link, expires_at: new Date(expiresAt).toISOString() } }, 201);
}

function checkDefaults(state: State, defaults: z.infer<typeof defaultsSchema> | undefined): void {
  for (const key of Object.keys(defaults ?? {})) {
    if (!state.integrations.has(key)) unknownIntegration('integrations_config_defaults', key);
  }
}

function unknownIntegration(...path: string[]): never {
  return invalid('invalid_body', { code: 'custom', message: 'No such integration.', path });
}

function view({ endUser, allowedIntegrations, configDefaults, reconnect }: ConnectSession) {
  const theme = { light: { primary: '#00B2E3' }, dark: { primary: '#00B2E3' } };
  const defaults = Object.entries(configDefaults ?? {}).map(([key, { connection_config, authorization_params }]) => [
    key,
    { connection_config, authorization_params },
  ]);
  return {
    endUser: endUser && {
      id: endUser.id,
      display_name: endUser.display_name ?? null,
      email: endUser.email ?? null,
      tags: endUser.tags ?? {},
      organization: endUser.organization ?? null,
    },
    connectUISettings: { showWatermark: true, defaultTheme: 'system', theme },
    ...(allowedIntegrations && { allowed_integrations: allowedIntegrations }),
    ...(configDefaults && { integrations_config_defaults: Object.fromEntries(defaults) as object }),
    ...(reconnect && { isReconnecting: true }),
    websocketsPath: '/',
  };
}
