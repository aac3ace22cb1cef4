import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { fail, json, parse } from '../responses';
import { connect, isAllowed } from '../connect';
import type { Env } from '../env';
import { connectionId, integrationKey } from '../fields';
import { ownId } from '../page-session';
import { verify } from '../provider-http';
import { queryOf } from '../query';
import type { AuthMode, Credentials, State } from '../state';
import type { Webhooks } from '../webhooks';

const apiKeySchema = z.strictObject({ apiKey: z.string().min(1) });
const basicSchema = z.strictObject({ username: z.string(), password: z.string() });
const querySchema = z.looseObject({
  connection_id: connectionId.optional(),
  params: z.record(z.string(), z.unknown()).optional(),
});
const params = z.strictObject({ providerConfigKey: integrationKey });

/** What a connect page sends when a person has typed credentials. */
export function apiAuthRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/api-auth/api-key/:key', (c) =>
    typed(c, 'API_KEY', () => ({ type: 'API_KEY', ...parse(apiKeySchema, c.var.body, 'invalid_body') })),
  );
  app.post('/api-auth/basic/:key', (c) =>
    typed(c, 'BASIC', () => ({ type: 'BASIC', ...parse(basicSchema, c.var.body, 'invalid_body') })),
  );

  async function typed(c: Context<Env, '/:key'>, mode: AuthMode, credentials: () => Credentials): Promise<Response> {
    const session = c.var.session!;
    const given = credentials();
    const query = parse(querySchema, queryOf(c), 'invalid_query_params');
    const { providerConfigKey } = parse(params, { providerConfigKey: c.req.param('key') }, 'invalid_uri_params');
    parse(ownId, query, 'invalid_query_params');
    const integration = state.integrations.get(providerConfigKey) ?? fail(404, { code: 'unknown_provider_config' });
    if (integration.provider.authMode !== mode) return fail(400, { code: 'invalid_auth_mode' });
    if (!isAllowed(session, integration.key)) return fail(400, { code: 'integration_not_allowed' });
    if (!(await verify(integration.provider, given))) {
      return fail(400, { code: 'connection_test_failed', message: 'The provider refuses these credentials.' });
    }
    const { connectionId } = connect(state, webhooks, session, integration.key, given, query.params);
    return json(200, { connectionId, providerConfigKey });
  }

  return app;
}
