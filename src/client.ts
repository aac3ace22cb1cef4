import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { bulkRunOf } from './bulk/bulk-run';
import type { BulkRun } from './bulk/bulk-run';
import { listBulkRuns } from './bulk/list';
import type { ListedBulkRun } from './bulk/list';
import { startBulk } from './bulk/start';
import { resolveConfig } from './config';
import type { NangoConfig } from './config';
import { CLIENT_UPDATE_MS } from './contract/limits';
import { ACTIVITY, BULK_ID_PREFIX, CLIENT_JOIN_ID } from './contract/names';
import type {
  BulkInput,
  BulkRef,
  Connection,
  ConnectionRef,
  EnsureConnectionInput,
  RequestRef,
} from './contract/types';
import { checkBulkInput } from './contract/rules/check-bulk';
import { checkConnectionRef } from './contract/rules/check-call';
import { extrasOf } from './contract/rules/choose';
import { findNangoFailure, invalid, nangoFailure } from './contract/errors';
import { ownerOf } from './contract/rules/tags';
import { checkEnsureInput, checkOwner } from './contract/rules/check-request';
import { checkObject, checkTemporalName } from './contract/rules/check-shape';
import { checkName } from './contract/rules/text';
import { joinFailure } from './contract/join-end';
import { connectionRequestOf } from './requests/connection-request';
import type { ConnectionRequest } from './requests/connection-request';
import { withTypedFailures } from './requests/typed-failures';
import { joinRequest } from './requests/join';
import { JoinBatches } from './requests/join-batches';
import { listRequests } from './requests/list';
import type { OpenRequest, RequestFilter } from './requests/list';
import { MintedLinks } from './requests/minted-links';
import { pollersOf, requireWorker } from './requests/pollers';
import type { Poller } from './requests/pollers';
import { describeRequest } from './requests/description';
import type { RequestDescription } from './requests/description';
import type { Place } from './requests/start';

const ACTIVITY_TIMEOUT_MS = 60_000;

/** What a backend's side is told; every option may be left out. */
export interface NangoConnectionsOptions {
  /** default: {@link resolveConfig}, from the environment and `.env` */
  config?: NangoConfig;
}

/** A connection that exists: there is nothing to wait for. */
export interface ExistingConnection {
  /** tells it from a {@link ConnectionRequest}, which is a `request` */
  readonly kind: 'connection';
  /** the one to use; `scopesChecked: false` where scopes were named and nobody can know what was granted */
  readonly connection: Connection;
}

/**
 * Connections for a backend service. It needs no Nango key but for minting links; the worker holds the key.
 *
 * @example
 * ```ts
 * const nango = new NangoConnections(temporalClient);
 * const request = await nango.ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } });
 * if (request.kind === 'request') res.redirect(await request.connectLink());
 * ```
 */
export class NangoConnections {
  // Private at run time too: it holds keys, and objects get printed.
  readonly #config: NangoConfig;
  readonly #links = new MintedLinks();
  private readonly joins = new JoinBatches();
  private readonly place: Place;

  /**
   * @param client of Temporal, connected to the namespace of the worker
   * @param options default: settings from the environment and `.env`
   * @throws Nango.Misconfigured from {@link resolveConfig}
   */
  constructor(client: Client, { config = resolveConfig() }: NangoConnectionsOptions = {}) {
    this.#config = config;
    this.place = { client, taskQueue: config.taskQueue, environment: config.environment };
  }

  /**
   * The connection of an owner, or the request for it, which is started if there is none. Repeated calls for the same
   * owner share one request. With `scopes`, what a connection was not granted is asked for too. A
   * person has just pressed a button, so `ignoreCoolDown` is true unless it is given.
   *
   * @throws Nango.InvalidRequest before any I/O; Nango.NoWorker, Nango.TemporalUnavailable; Nango.IntegrationNotFound,
   *   Nango.Misconfigured, Nango.Forbidden, Nango.ConnectionAmbiguous from the lookup
   */
  async ensureConnection(input: EnsureConnectionInput): Promise<ExistingConnection | ConnectionRequest> {
    const now = Date.now();
    const { subject, join } = checkEnsureInput(input, now);
    if ('taskQueue' in input) throw invalid('taskQueue', 'is a setting of the client');
    const { ignoreCoolDown = true, adopt } = input;
    if (adopt !== undefined) {
      const connection = await this.run<Connection>(ACTIVITY.adoptConnection, { subject, connectionId: adopt });
      if ((input.scopes ?? []).length === 0) return { kind: 'connection', connection };
    }
    const { client } = this.place;
    const response = await withTypedFailures(async () => {
      await client.withDeadline(now + CLIENT_UPDATE_MS, () => requireWorker(this.place));
      const own = { ...join, joinId: CLIENT_JOIN_ID };
      return await joinRequest(this.place, subject, own, { ignoreCoolDown, at: now }, CLIENT_UPDATE_MS, this.joins);
    });
    switch (response.status) {
      case 'connected':
        return { kind: 'connection', connection: response.connection };
      case 'pending':
        return this.request({ id: response.requestId, firstExecutionRunId: response.firstExecutionRunId });
      default:
        throw joinFailure(response);
    }
  }

