const ORIGIN = 'http://inbox.test';

interface Served {
  request(input: string, init?: RequestInit, env?: object): Response | Promise<Response>;
}

/** An answer as somebody at a browser has it. */
export interface Seen {
  status: number;
  headers: Headers;
  html: string;
  /** the text of the page, without its tags and with single spaces */
  text: string;
  /** where a redirect leads, below the origin */
  location?: string;
}

/** Somebody at a browser: keeps cookies, says where a form was sent from, does not follow redirects by themselves. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly web: Served,
    readonly address = '192.0.2.1',
  ) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<Seen> {
    return await this.send(path, { headers });
  }

  async post(path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Seen> {
    const init = { method: 'POST', body: new URLSearchParams(form) };
    return await this.send(path, { ...init, headers: { 'sec-fetch-site': 'same-origin', ...headers } });
  }

  /** Posts, and looks at the page that this leads to. */
  async submit(path: string, form: Record<string, string> = {}): Promise<Seen> {
    const { status, location, html } = await this.post(path, form);
    if (status !== 303 || location === undefined) throw new Error(`not a redirect: ${status} ${html}`);
    return await this.get(location);
  }

  async signIn(token: string, name: string): Promise<void> {
    const { status } = await this.post('/login', { token, name });
    if (status !== 303) throw new Error(`not signed in: ${status}`);
  }

  private async send(path: string, { headers, ...init }: RequestInit & { headers: Record<string, string> }) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const given = { ...(cookie === '' ? {} : { cookie }), ...headers };
    const env = { incoming: { socket: { remoteAddress: this.address } } };
    const response = await this.web.request(`${ORIGIN}${path}`, { ...init, headers: given }, env);
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0/.test(set)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const html = await response.text();
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      html,
      text: html
        .replace(/<\/?bdi>/g, '')
        .replace(/<[^>]+>/g, ' ')
        .replaceAll('&quot;', '"')
        .replace(/\s+/g, ' '),
      location: location === null ? undefined : location.startsWith('http') ? location : below(location, path),
    } satisfies Seen;
  }
}

function below(location: string, path: string): string {
  const { pathname, search } = new URL(location, `${ORIGIN}${path}`);
  return pathname + search;
}
