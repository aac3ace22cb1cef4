import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Call } from '../../src/contract/types';
import { BulkUser } from '../support/bulk-user';
import { eventually } from '../support/eventually';
import { Random } from '../support/random';
import { SlowProvider } from './kills/slow-provider';
import { Stage } from './kills/stage';

// Nango, Temporal and the worker are away for a minute each, in the middle of one bulk run.

const AWAY_MS = 60_000;
/** Nobody waits longer once everything is up again. */
const BOUND_MS = 300_000;
const CALLS = 6_000;
/** Each twentieth. */
const isWrite = (i: number): boolean => i % 20 === 0;

const random = Random.fromEnv();
const provider = new SlowProvider(random);
let stage: Stage;
let nativeConnection: NativeConnection;
let user: BulkUser;

beforeAll(async () => {
  stage = await Stage.open(random, join(__dirname, '../../lib/worker.js'));
  stage.nango.addProvider({ name: 'hubspot', authMode: 'OAUTH2' });
  stage.nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
  stage.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
  stage.nango.onProxy('hubspot', provider.handle);
  nativeConnection = await NativeConnection.connect({ address: stage.address });
  user = await BulkUser.start({ env: { nativeConnection } });
});

afterAll(async () => {
  await user?.close();
  await nativeConnection?.close();
  await stage?.close();
});

test('nothing is lost, and no write is made twice', async () => {
  const calls = Array.from({ length: CALLS }, (_, i): Call => {
    return { method: isWrite(i) ? 'POST' : 'GET', endpoint: `/${i}` };
  });
  user.has(calls, 1_000);
  const run = await stage.connections.bulk(user.input());
  const reached = (count: number): Promise<void> => provider.until(() => provider.begun.size >= count);

  await reached(CALLS * 0.2);
  stage.nango.outage(true);
  await sleep(AWAY_MS);
  stage.nango.outage(false);

  await reached(CALLS * 0.5);
  await stage.kill('server', undefined, AWAY_MS);

  await reached(CALLS * 0.8);
  await stage.kill('worker');
  await sleep(AWAY_MS);
  await stage.startWorker();

  const { status, done, unknown, failed } = await eventually(() => run.result(), BOUND_MS);
  expect({ status, done, failed }).toEqual({ status: 'completed', done: CALLS, failed: {} });
  expect(user.indexes).toEqual(calls.map((_, i) => i));
  let repeated = 0;
  calls.forEach((_, i) => {
    const times = provider.begun.get(`/${i}`) ?? 0;
    const outcome = user.sunk.get(i);
    if (isWrite(i)) {
      expect(times).toBeLessThanOrEqual(1);
      if (!outcome?.ok) expect(outcome).toMatchObject({ error: { type: 'Nango.OutcomeUnknown' } });
    } else {
      expect(outcome).toMatchObject({ ok: true, data: { path: `/${i}` } });
      repeated += times - 1;
    }
  });
  console.log(`bulk outages: ${CALLS} calls; reads repeated ${repeated}, writes of unknown outcome ${unknown}`);
});
