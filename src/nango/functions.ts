import { z } from 'zod';
import type { DeployedFunction, JsonSchema } from '../contract/types';
import { findNangoFailure, nangoFailure } from '../contract/errors';
import { jsonSchema } from '../contract/schemas/json';
import { listIntegrations } from './integrations';
import { callManagementApi } from './management-api';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

const functionSchema = z.looseObject({
  name: z.string(),
  type: z.enum(['action', 'sync']),
  description: z.string().optional().catch(undefined),
  /** absent on older servers, where everything that is listed runs */
  enabled: z.boolean().optional().catch(undefined),
  /** names of an action's input and of what functions return, in the definitions */
  input: z.string().nullish().catch(undefined),
  returns: z.array(z.string()).nullish().catch(undefined),
  json_schema: z
    .looseObject({ definitions: z.record(z.string(), jsonSchema).optional() })
    .nullish()
    .catch(undefined),
});

const listSchema = z.looseObject({
  data: z.array(functionSchema),
  pagination: z.looseObject({ total: z.number() }),
});

/** The most that Nango hands out at once. */
const PAGE = 100;

/**
 * The actions and syncs that are deployed to an integration, switched off as well, in Nango's order.
 * https://nango.dev/docs/reference/api/functions/list
 *
 * `GET /scripts/config` has all of an environment, but under one integration for each provider, whichever has them.
 *
 * @throws Nango.IntegrationNotFound, Nango.Forbidden (`environment:functions:list`), Nango.Misconfigured,
 *   Nango.RateLimited, Nango.Unavailable
 */
export async function listFunctions(api: NangoApi, integration: string, bounds: Bounds): Promise<DeployedFunction[]> {
  if (!isAddressable(integration)) throw nangoFailure('Nango.IntegrationNotFound');
  const functions: DeployedFunction[] = [];
  for (let page = 0; ; page++) {
    const path = `/integrations/${encodeURIComponent(integration)}/functions?limit=${PAGE}&page=${page}`;
    const { data, pagination } = await pageAt(api, path, bounds);
    functions.push(...data.map((one) => deployed(integration, one)));
    if (data.length === 0 || functions.length >= pagination.total) return functions;
  }
}

/** What is deployed to each integration of the environment. @throws as {@link listFunctions} and {@link listIntegrations} */
export async function listAllFunctions(api: NangoApi, bounds: Bounds): Promise<DeployedFunction[]> {
  const functions: DeployedFunction[] = [];
  for (const { key } of await listIntegrations(api, bounds)) {
    if (isAddressable(key)) functions.push(...(await listFunctions(api, key, bounds)));
  }
  return functions;
}

/** Nango takes `.` and `..` as keys, and no path leads to them. */
function isAddressable(integration: string): boolean {
  return !/^\.{0,2}$/.test(integration);
}

async function pageAt(api: NangoApi, path: string, bounds: Bounds): Promise<z.infer<typeof listSchema>> {
  try {
    return (await callManagementApi(api, { method: 'GET', path }, listSchema, bounds)).body;
  } catch (error) {
    const isUnknown = findNangoFailure(error)?.type === 'Nango.ConnectionNotFound';
    throw isUnknown ? nangoFailure('Nango.IntegrationNotFound') : error;
  }
}

function deployed(
  integration: string,
  { type: kind, name, description, enabled = true, input, returns, json_schema }: z.infer<typeof functionSchema>,
): DeployedFunction {
  const definitions = json_schema?.definitions ?? {};
  const [output, another] = returns ?? [];
  return {
    ...{ integration, kind, name, enabled },
    description: description || undefined,
    input: selfContained(definitions, input ?? undefined),
    output: another === undefined ? selfContained(definitions, output) : undefined,
  };
}

/** One of several definitions, with all of them where it refers to any. */
function selfContained(definitions: JsonSchema, name: string | undefined): JsonSchema | undefined {
  const schema = name === undefined ? undefined : definitions[name];
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return undefined;
  return JSON.stringify(schema).includes('"#/definitions/') ? { ...schema, definitions } : schema;
}
