import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import type { WorkerOptions, WorkflowBundleOption } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { NangoConnections } from '../../src/client';
import { resolveConfig } from '../../src/config';
import type { NangoConfig } from '../../src/config';
import type { NangoErrorDetails } from '../../src/contract/errors';
import { detailsOf, findNangoFailure } from '../../src/contract/errors';
import type { Notice, OutageNotice, QuestionNotice, SetUpNotice } from '../../src/contract/types';
import type { Notifier } from '../../src/notifier';
import { NangoPlugin } from '../../src/plugin';
import { FakeNango } from '../../src/testing/fake-nango';
import { untilPolled } from '../../src/testing/until-polled';
import { bundleFor } from './bundles';
import { eventually } from './eventually';
import type { Bundled } from './bundles';
import { createDevServerEnv, createTimeSkippingEnv } from './temporal';

const USER_QUEUE = 'user';

Runtime.install({ logger: new DefaultLogger('ERROR') });

/** A Temporal, a fake Nango with one integration, our worker and a user's worker: what a test begins with. */
export class World {
  private readonly running: { worker: Worker; end: Promise<void> }[] = [];
  /** what the notifier was told */
  readonly notices: Notice[] = [];
  /** outages that operators were told of */
  readonly outageNotices: OutageNotice[] = [];
  /** questions that operators were told of */
  readonly questionNotices: QuestionNotice[] = [];
  /** what operators were told */
  readonly setUpNotices: SetUpNotice[] = [];
  /** what it does then; a test may put in something worse */
  notifier: Notifier = () => undefined;

  private constructor(
    readonly env: TestWorkflowEnvironment,
    readonly nango: FakeNango,
    readonly config: NangoConfig,
    private readonly skew: { ms: number },
  ) {}

  /** @param kind `timeSkipping` for waits of days (one clock for Temporal and Nango), `dev` for everything else */
  static async open(
    kind: 'timeSkipping' | 'dev',
    settings: {
      workers?: boolean;
      config?: Partial<NangoConfig>;
      dynamicConfig?: Record<string, string>;
      webhookUrl?: string;
      rateLimitPerMinute?: number;
      rateLimitWindowMs?: number;
    } = {},
  ) {
    const env = await (kind === 'dev' ? createDevServerEnv(settings) : createTimeSkippingEnv());
    const skew = { ms: 0 };
    const nango = await FakeNango.start({
      clock: () => Date.now() + skew.ms,
      // All tests of a file share one, within a minute. A test of what a limit does says which it means.
      rateLimitPerMinute: settings.rateLimitPerMinute ?? 100_000,
      rateLimitWindowMs: settings.rateLimitWindowMs,
      webhookUrl: settings.webhookUrl,
    });
    nango.addProvider({ name: 'hubspot', displayName: 'HubSpot', authMode: 'OAUTH2' });
    nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
    nango.onProxy('hubspot', ({ path }) => ({ json: { path } }));
    const config = resolveConfig({
      env: {
        NANGO_TOOLBOX_SECRET_KEY: nango.secretKey,
        NANGO_SERVER_URL: nango.url,
        NANGO_WEBHOOK_SIGNING_KEYS: nango.webhookSigningKey,
      },
      cwd: __dirname,
    });
    const world = new World(env, nango, { ...config, ...settings.config }, skew);
    if (settings.workers ?? true) await world.startWorkers();
    return world;
  }

  get client(): Client {
    return this.env.client;
  }

  get connections(): NangoConnections {
    return new NangoConnections(this.client, { config: this.config });
  }

  async startWorkers(): Promise<void> {
    await this.startNangoWorker();
    await this.startUserWorker();
  }

  async startNangoWorker(
    options: Pick<WorkerOptions, 'maxConcurrentActivityTaskExecutions' | 'interceptors' | 'workflowBundle'> = {},
  ): Promise<Worker> {
    const worker = await this.startWorker(
      'nango',
      bundleFor('../../src/worker-workflows'),
      [
        new NangoPlugin({
          config: this.config,
          notifier: async (notice, request, signal) => {
            this.notices.push(notice);
            await this.notifier(notice, request, signal);
          },
          operatorNotifier: (notice) => {
            if (notice.reason === 'outage') this.outageNotices.push(notice);
            else if (notice.reason === 'question') this.questionNotices.push(notice);
            else this.setUpNotices.push(notice);
          },
        }),
      ],
      options,
    );
    await untilPolled({ client: this.client, taskQueue: 'nango' });
    return worker;
  }

