import { z } from 'zod';
import { jsonBytes } from '../contract/rules/json';
import { DASHBOARD, setUpWayOf } from '../contract/rules/auth-modes';
import { MAX_GRANTED_SCOPES_BYTES } from '../contract/limits';
import type { SetUpFacts, SetUpSubject } from '../contract/types';
import { getProvider } from './get-provider';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';
import { unknownProvider } from './providers';
import { scopesIn } from './scope-names';
import { webAddress } from './web-address';

const MODE = /^[A-Z0-9_]{1,64}$/;

const fieldSchema = z.looseObject({ optional: z.boolean().optional(), default_value: z.unknown().optional() });
const providerSchema = z.looseObject({
  data: z.looseObject({
    auth_mode: z.string().catch(''),
    docs: z.string().optional().catch(undefined),
    default_scopes: z.array(z.string()).optional().catch(undefined),
    integration_config: z.record(z.string(), fieldSchema).optional().catch(undefined),
  }),
});

/**
 * What is to be done to have an integration of a provider that has none.
 *
 * @param origin where a browser reaches Nango
 * @throws Nango.InvalidRequest with the field `provider` for one that Nango does not know, and as {@link getProvider}
 */
export async function setUpFacts(
  api: NangoApi,
  { provider }: SetUpSubject,
  origin: string,
  bounds: Bounds,
): Promise<NonNullable<SetUpFacts['toDo']>> {
  const known = await getProvider(api, provider, providerSchema, bounds);
  if (known === undefined) throw await unknownProvider(api, provider, bounds);
  const { auth_mode: mode, docs, default_scopes: scopes, integration_config: config = {} } = known.data;
  const authMode = MODE.test(mode) ? mode : 'UNKNOWN';
  const way = setUpWayOf(authMode);
  // What an integration has to be configured with is entered in the dashboard: no page of ours asks for it.
  const needsConfig = Object.values(config).some((field) => !field.optional && field.default_value === undefined);
  const { choices, fields } = needsConfig && way.choices.length === 0 ? DASHBOARD : way;
  const isApp = fields.length > 0;
  return {
    authMode,
    choices,
    fields,
    docs: choices.length > 0 ? webAddress(docs) : undefined,
    callbackUrl: isApp ? origin + callbackPath(authMode) : undefined,
    scopes: isApp ? keptScopes(scopesIn(scopes)) : undefined,
  };
}

/** GitHub's app comes back from its installation, not from an authorization. */
function callbackPath(authMode: string): string {
  return authMode === 'APP' ? '/app-auth/connect' : '/oauth/callback';
}

/** As many as a set-up carries with it; of a catalogue they may be any. */
function keptScopes(scopes: string[] = []): string[] | undefined {
  const kept = scopes.filter((_, i) => jsonBytes(scopes.slice(0, i + 1)) <= MAX_GRANTED_SCOPES_BYTES);
  return kept.length > 0 ? kept : undefined;
}
