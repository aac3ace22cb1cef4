import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { checkKind, checkThere, developerAppSchema } from '../developer-app';
import type { Env } from '../env';
import { integrationKey, noQuery, plainName } from '../fields';
import { checkCustom, integrationConfig } from '../integration-config';
import { integrationView } from '../integration-view';
import { MODES } from '../modes/table';
import type { Provider } from '../provider';
import { queryOf } from '../query';
import { fail, invalid, json, parse } from '../responses';
import type { Integration, State } from '../state';

const shown = {
  display_name: z.string().min(1).max(255).optional(),
  forward_webhooks: z.boolean().optional(),
};

/** What an integration is made of, and may be changed to. */
export const integrationFields = {
  ...shown,
  credentials: developerAppSchema.optional(),
  integration_config: z.record(z.string(), z.string().max(8192)).optional(),
  custom: z.record(z.string(), z.string()).optional(),
};
const names = { provider: plainName, unique_key: integrationKey };
const ownSchema = z.strictObject({ ...names, ...integrationFields });
const lentSchema = z.strictObject({ ...names, ...shown });

/** How Nango begins to say why it lends no app: clients tell the two reasons apart by that alone. */
const NOT_LENDABLE = 'Quickstart is only available';
const NOT_LENT = 'No Nango-provided developer app';

/** New integrations. https://nango.dev/docs/reference/api/integration/create */
export function createIntegrationRoutes(state: State): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/integrations', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(ownSchema, c.var.body, 'invalid_body');
    const provider = providerOf(body.provider);
    checkKind(body.credentials, provider);
    checkThere(body.credentials, provider);
    checkFree(body.unique_key);
    const config = integrationConfig(provider, body.integration_config);
    checkCustom(provider, body.custom);
    const credentials = body.credentials ? { scopes: scopesOf(provider), ...body.credentials } : null;
    return created(c, body, { provider, credentials, config, isLent: false });
  });

  // With an app that Nango lends.
  app.post('/integrations/quickstart', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(lentSchema, c.var.body, 'invalid_body');
    const provider = providerOf(body.provider);
    if (!MODES[provider.authMode].app?.mayBeLent) {
      return fail(400, { code: 'invalid_body', message: `${NOT_LENDABLE} where a provider knows developer apps.` });
    }
    checkFree(body.unique_key);
    const { developerApp } = provider;
    if (developerApp === undefined) {
      return fail(400, { code: 'invalid_body', message: `${NOT_LENT} is registered with it.` });
    }
    const credentials = { client_id: 'lent', client_secret: 'lent', scopes: scopesOf(provider, developerApp.scopes) };
    return created(c, body, { provider, credentials, config: {}, isLent: true });
  });

  function providerOf(name: string): Provider {
    return state.providers.get(name) ?? invalid('invalid_body', issue('provider', 'No such provider.'));
  }

  function checkFree(key: string): void {
    if (state.integrations.has(key)) invalid('invalid_body', issue('uniqueKey', 'The key is taken.'));
  }

  function created(
    c: Context<Env>,
    body: z.infer<typeof lentSchema>,
    made: Pick<Integration, 'provider' | 'credentials' | 'config' | 'isLent'>,
  ): Response {
    const now = state.clock();
    const integration: Integration = {
      ...made,
      key: body.unique_key,
      displayName: body.display_name ?? made.provider.displayName,
      forwardWebhooks: body.forward_webhooks ?? true,
      createdAt: now,
      updatedAt: now,
    };
    state.integrations.set(integration.key, integration);
    return json(200, { data: integrationView(integration, c.var.origin) });
  }

  return app;
}

function scopesOf({ defaultScopes }: Provider, scopes = defaultScopes): string | undefined {
  return scopes?.join(',');
}

function issue(path: string, message: string) {
  return { code: 'invalid_string', message, path: [path] };
}
