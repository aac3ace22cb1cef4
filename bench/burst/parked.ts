import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { NangoConnections } from '../../src/client';
import { resolveConfig } from '../../src/config';
import { startTemporal } from '../../src/dev';
import { FakeNango } from '../../src/testing/fake-nango';
import { INTEGRATION, polled } from './stage';

const MB = 1024 * 1024;
const AT_ONCE = 20;
/** Parked before the first measure: what a worker needs once. */
const WARM_UP = 200;
/** Until the last workflow task of each is over. */
const SETTLE_MS = 5_000;

/** What is parked, and the file of its workflows: a request of ours, and the least that a workflow can be. */
const KINDS = { request: '', bare: './bare-workflows' } as const;

type Kind = keyof typeof KINDS;
type Memory = Record<'rss' | 'heapUsed', number>;

/** What a worker holds for each of those that are parked, in megabytes. */
export interface ParkedMemory {
  upTo: number;
  heapMb: number;
  /** of few it says nothing, so it may be left out */
  residentMb?: number;
}

/** {@link memoryOfParked}, for people. */
export async function parked(kind: Kind, counts: number[]): Promise<string> {
  const memories = await memoryOfParked(kind, counts);
  return memories
    .map(({ upTo, heapMb, residentMb }) => {
      const each = `heap ${heapMb.toFixed(3)} MB each, resident ${residentMb?.toFixed(3)} MB each`;
      return `parked ${kind}, up to ${upTo}: ${each}`;
    })
    .join('\n');
}

/**
 * Memory of a worker with so many parked, each measure less the one before it. The heap is measured after a collection of
 * garbage, with the workflows in the main thread; the resident size as the worker is run, with what is garbage in it.
 *
 * @param options.warmUp so many are parked before the first measure
 * @param options.resident whether the resident size is measured too, which takes as long again
 */
export async function memoryOfParked(
  kind: Kind,
  counts: number[],
  { warmUp = WARM_UP, resident = true }: { warmUp?: number; resident?: boolean } = {},
): Promise<ParkedMemory[]> {
  const heap = await measure(kind, counts, 'main', warmUp);
  const rss = resident ? await measure(kind, counts, 'own', warmUp) : undefined;
  return counts.map((upTo, i) => {
    const each = (all: Memory[], what: keyof Memory): number =>
      (all[i + 1]![what] - all[i]![what]) / MB / (upTo - (counts[i - 1] ?? 0));
    return { upTo, heapMb: each(heap, 'heapUsed'), residentMb: rss && each(rss, 'rss') };
  });
}

async function measure(kind: Kind, counts: number[], thread: 'main' | 'own', warmUp: number): Promise<Memory[]> {
  const temporal = await startTemporal();
  const nango = await FakeNango.start({ rateLimitPerMinute: 10_000_000 });
  nango.addProvider({ name: INTEGRATION, authMode: 'OAUTH2' });
  nango.addIntegration({ key: INTEGRATION, provider: INTEGRATION });
  const settings = { NANGO_SERVER_URL: nango.url, NANGO_SECRET_KEY: nango.secretKey };
  const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });
  const connections = new NangoConnections(client, { config: resolveConfig({ env: settings, cwd: '/' }) });
  const worker = fork(require.resolve('./parking-worker.ts'), [temporal.address, KINDS[kind], thread], {
    execArgv: ['--expose-gc', '--max-old-space-size=6000', '--require', require.resolve('../register.js')],
    env: { ...process.env, ...settings },
  });
  try {
    await polled(client, 'nango');
    const park = async (i: number): Promise<void> => {
      if (kind === 'request')
        await connections.ensureConnection({ integration: INTEGRATION, endUser: { id: `p${i}` } });
      else await client.workflow.start(kind, { workflowId: `${kind}-${i}`, taskQueue: 'nango' });
    };
    const memories: Memory[] = [];
    let made = 0;
    for (const n of [0, ...counts]) {
      const parker = async (): Promise<void> => {
        while (made < n + warmUp) await park(made++);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, parker));
      await after(SETTLE_MS);
      worker.send('measure');
      const [memory] = (await once(worker, 'message')) as [Memory];
      memories.push(memory);
    }
    return memories;
  } finally {
    worker.kill('SIGTERM');
    if (worker.exitCode === null) await once(worker, 'exit');
    await client.connection.close();
    await nango.close();
    await temporal.stop();
  }
}
