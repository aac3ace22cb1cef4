import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { fail, parse } from './answers';
import { authorization, send } from './provider-http';
import type { UpstreamAnswer } from './provider-http';
import { proxiedBody } from './proxied-body';
import { freshen } from './refresh';
import type { Connection, Credentials, State } from './state';
import type { Webhooks } from './webhooks';

/** What a provider would have received. */
export interface ProxiedRequest {
  integration: string;
  connectionId: string;
  /** of the connection, so that answers can depend on whose it is */
  credentials: Credentials;
  method: string;
  /** path and query below the provider's base URL, byte for byte */
  path: string;
  headers: { [name: string]: string };
  /** parsed where it is JSON, text otherwise; undefined for none */
  body: unknown;
}

/** What a provider answers; `reset` breaks the caller's connection. At most one of `json`, `text`, `buffer`. */
export type ProxiedAnswer =
  | {
      status?: number;
      headers?: { [name: string]: string | undefined };
      json?: unknown;
      text?: string;
      buffer?: Buffer;
      chunked?: boolean;
    }
  | 'reset';

/** A test's provider; the promise may be held for as long as it likes. */
export type ProxyHandler = (request: ProxiedRequest) => ProxiedAnswer | Promise<ProxiedAnswer>;

const PREFIX = 'nango-proxy-';
/** Of a buffered success Nango hands on only these. */
const KEPT_HEADERS = ['content-type', 'mcp-session-id', 'x-request-id', 'x-correlation-id'];
const NOT_FORWARDED = ['connection', 'transfer-encoding', 'content-length', 'keep-alive', 'date'];
const RETRY_MS = 3_000;
const ABOUT_TO_RESET = 'FAKE_RESET';

const headersSchema = z.object({
  'connection-id': z.string(),
  'provider-config-key': z.string(),
  retries: z.coerce.number().optional(),
  'retry-on': z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .optional(),
  'base-url-override': z.union([z.url(), z.literal('')]).optional(),
});

export interface ProxyCall {
  method: string;
  /** what stood behind `/proxy`, byte for byte */
  rest: string;
  headers: { [name: string]: string };
  raw: Buffer;
}

/** Carries out a proxied call. @returns undefined if the caller's connection is to be broken */
export async function proxy(
  state: State,
  webhooks: Webhooks,
  handlerOf: (integration: string) => ProxyHandler | undefined,
  { method, rest, headers, raw }: ProxyCall,
): Promise<Response | undefined> {
  const given = parse(headersSchema, headers, 'invalid_headers');
  const integration = state.integrations.get(given['provider-config-key']);
  if (integration === undefined) return fail(404, { code: 'unknown_provider_config', message: 'No such integration.' });
  const connection = state.find(integration.key, given['connection-id']);
  if (connection === undefined) return fail(400, { code: 'server_error', message: 'Failed to get connection' });
  const freshness = await freshen(state, webhooks, connection);
  if (freshness === 'backoff')
    return fail(424, { code: 'connection_refresh_backoff', message: 'A refresh failed lately.' });
  if (freshness === 'failed') return fail(400, { code: 'server_error', message: 'The token was not refreshed.' });

  const base = given['base-url-override'] || integration.provider.baseUrl || 'http://provider.invalid';
  // As a URL library makes it of base and path: dot segments go, and `{` is encoded in the path.
  const url = new URL(base + interpolate(rest || '/', connection));
  const { body, ...content } = proxiedBody(method, headers, raw);
  const outgoing = {
    accept: 'application/json, text/plain, */*',
    'user-agent': 'node',
    authorization: authorization(connection.credentials),
    ...content.headers,
    ...forwarded(headers),
  };
  const handler = given['base-url-override'] ? undefined : handlerOf(integration.key);
  const attempt = async (): Promise<UpstreamAnswer> => {
    if (handler === undefined) return await send({ method, url, headers: outgoing, body });
    const { key, provider } = integration;
    const path = url.href.slice(new URL(provider.baseUrl ?? 'http://provider.invalid').href.replace(/\/$/, '').length);
    return materialize(
      await handler({
        integration: key,
        connectionId: connection.connectionId,
        credentials: connection.credentials,
        method,
        path,
        headers: outgoing,
        body: parsed(body),
      }),
    );
  };
  try {
    return handOn(await retried(attempt, given.retries ?? 0, given['retry-on']?.split(',') ?? []));
  } catch (error) {
    const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
    if (code === ABOUT_TO_RESET) return undefined;
    return json(500, { message, code, method: method.toLowerCase() });
  }
}

/** `${apiKey}` and its like are replaced wherever they stand unencoded: a trap of Nango's that callers must know. */
function interpolate(rest: string, { credentials, connectionConfig, metadata }: Connection): string {
  const known: { [name: string]: unknown } = {
    ...credentials,
    credentials,
    connectionConfig,
    metadata,
    accessToken: 'access_token' in credentials ? credentials.access_token : undefined,
  };
  return rest.replace(/\$\{([\w.]+)\}/g, (literal, path: string) => {
    const value = path
      .split('.')
      .reduce<unknown>((place, key) => (place as { [name: string]: unknown } | undefined)?.[key], known);
    return typeof value === 'string' ? value : literal;
  });
}

function forwarded(headers: { [name: string]: string }): { [name: string]: string } {
  const ours = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(ours.map(([name, value]) => [name.slice(PREFIX.length), value]));
}

function parsed(body: Buffer | undefined): unknown {
  if (body === undefined || body.length === 0) return undefined;
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function materialize(answer: ProxiedAnswer): UpstreamAnswer {
  if (answer === 'reset') throw Object.assign(new Error('reset'), { code: ABOUT_TO_RESET });
  const { status = 200, headers = {}, json, text, buffer, chunked } = answer;
  const body = buffer ?? Buffer.from(json !== undefined ? JSON.stringify(json) : (text ?? ''));
  const type = json !== undefined ? 'application/json' : text !== undefined ? 'text/plain' : undefined;
  return {
    status,
    headers: { ...(type && { 'content-type': type }), ...(chunked && { 'transfer-encoding': 'chunked' }), ...headers },
    body,
  };
}

async function retried(
  attempt: () => Promise<UpstreamAnswer>,
  retries: number,
  retryOn: string[],
): Promise<UpstreamAnswer> {
  for (let n = 0; ; n++) {
    const answer = await attempt();
    const failed =
      answer.status >= 500 || [401, 429].includes(answer.status) || retryOn.includes(String(answer.status));
    if (!failed || n >= retries) return answer;
    const asked = Number(answer.headers['retry-after']) * 1000;
    await sleep(asked > 0 ? asked : RETRY_MS * 2 ** n);
  }
}

/** A stream and an error keep status and headers; a buffered success loses most of both. */
function handOn({ status, headers, body }: UpstreamAnswer): Response {
  const streamed = headers['transfer-encoding'] === 'chunked' || headers['content-disposition'] !== undefined;
  const whole = streamed || status >= 400;
  const kept = Object.entries(headers).filter(([name]) =>
    whole ? !NOT_FORWARDED.includes(name) : KEPT_HEADERS.includes(name),
  );
  const shown = whole || status === 204 ? status : 200;
  const bodyless = shown === 204 || shown === 304;
  const answer = new Response(bodyless ? null : new Uint8Array(body), {
    status: shown,
    headers: Object.fromEntries(kept),
  });
  if (!bodyless && !answer.headers.has('content-type')) answer.headers.set('content-type', 'application/octet-stream');
  return answer;
}

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json; charset=utf-8' } });
}
