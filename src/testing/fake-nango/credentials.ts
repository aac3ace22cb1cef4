import { tokenCredentials } from './refresh';
import type { Credentials, Integration } from './state';

/** Credentials that say whose they are, for providers that nobody can ask for real ones. */
export function madeUpCredentials({ provider }: Integration, as: string, now: number): Credentials {
  switch (provider.authMode) {
    case 'API_KEY':
      return { type: 'API_KEY', apiKey: as };
    case 'BASIC':
      return { type: 'BASIC', username: as, password: `password of ${as}` };
    case 'OAUTH2':
      return tokenCredentials(
        { access_token: `access of ${as}`, refresh_token: `refresh of ${as}`, expires_in: 3600, token_type: 'bearer' },
        now,
      );
  }
}

/** As they are shown to who may see them: refresh tokens only where they were asked for. */
export function shownCredentials(credentials: Credentials, withRefreshToken: boolean): object {
  if (credentials.type !== 'OAUTH2' || withRefreshToken) return credentials;
  return { ...credentials, refresh_token: undefined, raw: { ...credentials.raw, refresh_token: undefined } };
}
