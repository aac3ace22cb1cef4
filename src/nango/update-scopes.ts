import { invalid } from '../contract/errors';
import { getIntegrationApp, setIntegrationScopes } from './integrations';
import type { IntegrationApp } from './integrations';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

/** Kinds of credentials that are a client's id and secret, with scopes. */
const WITH_SCOPES: ReadonlySet<string> = new Set(['OAUTH1', 'OAUTH2', 'TBA']);

/** Whether nobody can change what an integration requests: the app is Nango's own, or takes no scopes. */
export function hasFixedScopes({ type, clientId }: IntegrationApp): boolean {
  return type === undefined || !WITH_SCOPES.has(type) || clientId === '';
}

/**
 * Has an integration request more scopes than it does; those that it requests already stay. What is so already is not
 * written.
 *
 * @returns all that it requests then
 * @throws Nango.InvalidRequest if its scopes cannot be changed, or the id is of another app; what
 *   {@link getIntegrationApp} and {@link setIntegrationScopes} throw
 */
export async function addIntegrationScopes(
  api: NangoApi,
  integration: string,
  { clientId, clientSecret, scopes }: { clientId: string; clientSecret: string; scopes: string[] },
  bounds: Bounds,
): Promise<string[]> {
  const app = await getIntegrationApp(api, integration, bounds);
  if (app.type === undefined || hasFixedScopes(app)) throw invalid('integration', 'has scopes that nobody can change');
  // With another app no token that was granted to this one could be refreshed any more.
  if (app.clientId !== clientId) throw invalid('credentials.clientId', 'must be the one that the integration has');
  const all = [...new Set([...app.scopes, ...scopes])];
  if (all.length > app.scopes.length) {
    await setIntegrationScopes(api, integration, { type: app.type, clientId, clientSecret, scopes: all }, bounds);
  }
  return all;
}
