import { endUserView } from './end-user';
import type { Connection, State } from './state';

/** How connections are shown. */

/** In a list: no credentials, no configuration. */
export function listView(state: State, connection: Connection): object {
  return { ...shared(state, connection), created: readTime(connection.createdAt) };
}

/** Alone, as it was read. @param credentials `{}` for who may not see them */
export function fullView(state: State, connection: Connection, credentials: object): object {
  return viewWith(readTime, state, connection, credentials);
}

/** Alone, in the response to what made it: times are spelt another way. */
export function createdView(state: State, connection: Connection, credentials: object): object {
  return viewWith((ms) => new Date(ms).toISOString(), state, connection, credentials);
}

function viewWith(time: (ms: number) => string, state: State, connection: Connection, credentials: object): object {
  return {
    ...shared(state, connection),
    connection_config: connection.connectionConfig,
    webhook_url_override: connection.webhookUrlOverride,
    created_at: time(connection.createdAt),
    updated_at: time(connection.updatedAt),
    last_fetched_at: time(connection.lastFetchedAt),
    credentials,
  };
}

function shared(state: State, connection: Connection): object {
  const { authError } = connection;
  return {
    id: connection.id,
    connection_id: connection.connectionId,
    provider_config_key: connection.integration,
    provider: state.integrations.get(connection.integration)?.provider.name,
    errors: authError === undefined ? [] : [{ type: 'auth', log_id: authError }],
    end_user: endUserView(connection.endUser),
    tags: connection.tags,
    metadata: connection.metadata,
  };
}

/** As a database tells times: `2026-01-01T00:00:00.000+00:00`. */
function readTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+00:00');
}
