import type { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { findNangoFailure, lacksScope, nangoFailure } from '../contract/errors';
import { callManagementApi } from './management-api';
import { scopesIn } from './scope-names';
import { suggestionsFor } from './suggestions';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

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
  const path = `${pathOf(key)}?include=credentials`;
  try {
    const { body } = await callManagementApi(api, { method: 'GET', path }, scopesSchema, bounds);
    return scopesIn(body.data.credentials?.scopes);
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.Forbidden') return undefined;
    throw error;
  }
}

/** What of an integration's credentials this package has use for: never the secret. */
export interface IntegrationApp {
  /** Nango's name of the kind of credentials; undefined where the integration has none */
  type?: string;
  /** the empty text for an app of Nango's own */
  clientId?: string;
  scopes: string[];
}

const appSchema = z.looseObject({
  data: z.looseObject({
    credentials: z
      .looseObject({ type: z.string(), client_id: z.string().nullish(), scopes: z.string().nullish() })
      .nullish(),
  }),
});

/**
 * The developer's app of an integration, without its secret.
 *
 * @throws Nango.Forbidden (`environment:integrations:read_credentials`), Nango.IntegrationNotFound, Nango.Misconfigured,
 *   Nango.RateLimited, Nango.Unavailable
 */
export async function getIntegrationApp(api: NangoApi, key: string, bounds: Bounds): Promise<IntegrationApp> {
  const { body } = await callManagementApi(
    api,
    { method: 'GET', path: `${pathOf(key)}?include=credentials` },
    appSchema,
    bounds,
  );
  const { credentials } = body.data;
  // A key that may read the integration alone gets it without a word about them.
  if (credentials === undefined) {
    const scope = 'environment:integrations:read_credentials';
    throw nangoFailure('Nango.Forbidden', { scope, hint: lacksScope(scope) });
  }
  if (credentials === null) return { scopes: [] };
  const { type, client_id: clientId, scopes } = credentials;
  return { type, clientId: clientId ?? undefined, scopes: scopesIn(scopes) ?? [] };
}

/**
 * Changes the scopes that an integration requests. Nango takes credentials as a whole only.
 * https://nango.dev/docs/reference/api/integration/update
 *
 * @throws Nango.Forbidden (`environment:integrations:update`), Nango.InvalidRequest, Nango.IntegrationNotFound,
 *   Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable
 */
export async function setIntegrationScopes(
  api: NangoApi,
  key: string,
  { type, clientId, clientSecret, scopes }: { type: string; clientId: string; clientSecret: string; scopes: string[] },
  bounds: Bounds,
): Promise<void> {
  const credentials = { type, client_id: clientId, client_secret: clientSecret, scopes: scopes.join(',') };
  await callManagementApi(api, { method: 'PATCH', path: pathOf(key), body: { credentials } }, z.unknown(), bounds);
}

function pathOf(key: string): string {
  return `/integrations/${encodeURIComponent(key)}`;
}

/**
 * Whether there is an integration; needs `environment:integrations:list` only.
 *
 * @throws Nango.IntegrationNotFound, with the names that may have been meant; and as {@link listIntegrations}
 */
export async function requireIntegration(api: NangoApi, key: string, bounds: Bounds): Promise<void> {
  const all = await listIntegrations(api, bounds);
  if (!all.some((one) => one.key === key)) throw unknownIntegration(key, all);
}

/** @param all that there are */
export function unknownIntegration(key: string, all: Integration[]): ApplicationFailure {
  return nangoFailure(
    'Nango.IntegrationNotFound',
    suggestionsFor(
      key,
      all.map((one) => one.key),
    ),
  );
}
