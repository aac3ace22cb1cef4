import { randomUUID } from 'node:crypto';
import type { Connection, ConnectSession, Credentials, State } from './state';
import type { Webhooks } from './webhooks';

/**
 * What happens when a person has given credentials on a connect page: a connection is made, or the one of a reconnect
 * session is overwritten. Nothing ends the session: the same link can make several connections.
 *
 * @param params for the connection, as the page asked the person for them; the session's own come first
 */
export function connect(
  state: State,
  webhooks: Webhooks,
  session: ConnectSession,
  integration: string,
  credentials: Credentials,
  params: { [key: string]: unknown } = {},
): Connection {
  const existing = session.reconnect && state.find(integration, session.reconnect.connectionId);
  const { connection, created } = state.upsert({
    integration,
    connectionId: existing?.connectionId,
    credentials,
    tags: session.tags,
    // Credentials that a person types reset the metadata; OAuth leaves it.
    metadata: credentials.type === 'OAUTH2' ? (existing?.metadata ?? null) : {},
    connectionConfig: { ...params, ...configOf(session, integration, credentials) },
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
  { type }: Credentials,
): { [key: string]: unknown } {
  const { oauth_scopes_override: scopes, ...config } = configDefaults?.[integration]?.connection_config ?? {};
  if (typeof scopes !== 'string') return config;
  return { ...config, oauth_scopes_override: type === 'OAUTH2' ? scopes.split(',') : scopes };
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
