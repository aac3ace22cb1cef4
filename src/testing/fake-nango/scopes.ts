/** Whether a key's scopes cover one of those wanted: exact, or by a prefix that ends in `:*`. */
export function covers(scopes: string[] | undefined, wanted: string[]): boolean {
  if (scopes === undefined || wanted.length === 0) return true;
  return wanted.some((want) =>
    scopes.some((scope) => scope === want || (scope.endsWith(':*') && want.startsWith(scope.slice(0, -1)))),
  );
}
