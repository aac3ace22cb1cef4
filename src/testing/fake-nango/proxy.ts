import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { fail, json, parse } from './responses';
import { connectionId, empty, integrationKey } from './fields';
import { isPublicUrl } from './outbound';
import { authorization } from './modes/credentials';
import type { Credentials } from './modes/credentials';
import { send } from './provider-http';
import type { UpstreamResponse } from './provider-http';
import { proxiedBody } from './proxied-body';
import { asUpstream, handOn, whole } from './proxied-response';
import type { ProxiedResponse } from './proxied-response';
import { below, NOWHERE, proxiedUrl } from './proxy-url';
import { freshen, NO_CREDENTIALS, REFRESH_MESSAGE } from './refresh';
import type { Connection, Integration, State } from './state';
import type { Webhooks } from './webhooks';

/** What a provider would have received. */
export interface ProxiedRequest {
  /** key of the integration */
  integration: string;
  /** id of the connection */
  connectionId: string;
  /** of the connection, so that responses can depend on whose it is */
  credentials: Credentials;
  /** in capital letters */
  method: string;
  /** path and query below the provider's base URL, byte for byte */
  path: string;
  /** with the credentials; names in small letters */
  headers: { [name: string]: string };
  /** parsed where it is JSON, text otherwise; undefined for none */
  body: unknown;
}

/** A test's provider; the promise may be held for as long as it likes. */
export type ProxyHandler = (request: ProxiedRequest) => ProxiedResponse | Promise<ProxiedResponse>;

const PREFIX = 'nango-proxy-';
const RETRY_MS = 3_000;
const RETRY_MOST_MS = 600_000;
/** Network errors that are worth another try. */
const RETRIED_CODES = ['ECONNRESET', 'ETIMEDOUT', 'ECONNABORTED', 'ECONNREFUSED', 'EHOSTUNREACH', 'EAI_AGAIN'];

const yesOrNo = z.enum(['true', 'false']).optional();
const headersSchema = z.object({
  'provider-config-key': integrationKey,
  'connection-id': connectionId,
  retries: z.coerce.number().optional(),
  'base-url-override': z.union([z.url(), empty]).optional(),
  decompress: yesOrNo,
  'retry-on': z
    .string()
    .regex(/^\d+(,\d+)*$/)
    .optional(),
  'forward-headers-on-redirect': yesOrNo,
  'nango-activity-log-id': z.string().max(255).optional(),
  'nango-is-sync': yesOrNo,
  'nango-is-dry-run': yesOrNo,
});

/** A call as the caller made it. */
export interface ProxyCall {
  method: string;
  /** what stood behind `/proxy`, byte for byte */
  endpoint: string;
  headers: { [name: string]: string };
  raw: Buffer;
  /** the body, if it was JSON */
  parsed: unknown;
  /** of an action, which gets the provider's response as it is */
  isOfAction?: boolean;
}

