import { Agent, errors } from 'undici';
import { causesOf } from '../../contract/errors';
import type { ConnectionNames } from '../../contract/types';
import { VERSION } from '../../version';
import { DEADLINE, TOO_LARGE, UNCLEARED } from './outcome';
import type { HttpOutcome, NetworkError } from './outcome';
import { DeadlinePassed, exchange, ExchangeError, StartRefused } from './exchange';
import type { Bounds } from './bounds';
import { destinationOf } from './observer';
import type { CallGuard, HttpObserver } from './observer';

/** A Nango server and the key that opens it. */
export interface NangoServer {
  /** without a trailing slash; may have a path of its own */
  baseUrl: string;
  secretKey: string;
  /** the variable that the key was read from: a failure names it */
  keyName?: string;
}

export interface HttpRequest {
  method: string;
  /** below the base URL, in ASCII, exactly as it shall arrive */
  path: string;
  headers?: Record<string, string>;
  /** sent as JSON */
  body?: unknown;
  /** that somebody's code calls a provider through, where no header names it */
  through?: ConnectionNames;
  /** a call that no guard is shown */
  unguarded?: true;
}

/** Larger responses are not read to their end. */
export const MAX_RESPONSE_BYTES = 16 * 1024 * 1024;
/** Lanes of a `fanOut` overlap over this one bound. */
const MAX_CONNECTIONS = 128;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Speaks HTTP to one Nango server: one pool of connections, made when they are needed; no redirect followed, nothing
 * retried.
 */
export class NangoApi {
  private readonly agent = new Agent({
    connections: MAX_CONNECTIONS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    // Each request has a deadline.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  private readonly origin: string;
  private readonly prefix: string;

  // Private at run time too, so that whatever prints or logs an object prints no key.
  readonly #server: NangoServer;

  private observer: HttpObserver | undefined;
  private guard: CallGuard | undefined;

  constructor(server: NangoServer) {
    this.#server = server;
    const { origin, pathname } = new URL(server.baseUrl);
    this.origin = origin;
    this.prefix = pathname.replace(/\/+$/, '');
  }

  /** Every request from now on is shown to it. */
  observedBy(observer: HttpObserver): void {
    this.observer = observer;
  }

  /** Every call through a connection from now on is shown to it. */
  guardedBy(guard: CallGuard): void {
    this.guard = guard;
  }

  get keyName(): string | undefined {
    return this.#server.keyName;
  }

  /** @returns the response, whatever its status, or what kept it from coming; throws only the reason of an abort */
  async send(request: HttpRequest, bounds: Bounds): Promise<HttpOutcome> {
    const { method, path, headers, body, through, unguarded } = request;
    const { signal } = bounds;
    const destination = destinationOf(request);
    const observed = (outcome: HttpOutcome): HttpOutcome => {
      this.observer?.ended(destination, outcome);
      return outcome;
    };
    const connection = through ?? destination.connection;
    const mayStart = (): boolean => {
      const isRefused = connection !== undefined && !unguarded && this.guard?.mayStart(connection) === false;
      if (!isRefused) this.observer?.started(destination);
      return !isRefused;
    };
    try {
      const response = await exchange(
        this.agent,
        {
          origin: this.origin,
          path: this.prefix + path,
          method,
          headers: {
            authorization: `Bearer ${this.#server.secretKey}`,
            'user-agent': `temporal-nango/${VERSION}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          body: body === undefined ? undefined : JSON.stringify(body),
        },
        bounds,
        mayStart,
      );
      return observed({ kind: 'response', ...response, headers: lastValues(response.headers) });
    } catch (error) {
      if (error instanceof ExchangeError) {
        const outcome = observed(networkError(error));
        if (!signal?.aborted) return outcome;
      }
      throw signal?.aborted ? signal.reason : error;
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }
}

function lastValues(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const last: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) last[name] = (Array.isArray(value) ? value.at(-1) : value) ?? '';
  return last;
}

function networkError({ cause, unsent, status }: ExchangeError): NetworkError {
  return { kind: 'networkError', code: codeOf(cause), unsent, status };
}

function codeOf(error: unknown): string {
  if (error instanceof DeadlinePassed) return DEADLINE;
  if (error instanceof StartRefused) return UNCLEARED;
  if (error instanceof errors.ResponseExceededMaxSizeError) return TOO_LARGE;
  // Its own `code` is always undefined in undici 7.
  if (error instanceof errors.HTTPParserError) return 'HPE_INVALID';
  for (const { code } of causesOf(error)) if (typeof code === 'string') return code;
  return 'UNKNOWN';
}
