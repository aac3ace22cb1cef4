import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { within } from '../support/within';

const MAIN = join(__dirname, '../../lib/cli/main.js');
const WITHIN_MS = 90_000;

type Env = Record<string, string | undefined>;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The built command line, as processes of its own in an empty folder: `pretest` builds it. */
export class Program {
  readonly folder = mkdtempSync(join(tmpdir(), 'cli-'));
  private readonly running = new Set<Started>();

  /** @param env the whole environment, but for the path and the home */
  constructor(private readonly env: Env = {}) {}

  /** Starts it. @param more over the environment it was made with */
  start(args: string[], more: Env = {}): Started {
    return this.spawn(process.execPath, [MAIN, ...args], more);
  }

  /** Starts it in a terminal, which Python, as needed for Temporal anyway, can make. */
  startInTerminal(args: string[], more: Env = {}): Started {
    const script = 'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';
    return this.spawn('python3', ['-c', script, process.execPath, MAIN, ...args], { TERM: 'xterm', ...more });
  }

  /** Runs it to its end, which must come within 30 s. */
  async run(args: string[], { env, stdin }: { env?: Env; stdin?: string } = {}): Promise<Ended> {
    const started = this.start(args, env);
    started.child.stdin.end(stdin ?? '');
    return await started.ended;
  }

  /** Runs it with `--json`. Standard output must be one JSON value and nothing else. */
  async json(args: string[], how: { env?: Env; stdin?: string } = {}) {
    const { code, stdout, stderr } = await this.run([...args, '--json'], how);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    return { code, value: JSON.parse(stdout) as unknown, stderr };
  }

  async close(): Promise<void> {
    for (const { child } of this.running) child.kill('SIGKILL');
    await Promise.all([...this.running].map(({ closed }) => closed));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private spawn(command: string, args: string[], more: Env): Started {
    const env = { PATH: process.env.PATH, HOME: this.folder, ...this.env, ...more };
    const started = new Started(spawn(command, args, { cwd: this.folder, env }), args.slice(1).join(' '));
    this.running.add(started);
    void started.closed.then(() => this.running.delete(started));
    return started;
  }
}

/** A process of it that runs. */
export class Started {
  stdout = '';
  stderr = '';
  readonly closed: Promise<unknown>;

  constructor(
    readonly child: ChildProcessWithoutNullStreams,
    private readonly line: string,
  ) {
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    // It may end without having read what is written to it.
    child.stdin.on('error', () => undefined);
    this.closed = once(child, 'close');
  }

  get ended(): Promise<Ended> {
    const ended = this.closed.then(() => ({ code: this.child.exitCode, stdout: this.stdout, stderr: this.stderr }));
    return within(WITHIN_MS, ended, `the end of ${this.line}`);
  }

  /** Waits until it has written such a thing. @returns what the first group of the pattern holds, else all of it */
  async wrote(pattern: RegExp): Promise<string> {
    return await eventually(() => {
      const found = pattern.exec(this.stdout + this.stderr);
      return Promise.resolve(found === null ? undefined : (found[1] ?? found[0]));
    }, WITHIN_MS);
  }
}
