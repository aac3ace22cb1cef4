import { DEFAULT_TASK_QUEUE } from '../contract/names';
import type { Answer, Call, ConnectionRef, Json, Outcome, ProxyCall } from '../contract/types';
import { checkCall, checkConnectionRef } from '../contract/check-call';
import { fanOut } from './fan-out';
import { nextIdempotencyKey, runCall } from './run-call';

/** What may be said of a call beside method, endpoint and body. */
export type ProxyCallOptions = Pick<ProxyCall, 'headers' | 'pick' | 'idempotent'>;

/**
 * Third-party APIs through Nango, from workflow code. A call is one activity; reads are retried, a write is carried
 * out at most once unless it is marked `idempotent`.
 *
 * Every method throws failures of the taxonomy (`ApplicationFailure` with `type`): `Nango.InvalidRequest` before any
 * I/O, `Nango.ProviderRejected` for the provider's 4xx, `Nango.OutcomeUnknown` for a write that may have run,
 * `Nango.ResponseTooLarge` over 256 KB. See https://nango.dev/docs/guides/proxy-requests
 */
export interface Nango {
  /** GET; returns the body, parsed. Use {@link path} for the endpoint. */
  get(connection: ConnectionRef, endpoint: string, options?: ProxyCallOptions): Promise<Json>;
  /** POST; returns the body of the answer. A search by POST may say `idempotent: true`. */
  post(connection: ConnectionRef, endpoint: string, body?: Json, options?: ProxyCallOptions): Promise<Json>;
  put(connection: ConnectionRef, endpoint: string, body?: Json, options?: ProxyCallOptions): Promise<Json>;
  patch(connection: ConnectionRef, endpoint: string, body?: Json, options?: ProxyCallOptions): Promise<Json>;
  delete(connection: ConnectionRef, endpoint: string, options?: ProxyCallOptions): Promise<Json>;
  /** Any proxied call; returns the status as well. */
  proxy(connection: ConnectionRef, call: ProxyCall): Promise<Answer>;
  /** Runs a deployed action and waits for its output (at most 15 minutes). */
  action(
    connection: ConnectionRef,
    name: string,
    input?: Json,
    options?: { pick?: string[]; idempotent?: boolean },
  ): Promise<Json>;
  /**
   * Up to 500 calls, 16 at a time; outcomes in the order of the calls. A failed call is an outcome like a good one and
   * fails none of the others. Outcomes beyond 8 MB in all end as `Nango.ResponseTooLarge`; calls not yet begun by then
   * are not sent (such an outcome has no `status`).
   */
  fanOut(connection: ConnectionRef, calls: Call[]): Promise<Outcome[]>;
}

/** The same library for a worker of ours that polls another queue than `nango`. */
export function nangoOn(taskQueue: string): Nango {
  async function one(connection: ConnectionRef, call: Call): Promise<Answer> {
    checkConnectionRef(connection);
    checkCall(call);
    return await runCall(connection, call, nextIdempotencyKey(), taskQueue);
  }
  const data = async (connection: ConnectionRef, call: Call): Promise<Json> => (await one(connection, call)).data;
  return {
    get: (connection, endpoint, options) => data(connection, { ...options, method: 'GET', endpoint }),
    post: (connection, endpoint, body, options) => data(connection, { ...options, method: 'POST', endpoint, body }),
    put: (connection, endpoint, body, options) => data(connection, { ...options, method: 'PUT', endpoint, body }),
    patch: (connection, endpoint, body, options) => data(connection, { ...options, method: 'PATCH', endpoint, body }),
    delete: (connection, endpoint, options) => data(connection, { ...options, method: 'DELETE', endpoint }),
    proxy: one,
    action: (connection, action, input, options) => data(connection, { ...options, action, input }),
    fanOut: (connection, calls) => fanOut(connection, calls, taskQueue),
  };
}

export const nango: Nango = nangoOn(DEFAULT_TASK_QUEUE);
