import { Hono } from 'hono';
import { z } from 'zod';
import type { Env } from '../env';
import { integrationKey, noQuery } from '../fields';
import { queryOf } from '../query';
import { fail, json, parse } from '../responses';
import type { State } from '../state';
import type { Webhooks } from '../webhooks';

const params = z.object({ environment: z.string(), key: integrationKey });

/** What an environment holds besides integrations, and where providers send it their own webhooks. */
export function environmentRoutes(state: State, webhooks: Webhooks): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/environment-variables', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    return json(
      200,
      [...state.variables].map(([name, value]) => ({ name, value })),
    );
  });

  // Nobody's account is found in it, so it is handed on as it came.
  app.post('/webhook/:environment/:key', (c) => {
    const { environment, key } = parse(params, c.req.param(), 'invalid_uri_params');
    if (environment !== state.environmentId) return fail(404, { code: 'unknown_environment' });
    const integration = state.integrations.get(key) ?? fail(404, { code: 'unknown_provider_config' });
    if (integration.forwardWebhooks) webhooks.forward(c.var.body ?? c.var.raw.toString('utf8'), c.req.header());
    return c.body(null, 204);
  });

  return app;
}
