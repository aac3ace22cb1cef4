import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** Longer than the web side ever takes. */
const BOUND_MS = 90_000;

export interface Visit {
  /** the loopback address that it comes from */
  from: string;
  /** makes it a POST */
  body?: string;
  headers?: { [name: string]: string };
}

export interface Visited {
  status: number;
  location: string;
  text: string;
  /** the first that is set, as `name=value`; none: empty */
  cookie: string;
}

/** Asks a server, on a connection of its own. @returns nothing if the connection broke, or there was none */
export async function visit(url: string, { from, body, headers }: Visit): Promise<Visited | undefined> {
  return await new Promise((resolve) => {
    const outgoing = request(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers,
      localAddress: from,
      agent: false,
      signal: AbortSignal.timeout(BOUND_MS),
    });
    const broken = () => resolve(undefined);
    outgoing.on('error', broken);
    outgoing.on('response', (response) => {
      const { statusCode: status = 0, headers: received } = response;
      const [cookie = ''] = received['set-cookie']?.[0]?.split(';') ?? [];
      text(response).then((text) => resolve({ status, location: received.location ?? '', text, cookie }), broken);
    });
    outgoing.end(body);
  });
}
