import type { ConnectionRef, ProxyCall } from '../../../src/workflow';
import { deployActions } from './deployed';
import { BASE_URL } from './provider-lists';
import type { Stage } from './stage';

export const INTEGRATION = 'crm';
/** Whose credentials a person types. */
export const TYPED = 'keyed';

export const C1: ConnectionRef = { integration: INTEGRATION, connectionId: 'c-1' };
export const REVOKED: ConnectionRef = { integration: INTEGRATION, connectionId: 'c-revoked' };
export const KEYED: ConnectionRef = { integration: TYPED, connectionId: 'k-1' };
export const LISTS: ConnectionRef = { integration: 'lists', connectionId: 'l-1' };

export const get = (endpoint: string): ProxyCall => ({ method: 'GET', endpoint });
export const post = (endpoint: string): ProxyCall => ({ method: 'POST', endpoint, body: { a: 1 } });

/** Puts keys, integrations, connections, a provider and actions into Nango. */
export async function plant(stage: Stage, connectKey: string): Promise<void> {
  const { ledger, provider } = stage;
  const { nango } = stage.world;
  nango.addKey({ key: ledger.secret('connect key', connectKey), scopes: ['environment:connect_sessions:write'] });
  ledger.secret('secret key', nango.secretKey);
  ledger.secret('webhook signing key', nango.webhookSigningKey);
  const credentials = {
    ...{ type: 'OAUTH2', client_id: 'id', client_secret: ledger.secret('OAuth client secret') },
    webhook_secret: ledger.secret('webhook secret of the integration'),
  };
  await stage.callNango('POST', '/integrations', { provider: 'hubspot', unique_key: INTEGRATION, credentials });
  ledger.saw((await stage.callNango('GET', `/integrations/${INTEGRATION}?include=credentials`)).text);
  nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  nango.addProvider({ name: 'lists', authMode: 'OAUTH2', baseUrl: BASE_URL });
  nango.addIntegration({ key: TYPED, provider: 'keyed' });
  nango.addIntegration({ key: LISTS.integration, provider: 'lists' });
  for (const key of [INTEGRATION, TYPED, LISTS.integration]) nango.onProxy(key, provider.respond);
  deployActions(nango, INTEGRATION, ledger);

  const oauth = stage.oauth('c-1');
  await stage.import(C1, oauth);
  await stage.import(REVOKED, oauth);
  await stage.import(LISTS, stage.oauth('l-1'));
  await stage.import(KEYED, { type: 'API_KEY', apiKey: ledger.secret('API key') });
  nango.refresh(REVOKED.connectionId, 'revoked');
}
