import { homedir } from 'node:os';
import { join } from 'node:path';
import { executableName } from './executable';
import type { Wheel } from './wheels';

/** Folder where fetched programs are kept: `$TEMPORAL_NANGO_CACHE`, or `temporal-nango` in the user's cache folder. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  if (env.TEMPORAL_NANGO_CACHE) return env.TEMPORAL_NANGO_CACHE;
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'temporal-nango');
}

/**
 * Folder of one program. It has the version and the machine in its name, so that a home folder shared between machines
 * serves each, and it appears by one rename, so that if it exists it is whole.
 */
export function programFolder(wheel: Wheel, env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `${wheel.project}-${wheel.version}-${process.platform}-${process.arch}`);
}

/** Where the program of `wheel` lies once it is in the cache. */
export function cachedProgram(wheel: Wheel, env: NodeJS.ProcessEnv): string {
  return join(programFolder(wheel, env), executableName(wheel.program));
}
