import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { bulkRunOf } from './bulk/bulk-run';
import type { BulkRun } from './bulk/bulk-run';
import { listBulkRuns } from './bulk/list';
import type { ListedBulkRun } from './bulk/list';
import { startBulk } from './bulk/start';
import { CallsClient } from './calls/calls-client';
import { resolveConfig } from './config';
import type { NangoConfig } from './config';
import { CLIENT_UPDATE_MS } from './contract/limits';
import { ACTIVITY, BULK_ID_PREFIX, CLIENT_JOIN_ID, DEFAULT_TASK_QUEUE } from './contract/names';
import type {
  BulkInput,
  BulkRef,
  Connection,
  ConnectionRef,
  DeployFunctionInput,
  DeploymentRef,
  EnsureConnectionInput,
  EnsureIntegrationInput,
  ForgottenChoice,
  Join,
  MadeIntegration,
  Owner,
  RequestRef,
  SetUpRef,
  SetUpTerms,
  Subject,
} from './contract/types';
import { checkBulkInput } from './contract/rules/check-bulk';
import { checkConnectionRef } from './contract/rules/check-call';
import { findNangoFailure, invalid, nangoFailure } from './contract/errors';
import { ownerOf } from './contract/rules/tags';
import { checkDeployFunctionInput } from './contract/rules/check-deployment';
import { checkEnsureInput, checkOwner, checkSubject } from './contract/rules/check-request';
import { checkHealing, healingOf, withHealing } from './contract/rules/healing';
import { checkObject, checkTemporalName } from './contract/rules/check-shape';
import { checkEnsureIntegrationInput } from './contract/rules/check-set-up';
import { checkName } from './contract/rules/text';
import { joinFailure } from './contract/join-end';
import { setUpFailure } from './contract/set-up-end';
import { connectionRequestOf } from './requests/connection-request';
import type { ConnectionRequest } from './requests/connection-request';
import { withTypedFailures } from './requests/typed-failures';
import { joinRequest } from './requests/join';
import { runActivity } from './requests/run-activity';
import { JoinBatches } from './requests/join-batches';
import { extrasAmong } from './requests/extras';
import { listRequests } from './requests/list';
import type { OpenRequest, RequestFilter } from './requests/list';
import { pollersOf, requireWorker } from './requests/pollers';
import type { Poller } from './requests/pollers';
import { describeRequest } from './requests/description';
import type { RequestDescription } from './requests/description';
import { deploymentOf } from './requests/deployments/deployment';
import type { Deployment } from './requests/deployments/deployment';
import { startOrFindDeployment } from './requests/deployments/start';
import { integrationSetUpOf } from './requests/set-ups/integration-set-up';
import type { IntegrationSetUp } from './requests/set-ups/integration-set-up';
import { joinSetUp } from './requests/set-ups/join';
import { listSetUps } from './requests/set-ups/list';
import type { OpenSetUp } from './requests/set-ups/list';
import type { Place } from './requests/start';

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

/** An integration that is there: there is nothing to wait for. */
export interface ExistingIntegration extends MadeIntegration {
  /** tells it from an {@link IntegrationSetUp}, which is a `setUp` */
  readonly kind: 'integration';
}

/**
 * Connections for a backend service, and single calls through them. It needs no Nango key but for minting links; the worker
 * holds the key.
 *
 * @example
 * ```ts
 * const nango = new NangoConnections(temporalClient);
 * const request = await nango.ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } });
 * // refused where a new connection deletes the old one: see `recreate` of LinkOptions
 * if (request.kind === 'request') res.redirect(await request.connectLink());
 * ```
 */
export class NangoConnections extends CallsClient {
  // Private at run time too: it holds keys, and objects get printed.
  readonly #config: NangoConfig;
  private readonly joins = new JoinBatches();
  private readonly place: Place;

  /**
   * @param client of Temporal, connected to the namespace of the worker
   * @param options default: settings from the environment and `.env`
   * @throws Nango.Misconfigured from {@link resolveConfig}
   */
  constructor(client: Client, { config = resolveConfig() }: NangoConnectionsOptions = {}) {
    super(client, config.taskQueue, config.environment);
    this.#config = config;
    this.place = { client, taskQueue: config.taskQueue, environment: config.environment };
  }

