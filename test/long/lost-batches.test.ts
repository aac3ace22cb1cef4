import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { FAN_OUTS_QUERY } from '../../src/contract/names';
import { closable } from '../../src/dev/closable';
import type { FanOutProgress, ProxyCall } from '../../src/workflow';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { fanOutKinds } from '../support/user-workflows';

// Among a thousand reads one kills the worker, one is of 5 MB, and one is never answered.

const POISON = 600;
const LARGE = 20;
const SILENT = 990;
const CALLS = 1_000;
/** Batches are lost for minutes until the call is found. */
const BOUND_MS = 600_000;

let world: World;
let worker: ChildProcess;
let kills = 0;
let closing = false;

async function startWorker(): Promise<void> {
  worker = fork(join(__dirname, 'kills/short-deadline-worker.js'), {
    env: {
      PATH: process.env.PATH,
      TEMPORAL_ADDRESS: world.env.address,
      NANGO_SERVER_URL: world.nango.url,
      NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
    },
    execArgv: [],
    silent: true,
  });
  await once(worker, 'message');
}

/** Whatever of the call is read by then: the process is gone. */
async function killed(): Promise<void> {
  const gone = once(worker, 'exit');
  worker.kill('SIGKILL');
  await gone;
  kills++;
  if (!closing) await startWorker();
}

/** Activities of the last fan-out. */
let scheduled = 0;

/**
 * How the calls of a fan-out end. Time is real while a worker has some of them, since heartbeats are missed in real time;
 * the pauses before repetitions are skipped.
 */
async function kindsOf(calls: ProxyCall[]): Promise<string[]> {
  // Not the client of the environment: waiting for a result would skip time.
  const connection = await Connection.connect({ address: world.env.address, ...closable });
  try {
    const client = new Client({ connection });
    const { workflowId } = await world.start(fanOutKinds, { integration: 'hubspot', connectionId: 'c' }, calls);
    const handle = client.workflow.getHandle(workflowId);
    // It is over, or all that is left of it waits.
    const resting = async (): Promise<FanOutProgress | undefined> => {
      const [latest] = await handle.query<FanOutProgress[]>(FAN_OUTS_QUERY);
      const waits = latest?.underWay === 0 && latest.heldUntil !== undefined;
      return latest?.status === 'completed' || waits ? latest : undefined;
    };
    for (;;) {
      const { status, heldUntil = 0 } = await eventually(resting, BOUND_MS);
      if (status === 'completed') break;
      await world.env.sleep(Math.max(heldUntil - (await world.env.currentTimeMs()), 1));
    }
    const { events } = await handle.fetchHistory();
    scheduled = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes).length;
    return (await handle.result()) as string[];
  } finally {
    await connection.close();
  }
}

beforeAll(async () => {
  world = await World.open('timeSkipping', { workers: false });
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
  await world.startUserWorker();
  // Whoever kills the activities' worker does not kill the limiter with it.
  await world.startWorkflowWorker();
  await startWorker();
});

afterAll(async () => {
  closing = true;
  worker?.kill('SIGTERM');
  if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
  await world?.close();
});

test('a call that kills the worker, one of 5 MB and one that is never answered end typed, the other 997 well', async () => {
  const never = new Promise<never>(() => undefined);
  let [reads, asked] = [0, 0];
  world.nango.onProxy('hubspot', async ({ path }) => {
    reads++;
    if (path === `/${POISON}`) await killed();
    if (path === `/${LARGE}`) return { json: 'x'.repeat(5 * 1024 * 1024) };
    if (path === `/${SILENT}`) {
      asked++;
      await never;
    }
    return { json: path };
  });
  const calls: ProxyCall[] = Array.from({ length: CALLS }, (_, i) => ({ method: 'GET', endpoint: `/${i}` }));
  const kinds = await kindsOf(calls);
  const failed = kinds.flatMap((kind, i) => (kind === 'ok' ? [] : [`${i}: ${kind}`]));
  console.log(`lost batches: ${kills} kills, ${reads} reads of ${CALLS}, ${asked} of them never answered`, failed);
  expect(failed).toEqual([
    `${LARGE}: Nango.ResponseTooLarge 200`,
    `${POISON}: Nango.Unavailable not sent`,
    `${SILENT}: Nango.Unavailable not sent`,
  ]);
});

test('one stalled worker splits nothing and fails nothing', async () => {
  const calls: ProxyCall[] = Array.from({ length: 40 }, (_, i) => ({ method: 'GET', endpoint: `/${i}` }));
  let isStalled = false;
  world.nango.onProxy('hubspot', ({ path }) => {
    if (!isStalled) {
      isStalled = true;
      // Longer than its heartbeats may stay away.
      worker.kill('SIGSTOP');
      setTimeout(() => worker.kill('SIGCONT'), 9_000);
    }
    return { json: path };
  });
  const kinds = await kindsOf(calls);
  expect(new Set(kinds)).toEqual(new Set(['ok']));
  expect(scheduled).toBe(1);
});
