import { once } from 'node:events';
import type { Server } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { serve } from '@hono/node-server';
import type { Client } from '@temporalio/client';
import { publicWeb } from '../../src/web/public-web';
import type { PublicWebOptions } from '../../src/web/public-web';
import type { EnsureConnectionInput, Question, RequestRef } from '../../src/contract/types';
import { signedPath } from '../../src/requests/permanent-link';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { absentTemporal } from '../support/absent-temporal';
import { World } from '../support/world';

/** What tests of the public web stand on. */

export const LINK_KEYS = ['k'.repeat(32), 'o'.repeat(32)];
const CONFIG = { linkKeys: LINK_KEYS, appName: 'Acme' };

/** @param settings what {@link World.open} takes */
export async function openWorld(settings: Parameters<typeof World.open>[1] = {}): Promise<World> {
  return await World.open('dev', { ...settings, config: { ...CONFIG, ...settings.config } });
}

let person = 0;

/** A request for somebody new. */
export async function openRequest(world: World, over: Partial<EnsureConnectionInput> = {}): Promise<ConnectionRequest> {
  const endUser = { id: `person-${++person}` };
  const request = await world.connections.ensureConnection({ integration: 'hubspot', endUser, ...over });
  if (request.kind !== 'request') throw new Error('is connected');
  return request;
}

/** The path of a request's page. */
export function pathOf(ref: RequestRef): string {
  return `/connect/${signedPath(ref, LINK_KEYS)}`;
}

/** A browser on the page itself; each has an address of its own, as a proxy says it. */
export class Visitor {
  private static visitors = 0;
  readonly address = `198.51.100.${++Visitor.visitors}`;
  readonly web: ReturnType<typeof publicWeb>;

  constructor(world: Pick<World, 'client' | 'config'>, options: PublicWebOptions = {}) {
    this.web = publicWeb(world.client, { config: world.config, trustedProxies: 1, ...options });
  }

  /** The page: `text` is its HTML without what isolates the names in it. */
  async get(path: string): Promise<{ status: number; text: string; html: string; headers: Headers }> {
    return await this.fetch(path, {});
  }

  /** Presses a button. @param headers default: those of a form of the page itself */
  async press(path: string, choice: string, headers: Record<string, string> = { 'sec-fetch-site': 'same-origin' }) {
    return await this.post(path, { do: choice }, headers);
  }

  /** Presses the button to connect on the page as it was while it asked this. */
  async connect(path: string, question: Question['kind']) {
    return await this.post(path, { do: 'connect', question }, { 'sec-fetch-site': 'same-origin' });
  }

  private async post(path: string, form: Record<string, string>, headers: Record<string, string>) {
    const body = new URLSearchParams(form).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return await this.fetch(path, { method: 'POST', body, headers: { ...type, ...headers } });
  }

  private async fetch(path: string, { headers, ...init }: RequestInit & { headers?: Record<string, string> }) {
    const response = await this.web.request(path, {
      ...init,
      headers: { 'x-forwarded-for': this.address, ...headers },
    });
    const html = await response.text();
    return { status: response.status, text: html.replace(/<\/?bdi>/g, ''), html, headers: response.headers };
  }
}

/** A real server on loopback. */
export async function listen(fetch: Parameters<typeof serve>[0]['fetch']): Promise<{ url: string; server: Server }> {
  return await new Promise((resolve) => {
    const options = { fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false };
    const server = serve(options, ({ port }: AddressInfo) => {
      resolve({ url: `http://127.0.0.1:${port}`, server: server as Server });
    });
  });
}

export async function stop(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/** A Temporal that takes connections and never says a word. */
export async function openSilentTemporal(): Promise<{ client: Client; close(): Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = absentTemporal(`127.0.0.1:${port}`, 4_000);
  return {
    client,
    async close() {
      await client.connection.close();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
