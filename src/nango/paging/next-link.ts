/** Links of a `Link` header: `<url>; rel="next"` (RFC 8288). */
const LINK = /<([^>]*)>((?:\s*;\s*[^\s,;=]+\s*(?:=\s*(?:"[^"]*"|[^\s,;"]*))?)*)/g;
const REL = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s,;"]*))/i;

/** The target of the first link of this relation. */
export function linkIn(header: string, rel: string): string | undefined {
  for (const [, target, params = ''] of header.matchAll(LINK)) {
    const [, quoted, bare = ''] = REL.exec(params) ?? [];
    const rels = (quoted ?? bare).toLowerCase().split(/\s+/);
    if (rels.includes(rel.toLowerCase())) return target;
  }
  return undefined;
}

/**
 * A provider's link as an endpoint: what stands below the provider's base URL, unresolved, so that the rules for
 * endpoints see it as it came.
 *
 * @param link a whole URL, or a path, or a query alone
 * @param baseUrl as Nango knows it; `${…}` in it stands for any one host or segment
 * @param current the endpoint of the page that had the link
 * @returns undefined if it leads elsewhere, or it cannot be told
 */
export function linkAsEndpoint(link: string, baseUrl: string | undefined, current: string): string | undefined {
  if (link.startsWith('?')) return current.split('?', 1)[0] + link;
  const bases = (baseUrl ?? '')
    .split('||')
    .map((base) => base.trim().replace(/\/+$/, ''))
    .filter((base) => base !== '');
  if (link.startsWith('/')) {
    const below = bases.map((base) => after(link, base.replace(/^(https?:\/\/)?[^/]*/i, '')));
    return below.find((rest) => rest !== undefined) ?? link;
  }
  return bases.map((base) => after(link, base)).find((rest) => rest !== undefined);
}

/** Parameters that hold a credential, not a place in a list. */
const CREDENTIAL = /^(access_?token|h?api_?key|api_?token|auth_?token|oauth_token|client_secret|appsecret_proof)=/i;

/** Some providers write the caller's token into their links: Nango adds it by itself, and no history may hold it. */
export function withoutCredentials(endpoint: string): string {
  const at = endpoint.indexOf('?');
  if (at < 0) return endpoint;
  const kept = endpoint
    .slice(at + 1)
    .split('&')
    .filter((pair) => !CREDENTIAL.test(pair));
  return endpoint.slice(0, at) + (kept.length > 0 ? `?${kept.join('&')}` : '');
}

/** What of a link comes after a base; undefined if it does not begin with it. */
function after(link: string, base: string): string | undefined {
  const [first = '', ...rest] = base.split(/\$\{[^}]*\}/);
  // A base that begins with a placeholder begins with a whole origin.
  const start = first === '' && rest.length > 0 ? 'https?://' : literal(first);
  const pattern = [start, ...rest.map(literal)].join('[^/?#@\\\\]+');
  const found = new RegExp(`^${pattern}(?=[/?]|$)`, 'i').exec(link);
  if (found === null) return undefined;
  const below = link.slice(found[0].length);
  return below.startsWith('/') ? below : `/${below}`;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
