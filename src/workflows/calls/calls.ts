import { DEFAULT_TASK_QUEUE } from '../../contract/names';
import type {
  ActionOptions,
  BulkInput,
  BulkResult,
  CallResponse,
  Call,
  ConnectionRef,
  FanOutOptions,
  Json,
  Outcome,
  Page,
  PagingConnection,
  ProxyCall,
} from '../../contract/types';
import { checkCall } from '../../contract/rules/check-call';
import { checkConnection } from '../../contract/rules/healing';
import { checkTemporalName } from '../../contract/rules/check-shape';
import type { PagingOptions } from '../../contract/rules/check-paging';
import { discoveryOn } from '../discovery';
import type { Discovery } from '../discovery';
import { fanOut } from './fan-out/fan-out';
import { bulk } from '../bulk/start-bulk';
import { paginate } from './paginate';
import { nextNumber, runCall } from './run-call';

/** What may be said of a call beside method, endpoint and body; default: nothing. */
export type ProxyCallOptions = Pick<ProxyCall, 'headers' | 'pick' | 'idempotent'>;

/**
 * Third-party APIs through Nango, from workflow code. A call is one activity; reads are retried, a write is carried
 * out at most once unless it is marked `idempotent`. What there is to call is {@link Discovery}.
 *
 * Every call throws failures of the taxonomy (`ApplicationFailure` with `type`): `Nango.InvalidRequest` before any
 * I/O, `Nango.ScopesMissing` for the provider's 4xx that says so, `Nango.ProviderRejected` for any other,
 * `Nango.OutcomeUnknown` for a write that may have run, `Nango.ResponseTooLarge` over 256 KB, with External Storage over
 * 16 MB. See https://nango.dev/docs/guides/proxy-requests
 */
export interface Nango extends Discovery {
  /** GET; returns the body, parsed. Use {@link path} for the endpoint. */
  get(connection: ConnectionRef, endpoint: string, options?: ProxyCallOptions): Promise<Json>;
  /** POST; returns the body of the response. A search by POST may say `idempotent: true`. */
  post(connection: ConnectionRef, endpoint: string, body?: Json, options?: ProxyCallOptions): Promise<Json>;
  /** PUT; returns the body of the response. */
  put(connection: ConnectionRef, endpoint: string, body?: Json, options?: ProxyCallOptions): Promise<Json>;
  /** PATCH; returns the body of the response. */
  patch(connection: ConnectionRef, endpoint: string, body?: Json, options?: ProxyCallOptions): Promise<Json>;
  /** DELETE; returns the body of the response, `null` for none. */
  delete(connection: ConnectionRef, endpoint: string, options?: ProxyCallOptions): Promise<Json>;
  /** Any proxied call; returns the status as well. */
  proxy(connection: ConnectionRef, call: ProxyCall): Promise<CallResponse>;
  /**
   * Runs a deployed action and waits for its output (at most 15 minutes).
   *
   * With `async: true` it is started, and asked for its output until the `deadline` (milliseconds since the epoch;
   * default: an hour from now; at most five days ahead). It then may wait its turn for a day: Nango runs async actions one
   * at a time per environment. No output at the deadline is `Nango.OutcomeUnknown` with reason `pending`, for an
   * `idempotent` one as well. Nango says the same of an action that has not ended and one that returned null, so let
   * actions return something. A cancellation ends the waiting at once, never the action. One that is `idempotent` and
   * ends with an error of the provider's is not started again.
   */
  action(connection: ConnectionRef, name: string, input?: Json, options?: ActionOptions): Promise<Json>;
  /**
   * Up to 2,000 calls side by side; outcomes in the order of the calls. A failed call is an outcome like a good one, and
   * fails none of the others. Reads, and whatever is `idempotent`, travel in batches of hundreds, an activity each; writes
   * and actions are an activity each, sixteen at a time. Ten attempts a read, with a pause between them; a limit that is
   * used up holds back all.
   *
   * Outcomes beyond 8 MB in all end as `Nango.ResponseTooLarge`; calls not yet begun by then are not sent (such an outcome
   * has no `status`). The query `nango.fanOuts` tells how far the latest ones of the run are.
   *
   * @param options default: as many at once as serve the connection best, and all of them whatever fails
   * @throws `Nango.InvalidRequest` before the first call is sent, for more than 2,000 as well
   */
  fanOut(connection: ConnectionRef, calls: Call[], options?: FanOutOptions): Promise<Outcome[]>;
  /**
   * Calls by the hundred thousand, as a child workflow: read from a source of yours page by page, their outcomes handed to
   * a sink of yours. A failed call fails none of the others; what comes back is counts. A cancellation stops it.
   *
   * @example
   * ```ts
   * const source = { activity: 'contactsToUpdate', taskQueue: 'automations' };
   * const { failed } = await nango.bulk({ connection: hubspot, source, sink: { ...source, activity: 'keepOutcomes' } });
   * ```
   * @throws `Nango.InvalidRequest` before any I/O; `Nango.BulkFailed` if the source fails, once what was begun is over
   */
  bulk(input: BulkInput): Promise<BulkResult>;
  /**
   * A list, page by page; a page is one activity, read when it is asked for. `paginate` says how the provider hands the
   * list out; default: as Nango is configured for it. With a `limit`, a list by offset ends at the first page of fewer
   * items; without, at an empty one.
   *
   * @example
   * ```ts
   * for await (const { items } of nango.paginate(hubspot, '/crm/v3/objects/contacts')) contacts.push(...items);
   * ```
   * @throws `Nango.InvalidRequest` naming `paginate` if Nango has no configuration either; `Nango.BadResponse` if it
   *   cannot be told whether there is a next page, and with the reason `pages_do_not_end` if pages repeat;
   *   `Nango.ResponseTooLarge` for a page over 256 KB (16 MB with External Storage), for more than `maxPages` (default 1,000), and over 8 MB in all:
   *   then continue as new with `from: next` of the last page
   */
  paginate(
    connection: PagingConnection,
    endpoint: string,
    options?: PagingOptions,
  ): AsyncGenerator<Page, void, undefined>;
}

