import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Ledger } from './ledger';

/** The first request of each of these meets a Nango that is down. */
const FAILING: { [what: string]: RegExp } = {
  'a lookup': /^GET \/connections\?.*watched/,
  'a sweep': /^GET \/connections\?.*managed_by/,
  'a snapshot': /^GET \/connections\/c-same\?/,
  'a change of tags': /^PATCH \/connections\//,
  'a change of metadata': /^POST \/connections\/metadata/,
  'a deletion': /^DELETE \/connections\//,
  'a reconnect link': /^POST \/connect\/sessions\/reconnect/,
  'a poll': /^GET \/action\//,
  'the facts of a provider': /^GET \/providers\//,
};
/** Of one hop, or worked out anew. */
const NOT_HANDED_ON = ['connection', 'keep-alive', 'transfer-encoding', 'content-length'];

interface UpstreamResponse {
  status: number;
  headers: http.OutgoingHttpHeaders;
  body: Buffer;
}

/**
 * What stands between all our processes and Nango, and nobody else: it hands on byte for byte and enters what passes
 * into the ledger. Once a route it answers itself, with a page or an error that holds a canary.
 */
export class Gateway {
  /** where Nango is */
  upstream = '';
  private readonly failing = new Map(Object.entries(FAILING));
  private readonly server = http.createServer((request, response) => void this.respond(request, response));

  private constructor(private readonly ledger: Ledger) {
    for (const what of this.failing.keys()) ledger.secret(outageOf(what));
  }

  /** On a free port of 127.0.0.1. */
  static async start(ledger: Ledger): Promise<Gateway> {
    const gateway = new Gateway(ledger);
    gateway.server.listen(0, '127.0.0.1');
    await once(gateway.server, 'listening');
    return gateway;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async respond(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const relayed = await this.responseOf(`${method} ${url}`, request).catch(() => undefined);
    if (relayed === undefined) {
      // A connection that Nango broke is broken here too.
      request.socket.destroy();
      return;
    }
    this.ledger.saw(JSON.stringify([url, headers, relayed.headers]));
    this.ledger.saw(relayed.body.toString('utf8'));
    response.writeHead(relayed.status, relayed.headers).end(relayed.body);
  }

  private async responseOf(line: string, request: http.IncomingMessage): Promise<UpstreamResponse> {
    for (const [what, route] of this.failing) {
      if (!route.test(line)) continue;
      this.failing.delete(what);
      return outage(this.failing.size, this.ledger.said(outageOf(what)));
    }
    return await this.handOn(request);
  }

  private async handOn(request: http.IncomingMessage): Promise<UpstreamResponse> {
    const { method, url, headers } = request;
    const body = await buffer(request);
    const { hostname, port } = new URL(this.upstream);
    const outgoing = http.request({ hostname, port, method, path: url, headers, agent: false });
    const responded = once(outgoing, 'response') as Promise<[http.IncomingMessage]>;
    outgoing.end(body);
    const [response] = await responded;
    const kept = Object.entries(response.headers).filter(([name]) => !NOT_HANDED_ON.includes(name));
    return { status: response.statusCode ?? 0, headers: Object.fromEntries(kept), body: await buffer(response) };
  }
}

function outageOf(what: string): string {
  return `what is said in the outage of ${what}`;
}

/** By turns the page of a proxy and an error of Nango's own. */
function outage(turn: number, said: string): UpstreamResponse {
  if (turn % 2 === 0) {
    const page = `<html><body><p>Upstream said ${said}</p></body></html>`;
    return { status: 502, headers: { 'content-type': 'text/html', 'x-detail': said }, body: Buffer.from(page) };
  }
  const error = { code: 'server_error', message: said, payload: { said }, errors: [{ path: [said], message: said }] };
  const headers = { 'content-type': 'application/json', 'x-detail': said };
  return { status: 500, headers, body: Buffer.from(JSON.stringify({ error, message: said })) };
}
