import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import type { Call, Connection, Outcome } from '../../src/contract/types';
import type * as workerProcess from '../../src/demo/worker-process';
import { callsByActivity } from '../support/batched-calls';
import { Random } from '../support/random';
import { eventually } from '../support/eventually';
import { World } from '../support/world';

// The worker is killed for real, `lib/worker.js` as a process, while an automation waits and while its calls run.

const { PENDING_ACTIVITY_STATE_STARTED } = temporal.api.enums.v1.PendingActivityState;
const READS = 150;
const WRITES = 20;
const QUEUE = 'drill';

interface Plan {
  /** kill while the automation waits for the person */
  whileWaiting: boolean;
  /** kill at a random moment of the fan-out, or once a write is held open */
  during: 'calls' | 'heldWrite';
}

/** Ten kills. */
const PLANS: Plan[] = [
  { whileWaiting: true, during: 'calls' },
  { whileWaiting: true, during: 'heldWrite' },
  { whileWaiting: false, during: 'calls' },
  { whileWaiting: false, during: 'heldWrite' },
  { whileWaiting: false, during: 'calls' },
  { whileWaiting: false, during: 'heldWrite' },
  { whileWaiting: false, during: 'calls' },
  { whileWaiting: false, during: 'heldWrite' },
];

const random = Random.fromEnv();
const folder = mkdtempSync(join(tmpdir(), 'kills-'));
let world: World;
let nangoWorker: workerProcess.WorkerProcess;
let userWorker: Worker;
let userWorkerEnd: Promise<void>;
let kills = 0;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  userWorker = await Worker.create({
    connection: world.env.nativeConnection,
    taskQueue: QUEUE,
    workflowsPath: require.resolve('../support/drill-workflows'),
  });
  userWorkerEnd = userWorker.run();
  nangoWorker = await startNangoWorker();
});

afterAll(async () => {
  await nangoWorker?.stop();
  userWorker?.shutdown();
  await userWorkerEnd;
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function startNangoWorker(): Promise<workerProcess.WorkerProcess> {
  // The built one, as it starts the worker that is built beside it; `pretest:long` builds both.
  const built: unknown = await import(join(__dirname, '../../lib/demo/worker-process.js'));
  const { WorkerProcess } = built as typeof workerProcess;
  const settings = {
    temporalAddress: world.env.address,
    namespace: 'default',
    nangoUrl: world.nango.url,
    secretKey: world.nango.secretKey,
    folder,
  };
  return await WorkerProcess.start(settings, world.client);
}

async function kill(): Promise<void> {
  await nangoWorker.kill();
  kills++;
}

/** The provider of one round: answers after 20 to 50 ms, counts, and may hold one write open. */
class Provider {
  readonly begun = new Map<string, number>();
  inFlight = 0;
  total = 0;
  private readonly watchers: { when: () => boolean; resolve: () => void }[] = [];
  private readonly released: Promise<void>;
  release: () => void = () => undefined;

  constructor(readonly held?: string) {
    this.released = new Promise((resolve) => (this.release = resolve));
  }

  readonly handle = async ({ path }: { path: string }) => {
    this.begun.set(path, (this.begun.get(path) ?? 0) + 1);
    this.total++;
    this.inFlight++;
    for (const { when, resolve } of this.watchers) if (when()) resolve();
    const pause = random.between(20, 50);
    await (path === this.held ? this.released : sleep(pause));
    this.inFlight--;
    return { json: { path } };
  };

  /** Resolves once that many calls have begun, and the one to hold among them. */
  async reached(calls: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const when = () => this.total >= calls && (this.held === undefined || this.begun.has(this.held));
      this.watchers.push({ when, resolve });
    });
  }
}

/** Calls that Temporal has handed out and of which it has heard no end: what a crash may repeat. */
async function inFlightAt(automation: WorkflowHandle): Promise<number> {
  const { raw } = await automation.describe();
  const started = (raw.pendingActivities ?? []).filter(({ state }) => state === PENDING_ACTIVITY_STATE_STARTED);
  const calls = await callsByActivity(automation);
  return started.reduce((sum, { activityId }) => sum + (calls.get(activityId ?? '') ?? 0), 0);
}

