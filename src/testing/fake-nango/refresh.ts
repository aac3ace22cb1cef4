import { requestToken } from './provider-http';
import type { Connection, Credentials, RefreshFailures, State } from './state';
import type { Webhooks } from './webhooks';

const MARGIN_MS = 15 * 60_000;
/** After a failure nobody asks the provider again for this long. */
const BACKOFF_MS = 30_000;
const DAY_MS = 86_400_000;
/** After failures on this many days Nango gives up, until it is forced. */
const EXHAUSTED_DAYS = 4;
const LIFE_S = 3_600;

/** `failed`: just now; `backoff`: lately, so that the provider was not asked; `exhausted`: too often to be asked again */
export type Freshness = 'ok' | 'failed' | 'backoff' | 'exhausted';

/** How Nango's proxy begins to say that it has no token that can be used: clients tell it by that. */
export const NO_CREDENTIALS = 'Failed to get connection credentials';
/** Clients tell the last two apart by what they say: these two texts begin as Nango's do. */
export const REFRESH_MESSAGE = {
  failed: 'The provider did not refresh the token.',
  backoff: 'A recent refresh attempt failed. Backing off before retrying.',
  exhausted: 'The refresh limit has been reached.',
};

type OAuth2 = Extract<Credentials, { type: 'OAUTH2' }>;

/** Refreshes an OAuth2 token that is about to expire. @param force whatever its age, and in spite of failures */
export async function freshen(
  state: State,
  webhooks: Webhooks,
  connection: Connection,
  force = false,
): Promise<Freshness> {
  const { credentials, refreshFailures: failures } = connection;
  // Without a refresh token an expired one is simply used on.
  if (credentials.type !== 'OAUTH2' || credentials.refresh_token === undefined) return 'ok';
  const now = state.clock();
  const expires = credentials.expires_at === undefined ? Infinity : Date.parse(credentials.expires_at);
  if (!force && failures !== undefined) {
    // Said even while the old token would still do.
    if (failures.days >= EXHAUSTED_DAYS) return 'exhausted';
    if (now < failures.lastAt + BACKOFF_MS) return 'backoff';
  }
  if (!force && expires > now + MARGIN_MS) return 'ok';

  const raw = await refreshed(state, connection, credentials);
  if (raw === undefined) {
    connection.refreshFailures = failedAgain(failures, now);
    connection.authError ??= state.newLogId();
    webhooks.refreshFailed(connection);
    return 'failed';
  }
  connection.credentials = tokenCredentials(raw, now, credentials.refresh_token);
  connection.updatedAt = now;
  connection.refreshFailures = undefined;
  connection.authError = undefined;
  return 'ok';
}

function failedAgain(failures: RefreshFailures | undefined, now: number): RefreshFailures {
  if (failures === undefined) return { lastAt: now, days: 1 };
  const isAnotherDay = Math.floor(failures.lastAt / DAY_MS) < Math.floor(now / DAY_MS);
  return { lastAt: now, days: failures.days + (isAnotherDay ? 1 : 0) };
}

/** Credentials out of a token endpoint's response. */
export function tokenCredentials(given: { [name: string]: unknown }, now: number, refreshToken?: string): OAuth2 {
  const { access_token, refresh_token, expires_in } = given;
  const expires_at = expires_in === undefined ? undefined : new Date(now + Number(expires_in) * 1000).toISOString();
  return {
    type: 'OAUTH2',
    access_token: String(access_token),
    refresh_token: typeof refresh_token === 'string' ? refresh_token : refreshToken,
    expires_at,
    raw: { ...given, expires_at },
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
  return { access_token: `${access_token}'`, refresh_token, expires_in: LIFE_S, token_type: 'bearer' };
}
