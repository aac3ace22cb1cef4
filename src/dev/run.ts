import { execFile } from 'node:child_process';

/** How a program ended: `ok` if it ran and exited with 0; `said` is the last line of what it wrote, or why it did not run. */
export interface Run {
  readonly ok: boolean;
  readonly said: string;
}

/** Runs a program to its end, without a shell. Never rejects. */
export function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Run> {
  return new Promise((resolve) => {
    execFile(file, args, { env, windowsHide: true }, (error, stdout, stderr) => {
      const said = lastLine(stderr) ?? lastLine(stdout);
      if (error === null) resolve({ ok: true, said: said ?? '' });
      else if (error.code === 'ENOENT') resolve({ ok: false, said: 'not found' });
      else resolve({ ok: false, said: said ?? error.message });
    });
  });
}

/** The last line with something in it. */
export function lastLine(output: string): string | undefined {
  return output.trim().split('\n').at(-1)?.trim() || undefined;
}
