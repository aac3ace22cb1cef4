import { cp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { lonelyFolder } from '../packaging/lonely-folder';
import { runNode, runNpm } from '../packaging/run';
import { packTarball } from '../packaging/tarball';
import type { Tarball } from '../packaging/tarball';
import { createDevServerEnv } from '../support/temporal';

// A program that has the packed package installed, with Temporal's External Storage on disk, and a real Temporal.

const MB = 1024 * 1024;
const PROXIED = ['get', 'post', 'page'];
const ACTIONS = ['action', 'asyncAction'];
/** Nango hands on no more of an action. */
const ACTION_BYTES = 1_900_000;
const PEERS = ['activity', 'client', 'common', 'envconfig', 'plugin', 'testing', 'worker', 'workflow'];

let env: TestWorkflowEnvironment;
let tarball: Tarball;
let folder: string;

beforeAll(async () => {
  env = await createDevServerEnv();
  tarball = await packTarball();
  folder = await lonelyFolder('external-storage-');
  await cp(join(__dirname, 'external-storage'), folder, { recursive: true });
});

afterAll(async () => {
  await rm(dirname(tarball.file), { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await env.teardown();
});

async function install(overrides: Record<string, string>): Promise<void> {
  const temporal = PEERS.map((name) => [`@temporalio/${name}`, '^1.24.0']);
  const dependencies = { ...Object.fromEntries(temporal), 'temporal-nango': `file:${tarball.file}` } as object;
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  expect(await runNpm(args, folder)).toMatchObject({ code: 0 });
}

/** What the program prints. */
async function run(bytes: number, kinds: readonly string[]): Promise<unknown> {
  const { code, stdout, output } = await runNode(['program.js', env.address, String(bytes), ...kinds], folder);
  if (code !== 0) throw new Error(output);
  // Before it may stand what a worker logs.
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!);
}

async function doctor(): Promise<string> {
  const { stdout } = await runNode(['node_modules/temporal-nango/lib/cli/main.js', 'doctor', '--json'], folder);
  const { checks } = JSON.parse(stdout) as { checks: { name: string; says: string }[] };
  return checks.find(({ name }) => name === 'external storage')?.says ?? '';
}

// In this order, in one folder: an installation is repaired as a person does it, over what is there.
test('as npm installs it, a worker with a store is refused with what repairs it; repaired, 5 MB come to the client', async () => {
  await install({});
  const { refused } = (await run(5 * MB, ['get'])) as { refused: { type: string; message: string } };
  expect(refused.type).toBe('Nango.Misconfigured');
  const [, repair = ''] = /"overrides": (\{.*?\})/.exec(refused.message) ?? [];
  expect(await doctor()).toContain(`"overrides": ${repair}`);

  await install(JSON.parse(repair) as Record<string, string>);
  expect(await doctor()).toMatch(/^A worker can have it/);
  // Stored are the response of the call, and the result of the workflow.
  for (const [bytes, kinds] of [
    [5 * MB, PROXIED],
    [ACTION_BYTES, ACTIONS],
  ] as const) {
    const passed = { text: bytes, stored: 2, history: expect.any(Number) as number };
    const results = (await run(bytes, kinds)) as Record<string, { history: number }>;
    expect(results).toEqual(Object.fromEntries(kinds.map((kind) => [kind, passed])));
    for (const { history } of Object.values(results)) expect(history).toBeLessThan(20_000);
  }
});

test('what is almost as large as a worker reads passes too', async () => {
  const bytes = 15 * MB;
  expect(await run(bytes, ['get'])).toMatchObject({ get: { text: bytes } });
});
