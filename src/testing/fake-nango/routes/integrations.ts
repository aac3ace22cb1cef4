import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { isAllowed } from '../connect';
import type { DeployedFunctions } from '../deployed-functions';
import { checkKind, developerAppView } from '../developer-app';
import type { Env } from '../env';
import { integrationKey, noQuery } from '../fields';
import { checkCustom, integrationConfig } from '../integration-config';
import { integrationView } from '../integration-view';
import { queryOf } from '../query';
import { fail, json, parse } from '../responses';
import { covers } from '../scopes';
import type { Integration, State } from '../state';
import { integrationFields } from './create-integration';

const changeSchema = z.strictObject({ unique_key: integrationKey.optional(), ...integrationFields });

const include = z.enum(['webhook', 'credentials']);
const readQuery = z.strictObject({ include: z.union([include, z.array(include)]).optional() });
const params = z.strictObject({ uniqueKey: integrationKey });

/** Integrations that are there. https://nango.dev/docs/reference/api/integration/list */
export function integrationRoutes(state: State, functions: DeployedFunctions): Hono<Env> {
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
        ...(included.includes('credentials') && mayRead && { credentials: developerAppView(integration) }),
      },
    });
  });

  app.patch('/integrations/:key', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(changeSchema, c.var.body, 'invalid_body');
    const integration = find(c);
    checkKind(body.credentials, integration.provider);
    const config = integrationConfig(integration.provider, body.integration_config, integration.config);
    checkCustom(integration.provider, body.custom);
    if (body.unique_key !== undefined && body.unique_key !== integration.key)
      rename(state, functions, integration, body.unique_key);
    integration.config = config;
    integration.displayName = body.display_name ?? integration.displayName;
    integration.forwardWebhooks = body.forward_webhooks ?? integration.forwardWebhooks;
    // What is not given stays as it was. What is given for an app of Nango's own is taken, and never used.
    if (!integration.isLent && body.credentials !== undefined) {
      integration.credentials = { ...integration.credentials, ...body.credentials };
    }
    integration.updatedAt = state.clock();
    return json(200, { data: integrationView(integration, c.var.origin) });
  });

  app.delete('/integrations/:key', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const { key } = find(c);
    functions.removeAll(key);
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

function rename(state: State, functions: DeployedFunctions, integration: Integration, key: string): void {
  if (state.integrations.has(key)) return fail(400, { code: 'invalid_body', message: 'The key is taken.' });
  if (state.connections.some((connection) => connection.integration === integration.key)) {
    return fail(400, { code: 'invalid_body', message: 'An integration with connections cannot be renamed.' });
  }
  functions.move(integration.key, key);
  state.integrations.delete(integration.key);
  integration.key = key;
  state.integrations.set(key, integration);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
