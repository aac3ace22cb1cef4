import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GLOBALS, modulesOf } from '../docs/code-blocks';
import { readPages } from '../docs/pages';
import { lonelyFolder } from './lonely-folder';
import { runNode, runNpm } from './run';
import type { Ended } from './run';
import type { Tarball } from './tarball';

export const KINDS = ['commonjs', 'esm'] as const;
export type Kind = (typeof KINDS)[number];
const README = readPages().get('README.md') ?? '';
/** Sources that say the same in both. */
const SHARED = ['entry-points.ts', 'workflows.ts'];
export const TSCONFIG = {
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

/** Each can be installed beside the others. */
export const COMPILERS = {
  '5.9': { 'typescript-5.9': 'npm:typescript@~5.9.3' },
  '6.0': { 'typescript-6.0': 'npm:typescript@~6.0.3' },
  '7.0': { 'typescript-7.0': 'npm:typescript@~7.0.2' },
};
export type Compiler = keyof typeof COMPILERS;
export const ALL_COMPILERS: Record<string, string> = { ...COMPILERS['5.9'], ...COMPILERS['6.0'], ...COMPILERS['7.0'] };

/**
 * Two programs in a folder, one CommonJS and one ESM, with the packed package and its peers installed once for both, and
 * the README's examples among their sources. End it with `remove()`.
 */
export class Consumers {
  private constructor(private readonly folder: string) {}

  /** @param tools what else is installed, names to versions as in a `package.json` */
  static async install({ file }: Tarball, tools: Record<string, string>): Promise<Consumers> {
    const consumers = new Consumers(await lonelyFolder('consumers-'));
    await cp(join(__dirname, 'consumers'), consumers.folder, { recursive: true });
    await copyFile(file, consumers.path('temporal-nango.tgz'));
    const dependencies = { 'temporal-nango': 'file:temporal-nango.tgz', '@types/node': '^22.0.0', ...tools };
    await writeFile(consumers.path('package.json'), JSON.stringify({ private: true, dependencies }));
    for (const kind of KINDS) {
      for (const file of SHARED) await copyFile(consumers.path(file), consumers.path(join(kind, file)));
      await consumers.write(kind, 'tsconfig.json', JSON.stringify(TSCONFIG));
      await consumers.write(kind, 'readme-globals.d.ts', GLOBALS);
      for (const [index, code] of modulesOf(README).entries()) await consumers.write(kind, `readme-${index}.ts`, code);
    }
    const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    const { code, output } = await runNpm(args, consumers.folder);
    if (code !== 0) throw new Error(`npm install failed: ${output}`);
    return consumers;
  }

  /** Type-checks the program of a kind, its libraries included. `flags` override its `tsconfig.json`. */
  async typecheck(kind: Kind, compiler: Compiler, flags: string): Promise<Ended> {
    return await this.runTool(kind, `typescript-${compiler}/bin/tsc`, flags.split(' '));
  }

  /** Runs an installed program of Node, by the path of its script in `node_modules`, in the folder of a kind. */
  async runTool(kind: Kind, script: string, args: string[]): Promise<Ended> {
    return await runNode([this.installed(script), ...args], this.path(kind));
  }

  /** Path of a file of an installed package. */
  installed(file: string): string {
    return this.path(join('node_modules', file));
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
