import { MockActivityEnvironment } from '@temporalio/testing';
import { Client, Connection } from '@temporalio/client';
import { ExternalStorage, StorageDriverClaim } from '@temporalio/common';
import { SimplePlugin } from '@temporalio/plugin';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { maxResponseBytes } from '../src/activities/context';
import { externalStorageOf } from '../src/cli/doctor/checks/external-storage';
import { causesOf } from '../src/contract/errors';
import { MAX_PAYLOAD_BYTES } from '../src/contract/limits';
import * as externalStorage from '../src/external-storage';
import { MAX_RESPONSE_BYTES } from '../src/nango/http/http';
import { NangoPlugin } from '../src/plugin';
import { bundleFor } from './support/bundles';
import { failureOf, World } from './support/world';

// A real offload, of 5 MB, is in test/long: there, and not here, the packages are installed so that it works.

jest.mock('../src/external-storage', () => {
  const actual = jest.requireActual<typeof externalStorage>('../src/external-storage');
  return { ...actual, canOffload: jest.fn(actual.canOffload) };
});
const { canOffload } = jest.requireActual<typeof externalStorage>('../src/external-storage');

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
});

afterEach(() => {
  jest.mocked(externalStorage.canOffload).mockImplementation(canOffload);
});

afterAll(async () => {
  await world.close();
});

/** A store in memory. */
function store(payloadSizeThreshold?: number): ExternalStorage {
  const kept = new Map<string, object>();
  const driver: ExternalStorage['drivers'][number] = {
    name: 'memory',
    type: 'test.memory',
    store: (_, payloads) =>
      Promise.resolve(
        payloads.map((payload) => {
          const key = String(kept.size);
          kept.set(key, payload);
          return new StorageDriverClaim({ key });
        }),
      ),
    retrieve: (_, claims) => Promise.resolve(claims.map(({ claimData }) => kept.get(claimData['key']!)!)),
  };
  return new ExternalStorage({ drivers: [driver], payloadSizeThreshold });
}

test('whether the SDK can offload is told as the SDK itself finds it', async () => {
  const client = new Client({ connection: world.env.connection, dataConverter: { externalStorage: store(0) } });
  const started = client.workflow.start('nothing', { workflowId: 'offloaded', taskQueue: 'nobody', args: ['large'] });
  const works = await started.then(
    () => true,
    (error: unknown) => ![...causesOf(error)].some(({ message }) => message === 'type must be a Type'),
  );
  expect(canOffload()).toBe(works);
});

describe('a worker with a store', () => {
  const options: WorkerOptions = { taskQueue: 'nango', dataConverter: { externalStorage: store() } };
  const configured = (given: WorkerOptions) =>
    Promise.resolve().then(() => new NangoPlugin({ config: world.config }).configureWorker(given));

  test('is not made where every offload would fail, and the failure says what repairs it', async () => {
    jest.mocked(externalStorage.canOffload).mockReturnValue(false);
    const failure = await failureOf(configured(options));
    expect(failure).toMatchObject({ type: 'Nango.Misconfigured', field: 'externalStorage' });
    expect(failure.message).toContain('"overrides": { "protobufjs": "^8.7.1" }');
  });

  test('is made there if it is not for our queue, and so is one of ours without a store', async () => {
    jest.mocked(externalStorage.canOffload).mockReturnValue(false);
    expect(await configured({ ...options, taskQueue: 'user' })).toEqual({ ...options, taskQueue: 'user' });
    expect(Object.keys((await configured({ taskQueue: 'nango' })).activities ?? {})).toContain('nango.proxy');
  });

  test('is made where offloads work', async () => {
    jest.mocked(externalStorage.canOffload).mockReturnValue(true);
    expect(Object.keys((await configured(options)).activities ?? {})).toContain('nango.proxy');
  });

  test('its activities see a store that a plugin of the connection brings, after ours', async () => {
    const brought = store();
    const bringing = new SimplePlugin({ name: 'bringing', dataConverter: { externalStorage: brought } });
    const connection = await NativeConnection.connect({ address: world.env.address, plugins: [bringing] });
    const worker = await Worker.create({
      connection,
      taskQueue: 'nango',
      workflowBundle: bundleFor('../../src/worker-workflows'),
      plugins: [new NangoPlugin({ config: world.config })],
    });
    await worker.runUntil(async () => {
      // What an activity has as the client of its context.
      expect(worker.client?.options.loadedDataConverter.externalStorage).toBe(brought);
      return Promise.resolve();
    });
    await connection.close();
  });
});

describe('the largest response of a call', () => {
  const largest = async (given: {
    storage?: ExternalStorage;
    offloads?: boolean;
    inWorkflow?: boolean;
  }): Promise<number> => {
    const { storage, offloads = true, inWorkflow = true } = given;
    const client = new Client({ connection: Connection.lazy(), dataConverter: { externalStorage: storage } });
    const activity = () => Promise.resolve(maxResponseBytes({ canOffload: offloads }));
    return await new MockActivityEnvironment({ inWorkflow }, { client }).run(activity);
  };

  test('is what a worker reads, where a store takes it', async () => {
    expect(await largest({ storage: store() })).toBe(MAX_RESPONSE_BYTES);
    expect(await largest({ storage: store(1_000) })).toBe(MAX_RESPONSE_BYTES);
  });

  test.each([
    ['there is no store', {}],
    ['offloads fail', { storage: store(), offloads: false }],
    ['the store leaves what is larger in the history', { storage: store(MAX_PAYLOAD_BYTES + 1) }],
    ['the command line made the call, and has no store', { storage: store(), inWorkflow: false }],
  ])('is what may stand in a history, where %s', async (_, given) => {
    expect(await largest(given)).toBe(MAX_PAYLOAD_BYTES);
  });
});

test('doctor says whether a worker can have a store, and what it takes; neither is a fault', () => {
  expect(externalStorageOf(true).status).toBe('ok');
  expect(externalStorageOf(false)).toMatchObject({
    status: 'ok',
    says: expect.stringContaining('"overrides": { "protobufjs": "^8.7.1" }') as string,
  });
});
