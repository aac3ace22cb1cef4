import { requestToken } from './provider-http';
import type { Connection, Credentials, State } from './state';
import type { Webhooks } from './webhooks';

const MARGIN_MS = 15 * 60_000;
/** After a failure nobody asks the provider again for this long. */
const BACKOFF_MS = 30_000;
const LIFE_MS = 3_600_000;

/** `failed`: just now; `backoff`: lately, so that the provider was not asked */
export type Freshness = 'ok' | 'failed' | 'backoff';

type OAuth2 = Extract<Credentials, { type: 'OAUTH2' }>;

/** Refreshes an OAuth2 token that is about to expire. @param force whatever its age, and in spite of a backoff */
export async function freshen(
  state: State,
  webhooks: Webhooks,
  connection: Connection,
  force = false,
): Promise<Freshness> {
  const { credentials } = connection;
  // Without a refresh token an expired one is simply used on.
  if (credentials.type !== 'OAUTH2' || credentials.refresh_token === undefined) return 'ok';
  const now = state.clock();
  const expires = credentials.expires_at === undefined ? Infinity : Date.parse(credentials.expires_at);
  if (!force && expires > now + MARGIN_MS) return 'ok';
  const failedAt = connection.refreshFailedAt ?? -Infinity;
  if (!force && now < failedAt + BACKOFF_MS) return 'backoff';

  const raw = await refreshed(state, connection, credentials);
  if (raw === undefined) {
    connection.refreshFailedAt = now;
    connection.authError ??= state.newLogId();
    webhooks.refreshFailed(connection);
    return 'failed';
  }
  connection.credentials = tokenCredentials(raw, now, credentials.refresh_token);
  connection.refreshFailedAt = undefined;
  connection.authError = undefined;
  return 'ok';
}

/** Credentials out of a token endpoint's answer. */
export function tokenCredentials(raw: { [name: string]: unknown }, now: number, refreshToken?: string): OAuth2 {
  const { access_token, refresh_token, expires_in } = raw;
  return {
    type: 'OAUTH2',
    access_token: String(access_token),
    refresh_token: typeof refresh_token === 'string' ? refresh_token : refreshToken,
    expires_at: typeof expires_in === 'number' ? new Date(now + expires_in * 1000).toISOString() : undefined,
    raw,
  };
}

async function refreshed(
  state: State,
  { integration, refreshMode }: Connection,
  { access_token, refresh_token }: OAuth2,
): Promise<{ [name: string]: unknown } | undefined> {
  const tokenUrl = state.integrations.get(integration)?.provider.tokenUrl;
  if (refreshMode === 'revoked' || refreshMode === 'outage') return undefined;
  if (tokenUrl !== undefined && refreshMode === undefined) {
    return await requestToken(tokenUrl, { grant_type: 'refresh_token', refresh_token: refresh_token ?? '' });
  }
  return { access_token: `${access_token}'`, refresh_token, expires_in: LIFE_MS / 1000, token_type: 'bearer' };
}
