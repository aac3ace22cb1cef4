import type { Client } from '@temporalio/client';
import { invalid } from '../contract/errors';
import { CALL_ID_PREFIX } from '../contract/names';
import { checkFlag, checkObject, checkTemporalName } from '../contract/rules/check-shape';
import type { ActionCall, Call, CallRef, CallResponse, ConnectionRef, Json, ProxyCall } from '../contract/types';
import type { Place } from '../requests/start';
import { DiscoveryClient } from './discovery-client';
import { standaloneCallOf } from './standalone-call';
import type { StandaloneCall } from './standalone-call';
import { startCall } from './start';
import type { CallOptions } from './start';

/** What may be said of a call beside method, endpoint and body; default: nothing. */
export type ProxyTerms = Pick<ProxyCall, 'headers' | 'pick' | 'idempotent'> & CallOptions;

/** What may be said of an action beside its name and input; default: nothing. */
export type ActionTerms = Pick<ActionCall, 'pick' | 'idempotent'> & CallOptions;

/** Single calls without a workflow. Part of `NangoConnections`. */
export class CallsClient extends DiscoveryClient {
  readonly #place: Place;

  /**
   * @param client of Temporal
   * @param taskQueue of the worker that holds the key
   * @param environment label of the Nango environment
   */
  protected constructor(client: Client, taskQueue: string, environment: string) {
    super(client, taskQueue, environment);
    this.#place = { client, taskQueue, environment };
  }

  /**
   * Starts one call without a workflow: a web request may start a write, and a later one get its end by the `ref`. A read is
   * retried; a write is carried out at most once, in one attempt, in which it waits for two minutes while a limit is used up.
   *
   * @param options with an `id` it is started once: whoever says the same again gets the same call, ended or not
   * @example
   * ```ts
   * const write = await nango.call(hubspot, { method: 'POST', endpoint: '/orders', body }, { id: `order-${order.id}` });
   * session.write = write.ref; // later: await nango.callOf(session.write).result()
   * ```
   * @throws Nango.InvalidRequest before any I/O, and naming `id` if another call has it; Nango.AccountChanged; Nango.NoWorker;
   *   Nango.TemporalUnavailable, with the code `UNIMPLEMENTED` where Temporal has no standalone activities, and a write was not
   *   sent; Nango.OutcomeUnknown with its `callId` for a write that Temporal may have taken without saying so
   */
  async call(connection: ConnectionRef, call: Call, options?: CallOptions): Promise<StandaloneCall> {
    return this.callOf(await startCall(this.#place, connection, call, options));
  }

  /** A call by the `ref` that was kept of it; asks nobody. @throws Nango.InvalidRequest if it cannot be a ref */
  callOf(ref: CallRef): StandaloneCall {
    checkObject(ref, 'ref');
    const { id, runId, write } = ref;
    checkTemporalName(id, 'ref.id');
    if (!id.startsWith(CALL_ID_PREFIX)) throw invalid('ref.id', 'is the id of no call');
    checkTemporalName(runId, 'ref.runId');
    checkFlag(write, 'ref.write');
    if (write === undefined) throw invalid('ref.write', 'must be true or false');
    return standaloneCallOf({ id, runId, write }, this.#place);
  }

  /** Any proxied call, and its end; returns the status as well. @throws as `call`, and as {@link StandaloneCall.result} */
  async proxy(connection: ConnectionRef, call: ProxyCall, options?: CallOptions): Promise<CallResponse> {
    return await (await this.call(connection, call, options)).result();
  }

  /** GET; returns the body, parsed. Use `path` for the endpoint. @throws as `proxy` */
  async get(connection: ConnectionRef, endpoint: string, { id, ...terms }: ProxyTerms = {}): Promise<Json> {
    return (await this.proxy(connection, { ...terms, method: 'GET', endpoint }, { id })).data;
  }

  /** POST; returns the body of the response. A search by POST may say `idempotent: true`. @throws as `proxy` */
  async post(connection: ConnectionRef, endpoint: string, body?: Json, terms: ProxyTerms = {}): Promise<Json> {
    const { id, ...more } = terms;
    return (await this.proxy(connection, { ...more, method: 'POST', endpoint, body }, { id })).data;
  }

  /** PUT; returns the body of the response. @throws as `proxy` */
  async put(connection: ConnectionRef, endpoint: string, body?: Json, terms: ProxyTerms = {}): Promise<Json> {
    const { id, ...more } = terms;
    return (await this.proxy(connection, { ...more, method: 'PUT', endpoint, body }, { id })).data;
  }

  /** PATCH; returns the body of the response. @throws as `proxy` */
  async patch(connection: ConnectionRef, endpoint: string, body?: Json, terms: ProxyTerms = {}): Promise<Json> {
    const { id, ...more } = terms;
    return (await this.proxy(connection, { ...more, method: 'PATCH', endpoint, body }, { id })).data;
  }

  /** DELETE; returns the body of the response, `null` for none. @throws as `proxy` */
  async delete(connection: ConnectionRef, endpoint: string, { id, ...terms }: ProxyTerms = {}): Promise<Json> {
    return (await this.proxy(connection, { ...terms, method: 'DELETE', endpoint }, { id })).data;
  }

  /** Runs a deployed action and waits for its output, at most 15 minutes. @throws as `proxy` */
  async action(connection: ConnectionRef, name: string, input?: Json, terms: ActionTerms = {}): Promise<Json> {
    const { id, ...more } = terms;
    return (await (await this.call(connection, { ...more, action: name, input }, { id })).result()).data;
  }
}
