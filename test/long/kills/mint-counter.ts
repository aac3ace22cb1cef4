import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Stands before a Nango, and counts for whom links are made, and with which nonce. */
export class MintCounter {
  /** links by end user */
  readonly byUser = new Map<string, number>();
  /** links by nonce: a click has one */
  readonly byNonce = new Map<string, number>();

  private constructor(private readonly server: Server) {}

  /** @param nango its address */
  static async open(nango: string): Promise<MintCounter> {
    const server = createServer((request, response) => {
      void (async () => {
        const { method = 'GET', url = '/' } = request;
        const { authorization = '', 'content-type': type } = request.headers;
        const body = await buffer(request);
        if (method === 'POST' && url === '/connect/sessions') counter.count(body.toString('utf8'));
        const headers = { authorization, ...(type !== undefined && { 'content-type': type }) };
        const forwarded = await fetch(nango + url, { method, headers, body: method === 'GET' ? undefined : body });
        response.writeHead(forwarded.status, { 'content-type': forwarded.headers.get('content-type') ?? 'text/plain' });
        response.end(Buffer.from(await forwarded.arrayBuffer()));
      })().catch(() => response.destroy());
    });
    const counter = new MintCounter(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return counter;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private count(body: string): void {
    const { tags } = JSON.parse(body) as { tags: { end_user_id: string; tn_nonce: string } };
    this.byUser.set(tags.end_user_id, (this.byUser.get(tags.end_user_id) ?? 0) + 1);
    this.byNonce.set(tags.tn_nonce, (this.byNonce.get(tags.tn_nonce) ?? 0) + 1);
  }
}
