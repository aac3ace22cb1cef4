import { isOAuth2 } from './modes/credentials';
import type { OAuth2Credentials } from './modes/credentials';
import { tokens } from './modes/tokens';
import { requestToken } from './provider-http';
import type { Connection, RefreshFailures, State } from './state';
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

/** Refreshes an OAuth 2 token that is about to expire. @param force whatever its age, and in spite of failures */
export async function freshen(
  state: State,
  webhooks: Webhooks,
  connection: Connection,
  force = false,
): Promise<Freshness> {
  const { credentials, refreshFailures: failures } = connection;
  // Without a refresh token an expired one is simply used on.
  if (!isOAuth2(credentials) || credentials.refresh_token === undefined) return 'ok';
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
  connection.credentials = { type: credentials.type, ...tokens(raw, now, credentials.refresh_token) };
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

async function refreshed(
  state: State,
  { integration, refreshMode }: Connection,
  { access_token, refresh_token, raw }: OAuth2Credentials,
): Promise<{ [name: string]: unknown } | undefined> {
  const provider = state.integrations.get(integration)?.provider;
  if (refreshMode === 'revoked' || refreshMode === 'outage') return undefined;
  if (provider?.tokenUrl !== undefined && refreshMode === undefined) {
    return await requestToken(provider.tokenUrl, { grant_type: 'refresh_token', refresh_token: refresh_token ?? '' });
  }
  const saysScope = provider?.saysScopeOnRefresh ?? provider?.saysScope ?? true;
  return {
    ...{ access_token: `${access_token}'`, refresh_token, expires_in: LIFE_S, token_type: 'bearer' },
    // What the person granted stays granted.
    ...(saysScope && raw.scope !== undefined && { scope: raw.scope }),
  };
}
