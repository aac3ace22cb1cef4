import type { ApplicationFailure } from '@temporalio/common';
import { z } from 'zod';
import { nangoFailure } from '../contract/errors';
import type { DiscoveredProvider } from '../contract/types';
import { displayNameOf } from './display-name';
import { getProvider } from './get-provider';
import { callManagementApi } from './management-api';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';
import { paginationOf } from './provider-facts';
import { scopesIn } from './scope-names';
import { suggestionsFor } from './suggestions';
import { webAddress } from './web-address';

const MAX_BASE_URL_CHARS = 2_000;
const MODE = /^[A-Z0-9_]{1,64}$/;

const text = z.string().min(1).optional().catch(undefined);
const factsSchema = z.looseObject({
  display_name: text,
  auth_mode: z.string().regex(MODE).catch('UNKNOWN'),
  docs: text,
  default_scopes: z.array(z.string()).optional().catch(undefined),
  scope_separator: text,
  proxy: z
    .looseObject({ base_url: text, paginate: z.record(z.string(), z.unknown()).optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
const providerSchema = z.looseObject({ data: factsSchema });
const listSchema = z.looseObject({ data: z.array(factsSchema.extend({ name: z.string() })) });

/** A provider, as a list shows it. */
export type ListedProvider = Pick<DiscoveredProvider, 'provider' | 'displayName' | 'authMode' | 'docs'>;

/**
 * Providers that Nango knows, in its order; any key may read them. All are some 1,000, in 0.8 MB.
 * https://nango.dev/docs/reference/api/providers/list
 *
 * @param search a regular expression on the name, case does not matter; default: all
 * @throws Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable; Nango.InvalidRequest for what is no expression
 */
export async function listProviders(
  api: NangoApi,
  search: string | undefined,
  bounds: Bounds,
): Promise<ListedProvider[]> {
  const query = search === undefined ? '' : `?${new URLSearchParams({ search }).toString()}`;
  const { body } = await callManagementApi(api, { method: 'GET', path: `/providers${query}` }, listSchema, bounds);
  return body.data.map(({ name, ...facts }) => listed(name, facts));
}

/**
 * What Nango knows of a provider. Nothing of it is secret: it is the same in every environment.
 *
 * @returns nothing if Nango does not know it
 * @throws as {@link getProvider}
 */
export async function describeProvider(
  api: NangoApi,
  name: string,
  bounds: Bounds,
): Promise<DiscoveredProvider | undefined> {
  const known = await getProvider(api, name, providerSchema, bounds);
  if (known === undefined) return undefined;
  const {
    default_scopes,
    scope_separator: scopeSeparator,
    proxy: { base_url: baseUrl, paginate = {} } = {},
  } = known.data;
  return {
    ...listed(name, known.data),
    defaultScopes: scopesIn(default_scopes) ?? [],
    scopeSeparator,
    baseUrl: baseUrl?.slice(0, MAX_BASE_URL_CHARS),
    pagination: paginationOf(paginate),
  };
}

/** The failure of a provider that Nango does not know. That the others cannot be read must not hide it. */
export async function unknownProvider(api: NangoApi, name: string, bounds: Bounds): Promise<ApplicationFailure> {
  const all = await listProviders(api, undefined, bounds).catch(() => []);
  const { suggestions, hint = '' } = suggestionsFor(
    name,
    all.map(({ provider }) => provider),
  );
  return nangoFailure('Nango.InvalidRequest', {
    field: 'provider',
    suggestions,
    hint: `provider is none that Nango knows. ${hint}`.trim(),
  });
}

function listed(name: string, { display_name, auth_mode, docs }: z.infer<typeof factsSchema>): ListedProvider {
  return {
    provider: name,
    displayName: displayNameOf(display_name ?? name),
    authMode: auth_mode,
    docs: webAddress(docs),
  };
}
