import { copyFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Consumers, TSCONFIG } from '../packaging/consumers';
import { lonelyFolder } from '../packaging/lonely-folder';
import { runNode } from '../packaging/run';
import { packTarball } from '../packaging/tarball';
import type { Tarball } from '../packaging/tarball';

// pnpm shows a program only what it has asked for, and each package only what that one has asked for.

const PROGRAM = join(__dirname, '../packaging/consumers/entry-points.ts');
const TEMPORAL = { '@temporalio/client': '^1.24.0', '@temporalio/common': '^1.24.0', '@temporalio/worker': '^1.24.0' };

let tarball: Tarball;
let pnpm: Consumers;
let folder: string;

beforeAll(async () => {
  tarball = await packTarball();
  pnpm = await Consumers.install(tarball, { pnpm: '^10.0.0' });
  folder = await lonelyFolder('pnpm-');
});

afterAll(async () => {
  await rm(dirname(tarball.file), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await pnpm.remove();
});

// In this order: the first test installs.
test('a program that pnpm has installed type-checks, its libraries included', async () => {
  await copyFile(PROGRAM, join(folder, 'entry-points.ts'));
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const dependencies = {
    ...TEMPORAL,
    'temporal-nango': `file:${tarball.file}`,
    '@types/node': '^22.0.0',
    typescript: '~6.0.3',
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module', dependencies }));
  const script = pnpm.installed('pnpm/bin/pnpm.cjs');
  const install = await runNode([script, 'install', '--ignore-scripts', '--store-dir', join(folder, 'store')], folder);
  expect(install).toMatchObject({ code: 0 });

  const tsc = join(folder, 'node_modules/typescript/bin/tsc');
  expect(await runNode([tsc, '--module', 'nodenext'], folder)).toMatchObject({ code: 0, output: '' });
});

test('External Storage works as pnpm installs it, without any override', async () => {
  const command = join(folder, 'node_modules/temporal-nango/lib/cli/main.js');
  const { stdout } = await runNode([command, 'doctor', '--json'], folder);
  const { checks } = JSON.parse(stdout) as { checks: { name: string; says: string }[] };
  expect(checks).toContainEqual(
    expect.objectContaining({
      name: 'external storage',
      says: expect.stringMatching(/^A worker can have it/) as string,
    }),
  );
});
