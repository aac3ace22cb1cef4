import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ALL_COMPILERS, Consumers } from '../packaging/consumers';
import type { Compiler, Kind } from '../packaging/consumers';
import { packTarball } from '../packaging/tarball';
import type { Tarball } from '../packaging/tarball';

// Every compiler and way of resolving modules that users have. Libraries are checked too (`skipLibCheck` is false).

let tarball: Tarball;
let consumers: Consumers;

beforeAll(async () => {
  tarball = await packTarball();
  consumers = await Consumers.install(tarball, ALL_COMPILERS);
});

afterAll(async () => {
  await rm(dirname(tarball.file), { recursive: true, force: true });
  await consumers.remove();
});

const BUNDLER = '--module esnext --moduleResolution bundler';
const DOM = '--module nodenext --lib es2023,dom';

test.each<[Kind, Compiler, string]>([
  ['commonjs', '5.9', '--module commonjs --moduleResolution node10'],
  ['commonjs', '5.9', '--module node16'],
  ['commonjs', '5.9', '--module node20'],
  ['commonjs', '5.9', '--module nodenext'],
  ['esm', '5.9', '--module nodenext'],
  ['esm', '5.9', BUNDLER],
  // 6.0 takes it under protest, and 7.0 knows it no more.
  ['commonjs', '6.0', '--module commonjs --moduleResolution node10 --ignoreDeprecations 6.0'],
  ['commonjs', '6.0', '--module commonjs --moduleResolution bundler'],
  ['commonjs', '6.0', '--module node16'],
  ['commonjs', '6.0', '--module node20'],
  ['commonjs', '6.0', '--module nodenext'],
  ['commonjs', '6.0', DOM],
  ['esm', '6.0', '--module nodenext'],
  ['esm', '6.0', BUNDLER],
  ['commonjs', '7.0', '--module commonjs --moduleResolution bundler'],
  ['commonjs', '7.0', '--module node16'],
  ['commonjs', '7.0', '--module node20'],
  ['commonjs', '7.0', '--module nodenext'],
  ['commonjs', '7.0', DOM],
  ['esm', '7.0', '--module nodenext'],
  ['esm', '7.0', BUNDLER],
])('a program that is %s type-checks with TypeScript %s %s', async (kind, compiler, flags) => {
  expect(await consumers.typecheck(kind, compiler, flags)).toMatchObject({ code: 0, output: '' });
});
