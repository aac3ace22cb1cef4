import { spawn } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { endWithUs } from './end-with-us';
import { lastLine, type Run } from './run';

const BEGINS_WITHIN_MS = 10_000;
const SILENT_MS = 4_000;
const CHECK_MS = 200;
const KEPT_CHARS = 10_000;

/** As {@link Run}; `silent` if it was ended because nothing came any more. */
export interface WatchedRun extends Run {
  readonly silent: boolean;
}

/**
 * Runs a program that fetches something into `folder`, without a shell, as long as it gets on: it is ended once it has
 * written no line and `folder` has not grown for 4 s, or 10 s before its first sign. Whatever it fetches from may hang,
 * or be as slow as it likes. Never rejects.
 */
export function runWatched(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  folder: string,
): Promise<WatchedRun> {
  return new Promise((resolve) => {
    // A group of its own, so that what it has started is ended with it.
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true, windowsHide: true });
    const written = { stdout: '', stderr: '' };
    let silent = false;
    let size = 0;
    let deadline = Date.now() + BEGINS_WITHIN_MS;
    const gotOn = () => (deadline = Date.now() + SILENT_MS);
    const watch = setInterval(() => {
      void sizeOf(folder).then((now) => {
        if (now !== size) gotOn();
        size = now;
        silent ||= Date.now() > deadline && child.exitCode === null && child.signalCode === null;
        if (silent) endGroup(child.pid);
      });
    }, CHECK_MS);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        written[name] = (written[name] + text).slice(-KEPT_CHARS);
        gotOn();
      });
    }
    const callOff = child.pid === undefined ? () => undefined : endWithUs(child.pid, SILENT_MS);
    const ended = (run: WatchedRun) => {
      clearInterval(watch);
      callOff();
      resolve(run);
    };
    child.once('error', (error: NodeJS.ErrnoException) => {
      ended({ ok: false, silent, said: error.code === 'ENOENT' ? 'not found' : error.message });
    });
    child.once('close', (code) => {
      const said = lastLine(written.stderr) ?? lastLine(written.stdout) ?? `exited with ${code}`;
      ended({ ok: code === 0, silent, said: silent ? `nothing came for ${SILENT_MS / 1000} s` : said });
    });
  });
}

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Bytes in all files below a folder, as far as they are still there. */
async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const sizes = names.map((name) =>
    stat(join(folder, name)).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
