import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { endWithUs } from './end-with-us';

const STOPPED_WITHIN_MS = 10_000;
const LAST_LINES = 20;

/** A server that runs as our child. */
export interface ServerProcess {
  readonly pid: number;
  /** Fulfilled once it has written to its standard output. */
  readonly spoke: Promise<unknown>;
  /** Fulfilled once it has exited, with how it ended: `exited with 1`. */
  readonly exited: Promise<string>;
  /** The last 20 lines it wrote to its standard error. */
  lastLines(): string;
  /** Asks it to end, kills it after 10 s, and waits until it has exited. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Starts a server that lives as long as this process, or until it is stopped.
 *
 * @throws the system's error if it cannot be started
 */
export async function startServerProcess(file: string, args: readonly string[]): Promise<ServerProcess> {
  // Detached, because Ctrl-C goes to our whole process group, and a worker that drains still needs its server.
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, windowsHide: true });
  const lines: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (lines.push(line) > LAST_LINES) lines.shift();
  });
  const spoke = new Promise((resolve) => child.stdout.once('data', resolve));
  // `close` rather than `exit`: by then its last lines have been read.
  const exited = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(`exited with ${code ?? signal}`));
  });
  await once(child, 'spawn');

  const pid = child.pid as number;
  void exited.then(endWithUs(pid, STOPPED_WITHIN_MS));
  return {
    pid,
    spoke,
    exited,
    lastLines: () => lines.join('\n'),
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOPPED_WITHIN_MS);
      await exited;
      clearTimeout(late);
    },
  };
}
