import type { Connection } from '../types';

/** Whether what was granted holds what is wanted, though providers spell scopes in more than one way. */

/** Different names of one scope, in lower case; the first of a row stands for all. */
const SPELLINGS: readonly (readonly string[])[] = [
  // Google grants what it was asked for by the short name under the long one:
  // https://github.com/googleapis/google-api-python-client/pull/1088
  ['email', 'https://www.googleapis.com/auth/userinfo.email'],
  ['profile', 'https://www.googleapis.com/auth/userinfo.profile'],
];

/** What a scope of Microsoft Graph may or may not begin with; https://learn.microsoft.com/entra/identity-platform/scopes-oidc */
const GRAPH = 'https://graph.microsoft.com/';

/** Asks for a token of another kind, not for a permission: providers need not list them among what they granted. */
const UNLISTED: ReadonlySet<string> = new Set(['openid', 'offline_access']);

/**
 * Scopes that a wider one holds. GitHub drops those from what it tells:
 * https://docs.github.com/apps/building-oauth-apps/scopes-for-oauth-apps
 */
const HELD_BY: { readonly [scope: string]: readonly string[] } = {
  public_repo: ['repo'],
  'repo:status': ['repo'],
  repo_deployment: ['repo'],
  'repo:invite': ['repo'],
  security_events: ['repo'],
  'read:user': ['user'],
  'user:email': ['user'],
  'user:follow': ['user'],
  'write:org': ['admin:org'],
  'read:org': ['write:org', 'admin:org'],
  'write:public_key': ['admin:public_key'],
  'read:public_key': ['write:public_key', 'admin:public_key'],
  'write:repo_hook': ['admin:repo_hook'],
  'read:repo_hook': ['write:repo_hook', 'admin:repo_hook'],
  'write:gpg_key': ['admin:gpg_key'],
  'read:gpg_key': ['write:gpg_key', 'admin:gpg_key'],
  'read:project': ['project'],
  'read:packages': ['write:packages'],
};

const NAMES: ReadonlyMap<string, string> = new Map(
  SPELLINGS.flatMap(([first = '', ...others]) => others.map((other): [string, string] => [other, first])),
);

/** The wanted scopes that were not granted, by the names they are wanted by; in their order, each once. */
export function missingScopes(wanted: readonly string[], granted: readonly string[]): string[] {
  const has = new Set(granted.map(nameOf));
  return [...new Set(wanted)].filter((scope) => !isHeld(nameOf(scope), has));
}

/** The scopes that are among others by any of their names; by the names that they have here. */
export function namedAmong(scopes: readonly string[], others: readonly string[]): string[] {
  const names = new Set(others.map(nameOf));
  return scopes.filter((scope) => names.has(nameOf(scope)));
}

/** Whether a connection is known to lack some of the scopes that somebody named; of one that tells nothing it is not. */
export function lacksScopes(
  { grantedScopes }: Pick<Connection, 'grantedScopes'>,
  named: readonly string[] = [],
): boolean {
  return grantedScopes !== undefined && missingScopes(named, grantedScopes).length > 0;
}

/** The connection for somebody who named scopes, where none of them is known to be missing. */
export function forScopes(connection: Connection, named: readonly string[] = []): Connection {
  const isUnchecked = named.length > 0 && connection.grantedScopes === undefined;
  return { ...connection, scopesChecked: isUnchecked ? false : undefined };
}

function isHeld(scope: string, granted: ReadonlySet<string>): boolean {
  if (UNLISTED.has(scope) || granted.has(scope)) return true;
  const wider = Object.hasOwn(HELD_BY, scope) ? HELD_BY[scope] : undefined;
  return wider?.some((other) => granted.has(other)) ?? false;
}

/** Two scopes that differ in upper and lower case alone are nobody's; Microsoft grants `Mail.Read` for `mail.read`. */
function nameOf(scope: string): string {
  const name = scope.toLowerCase();
  return NAMES.get(name) ?? (name.startsWith(GRAPH) ? name.slice(GRAPH.length) : name);
}
