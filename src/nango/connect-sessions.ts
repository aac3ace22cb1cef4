import { z } from 'zod';
import type { Tags } from '../contract/types';
import { ask } from './ask';
import type { Bounds, NangoApi } from './http';

const sessionSchema = z.looseObject({
  data: z.looseObject({ token: z.string(), connect_link: z.string(), expires_at: z.string() }),
});

/**
 * Makes a connect session for one integration only: without that limit a link makes connections of any.
 * https://nango.dev/docs/reference/api/connect/sessions/create
 *
 * @param scopes asked of the provider instead of the integration's own
 * @throws Nango.IntegrationNotFound, Nango.Forbidden (`environment:connect_sessions:write`), Nango.PlanLimit,
 *   Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable
 */
export async function createConnectSession(
  api: NangoApi,
  { integration, tags, scopes }: { integration: string; tags: Tags; scopes?: string[] },
  bounds: Bounds,
): Promise<{ token: string; connectLink: string; expiresAt: string }> {
  const override = scopes && { connection_config: { oauth_scopes_override: scopes.join(',') } };
  const body = {
    tags,
    allowed_integrations: [integration],
    integrations_config_defaults: override && { [integration]: override },
  };
  const answered = await ask(api, { method: 'POST', path: '/connect/sessions', body }, sessionSchema, bounds);
  const { token, connect_link, expires_at } = answered.body.data;
  return { token, connectLink: connect_link, expiresAt: expires_at };
}
