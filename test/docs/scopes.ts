import { codeIn, rowsOf } from './pages';

/**
 * The scopes that `docs/security.md` gives to a key, with their prefix.
 *
 * @param whose as its row begins, such as `` `NANGO_CONNECT_KEY` of the public web ``
 */
export function recommendedScopes(security: string, whose: string): string[] {
  const row = rowsOf(security).find(({ key }) => key?.startsWith(whose));
  const scopes = codeIn(row?.['its scopes'] ?? '');
  if (scopes.length === 0) throw new Error(`docs/security.md gives no scopes to ${whose}`);
  return scopes.map((scope) => `environment:${scope}`);
}
