import type { OAuth2Credentials } from './credentials';

/** What credentials hold of a token endpoint's response. @param refreshToken kept where the response has none */
export function tokens(
  response: { [name: string]: unknown },
  now: number,
  refreshToken?: string,
): Omit<OAuth2Credentials, 'type'> {
  const { access_token, refresh_token, expires_in } = response;
  const expires_at = expires_in === undefined ? undefined : new Date(now + Number(expires_in) * 1000).toISOString();
  return {
    access_token: String(access_token),
    refresh_token: typeof refresh_token === 'string' ? refresh_token : refreshToken,
    expires_at,
    raw: { ...response, expires_at },
  };
}
