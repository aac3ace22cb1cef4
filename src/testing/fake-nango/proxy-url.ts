import type { Connection } from './state';

/** Stands for the address of a provider that has none, since a test answers for it. */
export const NOWHERE = 'http://provider.invalid';

/** What stood behind `/proxy`, byte for byte. Nango cuts off the word in small letters only, in whatever case it routes. */
export function endpointOf(requestUrl: string): string {
  return requestUrl.replace(/^\/proxy\/?/, '/');
}

/**
 * The URL that Nango asks for an endpoint. As a URL library makes it: dot segments go, `{` is encoded in the path but not
 * in the query. Slashes at the seam become one.
 */
export function proxiedUrl(base: string, endpoint: string, connection: Connection): URL {
  const path = endpoint.replace(/^\/+/, '');
  const url = [base.replace(/\/$/, ''), path].filter((part) => part !== '').join('/');
  return new URL(interpolate(url, connection));
}

/** What of a URL comes after its base. */
export function below(base: string, { pathname, search }: URL): string {
  const start = new URL(base).pathname.replace(/\/$/, '');
  return (pathname.startsWith(start) ? pathname.slice(start.length) : pathname) + search;
}

/** `${apiKey}` and its like are replaced wherever they stand unencoded: a trap of Nango's that callers must know. */
function interpolate(url: string, connection: Connection): string {
  const { credentials, connectionConfig, metadata } = connection;
  const known: { [name: string]: unknown } = {
    connection_id: connection.connectionId,
    provider_config_key: connection.integration,
    ...credentials,
    credentials,
    connectionConfig,
    connection_config: connectionConfig,
    metadata,
    accessToken: 'access_token' in credentials ? credentials.access_token : undefined,
  };
  return url.replace(/\$\{([\w.]+)\}/g, (literal, path: string) => {
    const value = path
      .split('.')
      .reduce<unknown>((place, key) => (place as { [name: string]: unknown } | null | undefined)?.[key], known);
    return typeof value === 'string' ? value : literal;
  });
}
