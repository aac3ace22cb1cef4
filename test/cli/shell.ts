import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { within } from '../support/within';

const MAIN = join(__dirname, '../../lib/cli/main.js');
const WITHIN_MS = 90_000;

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A process that was started in a {@link Shell}. */
export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** what it has written so far */
  stdout: () => string;
  stderr: () => string;
}

/**
 * A terminal as a person has it: an empty folder that is home too, `temporal-nango` and `temporal` on the path, and
 * nothing of the environment but what is given. The program is the built one: `pretest` builds it.
 */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'shell-'));
  private readonly running = new Set<Started>();

  /** @param temporal the Temporal CLI */
  constructor(temporal: string) {
    writeFileSync(join(this.folder, 'temporal-nango'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`, {
      mode: 0o755,
    });
    symlinkSync(temporal, join(this.folder, 'temporal'));
  }

  /** Starts a command line; its last command takes the shell's place. */
  start(line: string, env: Record<string, string | undefined>): Started {
    const child = spawn('/bin/sh', ['-c', line], {
      cwd: this.folder,
      env: { PATH: [this.folder, process.env.PATH].join(delimiter), HOME: this.folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => (written[name] += text));
    }
    const ended = once(child, 'close').then(() => ({ code: child.exitCode, ...written }));
    const started = { child, ended, stdout: () => written.stdout, stderr: () => written.stderr };
    this.running.add(started);
    void ended.then(() => this.running.delete(started));
    return started;
  }

  /** Runs a command line to its end, which must come within 30 s. */
  async run(line: string, env: Record<string, string | undefined>): Promise<Ended> {
    return await within(WITHIN_MS, this.start(line, env).ended, `the end of ${line}`);
  }

  async close(): Promise<void> {
    for (const { child } of this.running) child.kill('SIGKILL');
    await Promise.all([...this.running].map(({ ended }) => ended));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
