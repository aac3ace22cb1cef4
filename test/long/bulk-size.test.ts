import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BulkPage, BulkSinkInput } from '../../src/contract/types';
import type * as workerProcess from '../../src/demo/worker-process';
import { BulkUser } from '../support/bulk-user';
import { historySizes, sizesText } from '../support/history-sizes';
import { World } from '../support/world';

// Many calls by one run. `BULK_CALLS=100000` for as many as the docs speak of.

const CALLS = Number(process.env.BULK_CALLS ?? 15_000);
const PAGE = 500;
const MOST_EVENTS = 8_000;
const MOST_BYTES = 20 * 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'bulk-size-'));
let world: World;
let worker: workerProcess.WorkerProcess;
let user: BulkUser;

beforeAll(async () => {
  world = await World.open('dev', { workers: false, rateLimitPerMinute: 10_000_000 });
  const built: unknown = await import(join(__dirname, '../../lib/demo/worker-process.js'));
  const { WorkerProcess } = built as typeof workerProcess;
  const settings = { temporalAddress: world.env.address, namespace: 'default', nangoUrl: world.nango.url };
  worker = await WorkerProcess.start({ ...settings, secretKey: world.nango.secretKey, folder }, world.client);
  user = await BulkUser.start(world);
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
});

afterAll(async () => {
  await user?.close();
  await worker?.stop();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the worker has in memory, in MB, where the system says so. */
async function memoryOfWorker(): Promise<number | undefined> {
  const [poller] = (await world.connections.workers()) ?? [];
  const pid = / (\d+)@/.exec(poller?.identity ?? '')?.[1];
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  } catch {
    return undefined;
  }
}

test(`${CALLS} calls: each has one outcome, no history is over its bounds, and the worker's memory does not grow with them`, async () => {
  const seen = new Uint8Array(CALLS);
  const memory: (number | undefined)[] = [];
  user.source = ({ cursor = 0 }): BulkPage => {
    const from = cursor as number;
    const length = Math.min(PAGE, CALLS - from);
    const calls = Array.from({ length }, (_, i) => ({ method: 'GET' as const, endpoint: `/read/${from + i}` }));
    return { calls, next: from + PAGE < CALLS ? from + PAGE : undefined, total: CALLS };
  };
  user.sink = ({ outcomes }: BulkSinkInput) => {
    for (const { index } of outcomes) seen[index]! += 1;
  };
  world.nango.onProxy('hubspot', () => ({ json: { id: 1, name: 'x'.repeat(1_000) } }));
  const began = Date.now();
  const run = await world.connections.bulk(user.input());
  const watching = setInterval(() => void memoryOfWorker().then((mb) => memory.push(mb)), Math.max(CALLS / 30, 1_000));
  const result = await run.result();
  clearInterval(watching);
  const seconds = (Date.now() - began) / 1_000;
  const parent = await historySizes(world.client, 'bulk');
  const pages = await historySizes(world.client, 'bulkPage');
  console.log(
    `bulk: ${CALLS} calls in ${seconds.toFixed(0)} s, ${Math.round(CALLS / seconds)}/s; run: ${sizesText(parent)}; ` +
      `pages: ${sizesText(pages)}; worker, MB over time: ${memory.join(' ')}`,
  );
  expect(result).toEqual({ status: 'completed', done: CALLS, failed: {}, unknown: 0, skipped: 0 });
  expect(seen.every((times) => times === 1)).toBe(true);
  for (const { events, bytes } of [parent, pages]) {
    expect(events).toBeLessThanOrEqual(MOST_EVENTS);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES);
  }
}, 3_600_000);
