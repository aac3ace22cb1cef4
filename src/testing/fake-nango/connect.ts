import { randomUUID } from 'node:crypto';
import { isOAuth2 } from './modes/credentials';
import type { Credentials } from './modes/credentials';
import { MODES } from './modes/table';
import type { Connection, ConnectSession, Integration, State } from './state';
import type { Webhooks } from './webhooks';

/**
 * What happens when a person has given credentials on a connect page: a connection is made, or the one of a reconnect
 * session is overwritten. Nothing ends the session: the same link can make several connections.
 *
 * @param params for the connection's configuration, as the page asked the person for them; the session's own come first
 */
export function connect(
  state: State,
  webhooks: Webhooks,
  session: ConnectSession,
  integration: string,
  credentials: Credentials,
  params: { [key: string]: unknown } = {},
): Connection {
  const existing = reconnected(state, session, integration);
  const { connection, created } = state.upsert({
    integration,
    connectionId: existing?.connectionId,
    credentials,
    tags: session.tags,
    // Credentials that a person types reset the metadata; the way to the provider and back leaves it.
    metadata: ['popup', 'install'].includes(MODES[credentials.type].way) ? (existing?.metadata ?? null) : {},
    connectionConfig: { ...params, ...configOf(session, integration, isOAuth2(credentials)) },
    endUser: session.endUser,
    webhookUrlOverride: session.webhookUrlOverride,
    refreshMode: existing?.refreshMode === undefined ? undefined : 'fine',
  });
  webhooks.connected(connection, created ? 'creation' : 'override');
  return connection;
}

function configOf(
  { configDefaults }: ConnectSession,
  integration: string,
  isList: boolean,
): { [key: string]: unknown } {
  const { oauth_scopes_override: scopes, ...config } = configDefaults?.[integration]?.connection_config ?? {};
  if (typeof scopes !== 'string') return config;
  return { ...config, oauth_scopes_override: isList ? scopes.split(',') : scopes };
}

/** The connection that a session makes anew. */
export function reconnected(state: State, { reconnect }: ConnectSession, integration: string): Connection | undefined {
  return reconnect && state.find(integration, reconnect.connectionId);
}

/** Why an integration cannot be connected as it is; undefined: it can. */
export function obstacle({ key, provider, credentials, config }: Integration): string | undefined {
  const { needs } = MODES[provider.authMode];
  if (needs === 'client' && credentials === null) return `${key} was registered with nobody: it has no client id.`;
  if (needs !== 'config') return undefined;
  const missing = Object.entries(provider.integrationConfig ?? {}).find(
    ([name, { optional }]) => !optional && !config[name],
  );
  return missing && `${key} lacks its configuration: ${missing[0]}.`;
}

/** Whether a session may make connections of an integration. */
export function isAllowed({ allowedIntegrations }: ConnectSession, integration: string): boolean {
  return allowedIntegrations?.includes(integration) ?? true;
}

/** A connection that was not made: failure webhooks name one all the same. */
export function failedAttempt(state: State, session: ConnectSession, integration: string): Connection {
  const now = state.clock();
  return {
    id: 0,
    connectionId: session.reconnect?.connectionId ?? randomUUID(),
    integration,
    credentials: { type: 'API_KEY', apiKey: '' },
    tags: {},
    metadata: null,
    connectionConfig: {},
    endUser: null,
    webhookUrlOverride: session.webhookUrlOverride,
    createdAt: now,
    updatedAt: now,
    lastFetchedAt: now,
  };
}