  /** A request by the `ref` that was kept of it; asks nobody. @throws Nango.InvalidRequest if it cannot be a ref */
  request(ref: RequestRef): ConnectionRequest {
    checkObject(ref, 'ref');
    const { id, firstExecutionRunId } = ref;
    checkTemporalName(id, 'ref.id');
    checkTemporalName(firstExecutionRunId, 'ref.firstExecutionRunId');
    return connectionRequestOf({ id, firstExecutionRunId }, this.place, this.#config, this.#links);
  }

  /**
   * Connections of an owner, of an integration, or all; newest first, at most 1,000.
   *
   * @param filter default: all
   * @throws Nango.ResponseTooLarge over 1 MB, Nango.Misconfigured, Nango.Forbidden, Nango.Unavailable, Nango.NoWorker
   */
  async list({ integration, ...owner }: RequestFilter = {}): Promise<Connection[]> {
    checkOwner(owner);
    return await this.run(ACTIVITY.findConnections, { integration, owner, anySlot: true });
  }

  /** Connections that a link made after its first, by somebody else perhaps: nothing uses them. @throws as `list` */
  async extras(filter: RequestFilter = {}): Promise<Connection[]> {
    return extrasOf(await this.list(filter));
  }

  /**
   * Deletes an extra; one that is gone is fine.
   *
   * @param connection by its names
   * @throws Nango.InvalidRequest with the reason `not_an_extra`, and what {@link NangoConnections.list} throws
   */
  async deleteExtra({ integration, connectionId }: ConnectionRef): Promise<void> {
    checkConnectionRef({ integration, connectionId });
    const connection = await this.find({ integration, connectionId });
    if (connection === undefined) return;
    const all = await this.list({ integration, ...ownerOf(connection.tags) });
    if (!extrasOf(all).some((extra) => extra.connectionId === connectionId)) {
      throw nangoFailure('Nango.InvalidRequest', { reason: 'not_an_extra', hint: 'The connection is in use.' });
    }
    await this.run(ACTIVITY.deleteConnection, { integration, connectionId });
  }

  /**
   * Deletes a connection at Nango, and the extras of its link with it; one that is gone is fine.
   *
   * @param connection by its names
   * @throws Nango.InvalidRequest, Nango.Misconfigured, Nango.Forbidden, Nango.Unavailable, Nango.NoWorker
   */
  async disconnect({ integration, connectionId }: ConnectionRef): Promise<void> {
    checkConnectionRef({ integration, connectionId });
    await this.run(ACTIVITY.deleteConnection, { integration, connectionId });
  }

  /** Open requests of this environment, newest first; works while no worker runs. @throws Nango.TemporalUnavailable */
  async requests(filter: RequestFilter = {}): Promise<OpenRequest[]> {
    return await listRequests(this.place, filter);
  }

  /**
   * Describes the latest request of an id, open or ended; works while no worker runs.
   *
   * @param id as {@link requestId} makes it
   * @returns nothing if there is none, or Temporal has forgotten it
   * @throws Nango.TemporalUnavailable
   */
  async describeRequest(id: string): Promise<RequestDescription | undefined> {
    return await describeRequest(this.place, { id });
  }

  /**
   * Starts a bulk run: calls by the hundred thousand, read from a source of yours page by page, their outcomes handed to a
   * sink of yours.
   *
   * @param options `id` is for whoever may say the same twice: while a run of this id runs, it is that run; at most 255
   *   characters. Default: a new one
   * @example
   * ```ts
   * const source = { activity: 'contactsToUpdate', taskQueue: 'automations' };
   * const run = await nango.bulk({ connection, source, sink: { ...source, activity: 'keepOutcomes' } });
   * const { failed } = await run.result();
   * ```
   * @throws Nango.InvalidRequest before any I/O; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async bulk(input: BulkInput, { id = randomUUID() }: { id?: string } = {}): Promise<BulkRun> {
    checkBulkInput(input);
    checkName(id, 'id');
    return this.bulkRun(await startBulk(this.place, input, BULK_ID_PREFIX + id));
  }

  /** A bulk run by the `ref` that was kept of it. @throws Nango.InvalidRequest if it cannot be a ref */
  bulkRun(ref: BulkRef): BulkRun {
    checkObject(ref, 'ref');
    const { id, firstExecutionRunId } = ref;
    checkTemporalName(id, 'ref.id');
    checkTemporalName(firstExecutionRunId, 'ref.firstExecutionRunId');
    return bulkRunOf({ id, firstExecutionRunId }, this.place);
  }

  /**
   * Bulk runs of this task queue that have not ended, newest first; works while no worker runs.
   *
   * @throws Nango.TemporalUnavailable
   */
  async bulkRuns(): Promise<ListedBulkRun[]> {
    return await listBulkRuns(this.place);
  }

  /**
   * Who polls the task queue; nothing where the server does not tell, as Temporal's test server.
   *
   * @throws Nango.TemporalUnavailable
   */
  async workers(): Promise<Poller[] | undefined> {
    return await withTypedFailures(() => pollersOf(this.place));
  }

  private async find(ref: ConnectionRef): Promise<Connection | undefined> {
    try {
      return await this.run<Connection>(ACTIVITY.getConnection, ref);
    } catch (error) {
      if (findNangoFailure(error)?.type === 'Nango.ConnectionNotFound') return undefined;
      throw error;
    }
  }

  /** A standalone activity: the worker has the key, this process needs none. */
  private async run<T>(name: string, input: object): Promise<T> {
    const { client, taskQueue } = this.place;
    return await withTypedFailures(async () => {
      await requireWorker(this.place);
      return await client.activity.execute<T>(name, {
        id: `${name}/${randomUUID()}`,
        taskQueue,
        args: [input],
        scheduleToCloseTimeout: ACTIVITY_TIMEOUT_MS,
        startToCloseTimeout: ACTIVITY_TIMEOUT_MS / 2,
      });
    });
  }
}
