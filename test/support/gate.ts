import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What becomes of a request at the gate: it goes through, is answered with a status and JSON, or waits. */
export type Passing = 'through' | 'held' | { status: number; json: unknown };

/** An HTTP server on loopback in front of another, where a test says what becomes of each request. */
export class Gate {
  /** base URL of the server behind it */
  target = '';
  /** @param path with the query */
  pass: (path: string) => Passing = () => 'through';
  /** before a request goes through, in ms: how far away the server is */
  latencyMs = 0;
  /** paths of the requests that came, in order */
  readonly came: string[] = [];

  private constructor(readonly url: string) {}

  static async open(): Promise<Gate & AsyncDisposable> {
    const server = createServer((incoming, outgoing) => gate.handle(incoming, outgoing));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const gate = new Gate(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const dispose = async (): Promise<void> => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    };
    return Object.assign(gate, { [Symbol.asyncDispose]: dispose });
  }

  private handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const path = incoming.url ?? '';
    this.came.push(path);
    const passing = this.pass(path);
    if (passing === 'held') return;
    if (typeof passing === 'object') {
      outgoing.writeHead(passing.status, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify(passing.json));
      return;
    }
    void sleep(this.latencyMs).then(() => this.goesThrough(incoming, outgoing, path));
  }

  private goesThrough(incoming: IncomingMessage, outgoing: ServerResponse, path: string): void {
    const { method, headers } = incoming;
    const onward = request(`${this.target}${path}`, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  }
}
