import type { Integration, Provider } from './state';

/** How integrations and providers are shown. */

/** One, or one of a list: nothing secret. @param origin of this server */
export function integrationView(integration: Integration, origin: string): object {
  const { key, provider, displayName, forwardWebhooks, createdAt, updatedAt } = integration;
  return {
    unique_key: key,
    provider: provider.name,
    display_name: displayName,
    logo: logo(provider.name, origin),
    forward_webhooks: forwardWebhooks,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
  };
}

/** Of the developer's app; null for a provider that needs none. */
export function credentialsView({ credentials }: Integration): object | null {
  if (credentials === null) return null;
  const { scopes, webhook_secret, ...rest } = credentials;
  return { ...rest, scopes: scopes || null, webhook_secret: webhook_secret || null };
}

/** What can be known of a provider. @param origin of this server */
export function providerView(provider: Provider, origin: string): object {
  const { name, displayName, authMode, baseUrl, verifyPath, authorizeUrl, tokenUrl, defaultScopes, paginate } =
    provider;
  const { docs = `https://nango.dev/docs/integrations/all/${name}` } = provider;
  return {
    name,
    display_name: displayName,
    categories: ['other'],
    auth_mode: authMode,
    docs,
    logo_url: logo(name, origin),
    ...(authorizeUrl && {
      ...{ authorization_url: authorizeUrl, token_url: tokenUrl, refresh_url: tokenUrl, scope_separator: ' ' },
      authorization_params: { response_type: 'code' },
      token_params: { grant_type: 'authorization_code' },
      refresh_params: { grant_type: 'refresh_token' },
    }),
    ...(defaultScopes && { default_scopes: defaultScopes }),
    ...((baseUrl || paginate) && {
      proxy: {
        base_url: baseUrl,
        ...(authMode === 'API_KEY' && { headers: { authorization: 'Bearer ${apiKey}' } }),
        ...(verifyPath && { verification: { method: 'GET', endpoints: [verifyPath] } }),
        paginate,
      },
    }),
    // What a connect page asks a person for.
    ...(authMode === 'API_KEY' && {
      credentials: { apiKey: { type: 'string', title: 'API Key', description: 'The key of your account' } },
    }),
  };
}

function logo(provider: string, origin: string): string {
  return `${origin}/images/template-logos/${provider}.svg`;
}
