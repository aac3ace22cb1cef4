import { execFile } from 'node:child_process';

/** How a program ended, and what it said. */
export interface Ended {
  code: number;
  stdout: string;
  /** standard output, then standard error */
  output: string;
}

/** Runs a program of Node to its end, at most `timeoutMs` (default ten minutes). It may fail: look at `code`. */
export async function runNode(args: string[], cwd: string, timeoutMs = 600_000): Promise<Ended> {
  return await run(process.execPath, args, cwd, timeoutMs);
}

/** Runs npm as {@link runNode} runs Node. */
export async function runNpm(args: string[], cwd: string, timeoutMs = 600_000): Promise<Ended> {
  return await run('npm', args, cwd, timeoutMs);
}

function run(command: string, args: string[], cwd: string, timeout: number): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, timeout, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, output: `${stdout}${stderr}` });
    });
  });
}
