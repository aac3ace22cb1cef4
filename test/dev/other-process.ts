import { transformFile } from '@swc/core';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const SOURCE = join(__dirname, '../../src/dev');
const MODULES = join(__dirname, '../../node_modules');

/** Compiles `src/dev` into `folder`, for processes that have no jest to compile it. */
export async function compileDev(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(SOURCE)) {
    const { code } = await transformFile(join(SOURCE, name), {
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    await writeFile(join(folder, name.replace(/\.ts$/, '.js')), code);
  }
}

/** A Node process of its own, and of its own process group. */
export interface OtherProcess {
  readonly child: ChildProcess;
  /** The next line it writes to its standard output. */
  line(): Promise<string>;
  /** All it writes to its standard output, and how it ended. */
  ended(): Promise<{ code: number | null; output: string }>;
  /** Kills it and all that it started in its group, with no chance to clear up. May be called twice. */
  kill(): Promise<void>;
}

/** Runs `script`, in which `dev` is what the compiled `src/dev/<module>` exports. */
export function otherProcess(folder: string, module: string, script: string, env: NodeJS.ProcessEnv): OtherProcess {
  const source = `const dev = require(${JSON.stringify(join(folder, module))}); (async () => { ${script} })();`;
  const child = spawn(process.execPath, ['-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
    env: { NODE_PATH: MODULES, ...env },
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    line: async () => String((await once(child.stdout, 'data'))[0]).trim(),
    ended: async () => {
      const [output, [code]] = await Promise.all([text(child.stdout), closed]);
      return { code, output: output.trim() };
    },
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) process.kill(-(child.pid as number), 'SIGKILL');
      child.stdout.resume();
      await closed;
    },
  };
}
