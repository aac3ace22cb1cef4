import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DEFAULT_TASK_QUEUE } from '../../../src/contract/names';
import { eventually } from '../../support/eventually';
import { BUNDLED_ONCE } from './bundled-once';

const STARTUP_MS = 120_000;

/** A worker as a process of its own. Its log goes to `worker.log` in its folder. */
export class KillableWorker {
  private constructor(private readonly child: ChildProcess) {}

  /**
   * Starts one, and waits until this very process polls the queue.
   *
   * @param script the file to run
   * @param env all of its environment but `PATH` and `HOME`
   * @param folder an empty one, so that no `.env` and no profile leaks in
   */
  static async start(
    script: string,
    env: { [name: string]: string },
    folder: string,
    client: Client,
  ): Promise<KillableWorker> {
    const log = openSync(join(folder, 'worker.log'), 'a');
    const child = spawn(process.execPath, [...BUNDLED_ONCE.argv, script], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...BUNDLED_ONCE.env, ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const worker = new KillableWorker(child);
    await eventually(() => worker.polls(client), STARTUP_MS);
    return worker;
  }

  /** How it ended, if it has. */
  get end(): number | NodeJS.Signals | undefined {
    return this.child.exitCode ?? this.child.signalCode ?? undefined;
  }

  /** SIGKILL, by its own pid; fulfilled once it is gone. */
  async kill(): Promise<void> {
    await this.ended('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.ended('SIGTERM');
  }

  private async polls(client: Client): Promise<true | undefined> {
    const { pollers } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: DEFAULT_TASK_QUEUE },
      taskQueueType: 1,
    });
    return pollers?.some(({ identity }) => identity?.includes(` ${this.child.pid}@`)) ? true : undefined;
  }

  private async ended(signal: NodeJS.Signals): Promise<void> {
    if (this.end !== undefined) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}
