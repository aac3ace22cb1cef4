import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../src/worker';
import { call } from './support/user-workflows';
import { eventually } from './support/eventually';
import { World } from './support/world';

// The built worker, as a process: `pretest` builds it.

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startUserWorker();
});

afterAll(async () => {
  await world.close();
});

function startWorker(env: Record<string, string>) {
  const child = spawn(process.execPath, [join(__dirname, '../lib/worker.js')], {
    cwd: mkdtempSync(join(tmpdir(), 'worker-')),
    env: { PATH: process.env.PATH, HOME: tmpdir(), ...env },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  return { child, ended: once(child, 'exit').then(() => child.exitCode), log: () => log };
}

const good = () => ({
  TEMPORAL_ADDRESS: world.env.address,
  NANGO_SERVER_URL: world.nango.url,
  NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
});

async function running(child: ChildProcess): Promise<void> {
  await eventually(async () => {
    const { pollers } = await world.client.workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name: 'nango' },
      taskQueueType: 1,
    });
    return pollers?.some(({ identity }) => identity?.includes(` ${child.pid}@`)) ? true : undefined;
  });
}

test('at SIGTERM a write in flight is finished, then the worker ends with 0', async () => {
  let arrived: () => void = () => undefined;
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-1' });
  world.nango.onProxy('hubspot', async () => {
    arrived();
    await held;
    return { json: { written: true } };
  });
  const { child, ended, log } = startWorker(good());
  const connection = { integration: 'hubspot', connectionId: 'c-1' };
  const writing = await world.start(call, connection, { method: 'POST', endpoint: '/write', body: {} });
  await arrival;
  child.kill('SIGTERM');
  await eventually(() => Promise.resolve(log().includes('STOPPING') ? true : undefined));
  release();
  expect(await ended).toBe(EXIT.drained);
  expect(await writing.result()).toEqual({ status: 200, data: { written: true } });
  expect(log()).not.toContain(world.nango.secretKey);
});

test('without a key it says the three steps and ends with 2', async () => {
  const { ended, log } = startWorker({ TEMPORAL_ADDRESS: world.env.address });
  expect(await ended).toBe(EXIT.misconfigured);
  expect(log()).toContain('https://app.nango.dev/signup');
});

test('with a connect session token for a key it names the variable, not the token, and ends with 2', async () => {
  const token = `nango_connect_session_${'a'.repeat(64)}`;
  const { ended, log } = startWorker({ ...good(), NANGO_TOOLBOX_SECRET_KEY: token });
  expect(await ended).toBe(EXIT.misconfigured);
  expect(log()).toContain('NANGO_TOOLBOX_SECRET_KEY');
  expect(log()).not.toContain(token);
});

test('without a Temporal it says so and ends with 3', async () => {
  const { ended, log } = startWorker({ ...good(), TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(await ended).toBe(EXIT.temporalUnavailable);
  expect(log()).toContain('127.0.0.1:1');
});

test('its log is one JSON object a line', async () => {
  const { child, ended, log } = startWorker(good());
  await running(child);
  child.kill('SIGTERM');
  expect(await ended).toBe(EXIT.drained);
  for (const line of log().trim().split('\n'))
    expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) as number });
});
