import { Client, Connection } from '@temporalio/client';
import { resolveConfig } from '../../config';
import type { NangoConfig } from '../../config';
import { startTemporal } from '../../dev';
import { closable } from '../../dev/closable';
import type { EmbeddedTemporal } from '../../dev';
import type { Notifier } from '../../notifier';
import type { FakeNango } from '../../testing/fake-nango';
import { serveWeb } from '../../web/serve';
import type { ServedWeb } from '../../web/serve';
import { devConfig } from './config';
import { startFake } from './fake';
import { devPorts } from './ports';
import { bundleWorkflows, startWorker } from './worker';

const IP = '127.0.0.1';
const PORT_ATTEMPTS = 3;

/** Everything, running in this process or as its child. */
export interface DevSetting {
  temporal: EmbeddedTemporal;
  config: NangoConfig;
  /** absent where a key was set: then it is a real Nango's */
  fake?: FakeNango;
  web: ServedWeb;
  /** signs links, and was made here since none was set; another terminal needs it to give them */
  madeLinkKey?: string;
  /** rejected if the worker broke */
  ended: Promise<void>;
  /** Worker, web, Nango, Temporal: each ends while those it needs still run. */
  close(): Promise<void>;
}

export interface DevOptions {
  /** SQLite file that keeps Temporal's state; default: in memory */
  db?: string;
  /** notifies that somebody is waited for */
  notifier: Notifier;
  /** is given a line for each attempt of an activity that failed */
  say: (line: string) => void;
}

/**
 * Starts everything that is needed to try this package, on this machine only.
 *
 * @throws TemporalUnavailableError, Nango.Misconfigured
 */
export async function startDev(options: DevOptions): Promise<DevSetting> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Somebody took a port after it was looked at.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' || attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

async function startOnce({ db, notifier, say }: DevOptions): Promise<DevSetting> {
  const own = resolveConfig();
  const closing: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).toReversed()) await end();
  };
  try {
    const ports = await devPorts();
    const bundling = bundleWorkflows();
    // It is waited for below; should something else fail first, nobody listens.
    bundling.catch(() => undefined);
    const temporal = await startTemporal({ port: ports.temporal, ui: true, dbFilename: db });
    closing.push(() => temporal.stop());

    const fake = own.secretKey === undefined ? await startFake(ports) : undefined;
    if (fake !== undefined) closing.push(() => fake.close());
    const connection = await Connection.connect({ address: temporal.address, ...closable });
    closing.push(() => connection.close());
    const client = new Client({ connection, namespace: temporal.namespace });
    const config = devConfig(own, fake);
    const web = await serveWeb({
      client,
      config,
      public: { host: IP, port: ports.public },
      inbox: { host: IP, port: ports.inbox },
    });
    closing.push(() => web.close());
    const linked = {
      ...config,
      publicUrl: config.publicUrl ?? web.publicUrl,
      inboxUrl: config.inboxUrl ?? web.inboxUrl,
    };
    const worker = await startWorker(temporal.address, await bundling, { config: linked, notifier, say });
    closing.push(() => worker.stop());
    const madeLinkKey = fake === undefined && own.linkKeys.length > 0 ? undefined : config.linkKeys[0];
    return { temporal, config: linked, fake, web, madeLinkKey, ended: worker.ended, close };
  } catch (error) {
    await close();
    throw error;
  }
}