async function round(n: number, { whileWaiting, during }: Plan) {
  const began = Date.now();
  const id = `k${random.seed}-${n}`;
  const requestId = `nango/default/hubspot/u:${id}`;
  const reads: Call[] = Array.from({ length: READS }, (_, i) => ({ method: 'GET', endpoint: `/${id}/read/${i}` }));
  const writes: Call[] = Array.from({ length: WRITES }, (_, i) => ({
    method: 'POST',
    endpoint: `/${id}/write/${i}`,
    body: { i },
  }));
  const calls = random.shuffled([...reads, ...writes]) as { method: string; endpoint: string }[];
  const held = during === 'heldWrite' ? `/${id}/write/${random.between(0, WRITES - 1)}` : undefined;
  const provider = new Provider(held);
  world.nango.onProxy('hubspot', provider.handle);

  const automation = await world.client.workflow.start('onboard', {
    workflowId: `onboard-${randomUUID()}`,
    taskQueue: QUEUE,
    args: [{ integration: 'hubspot', endUser: { id } }, calls],
  });
  if (whileWaiting) {
    // Anywhere from before the lookup to long after everybody waits.
    await sleep(random.between(0, 500));
    await kill();
    nangoWorker = await startNangoWorker();
  }
  const { firstExecutionRunId } = await eventually(async () => await world.request(requestId, 'waiting'), 60_000);
  const request = world.connections.request({ id: requestId, firstExecutionRunId });
  // A task that was stuck to the dead worker is handed on after ten seconds, about as long as a click waits.
  const link = await eventually(() => request.connectLink(), 60_000);
  const made = world.nango.complete(link, { as: id });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });

  // Not so late that a fan-out without a held write could be over.
  await provider.reached(random.between(1, READS - 30));
  // The call that has just begun takes longer than this.
  await sleep(random.between(0, 15));
  const killed = kill();
  const seen = provider.inFlight;
  await killed;
  const inFlight = await inFlightAt(automation);
  provider.release();
  nangoWorker = await startNangoWorker();

  const { connection, outcomes } = (await automation.result()) as { connection: Connection; outcomes: Outcome[] };
  expect(connection).toMatchObject(made);
  // Nothing is lost: every call has an outcome, and a good one is the answer to that very call.
  expect(outcomes).toHaveLength(calls.length);
  let repeated = 0;
  let unknown = 0;
  let unsent = 0;
  calls.forEach(({ method, endpoint }, i) => {
    const times = provider.begun.get(endpoint) ?? 0;
    const outcome = outcomes[i];
    const good = { ok: true, status: 200, data: { path: endpoint } };
    if (method === 'GET') {
      expect(outcome).toEqual(good);
      expect(times).toBeGreaterThanOrEqual(1);
      repeated += times - 1;
      return;
    }
    // A write that was handed out and never arrived is unknown, too.
    expect(times).toBeLessThanOrEqual(1);
    if (outcome?.ok) {
      expect(outcome).toEqual(good);
      expect(times).toBe(1);
    } else {
      expect(outcome).toMatchObject({ error: { type: 'Nango.OutcomeUnknown' } });
      unknown++;
      if (times === 0) unsent++;
    }
    if (endpoint === held) {
      expect(times).toBe(1);
      expect(outcome).toMatchObject({ ok: false, error: { type: 'Nango.OutcomeUnknown' } });
    }
  });
  expect(seen).toBeGreaterThan(0);
  expect(repeated + unknown).toBeLessThanOrEqual(inFlight);
  return { seen, inFlight, repeated, unknown, unsent, held, seconds: Math.round((Date.now() - began) / 1000) };
}

test('ten kills lose nothing, write nothing twice, and repeat at most what was in flight', async () => {
  const began = Date.now();
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  for (const [n, plan] of PLANS.entries()) rounds.push(await round(n, plan));
  const sum = (of: (one: (typeof rounds)[number]) => number) => rounds.reduce((all, one) => all + of(one), 0);
  const withHeld = rounds.filter(({ held }) => held !== undefined).length;
  const each = rounds.map((one) => `${one.inFlight}/${one.repeated}/${one.unknown} in ${one.seconds} s`);
  console.log(
    `kills, seed ${random.seed}: ${kills} kills (${kills - rounds.length} while waiting, ${rounds.length} with calls in ` +
      `flight, ${withHeld} of them with a write held open) in ${Math.round((Date.now() - began) / 1000)} s; ` +
      `${rounds.length * (READS + WRITES)} calls, 0 lost, 0 writes twice; in flight at the kills ${sum((r) => r.inFlight)} ` +
      `(${sum((r) => r.seen)} at the provider), reads repeated ${sum((r) => r.repeated)}, writes of unknown outcome ` +
      `${sum((r) => r.unknown)} (${sum((r) => r.unsent)} of them never arrived); ` +
      `rounds, in flight/repeated/unknown: ${each.join('; ')}`,
  );
  expect(kills).toBe(10);
  expect(withHeld).toBeGreaterThanOrEqual(3);
});
