import { invalid } from '../errors';
import { MAX_ENDPOINT_CHARS } from '../limits';

/**
 * An endpoint is data, not a URL: the path sent must be the path asked. On a live Nango, five spellings of `..` below
 * `/proxy/` reached its management API, and `${apiKey}` anywhere in an endpoint was replaced by the credential.
 */

/** Anything but printable ASCII and what lies beyond ASCII. */
const CONTROL = /[^ -~\u0080-\uffff]/;
const DOT_SEGMENT = /(^|[/\\])\.{1,2}([;?# ][^/\\]*)?([/\\]|$)/;
/** What a URL holds as it is, without escapes. */
const PLAIN = /^[\w\-.~!*'();:@&=+,/?[\]]*$/;
const ABSOLUTE = /^\/*[a-z][a-z0-9+.-]*:\/\//i;
/** Deeper than any proxy decodes; what still changes after that is refused. */
const MAX_DECODINGS = 5;

/**
 * The one function every endpoint passes through: checks it and returns the exact bytes for the wire, in ASCII.
 * `$`, `{`, `}` and whatever a URL may not hold are percent-encoded; the rest stays as written.
 *
 * @param endpoint path and query below the provider's base URL, beginning with one `/`
 * @throws Nango.InvalidRequest naming `field`, before any I/O
 */
export function wireEndpoint(endpoint: unknown, field = 'endpoint'): string {
  if (typeof endpoint !== 'string') throw invalid(field, 'must be a string');
  if (endpoint.length > MAX_ENDPOINT_CHARS) throw invalid(field, `must have at most ${MAX_ENDPOINT_CHARS} characters`);
  if (ABSOLUTE.test(endpoint)) throw invalid(field, 'must not be an absolute URL');
  if (!endpoint.startsWith('/')) throw invalid(field, 'must begin with /');
  if (CONTROL.test(endpoint)) throw invalid(field, 'must not contain a control character');
  if (endpoint.includes('\\')) throw invalid(field, 'must not contain a backslash');
  if (endpoint.includes('#')) throw invalid(field, 'must not contain #; write %23');

  const encoded = percentEncode(endpoint, field);
  const [path] = split(encoded);
  if (path.includes('//')) throw invalid(field, 'must not contain //');
  checkDecodedPath(path, field);
  return encoded;
}

/** Without its query, which may hold more than belongs in a list. */
export function pathOf(endpoint: string): string {
  return split(endpoint)[0];
}

function split(endpoint: string): [path: string, query: string] {
  const at = endpoint.indexOf('?');
  return at < 0 ? [endpoint, ''] : [endpoint.slice(0, at), endpoint.slice(at)];
}

function percentEncode(endpoint: string, field: string): string {
  if (PLAIN.test(endpoint)) return endpoint;
  if (/%(?![0-9a-f]{2})/i.test(endpoint)) throw invalid(field, 'has a % that is not an escape; write %25');
  try {
    decodeURIComponent(endpoint);
    return endpoint.replace(/[^\w\-.~!*'();:@&=+,/?[\]%]+/g, (text) => encodeURIComponent(text));
  } catch {
    throw invalid(field, 'has characters or escapes that are not UTF-8');
  }
}

/** Whatever a server or a proxy on the way may see after decoding must still be the path that was asked. */
function checkDecodedPath(path: string, field: string): void {
  let seen = path;
  for (let i = 0; i < MAX_DECODINGS; i++) {
    if (DOT_SEGMENT.test(seen)) throw invalid(field, 'must not contain a dot segment');
    if (seen.includes('\\')) throw invalid(field, 'must not contain a backslash');
    if (CONTROL.test(seen)) throw invalid(field, 'must not contain a control character');
    if (seen.startsWith('//')) throw invalid(field, 'must not contain //');
    if (ABSOLUTE.test(seen)) throw invalid(field, 'must not be an absolute URL');
    if (!seen.includes('%')) return;
    const decoded = seen.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    if (decoded === seen) return;
    seen = decoded;
  }
  throw invalid(field, 'is percent-encoded too many times');
}

/**
 * Builds an endpoint; what is interpolated is percent-encoded, so that an id can never add a segment or a parameter.
 *
 * @example
 * ```ts
 * nango.get(hubspot, path`/crm/v3/objects/contacts/${id}?properties=${names}`);
 * ```
 * @throws Nango.InvalidRequest for an empty value, `.` or `..` in the path, which no encoding makes safe
 */
export function path(literals: TemplateStringsArray, ...values: (string | number | bigint | boolean)[]): string {
  if (typeof literals !== 'object' || literals === null) throw invalid('path', 'must be a template');
  let built = literals[0] ?? '';
  values.forEach((value, i) => {
    if (typeof value === 'object' || typeof value === 'function')
      throw invalid('path', 'must be given texts or numbers');
    const text = String(value);
    const inPath = !built.includes('?');
    if (inPath && (text === '' || text === '.' || text === '..')) {
      throw invalid('path', 'must not be given an empty value, . or ..');
    }
    built += encodeComponent(text) + (literals[i + 1] ?? '');
  });
  return wireEndpoint(built, 'path');
}

function encodeComponent(text: string): string {
  try {
    return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  } catch {
    throw invalid('path', 'must be given well-formed Unicode');
  }
}