  /** A worker of our workflows alone: its activities are another's. */
  async startWorkflowWorker(): Promise<Worker> {
    return await this.startWorker('nango', bundleFor('../../src/worker-workflows'), []);
  }

  /** @param workflows whose; default: those of `user-workflows.ts` */
  async startUserWorker(workflows: Bundled = './user-workflows'): Promise<Worker> {
    return await this.startWorker(USER_QUEUE, bundleFor(workflows), []);
  }

  /** Starts a workflow on the user's queue. */
  async start<T extends (...args: never[]) => Promise<unknown>>(workflow: T, ...args: Parameters<T>) {
    return await this.client.workflow.start(workflow.name, {
      workflowId: `${workflow.name}-${randomUUID()}`,
      taskQueue: USER_QUEUE,
      args,
    });
  }

  async execute<T extends (...args: never[]) => Promise<unknown>>(
    workflow: T,
    ...args: Parameters<T>
  ): Promise<Awaited<ReturnType<T>>> {
    return (await (await this.start(workflow, ...args)).result()) as Awaited<ReturnType<T>>;
  }

  /** Brings Nango's clock to where Temporal's has been skipped to. */
  async syncClock(): Promise<void> {
    this.skew.ms = (await this.env.currentTimeMs()) - Date.now();
  }

  /** Waits until a request stands as told, and returns its view; needs our worker. */
  async request(id: string, status: string) {
    return await eventually(async () => {
      const view = await this.client.workflow
        .getHandle(id)
        .query<{ status: string; firstExecutionRunId: string }>('nango.request');
      return view.status === status ? view : undefined;
    });
  }

  /** Waits until somebody has been told of a request, so often: the person, or an operator. */
  async notified(requestId: string, reason: Notice['reason'], times = 1): Promise<Notice | QuestionNotice> {
    return await eventually(() => {
      const notified = [
        ...this.notices,
        ...this.questionNotices.filter(({ question }) => isOperators(question)),
      ].filter((notice) => notice.request.id === requestId && occasionOf(notice) === reason);
      return Promise.resolve(notified.length >= times ? notified.at(-1) : undefined);
    });
  }

  /**
   * Waits until a workflow has nothing to do. The time-skipping server's clock stands still for ever once a workflow is
   * terminated in the middle of a task, or ends while an activity of it runs, such as a notice.
   */
  async atRest(workflowId: string): Promise<void> {
    const open = (events: string[], kind: string): number => {
      const count = (...names: string[]) => events.filter((event) => names.includes(event.slice(kind.length))).length;
      return count('Scheduled') - count('Completed', 'Failed', 'TimedOut', 'Canceled');
    };
    await eventually(async () => {
      const events = await this.events(workflowId);
      const busy = ['workflowTask', 'activityTask'].some(
        (kind) =>
          open(
            events.filter((event) => event.startsWith(kind)),
            kind,
          ) > 0,
      );
      return busy ? undefined : true;
    });
  }

  /** Event types of a workflow's latest run, without the prefix. */
  async events(workflowId: string): Promise<string[]> {
    const { events } = await this.client.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).map((event) => {
      const attributes = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '';
      return attributes.replace('EventAttributes', '');
    });
  }

  async close(): Promise<void> {
    for (const { worker } of this.running)
      if (worker.getState() === 'RUNNING' || worker.getState() === 'INITIALIZED') worker.shutdown();
    await Promise.allSettled(this.running.map(({ end }) => end));
    await this.nango.close();
    await this.env.teardown();
  }

  private async startWorker(
    taskQueue: string,
    workflowBundle: WorkflowBundleOption,
    plugins: NangoPlugin[],
    options = {},
  ) {
    const worker = await Worker.create({
      connection: this.env.nativeConnection,
      taskQueue,
      workflowBundle,
      plugins,
      shutdownGraceTime: '10 seconds',
      // One that waits for a server that stands still would never end.
      shutdownForceTime: '30 seconds',
      stickyQueueScheduleToStartTimeout: '1 second',
      ...options,
    });
    this.running.push({ worker, end: worker.run() });
    return worker;
  }
}

/** Of these the person is told nothing. */
function isOperators({ accountChange }: Notice['question']): boolean {
  return accountChange === undefined;
}

function occasionOf(notice: Notice | QuestionNotice): Notice['reason'] {
  return notice.reason === 'question' ? notice.occasion : notice.reason;
}

/** The failure of the taxonomy that a promise ends with. */
export async function failureOf(
  promise: Promise<unknown>,
): Promise<NangoErrorDetails & { type: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    return { ...detailsOf(failure), type: failure.type, message: failure.message };
  }
  throw new Error('did not fail');
}
