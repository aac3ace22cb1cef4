import { readFileSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Outcome } from '../../src/contract/types';
import type * as workerProcess from '../../src/demo/worker-process';
import { Program } from '../cli/program';
import type { Started } from '../cli/program';
import { historySizes, sizesText } from '../support/history-sizes';
import { Random } from '../support/random';
import { World } from '../support/world';

// `temporal-nango bulk` and the worker are killed for real, at random moments of one run.

const CALLS = Number(process.env.BULK_CALLS ?? 10_000);
const KILLS = Number(process.env.BULK_KILLS ?? 10);
const OUT = 'results.jsonl';

const random = Random.fromEnv();
const folder = mkdtempSync(join(tmpdir(), 'bulk-kills-'));
let world: World;
let cli: Program;
let worker: workerProcess.WorkerProcess;
let command: Started;

beforeAll(async () => {
  world = await World.open('dev', { workers: false, rateLimitPerMinute: 10_000_000 });
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
  cli = new Program({ TEMPORAL_ADDRESS: world.env.address });
  worker = await startWorker();
});

afterAll(async () => {
  await cli?.close();
  await worker?.stop();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startWorker(): Promise<workerProcess.WorkerProcess> {
  const built: unknown = await import(join(__dirname, '../../lib/demo/worker-process.js'));
  const { WorkerProcess } = built as typeof workerProcess;
  const settings = { temporalAddress: world.env.address, namespace: 'default', nangoUrl: world.nango.url };
  return await WorkerProcess.start({ ...settings, secretKey: world.nango.secretKey, folder }, world.client);
}

function startCommand(...more: string[]): Started {
  const files = ['--from', 'calls.jsonl', '--out', OUT];
  return cli.start(['bulk', '--integration', 'hubspot', '--connection', 'c', ...files, ...more]);
}

test(`${KILLS} kills of worker and command lose nothing, write no index and no write twice`, async () => {
  const calls = Array.from({ length: CALLS }, (_, i) => ({
    method: random.between(1, 20) === 1 ? 'POST' : 'GET',
    endpoint: `/${i}`,
  }));
  writeFileSync(join(cli.folder, 'calls.jsonl'), calls.map((one) => JSON.stringify(one)).join('\n'));
  const made = new Map<string, number>();
  const watchers: { from: number; resolve: () => void }[] = [];
  world.nango.onProxy('hubspot', async ({ path }) => {
    made.set(path, (made.get(path) ?? 0) + 1);
    for (const { from, resolve } of watchers) if (made.size >= from) resolve();
    await sleep(random.between(5, 30));
    return { json: { path } };
  });
  const reached = (from: number) => new Promise<void>((resolve) => void watchers.push({ from, resolve }));

  const began = Date.now();
  command = startCommand();
  const moments = Array.from({ length: KILLS }, () => random.between(1, Math.floor(CALLS * 0.9))).sort((a, b) => a - b);
  const killed = { worker: 0, command: 0 };
  for (const moment of moments) {
    // Another kill may have come in between.
    await Promise.race([reached(moment), command.closed]);
    await sleep(random.between(0, 300));
    if (random.between(0, 1) === 0) {
      killed.worker++;
      await worker.kill();
      worker = await startWorker();
    } else {
      killed.command++;
      command.child.kill('SIGKILL');
      await command.closed;
      command = startCommand('--resume');
    }
  }
  await command.closed;
  expect({ code: command.child.exitCode, stderr: command.stderr.slice(-2_000) }).toMatchObject({
    code: expect.any(Number) as number,
  });

  const lines = readFileSync(join(cli.folder, OUT), 'utf8').split('\n').filter(Boolean);
  const results = lines.map((text) => JSON.parse(text) as { index: number; line: number } & Outcome);
  const byIndex = new Map(results.map((one) => [one.index, one]));
  let [repeated, unknown, writes] = [0, 0, 0];
  for (const [i, { method, endpoint }] of calls.entries()) {
    const times = made.get(endpoint) ?? 0;
    const result = byIndex.get(i);
    expect(result).toMatchObject({ index: i, line: i + 1 });
    if (method === 'GET') {
      expect(result).toMatchObject({ ok: true, data: { path: endpoint } });
      repeated += times - 1;
      continue;
    }
    writes++;
    expect(times).toBeLessThanOrEqual(1);
    if (result?.ok) continue;
    expect(result).toMatchObject({ error: { type: 'Nango.OutcomeUnknown' } });
    unknown++;
  }
  const pages = await historySizes(world.client, 'bulkPage');
  console.log(
    `bulk kills, seed ${random.seed}: ${KILLS} kills (${killed.worker} of the worker, ${killed.command} of the command) in ` +
      `${Math.round((Date.now() - began) / 1_000)} s; ${CALLS} calls, ${writes} of them writes: 0 lost, 0 indexes twice, 0 ` +
      `writes twice; reads repeated ${repeated}, writes of unknown outcome ${unknown}; pages: ${sizesText(pages)}`,
  );
  expect(results).toHaveLength(CALLS);
  expect(byIndex.size).toBe(CALLS);
  // Four pages at a time, each with two batches of at most 250 reads, and sixteen writes.
  expect(repeated + unknown).toBeLessThanOrEqual(killed.worker * 4 * (500 + 16));
}, 3_600_000);
