import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { README_GLOBALS, readmeExamples } from './readme-examples';
import { runNode, runNpm } from './run';
import type { Ended } from './run';
import type { Tarball } from './tarball';

export const KINDS = ['commonjs', 'esm'] as const;
export type Kind = (typeof KINDS)[number];
/** Sources that say the same in both. */
const SHARED = ['entry-points.ts', 'workflows.ts'];
const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023'],
    types: ['node'],
    strict: true,
    esModuleInterop: true,
    skipLibCheck: false,
    noEmit: true,
  },
  include: ['*.ts'],
};

export type Compiler = '5.9' | '6.0' | '7.0';

/**
 * Two programs in a folder, one CommonJS and one ESM, with the packed package and its peers installed once for both, and
 * the README's examples among their sources. End it with `remove()`.
 */
export class Consumers {
  private constructor(private readonly folder: string) {}

  static async install({ file }: Tarball): Promise<Consumers> {
    // Resolved, because bundlers and compilers name files by their real path.
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'consumers-')));
    const consumers = new Consumers(folder);
    await cp(join(__dirname, 'consumers'), folder, { recursive: true });
    await copyFile(file, consumers.path('temporal-nango.tgz'));
    for (const kind of KINDS) {
      for (const file of SHARED) await copyFile(consumers.path(file), consumers.path(join(kind, file)));
      await consumers.write(kind, 'tsconfig.json', JSON.stringify(TSCONFIG));
      await consumers.write(kind, 'readme-globals.d.ts', README_GLOBALS);
      for (const [index, code] of readmeExamples().entries()) await consumers.write(kind, `readme-${index}.ts`, code);
    }
    const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    const { code, output } = await runNpm(args, folder);
    if (code !== 0) throw new Error(`npm install failed: ${output}`);
    return consumers;
  }

  /** Type-checks the program of a kind, its libraries included. `flags` override its `tsconfig.json`. */
  async typecheck(kind: Kind, compiler: Compiler, flags: string): Promise<Ended> {
    const tsc = this.path(`node_modules/typescript-${compiler}/bin/tsc`);
    return await runNode([tsc, ...flags.split(' ')], this.path(kind));
  }

  /** Runs a file of the program and reads the JSON that it prints. */
  async run(kind: Kind, file: string): Promise<unknown> {
    const { code, stdout, output } = await runNode([file], this.path(kind));
    if (code !== 0) throw new Error(`${kind}/${file} failed: ${output}`);
    return JSON.parse(stdout);
  }

  /** Adds a source to the program of a kind, or replaces it. */
  async write(kind: Kind, file: string, code: string): Promise<void> {
    await writeFile(this.path(join(kind, file)), code);
  }

  /** Starts the package's command, as installed, in an empty folder. */
  async startCommand(args: string[]): Promise<{ line: Promise<string>; interrupt: () => Promise<number | null> }> {
    const cwd = await mkdtemp(join(this.folder, 'empty-'));
    const command = this.path('node_modules/.bin/temporal-nango');
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(child, 'close');
    return {
      line: once(createInterface(child.stdout), 'line').then(([line]) => line as string),
      async interrupt() {
        child.kill('SIGINT');
        await ended;
        return child.exitCode;
      },
    };
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}
