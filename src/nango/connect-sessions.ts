import { z } from 'zod';
import type { ConnectionRef, Tags } from '../contract/types';
import { callManagementApi } from './management-api';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

const sessionSchema = z.looseObject({
  data: z.looseObject({ token: z.string(), connect_link: z.string(), expires_at: z.string() }),
});

/** A connect session as Nango makes it. The token, and the link that contains it, are bearer secrets. */
export interface NangoSession {
  token: string;
  connectLink: string;
  /** ISO 8601 */
  expiresAt: string;
}

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
): Promise<NangoSession> {
  const body = { tags, allowed_integrations: [integration], ...configDefaults(integration, scopes) };
  return await create(api, '/connect/sessions', body, bounds);
}

/**
 * Makes a session that connects an existing connection anew. What is not given is wiped: tags and webhook override.
 * https://nango.dev/docs/reference/api/connect/sessions/reconnect
 *
 * @throws Nango.InvalidRequest with the code `invalid_body` if the connection is gone, and what
 *   {@link createConnectSession} throws
 */
export async function createReconnectSession(
  api: NangoApi,
  {
    connection: { integration, connectionId },
    tags,
    scopes,
    webhookUrlOverride,
  }: { connection: ConnectionRef; tags: Tags; scopes?: string[]; webhookUrlOverride?: string },
  bounds: Bounds,
): Promise<NangoSession> {
  const body = {
    connection_id: connectionId,
    integration_id: integration,
    tags,
    webhook_url_override: webhookUrlOverride,
    ...configDefaults(integration, scopes),
  };
  return await create(api, '/connect/sessions/reconnect', body, bounds);
}

/**
 * Revokes the link of a session; one that has expired is revoked.
 *
 * @param sessionApi speaks with the session's own token
 */
export async function deleteConnectSession(sessionApi: NangoApi, bounds: Bounds): Promise<void> {
  await sessionApi.send({ method: 'DELETE', path: '/connect/session' }, bounds);
}

async function create(api: NangoApi, path: string, body: object, bounds: Bounds): Promise<NangoSession> {
  const { token, connect_link, expires_at } = (
    await callManagementApi(api, { method: 'POST', path, body }, sessionSchema, bounds)
  ).body.data;
  return { token, connectLink: connect_link, expiresAt: expires_at };
}

function configDefaults(integration: string, scopes?: string[]): object {
  if (scopes === undefined) return {};
  const override = { connection_config: { oauth_scopes_override: scopes.join(',') } };
  return { integrations_config_defaults: { [integration]: override } };
}