  /**
   * The connection of an owner, or the request for it, of an integration that may be missing: that is set up first, at once
   * where Nango's API can.
   *
   * @returns the set-up, where an operator has to act first; call again once its `result()` is there
   * @throws as without a `provider`, and what {@link NangoConnections.ensureIntegration} throws
   */
  ensureConnection(
    input: EnsureConnectionInput & SetUpTerms,
  ): Promise<ExistingConnection | ConnectionRequest | IntegrationSetUp>;
  /**
   * The connection of an owner, or the request for it, which is started if there is none. Repeated calls for the same
   * owner share one request. With `scopes`, what a connection was not granted is asked for too. A
   * person has just pressed a button, so `ignoreCoolDown` is true unless it is given.
   *
   * @throws Nango.InvalidRequest before any I/O; Nango.NoWorker, Nango.TemporalUnavailable; Nango.IntegrationNotFound,
   *   Nango.Misconfigured, Nango.Forbidden, Nango.ConnectionAmbiguous (with `several: 'fail'`) from the lookup
   */
  ensureConnection(input: EnsureConnectionInput): Promise<ExistingConnection | ConnectionRequest>;
  async ensureConnection(
    input: EnsureConnectionInput & Partial<SetUpTerms>,
  ): Promise<ExistingConnection | ConnectionRequest | IntegrationSetUp> {
    const { provider } = input;
    if (provider === undefined) return await this.connect(input);
    try {
      return await this.connect(input);
    } catch (error) {
      if (findNangoFailure(error)?.type !== 'Nango.IntegrationNotFound') throw error;
    }
    const { integration, allowNangoApp, scopes, deadline, ignoreCoolDown } = input;
    const terms = { integration, provider, allowNangoApp, scopes, deadline, ignoreCoolDown };
    const setUp = await this.ensureIntegration(terms);
    return setUp.kind === 'setUp' ? setUp : await this.connect(input);
  }

  private async connect(input: EnsureConnectionInput): Promise<ExistingConnection | ConnectionRequest> {
    const now = Date.now();
    const { subject, join } = checkEnsureInput(input, now);
    if ('taskQueue' in input) throw invalid('taskQueue', 'is a setting of the client');
    const { ignoreCoolDown = true, adopt } = input;
    const { taskQueue } = this.place;
    const ourQueue = taskQueue === DEFAULT_TASK_QUEUE ? undefined : taskQueue;
    const heal = healingOf({ ...input, taskQueue: ourQueue }, subject, now);
    if (adopt !== undefined) {
      const connection = await this.adopt(subject, adopt, join);
      const isDone = (input.scopes ?? []).length === 0;
      if (connection !== undefined && isDone) return { kind: 'connection', connection: withHealing(connection, heal) };
    }
    const { client } = this.place;
    const response = await withTypedFailures(async () => {
      await client.withDeadline(now + CLIENT_UPDATE_MS, () => requireWorker(this.place));
      const own = { ...join, joinId: CLIENT_JOIN_ID };
      return await joinRequest(this.place, subject, own, { ignoreCoolDown, at: now }, CLIENT_UPDATE_MS, this.joins);
    });
    switch (response.status) {
      case 'connected':
        return { kind: 'connection', connection: withHealing(response.connection, heal) };
      case 'pending':
        return this.request({ id: response.requestId, firstExecutionRunId: response.firstExecutionRunId, heal });
      default:
        throw joinFailure(response);
    }
  }

