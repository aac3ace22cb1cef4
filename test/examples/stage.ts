import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { NangoConnections } from 'temporal-nango';
import type { RequestRef } from 'temporal-nango';
import { FakeNango } from 'temporal-nango/testing';
import { main as runNangoWorker } from '../../examples/long-running-automation/nango-worker';
import { createDevServerEnv } from '../support/temporal';
import { eventually } from '../support/eventually';

/** Requests a minute: dozens of runs begin at one moment when the user has connected. */
const LIMIT = 2_000;

/** A program of an example that runs until it is told to stop. */
type Program = (stopped: Promise<void>) => Promise<void>;

/**
 * A Temporal and a Nango that the environment tells the examples of, as it would a user's programs, and the programs
 * that were started there.
 */
export class Stage {
  private stop: () => void = () => undefined;
  private readonly stopped = new Promise<void>((resolve) => (this.stop = resolve));
  private readonly running: Promise<void>[] = [];

  private constructor(
    readonly env: TestWorkflowEnvironment,
    readonly nango: FakeNango,
  ) {}

  /** With the worker of queue `nango`, and these. @param webhookUrl default: no webhooks */
  static async open(programs: Program[], { webhookUrl }: { webhookUrl?: string } = {}): Promise<Stage> {
    const [env, nango] = await Promise.all([
      createDevServerEnv(),
      FakeNango.start({ webhookUrl, rateLimitPerMinute: LIMIT }),
    ]);
    nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
    Object.assign(process.env, {
      TEMPORAL_ADDRESS: env.address,
      TEMPORAL_NAMESPACE: 'default',
      // None, so that no profile of whoever runs the tests counts.
      TEMPORAL_CONFIG_FILE: join(__dirname, 'no-temporal.toml'),
      NANGO_SERVER_URL: nango.url,
      NANGO_TOOLBOX_SECRET_KEY: nango.secretKey,
      NANGO_WEBHOOK_SIGNING_KEYS: nango.webhookSigningKey,
    });
    const stage = new Stage(env, nango);
    for (const program of [runNangoWorker, ...programs]) stage.running.push(program(stage.stopped));
    await Promise.race([stage.polled(), ...stage.running]);
    return stage;
  }

  get client(): Client {
    return this.env.client;
  }

  get connections(): NangoConnections {
    return new NangoConnections(this.client);
  }

  /** How many connect sessions were minted. */
  get sessions(): number {
    return this.nango.count(({ method, path }) => method === 'POST' && path.startsWith('/connect/sessions'));
  }

  /** Waits until at least this many callers wait for the request of a user, and returns its ref and how many do. */
  async waiting(userId: string, callers: number, withinMs?: number): Promise<RequestRef & { subscribers: number }> {
    const id = `nango/default/hubspot/u:${userId}`;
    return await eventually(async () => {
      const { status, subscribers, firstExecutionRunId } = await this.client.workflow
        .getHandle(id)
        .query<{ status: string; subscribers: number; firstExecutionRunId: string }>('nango.request');
      const isWaiting = status === 'waiting' && subscribers >= callers;
      return isWaiting ? { id, firstExecutionRunId, subscribers } : undefined;
    }, withinMs);
  }

  /** How many runs fit a visibility query. */
  async countRuns(query: string): Promise<number> {
    return (await this.client.workflow.count(query)).count;
  }

  async close(): Promise<void> {
    this.stop();
    await Promise.allSettled(this.running);
    await this.nango.close();
    await this.env.teardown();
  }

  private async polled(): Promise<void> {
    await eventually(async () => {
      const { pollers } = await this.client.workflowService.describeTaskQueue({
        namespace: this.client.options.namespace,
        taskQueue: { name: 'nango' },
        taskQueueType: 1,
      });
      return pollers.length > 0 ? true : undefined;
    }, 60_000);
  }
}
