import { CancelledFailure } from '@temporalio/common';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { NangoConnections } from '../../src/client';
import { findNangoFailure } from '../../src/contract/errors';
import { NangoPlugin } from '../../src/plugin';
import type { ProxyCall } from '../../src/contract/types';
import { bundleFor } from '../support/bundles';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';

// Where calls without a workflow cannot be made, or not as everywhere.

const CONNECTION = { integration: 'hubspot', connectionId: 'c-1' };
const GET: ProxyCall = { method: 'GET', endpoint: '/x' };
const POST: ProxyCall = { method: 'POST', endpoint: '/x', body: { secret: 'canary' } };
const UNIMPLEMENTED = { type: 'Nango.TemporalUnavailable', code: 'UNIMPLEMENTED' };

async function within(world: World, work: (world: World) => Promise<void>): Promise<void> {
  world.nango.addConnection({ ...CONNECTION, tags: { end_user_id: 'u_1' } });
  try {
    await work(world);
  } finally {
    await world.close();
  }
}

test.each([
  ['the time-skipping server', () => World.open('timeSkipping', { workers: false })],
  [
    'a server on which they are switched off',
    () => World.open('dev', { workers: false, dynamicConfig: { 'activity.enableStandalone': 'false' } }),
  ],
])('%s: the first call is refused, typed, and so is what is asked of one', async (_, open) => {
  await within(await open(), async (world) => {
    await world.startNangoWorker();
    const { connections: client } = world;
    expect(await failureOf(eventuallyPolled(() => client.get(CONNECTION, '/x')))).toMatchObject(UNIMPLEMENTED);
    const call = client.callOf({ id: 'nango-call/default/1', runId: '1', write: true });
    expect(await failureOf(call.result())).toMatchObject(UNIMPLEMENTED);
    expect(await failureOf(call.cancel())).toMatchObject(UNIMPLEMENTED);
  });
});

/** A worker that has just been started is not known at once. */
async function eventuallyPolled<T>(call: () => Promise<T>): Promise<T> {
  return await eventually(async () => {
    try {
      return { ended: await call() };
    } catch (error) {
      if (findNangoFailure(error)?.type === 'Nango.NoWorker') return undefined;
      return { error };
    }
  }).then((end) => {
    if ('error' in end) throw end.error;
    return end.ended;
  });
}

test('without a worker nothing is started; what waited for one and was cancelled is not carried out', async () => {
  await within(await World.open('dev', { workers: false }), async (world) => {
    const { connections: client } = world;
    expect(await failureOf(client.call(CONNECTION, POST, { id: 'a' }))).toMatchObject({ type: 'Nango.NoWorker' });
    expect(
      await failureOf(client.callOf({ id: 'nango-call/default/a', runId: UUID, write: true }).result()),
    ).toMatchObject({ reason: 'call_forgotten' });
    const worker = await world.startNangoWorker();
    await eventuallyPolled(() => client.get(CONNECTION, '/x'));
    worker.shutdown();
    await eventually(() => Promise.resolve(worker.getState() === 'STOPPED' || undefined));
    // The server has not forgotten it yet.
    const call = await client.call(CONNECTION, POST);
    await call.cancel();
    await expect(call.result()).rejects.toThrow(CancelledFailure);
    await world.startNangoWorker();
    expect(await client.get(CONNECTION, '/x')).toEqual({ path: '/x' });
    expect(world.nango.count(({ method, path }) => method === 'POST' && path.startsWith('/proxy/'))).toBe(0);
  });
});

test('a worker that stops while a write waits says that it was not carried out', async () => {
  await within(await World.open('dev', { workers: false }), async (world) => {
    const { connections: client } = world;
    const worker = await Worker.create({
      ...{ connection: world.env.nativeConnection, taskQueue: 'nango', shutdownGraceTime: '100 ms' },
      workflowBundle: bundleFor('../../src/worker-workflows'),
      plugins: [new NangoPlugin({ config: world.config })],
    });
    const over = worker.run();
    world.nango.onProxy('hubspot', () => ({ status: 429, json: {}, headers: { 'retry-after': '60' } }));
    const call = await eventuallyPolled(() => client.call(CONNECTION, POST));
    await eventually(async () => {
      const description = await world.client.activity
        .getHandle(call.ref.id)
        .describe({ includeHeartbeatDetails: true });
      return (await description.getHeartbeatDetails()) ?? undefined;
    });
    worker.shutdown();
    expect(await failureOf(call.result())).toMatchObject({ type: 'Nango.ProviderRateLimited', didNotRun: true });
    await over;
  });
});

test('with a codec the digest is as secret as the call; who cannot read it is refused the id', async () => {
  await within(await World.open('dev', { workers: false }), async (world) => {
    const { connection, namespace } = world.client.options as never as { connection: never; namespace: string };
    const client = new Client({ connection, namespace, dataConverter: { payloadCodecs: [new Flip()] } });
    const worker = await Worker.create({
      ...{ connection: world.env.nativeConnection, taskQueue: 'nango' },
      workflowBundle: bundleFor('../../src/worker-workflows'),
      plugins: [new NangoPlugin({ config: world.config })],
      dataConverter: { payloadCodecs: [new Flip()] },
    });
    const over = worker.run();
    const coded = new NangoConnections(client, { config: world.config });
    const call = await eventuallyPolled(() => coded.call(CONNECTION, POST, { id: 'a' }));
    expect(await call.result()).toMatchObject({ status: 200 });
    expect((await coded.call(CONNECTION, POST, { id: 'a' })).ref).toEqual(call.ref);
    expect(await failureOf(coded.call(CONNECTION, GET, { id: 'a' }))).toMatchObject({ field: 'id' });
    expect(await failureOf(world.connections.call(CONNECTION, POST, { id: 'a' }))).toMatchObject({ field: 'id' });
    const raw = await world.client.workflowService.describeActivityExecution({
      ...{ namespace, activityId: call.ref.id, includeInput: true },
    });
    const kept = raw.input!.payloads!.map(({ data }) => Buffer.from(data!).toString()).join();
    expect(kept).not.toMatch(/canary|[0-9a-f]{64}/);
    worker.shutdown();
    await over;
  });
});

const UUID = '01a229ba-af77-773f-a213-97c402128587';

/** Stands for encryption. */
class Flip implements PayloadCodec {
  encode(payloads: Payload[]): Promise<Payload[]> {
    const metadata = { encoding: Buffer.from('binary/flipped') };
    return Promise.resolve(
      payloads.map((payload) => ({ metadata, data: flip(Buffer.from(JSON.stringify(toJson(payload)))) })),
    );
  }

  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map(({ data }) => fromJson(JSON.parse(flip(data!).toString()) as Coded)));
  }
}

interface Coded {
  encoding: string;
  data: string;
}

function toJson({ metadata, data }: Payload): Coded {
  return { encoding: Buffer.from(metadata!.encoding!).toString(), data: Buffer.from(data ?? []).toString('base64') };
}

function fromJson({ encoding, data }: Coded): Payload {
  return { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data, 'base64') };
}

function flip(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte) => byte ^ 0xff));
}
