import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { optionalTsToMs } from '@temporalio/common';
import { temporal } from '@temporalio/proto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { NangoConnections } from '../../../src/client';
import { resolveConfig } from '../../../src/config';
import type { RequestView } from '../../../src/contract/types';
import { closable } from '../../../src/dev/closable';
import { FakeNango } from '../../../src/testing/fake-nango';
import { callsByActivity } from '../../support/batched-calls';
import { bundleFor } from '../../support/bundles';
import type { Random } from '../../support/random';
import { eventually } from '../../support/eventually';
import { KillableServer } from './killable-server';
import { KillableWorker } from './killable-worker';

const { PENDING_ACTIVITY_STATE_STARTED } = temporal.api.enums.v1.PendingActivityState;
const QUEUE = 'drill';
/** How long the server stays away at most, besides its own start. */
const DOWN_MS = 1_000;
/** Nobody waits longer for anything once everything is up again. */
const BOUND_MS = 300_000;

export type Victim = 'worker' | 'server';

/** An activity of whose end nothing has been heard. */
export interface Pending {
  /** Whether an attempt had been handed out at that moment: what a crash may repeat or lose. */
  startedBy(at: number): boolean;
  /** when the next attempt is due, in milliseconds since the epoch; undefined while one is under way */
  dueAt?: number;
  /** that it carries */
  calls: number;
}

type WorkerEnv = { [name: string]: string };

/** A Temporal in a file, a fake Nango, our worker as a process, and a user's worker in this one. */
export class Stage {
  readonly kills = { worker: 0, server: 0 };
  /** workers that ended though nobody had killed them */
  endedByThemselves = 0;
  private worker: KillableWorker | undefined;

  private constructor(
    private readonly random: Random,
    private readonly script: string,
    private readonly workerEnv: WorkerEnv,
    private readonly folder: string,
    private readonly server: KillableServer,
    readonly nango: FakeNango,
    readonly client: Client,
    readonly connections: NangoConnections,
    private readonly userWorker: { worker: Worker; end: Promise<void>; connection: NativeConnection },
  ) {}

