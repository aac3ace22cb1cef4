import { z } from 'zod';
import { findNangoFailure } from '../contract/errors';
import { callManagementApi } from './management-api';
import { scopesIn } from './scope-names';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

const keysSchema = z.looseObject({ data: z.array(z.looseObject({ unique_key: z.string() })) });

const listSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      unique_key: z.string(),
      provider: z.string(),
      /** absent on older servers */
      display_name: z.string().optional(),
    }),
  ),
});

/** An API as the environment uses it. */
export interface Integration {
  key: string;
  provider: string;
  displayName: string;
}

/**
 * The integrations of the environment, in Nango's order. https://nango.dev/docs/reference/api/integration/list
 *
 * @throws Nango.Misconfigured, Nango.Forbidden (`environment:integrations:list`), Nango.RateLimited, Nango.Unavailable
 */
export async function listIntegrations(api: NangoApi, bounds: Bounds): Promise<Integration[]> {
  const { body } = await callManagementApi(api, { method: 'GET', path: '/integrations' }, listSchema, bounds);
  return body.data.map(({ unique_key, provider, display_name }) => ({
    key: unique_key,
    provider,
    displayName: display_name ?? provider,
  }));
}

const scopesSchema = z.looseObject({
  data: z.looseObject({ credentials: z.looseObject({ scopes: z.string().nullish() }).nullish().catch(undefined) }),
});

/**
 * Scopes that links of an integration request by themselves; nothing of an app of Nango's own, whose credentials nobody
 * sees. The rest of the credentials, which are secret, is not kept.
 *
 * @returns nothing too where the key lacks `environment:integrations:read_credentials`
 * @throws Nango.IntegrationNotFound, Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable
 */
export async function getIntegrationScopes(api: NangoApi, key: string, bounds: Bounds): Promise<string[] | undefined> {
  const path = `/integrations/${encodeURIComponent(key)}?include=credentials`;
  try {
    const { body } = await callManagementApi(api, { method: 'GET', path }, scopesSchema, bounds);
    return scopesIn(body.data.credentials?.scopes);
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.Forbidden') return undefined;
    throw error;
  }
}

/** Whether an integration of this key exists; needs `environment:integrations:list` only. */
export async function integrationExists(api: NangoApi, key: string, bounds: Bounds): Promise<boolean> {
  const { body } = await callManagementApi(api, { method: 'GET', path: '/integrations' }, keysSchema, bounds);
  return body.data.some(({ unique_key }) => unique_key === key);
}
