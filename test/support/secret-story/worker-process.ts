import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../eventually';
import type { World } from '../world';

const STARTUP_MS = 90_000;
/** `TASK_QUEUE_TYPE_WORKFLOW` */
const WORKFLOW_QUEUE = 1;

/** Our worker as it is run: a process of the build, whose log is kept. */
export class WorkerProcess {
  /** what it wrote, on both streams */
  log = '';
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;

  /** Starts it, in an empty folder, with these settings and nothing else of ours in its environment. */
  constructor(settings: { [name: string]: string }) {
    const folder = mkdtempSync(join(tmpdir(), 'secret-worker-'));
    this.child = spawn(process.execPath, [join(__dirname, '../../../lib/worker.js')], {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, ...settings },
    });
    this.ended = once(this.child, 'close');
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.log += chunk.toString()));
    }
  }

  /** Until it polls for work. */
  async polls(world: World): Promise<void> {
    await eventually(async () => {
      const { pollers } = await world.client.workflowService.describeTaskQueue({
        namespace: 'default',
        taskQueue: { name: 'nango' },
        taskQueueType: WORKFLOW_QUEUE,
      });
      return pollers?.some(({ identity }) => identity?.includes(` ${this.child.pid}@`)) ? true : undefined;
    }, STARTUP_MS);
  }

  /** Asks it to end, and waits until it has, log and all. */
  async end(): Promise<void> {
    this.child.kill('SIGTERM');
    await this.ended;
  }
}
