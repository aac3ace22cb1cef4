import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { NangoConnections } from '../client';
import { resolveConfig, requireSecretKey } from '../config';
import type { NangoConfig } from '../config';
import type { EnsureConnectionInput } from '../contract/types';
import { startTemporal } from '../dev';
import type { ConnectionRequest } from '../requests/connection-request';
import { INTEGRATION, startFakeHubspot } from './fake-hubspot';
import type { Tamper } from './fake-hubspot';
import type { DemoOptions } from './options';
import { report } from './report';
import type { Faults, Report } from './report';
import { WorkerProcess } from './worker-process';
import * as workflows from './workflows';

const QUEUE = 'demo';
const USER = 'u_42';
const CONTACTS = 200;
const ACTIONS = 3;
/** What a real Nango stores as the credential is what the demo's person signs in with. */
const CREDENTIAL = 'hubspot account of u_42';
const WAIT_MS = 120_000;

/** The terminal, as the demo sees it. */
export interface Stage {
  say(text: string): void;
  /** a line that replaces itself while something is going on */
  progress(text: string): void;
  /** resolves once the person wants the demo to click the link; at once where there is nobody to ask */
  confirm(question: string): Promise<void>;
}

/** Everything that has to be closed, last opened first. */
class Cleanup {
  private readonly steps: (() => Promise<unknown>)[] = [];

  add(step: () => Promise<unknown>): void {
    this.steps.unshift(step);
  }

  async run(): Promise<void> {
    for (const step of this.steps.splice(0)) await step();
  }
}

/** Runs the main job once. @param tamper for tests: what the fake provider answers instead */
export async function runDemo(options: DemoOptions, stage: Stage, tamper?: Tamper): Promise<Report> {
  const cleanup = new Cleanup();
  try {
    return await (options.own === undefined
      ? runOnFake(options, stage, cleanup, tamper)
      : runOnOwn(options.own, options, stage, cleanup));
  } finally {
    await cleanup.run();
  }
}

async function runOnFake(options: DemoOptions, stage: Stage, cleanup: Cleanup, tamper?: Tamper): Promise<Report> {
  const started = Date.now();
  const fake = await startFakeHubspot(tamper);
  cleanup.add(() => fake.nango.close());
  const config: NangoConfig = resolveConfig({
    env: { NANGO_TOOLBOX_SECRET_KEY: fake.nango.secretKey, NANGO_SERVER_URL: fake.nango.url },
    cwd: tmpdir(),
  });
  const set = await setUp(options, config, stage, cleanup);

  stage.say(`Starting the automation: it needs ${USER}'s HubSpot account, and nothing is connected.`);
  const automation = await set.client.workflow.start(workflows.onboard, {
    workflowId: `onboard-${Date.now()}`,
    taskQueue: QUEUE,
    args: [USER, CONTACTS, ACTIONS],
  });
  const nango = new NangoConnections(set.client, { config });
  await isAsking(nango);
  const request = await pending(nango, { integration: INTEGRATION, endUser: { id: USER } });
  const link = await request.connectLink();
  stage.say(`\nWaiting for ${USER}. The link to connect:\n\n  ${link}\n`);

  stage.say('While it waits, the worker is killed (SIGKILL) and started again.');
  await set.worker.kill();
  await set.startWorker();
  await isAsking(nango);

  await stage.confirm(`Press Enter, and the demo connects the account as ${USER} would.`);
  fake.nango.webhooks.drop(1);
  fake.nango.complete(link, { as: CREDENTIAL });
  stage.say('Connected. The webhook is lost on the way: the watch has to find the connection.');

  const result = automation.result();
  const counting = showProgress(stage, () => fake.answered(), CONTACTS + ACTIONS, result);
  const outcome = await result;
  await counting;
  const { historyLength } = await automation.describe();
  const faults: Faults = { ...fake.faults, webhooksDropped: fake.nango.webhooks.dropped, workerKills: 1 };
  return report(outcome, {
    workflowId: automation.workflowId,
    historyEvents: historyLength ?? 0,
    faults,
    seconds: Math.round((Date.now() - started) / 100) / 10,
  });
}

