import { access, constants, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Adds `.exe` where programs are named so. */
export function executableName(program: string): string {
  return process.platform === 'win32' ? `${program}.exe` : program;
}

/** Path of the first `program` on `env.PATH`, as a shell would find it; undefined if there is none. */
export async function findOnPath(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const path = join(folder, executableName(program));
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return undefined;
}

/** Whether `path` is a file that this user may run. */
export async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
