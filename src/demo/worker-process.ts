import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { DEFAULT_TASK_QUEUE } from '../contract/names';
import { pollersOf } from '../requests/pollers';

/** Where the worker of this package finds its servers. */
export interface WorkerSettings {
  temporalAddress: string;
  namespace: string;
  nangoUrl: string;
  secretKey: string;
  /** an empty folder, so that no `.env` and no profile of the user's leaks in */
  folder: string;
}

const STARTUP_MS = 60_000;
const POLL_MS = 100;

/** `lib/worker.js` as a process of its own, so that it can be killed for real. Its log goes to `worker.log` in its folder. */
export class WorkerProcess {
  private constructor(private readonly child: ChildProcess) {}

  /** Starts one, and waits until this very process polls the queue; fails if it ends before. */
  static async start(settings: WorkerSettings, client: Client): Promise<WorkerProcess> {
    const worker = WorkerProcess.spawn(settings);
    await worker.polls(client);
    return worker;
  }

  private static spawn({ temporalAddress, namespace, nangoUrl, secretKey, folder }: WorkerSettings): WorkerProcess {
    const child = spawn(process.execPath, [join(__dirname, '../worker.js')], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TEMPORAL_ADDRESS: temporalAddress,
        TEMPORAL_NAMESPACE: namespace,
        NANGO_SERVER_URL: nangoUrl,
        NANGO_TOOLBOX_SECRET_KEY: secretKey,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(folder, 'worker.log'), { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    return new WorkerProcess(child);
  }

  private async polls(client: Client): Promise<void> {
    const deadline = Date.now() + STARTUP_MS;
    while (Date.now() < deadline) {
      if (this.child.exitCode !== null) throw new Error(`The worker ended with exit code ${this.child.exitCode}`);
      const pollers = await pollersOf({ client, taskQueue: DEFAULT_TASK_QUEUE });
      if (pollers?.some(({ identity }) => identity.includes(` ${this.child.pid}@`))) return;
      await sleep(POLL_MS);
    }
    throw new Error('The worker did not begin to poll within a minute');
  }

  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}
