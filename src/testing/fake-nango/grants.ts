import { isOAuth2 } from './modes/credentials';
import type { Provider } from './provider';
import type { Connection, ConnectSession, Integration } from './state';

/** What is requested of a provider, and what it grants. */

/** Of a session, else of the integration, else of its provider. */
export function requestedScopes(session: ConnectSession | undefined, integration: Integration): string[] {
  const { key, credentials, provider } = integration;
  const override = session?.configDefaults?.[key]?.connection_config?.oauth_scopes_override;
  const scopes = override ?? credentials?.scopes;
  return typeof scopes === 'string' ? split(scopes, ',') : (provider.defaultScopes ?? []);
}

/**
 * What is granted to a person who changes nothing; undefined where nobody speaks of scopes.
 *
 * @param existing the connection of a reconnect
 */
export function grantedScopes(
  session: ConnectSession | undefined,
  integration: Integration,
  existing?: Connection,
): string[] | undefined {
  const { provider } = integration;
  const held = provider.ignoresScopesOverride ? heldScopes(provider, existing) : undefined;
  const scopes = held ?? requestedScopes(provider.ignoresScopesOverride ? undefined : session, integration);
  return scopes.length === 0 ? undefined : scopes;
}

/** Scopes as a provider writes them. */
export function scopeText({ scopeSeparator = ' ' }: Provider, scopes: string[]): string {
  return scopes.join(scopeSeparator);
}

function heldScopes({ scopeSeparator = ' ' }: Provider, connection: Connection | undefined): string[] | undefined {
  if (connection === undefined || !isOAuth2(connection.credentials)) return undefined;
  const { scope } = connection.credentials.raw;
  return typeof scope === 'string' ? split(scope, scopeSeparator) : undefined;
}

function split(text: string, separator: string): string[] {
  return text.split(separator).filter((scope) => scope !== '');
}
