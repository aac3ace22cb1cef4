import { logo } from './provider-view';
import type { Integration } from './state';

/** One, or one of a list: nothing secret. @param origin of this server */
export function integrationView(integration: Integration, origin: string): object {
  const { key, provider, displayName, forwardWebhooks, config, createdAt, updatedAt } = integration;
  const preconfigured = preconfiguredCredentials(integration);
  return {
    unique_key: key,
    provider: provider.name,
    display_name: displayName,
    logo: logo(provider.name, origin),
    ...(config.keyLabel && { credentials_label: { apiKey: config.keyLabel } }),
    ...(preconfigured.length > 0 && { preconfigured_credentials: preconfigured }),
    forward_webhooks: forwardWebhooks,
    created_at: new Date(createdAt).toISOString(),
    updated_at: new Date(updatedAt).toISOString(),
  };
}

/** Names of credentials that nobody has to type any more. */
function preconfiguredCredentials({ provider, config }: Integration): string[] {
  if (provider.authMode !== 'TWO_STEP') return [];
  return Object.entries(config).flatMap(([name, value]) => (value === '' ? [] : [name]));
}
