/** What becomes of a request's body on its way through Nango's proxy. */

const FORM = 'application/x-www-form-urlencoded';

/**
 * JSON and forms are parsed and go out as JSON, everything else as it came; without `Nango-Proxy-Content-Type` what is
 * not JSON is called a form.
 */
export function proxiedBody(
  method: string,
  headers: { [name: string]: string },
  raw: Buffer,
): { body?: Buffer; headers: { [name: string]: string } } {
  if (method === 'GET' || method === 'HEAD') return { headers: {} };
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  const wanted = headers['nango-proxy-content-type'];
  if (raw.length === 0) return method === 'DELETE' ? { headers: {} } : withBody(raw, FORM);
  if (type === 'application/json') return withBody(Buffer.from(JSON.stringify(JSON.parse(raw.toString('utf8')))), type);
  if (type === FORM) {
    const form = parseForm(raw.toString('utf8'));
    if (wanted === FORM)
      return withBody(Buffer.from(new URLSearchParams(form as { [name: string]: string }).toString()), FORM);
    return withBody(Buffer.from(JSON.stringify(form)), 'application/json');
  }
  return withBody(raw, FORM);
}

function withBody(body: Buffer, type: string) {
  return { body, headers: { 'content-type': type, 'content-length': String(body.length) } };
}

type Form = { [name: string]: string | Form };

/** `a=1&c[d]=2` → `{ a: '1', c: { d: '2' } }` */
function parseForm(text: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split(/[[\]]+/).filter((key) => key !== '');
    const last = path.pop() ?? name;
    let place = form;
    for (const key of path) {
      const inner = place[key];
      place = place[key] = typeof inner === 'object' ? inner : {};
    }
    place[last] = value;
  }
  return form;
}
