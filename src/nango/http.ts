import { Agent, errors } from 'undici';
import { VERSION } from '../version';
import type { NetworkError } from './classify';

/** A Nango server and the key that opens it. */
export interface NangoServer {
  /** without a trailing slash; may have a path of its own */
  baseUrl: string;
  secretKey: string;
}

export interface HttpRequest {
  method: string;
  /** below the base URL, in ASCII, exactly as it shall arrive */
  path: string;
  headers?: Record<string, string>;
  /** sent as JSON */
  body?: unknown;
}

export interface HttpAnswer {
  kind: 'answer';
  status: number;
  /** names in lower case; of a repeated header the last value */
  headers: Record<string, string>;
  body: Buffer;
}

/** Bounds of one request. */
export interface Bounds {
  /** milliseconds from now until the request is given up */
  deadlineMs: number;
  /** aborts it; not given for a write, which nothing but its deadline ends */
  signal?: AbortSignal;
}

/** Larger answers are not read to their end. */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
const MAX_CONNECTIONS = 64;
const CONNECT_TIMEOUT_MS = 10_000;

/** Speaks HTTP to one Nango server: one pool of connections, no redirect followed, nothing retried. */
export class NangoApi {
  private readonly agent = new Agent({
    connections: MAX_CONNECTIONS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  private readonly origin: string;
  private readonly prefix: string;

  constructor(private readonly server: NangoServer) {
    const { origin, pathname } = new URL(server.baseUrl);
    this.origin = origin;
    this.prefix = pathname.replace(/\/+$/, '');
  }

  /** @returns the answer, whatever its status, or what kept it from coming; throws only the reason of an abort */
  async send({ method, path, headers, body }: HttpRequest, bounds: Bounds): Promise<HttpAnswer | NetworkError> {
    const { deadlineMs, signal } = bounds;
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      const response = await this.agent.request({
        origin: this.origin,
        path: this.prefix + path,
        method,
        headers: {
          authorization: `Bearer ${this.server.secretKey}`,
          'user-agent': `temporal-nango/${VERSION}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        headersTimeout: deadlineMs,
        bodyTimeout: deadlineMs,
        signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
      });
      return {
        kind: 'answer',
        status: response.statusCode,
        headers: lastValues(response.headers),
        body: Buffer.from(await response.body.arrayBuffer()),
      };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      return networkError(error, deadline.aborted);
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

/** Opens a Nango server; connections are made when they are needed. */
export function openNango(server: NangoServer): NangoApi {
  return new NangoApi(server);
}

function lastValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.at(-1) : value]);
  return Object.fromEntries(entries) as Record<string, string>;
}

function networkError(error: unknown, deadlinePassed: boolean): NetworkError {
  if (deadlinePassed) return { kind: 'networkError', code: 'DEADLINE' };
  if (error instanceof errors.ResponseExceededMaxSizeError) return { kind: 'networkError', code: 'TOO_LARGE' };
  // Its own `code` is always undefined in undici 7.
  if (error instanceof errors.HTTPParserError) return { kind: 'networkError', code: 'HPE_INVALID' };
  for (let e = error; typeof e === 'object' && e !== null; e = (e as Error).cause) {
    if ('code' in e && typeof e.code === 'string') return { kind: 'networkError', code: e.code };
  }
  return { kind: 'networkError', code: 'UNKNOWN' };
}
