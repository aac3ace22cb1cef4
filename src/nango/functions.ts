import { z } from 'zod';
import { callManagementApi } from './management-api';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

const functionSchema = z.looseObject({
  name: z.string(),
  description: z.string().optional().catch(undefined),
  version: z.string().nullish().catch(undefined),
  /** absent on older servers, where everything that is listed runs */
  enabled: z.boolean().optional().catch(undefined),
});

const listSchema = z.array(
  z.looseObject({
    providerConfigKey: z.string(),
    actions: z.array(functionSchema).optional(),
    syncs: z.array(functionSchema).optional(),
  }),
);

/** A function that is deployed to an integration. */
export interface DeployedFunction {
  integration: string;
  kind: 'action' | 'sync';
  name: string;
  description?: string;
  version?: string;
  enabled: boolean;
}

/**
 * The actions and syncs that are deployed, by integration. The response is a bare list.
 * https://nango.dev/docs/reference/api/scripts/config
 *
 * @throws Nango.Misconfigured, Nango.Forbidden (`environment:integrations:list_functions`), Nango.RateLimited,
 *   Nango.Unavailable
 */
export async function listFunctions(api: NangoApi, bounds: Bounds): Promise<DeployedFunction[]> {
  const { body } = await callManagementApi(api, { method: 'GET', path: '/scripts/config' }, listSchema, bounds);
  return body.flatMap(({ providerConfigKey: integration, actions = [], syncs = [] }) => [
    ...actions.map((one) => deployed(integration, 'action', one)),
    ...syncs.map((one) => deployed(integration, 'sync', one)),
  ]);
}

function deployed(
  integration: string,
  kind: DeployedFunction['kind'],
  { name, description, version, enabled = true }: z.infer<typeof functionSchema>,
): DeployedFunction {
  return { integration, kind, name, description: description || undefined, version: version ?? undefined, enabled };
}
