import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import type { Client } from '@temporalio/client';
import type { NangoConfig } from '../config';
import { nangoFailure } from '../contract/errors';
import { isLoopback } from '../contract/rules/loopback';
import { accessLogged } from './access-log';
import type { AccessLine } from './access-log';
import { inboxWeb } from './inbox-web';
import { publicWeb } from './public-web';

/** Requests in flight get this long to end. */
const DRAIN_MS = 10_000;
/** Whoever sends slowly must not hold a connection for ever. */
const SERVER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
};
const IDLE_CHECK_MS = 50;

/** Where to listen; the port 0 is any that is free. */
interface ListenAddress {
  host: string;
  port: number;
}

export interface ServeWebOptions {
  client: Client;
  config: NangoConfig;
  /** for people with a link, and Nango's webhooks: may face the internet */
  public: ListenAddress;
  /** for operators. Without `config.inboxToken` a loopback address, and a token is made */
  inbox: ListenAddress;
  /** proxies in front of the public listener; default 0 */
  trustedProxies?: number;
  /** whoever connects has to say so in the browser that has clicked, before the connection counts; default false */
  verifyOwner?: boolean;
  /** is called for every request that got its response; default: nobody is */
  onRequest?: (line: AccessLine) => void;
}

export interface ServedWeb {
  /** where the public listener is, which may be another address than people use */
  publicUrl: string;
  inboxUrl: string;
  /** fills in the token that was made; absent where one was given */
  loginUrl?: string;
  /** Accepts nothing more, and lets requests in flight end, for 10 s at most. */
  close(): Promise<void>;
}

/**
 * Serves both handlers, each on a listener of its own, so that the first can face the internet while the second does not.
 * Where no public address is configured, permanent links lead to the public listener.
 *
 * @throws Nango.Misconfigured naming `TEMPORAL_NANGO_INBOX_TOKEN` for an inbox beyond this machine without a token; the
 *   system's error for an address that cannot be had, such as `EADDRINUSE`
 */
export async function serveWeb(options: ServeWebOptions): Promise<ServedWeb> {
  const { client, config, trustedProxies, verifyOwner, onRequest = () => undefined } = options;
  if (config.inboxToken === undefined && !isLoopback(options.inbox.host)) {
    throw nangoFailure('Nango.Misconfigured', {
      field: 'TEMPORAL_NANGO_INBOX_TOKEN',
      hint: 'An inbox that is reached from other machines needs TEMPORAL_NANGO_INBOX_TOKEN; `openssl rand -hex 32` makes one.',
    });
  }
  const made = config.inboxToken === undefined ? randomBytes(32).toString('base64url') : undefined;

  const people = publicWeb(client, { config, trustedProxies, verifyOwner });
  const publicServer = await listen(options.public, accessLogged('public', people.fetch, onRequest));
  const publicUrl = urlOf(publicServer);
  try {
    const linked = { ...config, publicUrl: config.publicUrl ?? publicUrl };
    const operators = inboxWeb(client, { config: linked, token: config.inboxToken ?? made });
    const inboxServer = await listen(options.inbox, accessLogged('inbox', operators.fetch, onRequest));
    const inboxUrl = urlOf(inboxServer);
    return {
      publicUrl,
      inboxUrl,
      loginUrl: made === undefined ? undefined : `${inboxUrl}/login?token=${made}`,
      close: async () => void (await Promise.all([publicServer, inboxServer].map(drain))),
    };
  } catch (error) {
    await drain(publicServer);
    throw error;
  }
}

type Fetch = Parameters<typeof serve>[0]['fetch'];

async function listen({ host: hostname, port }: ListenAddress, fetch: Fetch): Promise<Server> {
  return await new Promise((resolve, reject) => {
    const options = { createServer, serverOptions: SERVER_LIMITS, overrideGlobalObjects: false };
    const server = serve({ fetch, hostname, port, ...options }, () => resolve(server)) as Server;
    server.once('error', reject);
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  // A connection whose request has just ended stays open for the next one, which must not come.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(late);
}
