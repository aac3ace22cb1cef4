import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface RelayedResponse {
  status: number;
  headers: http.OutgoingHttpHeaders;
  body: Buffer;
}

type Response = RelayedResponse | 'reset' | undefined;

/** What a test puts between the worker and Nango. */
export interface Relaying {
  /** where everything goes that the relay does not answer itself */
  upstream: string;
  /** its own answer to a request; `reset` breaks the connection, undefined hands the request on */
  respond?: (request: http.IncomingMessage, body: Buffer) => Response | Promise<Response>;
  /** what becomes of an answer of Nango's; it may be held back */
  change?: (
    response: RelayedResponse,
    request: http.IncomingMessage,
    body: Buffer,
  ) => RelayedResponse | Promise<RelayedResponse>;
}

export interface Relay {
  url: string;
  close(): Promise<void>;
}

const agent = new http.Agent({ keepAlive: true });
/** Of one hop, or worked out anew. */
const NOT_HANDED_ON = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

/** Starts one on a free port of 127.0.0.1. */
export async function startRelay(relaying: Relaying): Promise<Relay> {
  const server = http.createServer((request, response) => {
    void responseOf(relaying, request).then((relayed) => {
      if (relayed === 'reset') request.socket.destroy();
      else response.writeHead(relayed.status, relayed.headers).end(relayed.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}

/** With a body of JSON, as Nango answers. */
export function jsonResponse(status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): RelayedResponse {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(body)),
  };
}

async function responseOf(
  { upstream, respond, change = (same) => same }: Relaying,
  request: http.IncomingMessage,
): Promise<RelayedResponse | 'reset'> {
  const body = await buffer(request);
  const own = await respond?.(request, body);
  if (own !== undefined) return own;
  try {
    return await change(await handedOn(upstream, request, body), request, body);
  } catch {
    return 'reset';
  }
}

async function handedOn(upstream: string, request: http.IncomingMessage, body: Buffer): Promise<RelayedResponse> {
  const { method, url, headers } = request;
  const { hostname, port } = new URL(upstream);
  const outgoing = http.request({ hostname, port, method, path: url, headers, agent });
  const responded = once(outgoing, 'response') as Promise<[http.IncomingMessage]>;
  outgoing.end(body);
  const [response] = await responded;
  const kept = Object.entries(response.headers).filter(([name]) => !NOT_HANDED_ON.includes(name));
  return { status: response.statusCode ?? 0, headers: Object.fromEntries(kept), body: await buffer(response) };
}
