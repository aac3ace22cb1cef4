import { Hono } from 'hono';
import { z } from 'zod';
import { fail, json, parse } from '../responses';
import { createdView } from '../connection-view';
import { shownCredentials } from '../credentials';
import { endUserOf, endUserSchema, endUserTags } from '../end-user';
import type { Env } from '../env';
import { noQuery, webhookUrl } from '../fields';
import type { Credentials } from '../modes/credentials';
import { verify } from '../provider-http';
import { queryOf } from '../query';
import type { State } from '../state';
import { tagsSchema } from '../tags';
import type { Webhooks } from '../webhooks';

const some = (max?: number) => (max === undefined ? z.string().min(1) : z.string().min(1).max(max));
const date = z.coerce
  .date()
  .transform((date) => date.toISOString())
  .optional();
const configOverride = z
  .strictObject({ client_id: some(255).optional(), client_secret: some(2048).optional() })
  .optional();

/** Of all kinds that can be imported. */
const credentialsSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('API_KEY'), apiKey: some(1024) }),
  z.strictObject({ type: z.literal('BASIC'), username: z.string().max(1024), password: z.string().max(1024) }),
  z.strictObject({
    type: z.literal('OAUTH2'),
    access_token: some(),
    refresh_token: some().optional(),
    expires_at: date,
    config_override: configOverride,
  }),
  z.strictObject({
    type: z.literal('OAUTH2_CC'),
    token: some(4096),
    client_id: some(255),
    client_secret: some(2048),
    client_certificate: some(10_000).optional(),
    client_private_key: some(10_000).optional(),
    expires_at: date,
  }),
  z.strictObject({ type: z.literal('OAUTH1'), oauth_token: some(2048), oauth_token_secret: some(2048) }),
  z.strictObject({
    type: z.literal('TBA'),
    token_id: some(),
    token_secret: some(),
    config_override: configOverride,
  }),
  z.strictObject({ type: z.enum(['APP', 'CUSTOM']), app_id: some(255), installation_id: some(255) }),
  z.strictObject({ type: z.literal('NONE') }),
]);

const importSchema = z.strictObject({
  provider_config_key: z.string(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  connection_config: z.looseObject({ oauth_scopes_override: z.array(z.string()).optional() }).optional(),
  connection_id: z.string().optional(),
  credentials: credentialsSchema,
  end_user: endUserSchema.optional(),
  webhook_url_override: webhookUrl.optional(),
  tags: tagsSchema.optional(),
});

/** Connections that are brought along. https://nango.dev/docs/reference/api/connections/post */
export function importRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/connections', async (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(importSchema, c.var.body, 'invalid_body');
    const integration = state.integrations.get(body.provider_config_key);
    if (integration === undefined) return fail(404, { code: 'not_found', message: 'No such integration.' });
    const credentials = imported(body.credentials);
    if (credentials.type !== integration.provider.authMode) {
      return fail(400, { code: 'invalid_body', message: 'The credentials are of another kind than the provider.' });
    }
    if (!(await verify(integration.provider, credentials))) {
      return fail(400, { code: 'connection_test_failed', message: 'The provider refuses these credentials.' });
    }
    const { connection, created } = state.upsert({
      integration: integration.key,
      connectionId: body.connection_id,
      credentials,
      tags: { ...endUserTags(body.end_user), ...body.tags },
      metadata: body.metadata ?? {},
      connectionConfig: body.connection_config ?? {},
      endUser: endUserOf(body.end_user),
      webhookUrlOverride: body.webhook_url_override || null,
    });
    webhooks.connected(connection, created ? 'creation' : 'override');
    return json(201, createdView(state, connection, shownCredentials(connection.credentials, true)));
  });

  return app;
}

/** As a connection holds them. */
function imported(given: z.infer<typeof credentialsSchema>): Credentials {
  switch (given.type) {
    case 'API_KEY':
    case 'BASIC':
    case 'NONE':
      return given;
    case 'OAUTH2': {
      const { type, access_token, refresh_token, expires_at } = given;
      return { type, access_token, refresh_token, expires_at, raw: { ...given } };
    }
    case 'OAUTH2_CC':
    case 'OAUTH1':
      return { ...given, raw: { ...given } };
    case 'TBA':
      return { ...given, config_override: given.config_override ?? {} };
    case 'APP':
    case 'CUSTOM': {
      // Nango gets a token for the installation.
      const token = `access of ${given.installation_id}`;
      return { type: given.type, access_token: token, raw: { token } };
    }
  }
}
