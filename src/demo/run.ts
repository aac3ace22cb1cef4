import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { NangoConnections } from '../client';
import { requireSecretKey, resolveConfig } from '../config';
import type { EnsureConnectionInput } from '../contract/types';
import type { ConnectionRequest } from '../requests/connection-request';
import { INTEGRATION, startFakeHubspot } from './fake-hubspot';
import type { Tamper } from './fake-hubspot';
import type { DemoOptions } from './options';
import { report } from './report';
import type { Report } from './report';
import { DEMO_QUEUE, Setting } from './setting';
import type { Stage } from './stage';
import * as workflows from './workflows';

const USER = 'u_42';
const CONTACTS = 200;
const ACTIONS = 3;
/** What the demo's person signs in with; it decides the provider's responses. */
const ACCOUNT = 'hubspot account of u_42';
const WAITING_WITHIN_MS = 120_000;
const NO_FAULTS = { 429: 0, 500: 0, reset: 0, webhooksDropped: 0, workerKills: 0 };

/** The main job with no account anywhere. @param tamper for tests: what the fake provider answers instead */
export async function runOnFake(options: DemoOptions, stage: Stage, tamper?: Tamper): Promise<Report> {
  const started = Date.now();
  const fake = await startFakeHubspot(tamper);
  const env = { NANGO_TOOLBOX_SECRET_KEY: fake.nango.secretKey, NANGO_SERVER_URL: fake.nango.url };
  const config = resolveConfig({ env, cwd: tmpdir() });
  const setting = await Setting.open(options, config, stage);
  try {
    stage.say(`Starting the automation: it needs ${USER}'s HubSpot account, and nothing is connected.`);
    const automation = await setting.client.workflow.start(workflows.onboard, {
      workflowId: `onboard-${started}`,
      taskQueue: DEMO_QUEUE,
      args: [USER, CONTACTS, ACTIONS],
    });
    const nango = new NangoConnections(setting.client, { config });
    await isWaiting(nango);
    const request = await pending(nango, { integration: INTEGRATION, endUser: { id: USER } });
    const link = await request.connectLink();
    stage.say(`\nWaiting for ${USER}. The link to connect:\n\n  ${link}\n`);

    stage.say('While it waits, the worker is killed (SIGKILL) and started again.');
    await setting.crashWorker();
    await isWaiting(nango);

    await stage.confirm(`Press Enter, and the demo connects the account as ${USER} would.`);
    fake.nango.webhooks.drop(1);
    fake.nango.complete(link, { as: ACCOUNT });
    stage.say('Connected. The webhook is lost on the way: the watch has to find the connection.');

    const result = automation.result();
    await showProgress(stage, fake.served, CONTACTS + ACTIONS, result);
    const { historyLength = 0 } = await automation.describe();
    return report(await result, {
      workflowId: automation.workflowId,
      historyEvents: historyLength,
      faults: { ...fake.faults, webhooksDropped: fake.nango.webhooks.dropped, workerKills: 1 },
      seconds: secondsSince(started),
    });
  } finally {
    await setting.close();
    await fake.nango.close();
  }
}

/** The same wait and calls of one's own choice, with one's own Nango. */
export async function runOnOwn(
  { integration, calls }: NonNullable<DemoOptions['own']>,
  options: DemoOptions,
  stage: Stage,
): Promise<Report> {
  const started = Date.now();
  const config = resolveConfig();
  requireSecretKey(config);
  const setting = await Setting.open(options, config, stage);
  try {
    const wanted: EnsureConnectionInput = { integration, endUser: { id: 'temporal-nango-demo' }, ignoreCoolDown: true };
    const ensured = await new NangoConnections(setting.client, { config }).ensureConnection(wanted);
    if (ensured.kind === 'request') stage.say(`\nThe link to connect:\n\n  ${await ensured.connectLink()}\n`);
    const automation = await setting.client.workflow.start(workflows.callThrough, {
      workflowId: `call-through-${started}`,
      taskQueue: DEMO_QUEUE,
      args: [wanted, calls],
    });
    const result = await automation.result();
    const { historyLength = 0 } = await automation.describe();
    return report(result, {
      workflowId: automation.workflowId,
      historyEvents: historyLength,
      faults: NO_FAULTS,
      seconds: secondsSince(started),
    });
  } finally {
    await setting.close();
  }
}

async function isWaiting(nango: NangoConnections): Promise<void> {
  const until = Date.now() + WAITING_WITHIN_MS;
  while (Date.now() < until) {
    const [request] = await nango.requests({ endUser: { id: USER } });
    if (request?.status === 'waiting') return;
    await sleep(100);
  }
  throw new Error('The request did not come to ask within two minutes');
}

async function pending(nango: NangoConnections, wanted: EnsureConnectionInput): Promise<ConnectionRequest> {
  const request = await nango.ensureConnection(wanted);
  if (request.kind === 'request') return request;
  throw new Error('The account is connected already');
}

async function showProgress(stage: Stage, done: () => number, total: number, end: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const ended = end.finally(() => over.abort());
  while (!over.signal.aborted) {
    stage.progress(`  ${Math.min(done(), total)} of ${total} calls`);
    await sleep(200, undefined, { signal: over.signal }).catch(() => undefined);
  }
  stage.progress('');
  await ended;
}

function secondsSince(started: number): number {
  return Math.round((Date.now() - started) / 100) / 10;
}
