import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Random } from '../../../test/support/random';
import { bodyOfBytes } from './bodies';
import { CALM, CONNECTION_ID, END_USER_ID, INTEGRATION, SECRET_KEY } from './settings';
import type { StandInCounts, StandInSettings } from './settings';
import { FixedWindow } from './window';

const KEEP_ALIVE_MS = 120_000;
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** One connection, as Nango's lists and reads show it. */
const CONNECTION = {
  id: 1,
  connection_id: CONNECTION_ID,
  provider_config_key: INTEGRATION,
  provider: INTEGRATION,
  created: '2026-01-01T00:00:00.000Z',
  created_at: '2026-01-01T00:00:00.000Z',
  metadata: null,
  errors: [],
  tags: { end_user_id: END_USER_ID },
};

/** A Nango with one connection, and a provider behind it that answers everything: just enough for what is measured. */
export class StandIn {
  readonly server: Server;
  private settings: StandInSettings = CALM;
  private random = new Random(CALM.seed);
  private window: FixedWindow | undefined;
  private counts: StandInCounts = none();
  private readonly done = new Set<string>();

  constructor() {
    this.server = createServer((request, response) => this.serve(request, response));
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /** Other settings, a fresh window, and counts from 0. */
  configure(settings: StandInSettings): void {
    this.settings = settings;
    this.random = new Random(settings.seed);
    const { limit } = settings;
    this.window = limit === undefined ? undefined : new FixedWindow(limit.calls, limit.windowS * 1_000);
    this.begin();
  }

  begin(): void {
    this.counts = none();
    this.done.clear();
  }

  counted(): StandInCounts {
    return this.counts;
  }

  private serve(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    this.counts.requests++;
    const { latencyMs, jitterMs } = this.settings;
    const counted = this.window?.count(Date.now());
    const ms = latencyMs + (this.random.next() * 2 - 1) * jitterMs;
    setTimeout(() => {
      for (const [name, value] of Object.entries(counted?.headers ?? {})) response.setHeader(name, value);
      if (counted?.refused) this.refuse(request, response);
      else this.respond(request, response);
    }, ms);
  }

  private refuse({ method, url }: IncomingMessage, response: ServerResponse): void {
    this.counts.refused++;
    const path = (url ?? '').split('?')[0];
    send(response, 429, JSON.stringify({ error: { code: 'too_many_request', method, path } }));
  }

  private respond(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stand-in');
    if (request.headers.authorization !== `Bearer ${SECRET_KEY}`) {
      return send(response, 401, '{"error":{"code":"unknown_account","message":"unknown key"}}');
    }
    if (pathname.startsWith('/proxy/')) return this.proxied(request, pathname, searchParams, response);
    if (pathname === '/connections') return send(response, 200, JSON.stringify({ connections: [CONNECTION] }));
    if (pathname.startsWith('/connections/')) return send(response, 200, JSON.stringify(CONNECTION));
    if (pathname === '/integrations') {
      return send(response, 200, JSON.stringify({ data: [{ unique_key: INTEGRATION, provider: INTEGRATION }] }));
    }
    if (pathname.startsWith('/providers/')) {
      return send(response, 200, JSON.stringify({ data: { name: INTEGRATION, auth_mode: 'OAUTH2' } }));
    }
    send(response, 404, '{"error":{"code":"not_found","message":"no such route"}}');
  }

  private proxied({ method }: IncomingMessage, path: string, query: URLSearchParams, response: ServerResponse): void {
    const { errorShare } = this.settings;
    if (errorShare > 0 && this.random.next() < errorShare) return send(response, 503, '{"message":"try again"}');
    const key = `${method} ${path}`;
    if (this.done.has(key)) this.counts[method === 'GET' ? 'repeatedReads' : 'repeatedWrites']++;
    this.done.add(key);
    send(response, 200, bodyOfBytes(Number(query.get('bytes') ?? 1_024)));
  }
}

function send(response: ServerResponse, status: number, body: string | Buffer): void {
  response.writeHead(status, { ...JSON_TYPE, 'content-length': Buffer.byteLength(body) }).end(body);
}

function none(): StandInCounts {
  return { requests: 0, refused: 0, repeatedReads: 0, repeatedWrites: 0 };
}
