import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../support/eventually';

const STARTUP_MS = 120_000;

/** What runs, and how it is known to be up. */
export interface Program {
  /** of its log, in its folder */
  name: string;
  /** the file to run, and its arguments */
  command: string[];
  /** all of its environment but `PATH` and `HOME` */
  env: { [name: string]: string };
  /** an empty one, so that no `.env` and no profile leaks in */
  folder: string;
  /** whether that very process does its work */
  isUp: (pid: number) => Promise<boolean>;
}

/** A process that is killed and started again. */
export class KillableProcess {
  kills = 0;

  private constructor(
    private readonly program: Program,
    private child: ChildProcess,
  ) {}

  /** Starts it, and waits until it is up. */
  static async start(program: Program): Promise<KillableProcess> {
    const process = new KillableProcess(program, run(program));
    await process.up();
    return process;
  }

  /** SIGKILL, by its own pid; fulfilled once it is gone. */
  async kill(): Promise<void> {
    this.kills++;
    await this.end('SIGKILL');
  }

  async restart(): Promise<void> {
    this.child = run(this.program);
    await this.up();
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async up(): Promise<void> {
    const { pid = 0 } = this.child;
    await eventually(async () => ((await this.program.isUp(pid)) ? true : undefined), STARTUP_MS);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}

function run({ name, command, env, folder }: Program): ChildProcess {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const stdio: ['ignore', number, number] = ['ignore', log, log];
  const environment = { PATH: process.env.PATH, HOME: folder, ...env };
  const child = spawn(process.execPath, command, { cwd: folder, env: environment, stdio });
  closeSync(log);
  return child;
}
