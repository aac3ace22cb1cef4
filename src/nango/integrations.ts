import { z } from 'zod';
import { callManagementApi } from './management-api';
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

/** Whether an integration of this key exists; needs `environment:integrations:list` only. */
export async function integrationExists(api: NangoApi, key: string, bounds: Bounds): Promise<boolean> {
  const { body } = await callManagementApi(api, { method: 'GET', path: '/integrations' }, keysSchema, bounds);
  return body.data.some(({ unique_key }) => unique_key === key);
}
