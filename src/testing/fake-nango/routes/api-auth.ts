import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { fail, json, parse } from '../responses';
import { connect, isAllowed, obstacle } from '../connect';
import { typedAccount } from '../credentials';
import type { Env } from '../env';
import { connectionId, integrationKey } from '../fields';
import { MODES } from '../modes/table';
import { ownId } from '../page-session';
import { verify } from '../provider-http';
import { queryOf } from '../query';
import type { State } from '../state';
import type { Webhooks } from '../webhooks';

const querySchema = z.looseObject({
  connection_id: connectionId.optional(),
  params: z.record(z.string(), z.unknown()).optional(),
});
const params = z.strictObject({ providerConfigKey: integrationKey });

/** What a connect page sends when a person has typed credentials. */
export function apiAuthRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  for (const [mode, { route }] of Object.entries(MODES)) {
    if (route !== undefined) app.post(route.path, (c) => typed(c, mode, route.form));
  }

  async function typed(c: Context<Env, '/:key'>, mode: string, form: z.ZodType): Promise<Response> {
    const session = c.var.session!;
    const given = parse(form, c.var.body, 'invalid_body');
    const query = parse(querySchema, queryOf(c), 'invalid_query_params');
    const { providerConfigKey } = parse(params, { providerConfigKey: c.req.param('key') }, 'invalid_uri_params');
    parse(ownId, query, 'invalid_query_params');
    const integration = state.integrations.get(providerConfigKey) ?? fail(404, { code: 'unknown_provider_config' });
    if (integration.provider.authMode !== mode) return fail(400, { code: 'invalid_auth_mode' });
    if (!isAllowed(session, integration.key)) return fail(400, { code: 'integration_not_allowed' });
    const reason = obstacle(integration);
    if (reason !== undefined) return fail(400, { code: 'server_error', message: reason });
    const { credentials, config } = typedAccount(integration, { ...(given as object) }, state.clock());
    if (!(await verify(integration.provider, credentials))) {
      return fail(400, { code: 'connection_test_failed', message: 'The provider refuses these credentials.' });
    }
    const made = connect(state, webhooks, session, integration.key, credentials, { ...query.params, ...config });
    return json(200, { connectionId: made.connectionId, providerConfigKey });
  }

  return app;
}