  /**
   * An integration, or its set-up, which is started if there is none. Where Nango's API can make it, it is made at once;
   * where a developer app is needed, or the dashboard, an operator has to act. A person has just pressed a button, so
   * `ignoreCoolDown` is true unless it is given.
   *
   * @example
   * ```ts
   * const hubspot = await nango.ensureIntegration({ provider: 'hubspot' });
   * if (hubspot.kind === 'setUp') console.log((await hubspot.view()).question?.choices);
   * ```
   * @throws Nango.InvalidRequest before any I/O, and with the field `provider` for one that Nango does not know or that is not
   *   the one being set up; Nango.Forbidden with the `scope` that the key lacks, Nango.Misconfigured, Nango.PlanLimit;
   *   Nango.SetUpDeclined, Nango.SetUpTimedOut during a cool-down; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async ensureIntegration(input: EnsureIntegrationInput): Promise<ExistingIntegration | IntegrationSetUp> {
    const at = Date.now();
    const { subject, join } = checkEnsureIntegrationInput(input, at);
    if ('taskQueue' in input) throw invalid('taskQueue', 'is a setting of the client');
    const { ignoreCoolDown = true } = input;
    const { client } = this.place;
    const response = await withTypedFailures(async () => {
      await client.withDeadline(at + CLIENT_UPDATE_MS, () => requireWorker(this.place));
      const own = { ...join, joinId: CLIENT_JOIN_ID };
      return await joinSetUp(this.place, subject.integration, own, { ignoreCoolDown, at }, CLIENT_UPDATE_MS);
    });
    switch (response.status) {
      case 'ready':
        return { kind: 'integration', ...response.made };
      case 'pending':
        return this.setUp({ id: response.id, firstExecutionRunId: response.firstExecutionRunId });
      default:
        throw setUpFailure(response);
    }
  }

  /** A set-up by the `ref` that was kept of it; asks nobody. @throws Nango.InvalidRequest if it cannot be a ref */
  setUp(ref: SetUpRef): IntegrationSetUp {
    checkObject(ref, 'ref');
    const { id, firstExecutionRunId } = ref;
    checkTemporalName(id, 'ref.id');
    checkTemporalName(firstExecutionRunId, 'ref.firstExecutionRunId');
    return integrationSetUpOf({ id, firstExecutionRunId }, this.place);
  }

  /** Open set-ups of this environment, newest first; works while no worker runs. @throws Nango.TemporalUnavailable */
  async setUps(): Promise<OpenSetUp[]> {
    return await listSetUps(this.place);
  }

  /**
   * Has a function deployed: compiled, tried on a connection, and, once somebody has agreed to what that has shown,
   * deployed, and an action run once. While one of the same name is under way, the same code joins it: what it was given
   * counts. After its end the same code, connection and input find it (`existing`), as long as that code is deployed: so a
   * call whose answer was lost may be repeated. With `again` it is deployed and run once more.
   *
   * @example
   * ```ts
   * const deployment = await nango.deployFunction({ integration: 'hubspot', name: 'greet', code, connectionId, input: {} });
   * const { status, dryRun } = await deployment.view();
   * ```
   * @throws Nango.InvalidRequest before any I/O, and with the reason `other_code` while other code is being deployed under
   *   the name; where one has ended, what keeps a worker from reading the code: Nango.Unavailable, Nango.Forbidden,
   *   Nango.Misconfigured; Nango.NoWorker, Nango.TemporalUnavailable
   */
  async deployFunction(input: DeployFunctionInput): Promise<Deployment> {
    const wanted = checkDeployFunctionInput(input);
    const { ref, existing } = await withTypedFailures(async () => {
      await this.place.client.withDeadline(Date.now() + CLIENT_UPDATE_MS, () => requireWorker(this.place));
      return await startOrFindDeployment(this.place, wanted, CLIENT_UPDATE_MS);
    });
    return deploymentOf(ref, this.place, existing);
  }

  /** A deployment by the `ref` that was kept of it; asks nobody. @throws Nango.InvalidRequest if it cannot be a ref */
  deployment(ref: DeploymentRef): Deployment {
    checkObject(ref, 'ref');
    const { id, firstExecutionRunId } = ref;
    checkTemporalName(id, 'ref.id');
    checkTemporalName(firstExecutionRunId, 'ref.firstExecutionRunId');
    return deploymentOf({ id, firstExecutionRunId }, this.place);
  }

