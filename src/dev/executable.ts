import { delimiter } from 'node:path';
import which from 'which';

/** Adds `.exe` where programs are named so. */
export function executableName(program: string): string {
  return process.platform === 'win32' ? `${program}.exe` : program;
}

/** Path of the first `program` on `env.PATH`, as a shell would find it; undefined if there is none. */
export async function findOnPath(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  // An empty entry would be the working folder, and no entry at all the PATH of this process.
  const path = (env.PATH ?? '').split(delimiter).filter(Boolean).join(delimiter);
  if (path === '') return undefined;
  return (await which(executableName(program), { path, nothrow: true })) ?? undefined;
}

/** Whether `path`, which has a folder in it, is a file that this user may run. */
export async function isExecutable(path: string): Promise<boolean> {
  return (await which(path, { nothrow: true })) !== null;
}
