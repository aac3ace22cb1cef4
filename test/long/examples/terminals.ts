import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT } from '../../containers/root';
import { temporalBinary } from '../../../src/dev';
import { eventually } from '../../support/eventually';
import { within } from '../../support/within';

const ENDS_WITHIN_MS = 240_000;
/** What a copy goes without: an `.env` may lead to somebody's real Nango. */
const LEFT_OUT = ['node_modules', '.git', '.env'];

interface Terminal {
  pid: number;
  written: () => string;
  ended: Promise<number | null>;
}

/** Terminals in one copy of the repository, with an empty home. Close them with `close()`. */
export class Terminals {
  private readonly running = new Set<Terminal>();
  private readonly env: Record<string, string | undefined>;

  private constructor(
    private readonly folder: string,
    temporal: string,
  ) {
    const path = [join(folder, 'bin'), process.env.PATH].join(':');
    this.env = { PATH: path, HOME: join(folder, 'home'), TEMPORAL_CLI: temporal, NO_COLOR: '1' };
  }

  /** The copy has what is installed and built here, and `temporal` is on the path. */
  static async open(): Promise<Terminals> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'examples-')));
    const temporal = await temporalBinary();
    await cp(ROOT, join(folder, 'clone'), {
      recursive: true,
      filter: (source) => !LEFT_OUT.includes(basename(source)),
    });
    await symlink(join(ROOT, 'node_modules'), join(folder, 'clone', 'node_modules'));
    for (const name of ['home', 'bin']) await mkdir(join(folder, name));
    await symlink(temporal, join(folder, 'bin', 'temporal'));
    return new Terminals(folder, temporal);
  }

  /** What every terminal that is opened from now on has in its environment. */
  export(settings: Record<string, string>): void {
    Object.assign(this.env, settings);
  }

  /** Starts a command that runs on, and waits until it has said that it is up. @returns what it has written by then */
  async start(line: string): Promise<string> {
    const terminal = this.open(line);
    const up = /Ctrl-C ends all of it|state: 'RUNNING'|listens on/;
    await eventually(
      () => Promise.resolve(up.test(terminal.written()) || !this.running.has(terminal) || undefined),
      ENDS_WITHIN_MS,
    );
    if (!this.running.has(terminal)) throw new Error(`It has ended: ${line}\n${terminal.written()}`);
    return terminal.written();
  }

  /** Runs a command to its end. @returns what it has written @throws if it failed */
  async run(line: string): Promise<string> {
    const terminal = this.open(line);
    const code = await within(ENDS_WITHIN_MS, terminal.ended, `the end of ${line}`);
    if (code !== 0) throw new Error(`${line} ended with ${code}:\n${terminal.written()}`);
    return terminal.written();
  }

  /** What the commands that run on have written. */
  written(): string {
    return [...this.running].map(({ written }) => written()).join('\n');
  }

  /** Ctrl-C in every terminal, the latest first; then all is gone. @throws if a command goes on */
  async close(): Promise<void> {
    for (const { pid, ended } of [...this.running].reverse()) {
      process.kill(-pid, 'SIGINT');
      await within(ENDS_WITHIN_MS, ended, 'the end after Ctrl-C');
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  private open(line: string): Terminal {
    // A group of its own, as a terminal makes it: Ctrl-C then reaches npx and what it has started.
    const child = spawn('/bin/bash', ['-c', line], {
      cwd: join(this.folder, 'clone'),
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let written = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (written += String(text)));
    const terminal: Terminal = {
      pid: child.pid ?? NaN,
      written: () => written,
      ended: once(child, 'close').then(() => {
        this.running.delete(terminal);
        return child.exitCode;
      }),
    };
    this.running.add(terminal);
    return terminal;
  }
}
