import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { NangoConnections } from '../../src/client';
import { resolveConfig } from '../../src/config';
import { startTemporal } from '../../src/dev';
import { NangoPlugin } from '../../src/plugin';
import { FakeNango } from '../../src/testing/fake-nango';
import { publicWeb } from '../../src/web/public-web';
import { benchActivities, Resumptions } from './activities';
import { handWrittenRoute } from './hand-written-route';

export const QUEUE = 'bench';
export const INTEGRATION = 'crm';

/** All that takes part, in this process but for the Temporal server. */
export interface Stage {
  client: Client;
  connections: NangoConnections;
  nango: FakeNango;
  resumptions: Resumptions;
  /** where webhooks are posted to */
  urls: { package: string; handWritten: string };
  /** when the latest webhook was received, in milliseconds of `performance.now()` */
  receivedAt: () => number;
  close: () => Promise<void>;
}

/** Starts it. The Temporal server is a dev server made quick, see `src/dev/dynamic-config.ts`. */
export async function openStage(): Promise<Stage> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const temporal = await startTemporal();
  const nango = await FakeNango.start({ rateLimitPerMinute: 1_000_000 });
  nango.addProvider({ name: INTEGRATION, authMode: 'OAUTH2' });
  nango.addIntegration({ key: INTEGRATION, provider: INTEGRATION });
  const config = resolveConfig({
    env: {
      NANGO_SERVER_URL: nango.url,
      NANGO_SECRET_KEY: nango.secretKey,
      NANGO_WEBHOOK_SIGNING_KEYS: nango.webhookSigningKey,
      TEMPORAL_NANGO_LINK_KEYS: 'link-key-of-the-benchmark-0123456789',
      TEMPORAL_NANGO_PUBLIC_URL: 'http://127.0.0.1',
    },
    cwd: '/',
  });
  const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  const connection = await NativeConnection.connect({ address: temporal.address });
  const resumptions = new Resumptions();
  const { close: closeActivities, ...activities } = benchActivities(nango, resumptions);
  const plugins = [new NangoPlugin({ config, workflows: true, notifier: () => undefined })];
  const workers = await Promise.all([
    Worker.create({ connection, taskQueue: 'nango', plugins }),
    Worker.create({ connection, taskQueue: QUEUE, workflowsPath: require.resolve('./workflows'), activities }),
  ]);
  const ends = workers.map((worker) => worker.run());

  let receivedAt = 0;
  const received = () => void (receivedAt = performance.now());
  const web = publicWeb(client, { config });
  const options = { hostname: '127.0.0.1', port: 0, overrideGlobalObjects: false };
  const servers = [
    serve({
      ...options,
      fetch: (request, env) => {
        received();
        return web.fetch(request, env);
      },
    }) as Server,
    handWrittenRoute(client, nango.webhookSigningKey, received).listen(0, '127.0.0.1'),
  ];
  for (const server of servers) if (!server.listening) await once(server, 'listening');
  const [ours, theirs] = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`);

  return {
    client,
    connections: new NangoConnections(client, { config }),
    nango,
    resumptions,
    urls: { package: `${ours}/webhooks/nango`, handWritten: `${theirs}/` },
    receivedAt: () => receivedAt,
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      for (const worker of workers) worker.shutdown();
      await Promise.all(ends);
      await closeActivities();
      await connection.close();
      await client.connection.close();
      await nango.close();
      await temporal.stop();
    },
  };
}