async function runOnOwn(
  { integration, calls }: NonNullable<DemoOptions['own']>,
  options: DemoOptions,
  stage: Stage,
  cleanup: Cleanup,
): Promise<Report> {
  const started = Date.now();
  const config = resolveConfig();
  requireSecretKey(config);
  const set = await setUp(options, config, stage, cleanup);
  const wanted: EnsureConnectionInput = { integration, endUser: { id: 'temporal-nango-demo' }, askAgain: true };
  const ensured = await new NangoConnections(set.client, { config }).ensureConnection(wanted);
  if (ensured.status === 'pending') stage.say(`\nThe link to connect:\n\n  ${await ensured.connectLink()}\n`);
  const automation = await set.client.workflow.start(workflows.callThrough, {
    workflowId: `call-through-${Date.now()}`,
    taskQueue: QUEUE,
    args: [wanted, calls],
  });
  const outcome = await automation.result();
  const { historyLength } = await automation.describe();
  return report(outcome, {
    workflowId: automation.workflowId,
    historyEvents: historyLength ?? 0,
    faults: { 429: 0, 500: 0, reset: 0, webhooksDropped: 0, workerKills: 0 },
    seconds: Math.round((Date.now() - started) / 100) / 10,
  });
}

/** Temporal, our worker as a process, and a worker for the automation in this one. */
async function setUp(options: DemoOptions, config: NangoConfig, stage: Stage, cleanup: Cleanup) {
  stage.say(`Temporal: ${options.temporal ?? 'starting one on this machine'}. Nango: ${config.baseUrl}.`);
  const temporal = options.temporal ?? (await embedded(cleanup));
  const connection = await Connection.connect({ address: temporal });
  cleanup.add(() => connection.close());
  const client = new Client({ connection });
  const folder = await mkdtemp(join(tmpdir(), 'temporal-nango-demo-'));
  cleanup.add(() => rm(folder, { recursive: true }));

  const set = {
    client,
    worker: undefined as unknown as WorkerProcess,
    async startWorker(): Promise<void> {
      set.worker = WorkerProcess.start({
        temporalAddress: temporal,
        namespace: 'default',
        nangoUrl: config.baseUrl,
        secretKey: requireSecretKey(config),
        folder,
      });
      await set.worker.polls(client);
    },
  };
  cleanup.add(() => set.worker.stop());
  await Promise.all([set.startWorker(), startDemoWorker(temporal, cleanup)]);
  return set;
}

async function embedded(cleanup: Cleanup): Promise<string> {
  const temporal = await startTemporal();
  cleanup.add(() => temporal.stop());
  return temporal.address;
}

async function startDemoWorker(address: string, cleanup: Cleanup): Promise<void> {
  const connection = await NativeConnection.connect({ address });
  cleanup.add(() => connection.close());
  const worker = await Worker.create({
    connection,
    taskQueue: QUEUE,
    workflowsPath: require.resolve('./workflows'),
  });
  const running = worker.run();
  cleanup.add(async () => {
    worker.shutdown();
    await running;
  });
}

async function isAsking(nango: NangoConnections): Promise<void> {
  const until = Date.now() + WAIT_MS;
  while (Date.now() < until) {
    const [request] = await nango.requests({ endUser: { id: USER } });
    if (request?.status === 'asking') return;
    await sleep(100);
  }
  throw new Error('The request did not come to ask within two minutes');
}

async function pending(nango: NangoConnections, wanted: EnsureConnectionInput): Promise<ConnectionRequest> {
  const request = await nango.ensureConnection(wanted);
  if (request.status === 'pending') return request;
  throw new Error('The account is connected already');
}

async function showProgress(stage: Stage, done: () => number, total: number, end: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  void end.then(
    () => over.abort(),
    () => over.abort(),
  );
  while (!over.signal.aborted) {
    stage.progress(`  ${Math.min(done(), total)} of ${total} calls`);
    await sleep(200, undefined, { signal: over.signal }).catch(() => undefined);
  }
  stage.progress('');
}
