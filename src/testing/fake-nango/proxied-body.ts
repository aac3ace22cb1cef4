import { parseQuery } from './query';

/** What becomes of a request's body on its way through Nango's proxy. */

const FORM = 'application/x-www-form-urlencoded';

interface Outgoing {
  body?: Buffer;
  headers: { [name: string]: string };
}

/**
 * JSON and forms are parsed and written anew, as JSON or, where `Nango-Proxy-Content-Type` says so, as a form.
 * Everything else goes on as it came, under the name of a form unless that header says better.
 *
 * @param parsed the body, if it was JSON
 */
export function proxiedBody(
  method: string,
  headers: { [name: string]: string },
  raw: Buffer,
  parsed: unknown,
): Outgoing {
  if (!['POST', 'PUT', 'PATCH', 'DELETE'].includes(method)) return { headers: {} };
  const type = (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  const values = type === FORM ? parseQuery(new URLSearchParams(raw.toString('utf8'))) : parsed;
  if (values !== undefined) {
    return headers['nango-proxy-content-type']?.toLowerCase().startsWith(FORM)
      ? withBody(Buffer.from(new URLSearchParams(flat(values)).toString()), FORM)
      : withBody(Buffer.from(JSON.stringify(values)), 'application/json');
  }
  if (method !== 'DELETE') return withBody(raw, FORM);
  return raw.length === 0 ? { headers: {} } : withBody(raw);
}

function withBody(body: Buffer, type?: string): Outgoing {
  return { body, headers: { ...(type && { 'content-type': type }), 'content-length': String(body.length) } };
}

/** `{ a: 1, c: { d: 2 } }` → `[['a', '1'], ['c[d]', '2']]` */
function flat(values: unknown, place = ''): [string, string][] {
  if (typeof values !== 'object' || values === null) return place === '' ? [] : [[place, text(values)]];
  return Object.entries(values).flatMap(([key, value]) => flat(value, place === '' ? key : `${place}[${key}]`));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}
