import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { NangoConnections } from '../../src/client';
import { resolveConfig } from '../../src/config';
import { startTemporal } from '../../src/dev';
import { FakeNango } from '../../src/testing/fake-nango';

export const USER_QUEUE = 'user';
export const INTEGRATION = 'crm';

const REGISTER = require.resolve('../register.js');

/** A Temporal and our worker as processes of their own, a user's worker, and a Nango without a limit in this process. */
export interface Stage {
  client: Client;
  connections: NangoConnections;
  /** how often the person was told, and how often a call to Temporal was repeated, since the stage was opened */
  log: { notified: number; retried: number };
  /** CPU time that each process has used, in seconds */
  cpu: () => Promise<Record<string, number>>;
  close: () => Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const temporal = await startTemporal();
  const nango = await FakeNango.start({ rateLimitPerMinute: 10_000_000 });
  nango.addProvider({ name: INTEGRATION, authMode: 'OAUTH2' });
  nango.addIntegration({ key: INTEGRATION, provider: INTEGRATION });
  const settings = { NANGO_SERVER_URL: nango.url, NANGO_SECRET_KEY: nango.secretKey };
  const config = resolveConfig({ env: settings, cwd: '/' });
  const client = new Client({ connection: await Connection.connect({ address: temporal.address }) });

  const log = { notified: 0, retried: 0 };
  const ours = start(require.resolve('../../src/worker.ts'), [], { ...settings, TEMPORAL_ADDRESS: temporal.address });
  createInterface({ input: ours.stdout! }).on('line', (line) => {
    if (line.startsWith('temporal-nango: waiting')) log.notified++;
    else if (line.includes('retried')) log.retried++;
    else if (process.env.BURST_LOG !== undefined) console.error(line);
  });
  const workers = [ours];
  const pids: Record<string, number> = { temporal: temporal.pid ?? 0, 'our worker': ours.pid!, driver: process.pid };
  const theirs = start(require.resolve('./user-worker.ts'), [temporal.address, USER_QUEUE]);
  theirs.stdout!.resume();
  workers.push(theirs);
  pids['user worker'] = theirs.pid!;
  await Promise.all([polled(client, 'nango'), polled(client, USER_QUEUE)]);

  return {
    client,
    connections: new NangoConnections(client, { config }),
    log,
    cpu: async () => {
      const used: Record<string, number> = {};
      for (const [name, pid] of Object.entries(pids)) used[name] = await cpuOf(pid);
      return used;
    },
    close: async () => {
      for (const worker of workers) worker.kill('SIGTERM');
      await Promise.all(workers.filter(({ exitCode }) => exitCode === null).map((worker) => once(worker, 'exit')));
      await client.connection.close();
      await nango.close();
      await temporal.stop();
    },
  };
}

async function cpuOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function start(file: string, args: string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, ['--require', REGISTER, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Until a worker polls the queue. */
export async function polled({ workflowService }: Client, name: string): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    const { pollers } = await workflowService.describeTaskQueue({
      namespace: 'default',
      taskQueue: { name },
      taskQueueType: 1,
    });
    if ((pollers ?? []).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nobody polls ${name}`);
}
