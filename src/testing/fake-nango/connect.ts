import type { Connection, ConnectSession, Credentials, State } from './state';
import type { Webhooks } from './webhooks';

/**
 * What happens when a person has given credentials on a connect page: a connection is made, or the one of a reconnect
 * session is overwritten. Nothing ends the session: the same link can make several connections.
 */
export function connect(
  state: State,
  webhooks: Webhooks,
  session: ConnectSession,
  integration: string,
  credentials: Credentials,
): Connection {
  const existing = session.reconnect && state.find(integration, session.reconnect.connectionId);
  const { connection, created } = state.upsert({
    integration,
    connectionId: existing?.connectionId,
    credentials,
    tags: session.tags,
    // Credentials that a person types reset the metadata; OAuth leaves it.
    metadata: credentials.type === 'OAUTH2' ? (existing?.metadata ?? null) : {},
    connectionConfig: configOf(session, integration),
    endUser: session.endUser,
    webhookUrlOverride: session.webhookUrlOverride ?? null,
    refreshMode: existing?.refreshMode === undefined ? undefined : 'fine',
  });
  webhooks.connected(connection, created ? 'creation' : 'override');
  return connection;
}

function configOf({ configDefaults }: ConnectSession, integration: string): { [key: string]: unknown } {
  const { oauth_scopes_override: scopes, ...config } = configDefaults?.[integration]?.connection_config ?? {};
  return typeof scopes === 'string' ? { ...config, oauth_scopes_override: scopes.split(',') } : config;
}

/** Whether a session may make connections of an integration. */
export function isAllowed({ allowedIntegrations }: ConnectSession, integration: string): boolean {
  return allowedIntegrations?.includes(integration) ?? true;
}
