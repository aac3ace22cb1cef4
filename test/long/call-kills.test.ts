import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { CallRef } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { KillableWorker } from './kills/killable-worker';

// A backend's process makes one write, and it or the worker is killed at each step. The write is carried out at most once, and
// its end is found by another process.

let world: World;
let worker: KillableWorker;
let folder: string;
let ids = 0;

const env = () => ({
  TEMPORAL_ADDRESS: world.env.address,
  NANGO_SERVER_URL: world.nango.url,
  NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
});
const startWorker = async () =>
  await KillableWorker.start(join(__dirname, '../../lib/worker.js'), env(), folder, world.client);

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  folder = mkdtempSync(join(tmpdir(), 'call-kills-'));
  worker = await startWorker();
});

afterAll(async () => {
  await worker.stop();
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A connection of its own, and how often its provider has been written to; what it says is let go by `release`. */
function provider(says: (time: number) => Promise<{ status?: number; headers?: { [name: string]: string } }>) {
  const id = `order-${++ids}`;
  world.nango.addConnection({ integration: 'hubspot', connectionId: id, tags: { end_user_id: id } });
  const provided = { id, asked: 0, carriedOut: 0 };
  world.nango.onProxy('hubspot', async () => {
    const { status = 200, headers } = await says(++provided.asked);
    if (status === 200) provided.carriedOut++;
    return { status, headers, json: { carriedOut: provided.carriedOut } };
  });
  return provided;
}

/** A backend, and the lines that it has printed. */
function backend(id: string) {
  const child = spawn(process.execPath, [join(__dirname, 'kills/calling.js'), id, id], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, ...env() },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  return { child, lines };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

const until = async (when: () => boolean) => await eventually(() => Promise.resolve(when() || undefined), 30_000);

/** What another process does that was handed the same order: it says the same again. */
async function again(id: string) {
  const write = { method: 'POST', endpoint: '/orders', body: { id } } as const;
  return await world.connections.call({ integration: 'hubspot', connectionId: id }, write, { id });
}

describe('the process that calls is killed', () => {
  test.each([1, 2, 3])('once it has printed %i lines: one write, its end found by another', async (printed) => {
    const provided = provider(() => Promise.resolve({}));
    const { child, lines } = backend(provided.id);
    await until(() => lines.length >= printed);
    await killed(child);
    const call = await again(provided.id);
    expect(await call.result()).toEqual({ status: 200, data: { carriedOut: 1 } });
    if (printed > 1) expect(call.ref).toEqual(JSON.parse(lines[1]!));
    expect(provided.carriedOut).toBe(1);
  });

  test.each([0, 5, 20, 80])('%i ms after it began to call: the same', async (ms) => {
    const provided = provider(() => Promise.resolve({}));
    const { child, lines } = backend(provided.id);
    await until(() => lines.length >= 1);
    await new Promise((resolve) => setTimeout(resolve, ms));
    await killed(child);
    expect(await (await again(provided.id)).result()).toEqual({ status: 200, data: { carriedOut: 1 } });
    expect(provided.carriedOut).toBe(1);
  });

  test('while the provider has the write: its end is found by the ref alone', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const provided = provider(async () => (await held, {}));
    const { child, lines } = backend(provided.id);
    await until(() => provided.asked === 1 && lines.length >= 2);
    await killed(child);
    const ending = world.connections.callOf(JSON.parse(lines[1]!) as CallRef).result();
    release();
    expect(await ending).toEqual({ status: 200, data: { carriedOut: 1 } });
    expect(provided.carriedOut).toBe(1);
  });
});

describe('the worker is killed', () => {
  test('while the provider has the write: its outcome is unknown, and it is not sent again', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const provided = provider(async () => (await held, {}));
    const call = await again(provided.id);
    await until(() => provided.asked === 1);
    await worker.kill();
    worker = await startWorker();
    expect(await failureOf(call.result())).toMatchObject({ type: 'Nango.OutcomeUnknown', reason: 'timed_out' });
    release();
    expect(await failureOf((await again(provided.id)).result())).toMatchObject({ type: 'Nango.OutcomeUnknown' });
    expect(provided.asked).toBe(1);
  });

  test('while the write waits for a limit: nothing is sent any more, and nobody says that it was', async () => {
    const provided = provider(() => Promise.resolve({ status: 429, headers: { 'retry-after': '20' } }));
    const call = await again(provided.id);
    await until(() => provided.asked === 1);
    await worker.kill();
    worker = await startWorker();
    expect(await failureOf(call.result())).toMatchObject({ type: 'Nango.OutcomeUnknown' });
    expect(provided).toMatchObject({ asked: 1, carriedOut: 0 });
  });

  test('after the write has ended: its end is there, with no worker at all', async () => {
    const provided = provider(() => Promise.resolve({}));
    const { ref } = await again(provided.id);
    await world.connections.callOf(ref).result();
    await worker.kill();
    expect(await world.connections.callOf(ref).result()).toEqual({ status: 200, data: { carriedOut: 1 } });
    worker = await startWorker();
    expect(provided.carriedOut).toBe(1);
  });

  test('before it has taken the write: the next one carries it out, once', async () => {
    const provided = provider(() => Promise.resolve({}));
    await worker.kill();
    const call = await again(provided.id);
    worker = await startWorker();
    expect(await call.result()).toEqual({ status: 200, data: { carriedOut: 1 } });
    expect(provided.carriedOut).toBe(1);
  });
});