/** Carries out a proxied call. @returns undefined if the caller's connection is to be broken */
export async function proxy(
  state: State,
  webhooks: Webhooks,
  handlerOf: (integration: string) => ProxyHandler | undefined,
  { method, endpoint, headers, raw, parsed, isOfAction }: ProxyCall,
): Promise<Response | undefined> {
  const given = parse(headersSchema, headers, 'invalid_headers');
  const { integration, connection } = await authorized(state, webhooks, given);
  const override = given['base-url-override'] || undefined;
  const handler = override === undefined ? handlerOf(integration.key) : undefined;
  const base = override ?? integration.provider.baseUrl ?? (handler && NOWHERE);
  if (base === undefined) return fail(400, { code: 'unsupported_provider', message: 'The provider has no address.' });
  const { retries = 0 } = given;
  // Nango makes fewer than no attempts, and trips over that.
  if (retries < 0) return new Response(null, { status: 500 });

  // A whole URL below the provider's base counts as what comes after the base.
  const url = proxiedUrl(base, override === undefined ? endpoint.replace(base, '') : endpoint, connection);
  const { body, ...content } = proxiedBody(method, headers, raw, parsed);
  const credential = authorization(connection.credentials);
  const outgoing = {
    accept: 'application/json, text/plain, */*',
    'user-agent': 'node',
    'accept-encoding': 'gzip, compress, deflate, br',
    connection: 'keep-alive',
    ...(credential !== undefined && { authorization: credential }),
    ...content.headers,
    ...forwarded(headers),
  };
  const attempt = async (): Promise<UpstreamResponse | 'reset'> => {
    if (handler === undefined) return await send({ method, url, headers: outgoing, body });
    const response = await handler({
      integration: integration.key,
      connectionId: connection.connectionId,
      credentials: connection.credentials,
      method,
      path: below(base, url),
      headers: outgoing,
      body: readable(body),
    });
    return response === 'reset' ? response : asUpstream(response);
  };
  try {
    const response = await retried(attempt, retries, given['retry-on']?.split(',') ?? []);
    if (response === 'reset') return undefined;
    return isOfAction ? whole(response) : handOn(response);
  } catch (error) {
    const { code = 'UNKNOWN', message } = error as NodeJS.ErrnoException;
    return json(500, { message, code, method: method.toLowerCase() });
  }
}

/** The connection with credentials that can be used, or the end of the request. */
async function authorized(
  state: State,
  webhooks: Webhooks,
  given: z.infer<typeof headersSchema>,
): Promise<{ integration: Integration; connection: Connection }> {
  const override = given['base-url-override'];
  if (override && !isPublicUrl(override)) {
    return fail(400, { code: 'base_url_override_not_allowed', message: 'This address is not called.' });
  }
  const integration = state.integrations.get(given['provider-config-key']);
  if (integration === undefined) return fail(404, { code: 'unknown_provider_config', message: 'No such integration.' });
  const connection = state.find(integration.key, given['connection-id']);
  if (connection === undefined) return fail(400, { code: 'server_error', message: 'There is no such connection.' });
  const freshness = await freshen(state, webhooks, connection);
  if (freshness === 'ok') return { integration, connection };
  const message = REFRESH_MESSAGE[freshness];
  if (freshness === 'backoff') return fail(424, { code: 'connection_refresh_backoff', message });
  const status = freshness === 'exhausted' ? 424 : 400;
  return fail(status, { code: 'server_error', message: `${NO_CREDENTIALS}: '${message}'` });
}

/** Headers for the provider: those that say so. */
function forwarded(headers: { [name: string]: string }): { [name: string]: string } {
  const forProvider = Object.entries(headers).filter(([name]) => name.startsWith(PREFIX));
  return Object.fromEntries(forProvider.map(([name, value]) => [name.slice(PREFIX.length), value]));
}

/** A body parsed where it is JSON, as text otherwise. */
export function readable(body: Buffer | undefined): unknown {
  if (body === undefined || body.length === 0) return undefined;
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Nango's own retries, off unless asked for: after 3 s, 6 s, 12 s or what the provider says. */
async function retried(
  attempt: () => Promise<UpstreamResponse | 'reset'>,
  retries: number,
  retryOn: string[],
): Promise<UpstreamResponse | 'reset'> {
  for (let n = 0; ; n++) {
    let wanted = 0;
    try {
      const response = await attempt();
      if (response === 'reset' || n >= retries || !isRetried(response.status, retryOn)) return response;
      wanted = Number(response.headers['retry-after']) * 1000;
    } catch (error) {
      if (n >= retries || !RETRIED_CODES.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
    await sleep(wanted > 0 ? wanted : Math.min(RETRY_MS * 2 ** n, RETRY_MOST_MS));
  }
}

function isRetried(status: number, retryOn: string[]): boolean {
  return status >= 500 || [401, 429].includes(status) || retryOn.includes(String(status));
}