  /** A request by the `ref` that was kept of it; asks nobody. @throws Nango.InvalidRequest if it cannot be a ref */
  request(ref: RequestRef): ConnectionRequest {
    checkObject(ref, 'ref');
    const { id, firstExecutionRunId, heal } = ref;
    checkTemporalName(id, 'ref.id');
    checkTemporalName(firstExecutionRunId, 'ref.firstExecutionRunId');
    checkHealing(heal, 'ref.heal');
    const own = heal === undefined ? { id, firstExecutionRunId } : { id, firstExecutionRunId, heal };
    return connectionRequestOf(own, this.place, this.#config);
  }

  /**
   * Connections of an owner, of an integration, or all; newest first, at most 1,000.
   *
   * @param filter default: all
   * @throws Nango.ResponseTooLarge over 1 MB, Nango.Misconfigured, Nango.Forbidden, Nango.Unavailable, Nango.NoWorker
   */
  async list({ integration, ...owner }: RequestFilter = {}): Promise<Connection[]> {
    checkOwner(owner);
    return await runActivity(this.place, ACTIVITY.findConnections, { integration, owner, anySlot: true });
  }

  /**
   * Connections that nothing uses: those that a link made after its first, by somebody else perhaps; those that nobody has
   * confirmed and nobody will, which while a request is open is what was refused; and those made in the place of another
   * that is still there, once no request of the owner is open.
   *
   * @param filter default: all
   * @throws Nango.TemporalUnavailable, and what {@link NangoConnections.list} throws
   */
  async extras(filter: RequestFilter = {}): Promise<Connection[]> {
    return await extrasAmong(this.place, await this.list(filter));
  }

  /**
   * Deletes an extra; one that is gone is fine.
   *
   * @param connection by its names
   * @throws Nango.InvalidRequest with the reason `not_an_extra`, and what {@link NangoConnections.extras} throws
   */
  async deleteExtra({ integration, connectionId }: ConnectionRef): Promise<void> {
    checkConnectionRef({ integration, connectionId });
    const connection = await this.find({ integration, connectionId });
    if (connection === undefined) return;
    const all = await this.list({ integration, ...ownerOf(connection.tags) });
    const extras = await extrasAmong(this.place, all);
    if (!extras.some((extra) => extra.connectionId === connectionId)) {
      const hint = 'The connection is in use, or its owner may still confirm it.';
      throw nangoFailure('Nango.InvalidRequest', { reason: 'not_an_extra', hint });
    }
    await runActivity(this.place, ACTIVITY.deleteConnection, { integration, connectionId });
  }

  /**
   * Deletes a connection at Nango, and with it the extras of its link and what was made in its place; one that is gone is
   * fine.
   *
   * @param connection by its names
   * @throws Nango.InvalidRequest, Nango.Misconfigured, Nango.Forbidden, Nango.Unavailable, Nango.NoWorker
   */
  async disconnect({ integration, connectionId }: ConnectionRef): Promise<void> {
    checkConnectionRef({ integration, connectionId });
    await runActivity(this.place, ACTIVITY.deleteConnection, { integration, connectionId });
  }

  /**
   * Forgets which of several connections was chosen: the next who wants the connection of this owner and slot makes
   * somebody choose again.
   *
   * @param subject of which integration, whose, and of which slot
   * @returns ids of the connections that had been chosen; none: nothing was
   * @throws Nango.InvalidRequest, Nango.Misconfigured, Nango.Forbidden, Nango.Unavailable, Nango.NoWorker
   */
  async forgetChoice({ integration, slot, ...owner }: Owner & Omit<Subject, 'owner'>): Promise<string[]> {
    const subject = { integration, owner, slot };
    checkSubject(subject);
    return (await runActivity<ForgottenChoice>(this.place, ACTIVITY.forgetChoice, { subject })).connectionIds;
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

  /** @returns nothing if the owner has several, and somebody has to choose */
  private async adopt(
    subject: Subject,
    connectionId: string,
    { choose, several }: Pick<Join, 'choose' | 'several'>,
  ): Promise<Connection | undefined> {
    try {
      return await runActivity<Connection>(this.place, ACTIVITY.adoptConnection, { subject, connectionId, choose });
    } catch (error) {
      if (several !== 'fail' && findNangoFailure(error)?.type === 'Nango.ConnectionAmbiguous') return undefined;
      throw error;
    }
  }

  private async find(ref: ConnectionRef): Promise<Connection | undefined> {
    try {
      return await runActivity<Connection>(this.place, ACTIVITY.getConnection, ref);
    } catch (error) {
      if (findNangoFailure(error)?.type === 'Nango.ConnectionNotFound') return undefined;
      throw error;
    }
  }
}
