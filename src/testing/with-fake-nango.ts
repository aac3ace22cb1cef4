import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { NativeConnection } from '@temporalio/worker';
import { NangoConnections } from '../client';
import { resolveConfig } from '../config';
import { NangoPlugin } from '../plugin';
import { webhookHandler } from '../webhook';
import { FakeNango } from './fake-nango';
import { untilPolled } from './until-polled';

/** Where the workflows run: a `TestWorkflowEnvironment` of `@temporalio/testing`, local or time-skipping. */
export interface TestTemporal {
  /** starts workflows */
  client: Client;
  /** runs workers */
  nativeConnection: NativeConnection;
}

/** What a test plays with. */
export interface FakeNangoSetting {
  /** people, provider and webhooks */
  nango: FakeNango;
  /** the backend's side */
  connections: NangoConnections;
  /** where the workflows under test are to be started */
  taskQueue: string;
}

/** What a test is about. */
export interface WithFakeNangoOptions {
  /** file that exports the workflows under test */
  workflowsPath: string;
  /** keys of the integrations that exist; all are OAuth */
  integrations: string[];
}

const TASK_QUEUE = 'with-fake-nango';

/**
 * Runs a test of one's own workflows against a Nango on loopback: the package's worker, a worker with the workflows
 * under test, and a webhook route run as long as the test does.
 *
 * @param temporal that everything runs on
 * @param options what the test is about
 * @param test gets what it plays with; its result is returned
 * @example
 * ```ts
 * await withFakeNango(env, { workflowsPath: require.resolve('./workflows'), integrations: ['hubspot'] }, async (its) => {
 *   const waiting = await env.client.workflow.start(onboard, { taskQueue: its.taskQueue, workflowId: 'w', args: ['u_42'] });
 *   const request = await its.connections.ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } });
 *   if (request.kind === 'request') its.nango.complete(await request.connectLink(), { as: 'ann' });
 *   expect(await waiting.result()).toBe('done');
 * });
 * ```
 */
export async function withFakeNango<T>(
  { client, nativeConnection: connection }: TestTemporal,
  { workflowsPath, integrations }: WithFakeNangoOptions,
  test: (setting: FakeNangoSetting) => Promise<T>,
): Promise<T> {
  const route = createServer();
  const nango = await FakeNango.start({ webhookUrl: await listen(route) });
  try {
    for (const key of integrations) {
      nango.addProvider({ name: key, authMode: 'OAUTH2' });
      nango.addIntegration({ key, provider: key });
    }
    const config = resolveConfig({
      env: {
        NANGO_SERVER_URL: nango.url,
        NANGO_SECRET_KEY: nango.secretKey,
        NANGO_WEBHOOK_SIGNING_KEYS: nango.webhookSigningKey,
      },
      // A folder without a `.env`: that of the program under test is for a real Nango.
      cwd: __dirname,
    });
    serveWebhooks(route, client, config);
    const plugins = [new NangoPlugin({ config, workflows: true, notifier: () => undefined })];
    const { taskQueue } = config;
    // Theirs first: it fails where their workflows make no bundle, and a worker that was made can be ended by a run only.
    const theirs = await Worker.create({ connection, taskQueue: TASK_QUEUE, workflowsPath });
    const ours = await Worker.create({ connection, taskQueue, plugins });
    const connections = new NangoConnections(client, { config });
    const play = async (): Promise<T> => {
      await untilPolled({ client, taskQueue });
      return await test({ nango, connections, taskQueue: TASK_QUEUE });
    };
    return await ours.runUntil(() => theirs.runUntil(play));
  } finally {
    await nango.close();
    route.close();
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

function serveWebhooks(server: Server, client: Client, config: ReturnType<typeof resolveConfig>): void {
  const handle = webhookHandler(client, { config });
  server.on('request', (request, response) => {
    void buffer(request)
      .then((body) => handle(body, request.headers))
      .then(({ status }) => response.writeHead(status).end());
  });
}
