import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Consumers } from '../packaging/consumers';
import type { Kind } from '../packaging/consumers';
import { packTarball } from '../packaging/tarball';
import type { Tarball } from '../packaging/tarball';

// Programs that have the packed package installed, and whose own tests use it; no runner has any configuration.

/** Versions that run on every Node that we support. */
const RUNNERS = { jest: '^30.0.0', vitest: '^4.0.0' };

let tarball: Tarball;
let consumers: Consumers;

beforeAll(async () => {
  tarball = await packTarball();
  consumers = await Consumers.install(tarball, RUNNERS);
});

afterAll(async () => {
  await rm(dirname(tarball.file), { recursive: true, force: true });
  await consumers.remove();
});

test.each<[Kind, string, string[]]>([
  ['commonjs', 'jest/bin/jest.js', ['--ci']],
  ['esm', 'vitest/vitest.mjs', ['run', '--no-color']],
])('a test of a program that is %s passes in plain %s', async (kind, runner, args) => {
  // What the program itself is run with must not reach its tests.
  await consumers.write(kind, '.env', 'NANGO_CONNECT_KEY=of-the-real-one\nTEMPORAL_NANGO_ENVIRONMENT=real\n');
  const { code, output } = await consumers.runTool(kind, runner, args);
  expect(output).toMatch(/Tests:? +1 passed/);
  expect(code).toBe(0);
});