  /**
   * @param script what our worker runs
   * @param workerEnvOf what its environment has besides the addresses and the key, or instead
   */
  static async open(
    random: Random,
    script: string,
    workerEnvOf: (nangoUrl: string) => WorkerEnv | Promise<WorkerEnv> = () => ({}),
  ): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'kills-'));
    const server = await KillableServer.start(folder);
    const nango = await FakeNango.start({ rateLimitPerMinute: 100_000 });
    const env = { NANGO_TOOLBOX_SECRET_KEY: nango.secretKey, NANGO_SERVER_URL: nango.url };
    const client = new Client({ connection: await Connection.connect({ address: server.address, ...closable }) });
    const connection = await NativeConnection.connect({ address: server.address });
    const worker = await Worker.create({
      connection,
      taskQueue: QUEUE,
      workflowBundle: bundleFor('./drill-workflows'),
    });
    const connections = new NangoConnections(client, { config: resolveConfig({ env, cwd: __dirname }) });
    const userWorker = { worker, end: worker.run(), connection };
    const all = {
      ...env,
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: 'default',
      ...(await workerEnvOf(nango.url)),
    };
    const stage = new Stage(random, script, all, folder, server, nango, client, connections, userWorker);
    await stage.startWorker();
    return stage;
  }

  get address(): string {
    return this.server.address;
  }

  /** Starts one of the drill's workflows on the user's queue. */
  async start(workflow: string, workflowId: string, args: unknown[]): Promise<WorkflowHandle> {
    return await this.client.workflow.start(workflow, { workflowId, taskQueue: QUEUE, args });
  }

  /**
   * Kills and starts again.
   *
   * @param whenDead what there is to see while it is gone
   * @param downMs how long the server stays away; default: a moment
   */
  async kill(
    victim: Victim,
    whenDead: () => void = () => undefined,
    downMs = this.random.between(0, DOWN_MS),
  ): Promise<{ killedAt: number }> {
    if (victim === 'worker') await this.worker?.kill();
    else await this.server.kill();
    // What is handed out between the decision and the death dies as well; and a worker's whatever is, until there is another.
    const killedAt = victim === 'worker' ? Infinity : Date.now();
    this.kills[victim]++;
    whenDead();
    if (victim === 'server') {
      await sleep(downMs);
      await this.server.restart();
    }
    return { killedAt };
  }

  /** What a kill may have left without a worker is started again. */
  async startWorker(): Promise<void> {
    if (this.worker?.end !== undefined && this.worker.end !== 'SIGKILL') this.endedByThemselves++;
    if (this.worker === undefined || this.worker.end !== undefined) {
      this.worker = await KillableWorker.start(this.script, this.workerEnv, this.folder, this.client);
    }
  }

  /** Activities of some kinds that a workflow waits for, as the server tells it once it is there again. */
  async pending(workflow: WorkflowHandle, ...activities: string[]): Promise<Pending[]> {
    const { raw } = await eventually(() => workflow.describe(), BOUND_MS);
    const pending = raw.pendingActivities ?? [];
    const ofThatKind = pending.filter(({ activityType }) => activities.includes(activityType?.name ?? ''));
    const carried = await eventually(() => callsByActivity(workflow), BOUND_MS);
    return ofThatKind.map(({ activityId, state, attempt, lastStartedTime, scheduledTime }) => {
      const handedOut = state === PENDING_ACTIVITY_STATE_STARTED;
      // Where the next attempt has begun by now, the one before had been handed out.
      const startedBy = (at: number) =>
        handedOut && ((attempt ?? 1) > 1 || (optionalTsToMs(lastStartedTime) ?? 0) <= at);
      const calls = carried.get(activityId ?? '') ?? 0;
      return { startedBy, dueAt: handedOut ? undefined : optionalTsToMs(scheduledTime), calls };
    });
  }

  /** How all requests of this name have ended; waits until none is open. */
  async endsOf(requestId: string): Promise<string[]> {
    return await eventually(async () => {
      const ends: string[] = [];
      for await (const { status, runId } of this.client.workflow.list({ query: `WorkflowId = '${requestId}'` })) {
        if (status.name === 'RUNNING') return undefined;
        const run = this.client.workflow.getHandle(requestId, runId, { followRuns: false });
        ends.push(((await run.result()) as { status: string }).status);
      }
      return ends.length > 0 ? ends : undefined;
    }, BOUND_MS);
  }

  /** The result of a workflow; an outage in between is waited out, a failure is not. */
  async resultOf(workflow: WorkflowHandle): Promise<unknown> {
    const until = Date.now() + BOUND_MS;
    const end = await eventually(async () => {
      try {
        return { result: (await this.client.withDeadline(until, () => workflow.result())) as unknown };
      } catch (error) {
        if (error instanceof WorkflowFailedError) return { failure: error };
        throw new Error(`${workflow.workflowId} has not ended`, { cause: error });
      }
    }, BOUND_MS);
    if (end.failure !== undefined) throw end.failure;
    return end.result;
  }

  /**
   * A person clicks on the link of a request, a moment after it has been joined, and connects; however long the servers
   * are away. A request whose join was lost in a crash closes by itself, and the next one of its name is clicked on.
   */
  async connect(
    requestId: string,
    as: string,
    pauseMs: number,
    grant?: string[],
  ): Promise<{ integration: string; connectionId: string }> {
    const handle = this.client.workflow.getHandle(requestId);
    const link = await eventually(async () => {
      const view = await handle.query<RequestView & { firstExecutionRunId: string }>('nango.request');
      if (view.status !== 'waiting' || view.subscribers === 0) return undefined;
      await sleep(pauseMs);
      const { firstExecutionRunId } = view;
      return await this.connections.request({ id: requestId, firstExecutionRunId }).connectLink({ recreate: true });
    }, BOUND_MS);
    return this.nango.complete(link, { as, grant });
  }

  /** Says so as Nango's webhook would, until it has been taken. */
  async hint(requestId: string, connectionId: string): Promise<void> {
    const handle = this.client.workflow.getHandle(requestId);
    await eventually(async () => {
      await handle.signal('nango.hint', { source: 'webhook', connectionId });
      return true;
    }, BOUND_MS);
  }

  async close(): Promise<void> {
    await this.worker?.stop();
    const { worker, end, connection } = this.userWorker;
    worker.shutdown();
    await end;
    await connection.close();
    await this.client.connection.close();
    await this.nango.close();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