/** One call that nobody has checked. @throws as every method of {@link Nango} */
export async function oneCall(connection: ConnectionRef, call: Call, taskQueue: string): Promise<CallResponse> {
  checkTemporalName(taskQueue, 'taskQueue');
  checkConnection(connection);
  checkCall(call);
  return await runCall(connection, call, nextNumber(), taskQueue);
}

/** The same library for a worker of ours that polls another queue than `nango`. */
export function nangoOn(taskQueue: string): Nango {
  const one = (connection: ConnectionRef, call: Call): Promise<CallResponse> => oneCall(connection, call, taskQueue);
  const data = async (connection: ConnectionRef, call: Call): Promise<Json> => (await one(connection, call)).data;
  return {
    ...discoveryOn(taskQueue),
    get: (connection, endpoint, options) => data(connection, { ...options, method: 'GET', endpoint }),
    post: (connection, endpoint, body, options) => data(connection, { ...options, method: 'POST', endpoint, body }),
    put: (connection, endpoint, body, options) => data(connection, { ...options, method: 'PUT', endpoint, body }),
    patch: (connection, endpoint, body, options) => data(connection, { ...options, method: 'PATCH', endpoint, body }),
    delete: (connection, endpoint, options) => data(connection, { ...options, method: 'DELETE', endpoint }),
    proxy: one,
    action: (connection, action, input, options) => data(connection, { ...options, action, input }),
    fanOut: (connection, calls, options) => fanOut(connection, calls, taskQueue, options),
    bulk: (input) => bulk(input, taskQueue),
    paginate: (connection, endpoint, options = {}) => paginate(connection, endpoint, options, taskQueue),
  };
}

/**
 * Third-party APIs through Nango, by the worker on the queue `nango`. The methods throw failures of the taxonomy: see
 * {@link Nango}.
 *
 * @example
 * ```ts
 * const contact = await nango.get(hubspot, path`/crm/v3/objects/contacts/${id}`);
 * ```
 */
export const nango: Nango = nangoOn(DEFAULT_TASK_QUEUE);
