import type { Connection } from './types';

/**
 * The connection for somebody who named scopes. What a provider granted is not looked at; so it says that they are not
 * checked, unless the link that made it has asked for all of them.
 *
 * @param named by the caller
 * @param requested by the link that made the connection; none if no link of the caller's request did
 */
export function forScopes(connection: Connection, named: string[] = [], requested: string[] = []): Connection {
  return marked(
    connection,
    named.some((scope) => !requested.includes(scope)),
  );
}

/** @param unchecked whether scopes were named that no link has asked for */
export function marked(connection: Connection, unchecked: boolean): Connection {
  return { ...connection, scopesChecked: unchecked ? false : undefined };
}
