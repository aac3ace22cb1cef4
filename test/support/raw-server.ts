import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A request as it came over the wire: bytes as Latin-1, header names in lower case, repeated headers kept apart. */
export interface RawRequest {
  line: string;
  headers: [name: string, value: string][];
  body: string;
  socket: Socket;
}

/** A TCP server that reads HTTP/1.1 requests byte for byte and normalizes nothing. */
export interface RawServer {
  baseUrl: string;
  /** all requests so far */
  requests: RawRequest[];
  /** connections accepted so far */
  accepted(): number;
  /** resolves once this many requests have come */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

/** @param respond what to write back; undefined holds the request: its socket is the handler's */
export async function startRawServer(respond: (request: RawRequest) => string | undefined): Promise<RawServer> {
  const requests: RawRequest[] = [];
  const sockets = new Set<Socket>();
  const arrivals = new EventEmitter();
  let accepted = 0;

  const server = createServer((socket) => {
    accepted++;
    sockets.add(socket);
    let buffered = '';
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      buffered += chunk.toString('latin1');
      for (let parsed = parse(buffered); parsed !== undefined; parsed = parse(buffered)) {
        buffered = parsed.rest;
        const request = { ...parsed.request, socket };
        requests.push(request);
        const text = respond(request);
        if (text !== undefined) socket.write(text, 'latin1');
        arrivals.emit('request');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    accepted: () => accepted,
    received: async (count) => {
      while (requests.length < count) await once(arrivals, 'request');
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** An HTTP/1.1 answer that keeps its connection open. */
export function reply(status: number, body = '', headers: Record<string, string> = {}): string {
  const lines = Object.entries({ 'content-length': String(Buffer.byteLength(body, 'latin1')), ...headers });
  return `HTTP/1.1 ${status} x\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

export function replyJson(status: number, body: unknown, headers: Record<string, string> = {}): string {
  return reply(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

/** All values of a header, in order. */
export function valuesOf(request: RawRequest | undefined, name: string): string[] {
  return (request?.headers ?? []).filter(([key]) => key === name).map(([, value]) => value);
}

/** The first whole request of what has come, and what is left; undefined while it is not whole. */
function parse(text: string): { request: Omit<RawRequest, 'socket'>; rest: string } | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [line = '', ...fields] = text.slice(0, end).split('\r\n');
  const headers = fields.map((field): [string, string] => {
    const colon = field.indexOf(':');
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()];
  });
  const length = Number(headers.find(([name]) => name === 'content-length')?.[1] ?? 0);
  const from = end + 4;
  if (text.length < from + length) return undefined;
  return { request: { line, headers, body: text.slice(from, from + length) }, rest: text.slice(from + length) };
}
