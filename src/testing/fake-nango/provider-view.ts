import { MODES } from './modes/table';
import { isOAuth2Mode } from './modes/credentials';
import type { Provider } from './provider';

/** What can be known of a provider. @param origin of this server */
export function providerView(provider: Provider, origin: string): object {
  const { name, displayName, authMode, categories = ['other'], routesWebhooks } = provider;
  const { docs = `https://nango.dev/docs/integrations/all/${name}` } = provider;
  const credentials = provider.credentialFields ?? (authMode === 'API_KEY' ? MODES.API_KEY.fields : undefined);
  return {
    name,
    display_name: displayName,
    categories,
    auth_mode: authMode,
    docs,
    logo_url: logo(name, origin),
    ...oauthView(provider),
    ...(provider.clientRegistration && { client_registration: provider.clientRegistration }),
    ...proxyView(provider),
    ...(routesWebhooks && { webhook_routing_script: `${name}WebhookRouting` }),
    ...(provider.connectionConfig && { connection_config: provider.connectionConfig }),
    ...(credentials && { credentials }),
    ...(provider.integrationConfig && { integration_config: provider.integrationConfig }),
  };
}

/** Its picture. @param origin of this server */
export function logo(provider: string, origin: string): string {
  return `${origin}/images/template-logos/${provider}.svg`;
}

function oauthView({ authMode, authorizeUrl, tokenUrl, defaultScopes, scopeSeparator }: Provider): object {
  return {
    ...(authorizeUrl && {
      ...{ authorization_url: authorizeUrl, token_url: tokenUrl },
      ...(isOAuth2Mode(authMode) && {
        refresh_url: tokenUrl,
        scope_separator: scopeSeparator ?? ' ',
        authorization_params: { response_type: 'code' },
        token_params: { grant_type: 'authorization_code' },
        refresh_params: { grant_type: 'refresh_token' },
      }),
    }),
    ...(scopeSeparator && { scope_separator: scopeSeparator }),
    ...(defaultScopes && { default_scopes: defaultScopes }),
  };
}

function proxyView({ authMode, baseUrl, verifyPath, retry, paginate }: Provider): object {
  if (!baseUrl && !retry && !paginate) return {};
  return {
    proxy: {
      base_url: baseUrl,
      ...(authMode === 'API_KEY' && { headers: { authorization: 'Bearer ${apiKey}' } }),
      ...(verifyPath && { verification: { method: 'GET', endpoints: [verifyPath] } }),
      retry,
      paginate,
    },
  };
}
