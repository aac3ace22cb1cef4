import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from '@temporalio/worker';
import { whatIsWrong } from '../src/healthcheck';
import { eventually } from './support/eventually';
import { World } from './support/world';

// The check, and the built program around it: `pretest` builds it.

let world: World;
let worker: Worker | undefined;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
});

afterAll(async () => {
  await world.close();
});

const check = (options?: { host?: string; now?: number }) => whatIsWrong(world.client, options);

/** Once a worker of this process polls for both. */
async function polling(): Promise<void> {
  worker ??= await world.startNangoWorker();
  await eventually(async () => ((await check()) === undefined ? true : undefined));
}

function run(address: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env.PATH, HOME: tmpdir(), TEMPORAL_ADDRESS: address };
    const options = { env, cwd: tmpdir(), timeout: 120_000 };
    execFile(process.execPath, [join(__dirname, '../lib/healthcheck.js')], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` });
    });
  });
}

test('nobody polls: it says so, and ends with 1', async () => {
  expect(await check()).toMatch(/^No worker on .* polls the task queue nango for workflows\.$/);
  const { code, output } = await run(world.env.address);
  expect(code).toBe(1);
  expect(output).toContain('No worker on');
});

test('a worker of this host polls: nothing is wrong, and it ends with 0', async () => {
  await polling();
  expect(await run(world.env.address)).toEqual({ code: 0, output: '' });
});

test('a worker of another host, or one that has stopped polling, is not taken for ours', async () => {
  await polling();
  expect(await check({ host: 'elsewhere' })).toContain('elsewhere');
  expect(await check({ now: Date.now() + 180_000 })).toContain('No worker');
});

test('without a Temporal it names the reason and ends with 1', async () => {
  const { code, output } = await run('127.0.0.1:1');
  expect(code).toBe(1);
  expect(output).not.toBe('');
});
