import { Worker } from '@temporalio/worker';
import { canBeFair } from '../../src/dev/fairness';
import { NangoPlugin } from '../../src/plugin';
import { bundleFor } from '../support/bundles';
import { eventually } from '../support/eventually';
import { fanOut } from '../support/user-workflows';
import { World } from '../support/world';

// What the fairness key of a call is good for: a real Temporal, one worker that makes one call at a time.

/** Workflows of one connection, each with as many calls waiting as a `fanOut` has at a time. */
const FLOOD = 3;
const WINDOW = 16;
/** So that its order is a queue's, and not that of four which are drawn from at random. */
const ONE_PARTITION = { 'matching.numTaskqueueReadPartitions': '1', 'matching.numTaskqueueWritePartitions': '1' };

/** Writes: an activity each. */
const calls = (count: number) => Array.from({ length: count }, () => ({ method: 'POST' as const, endpoint: '/x' }));

/** After how many calls of a connection, all of which came first, the one call of another is made. */
async function callsBefore(dynamicConfig: Record<string, string>): Promise<number> {
  const world = await World.open('dev', { workers: false, dynamicConfig: { ...ONE_PARTITION, ...dynamicConfig } });
  try {
    const made: string[] = [];
    world.nango.onProxy('hubspot', ({ connectionId }) => {
      made.push(connectionId);
      return { json: {} };
    });
    const [busy, other] = [0, 1].map(() => world.nango.addConnection({ integration: 'hubspot' }));
    await world.startUserWorker();
    for (let i = 0; i < FLOOD; i++) await world.start(fanOut, ref(busy), calls(WINDOW));
    await waiting(world, FLOOD * WINDOW);
    const one = await world.start(fanOut, ref(other), calls(1));
    await waiting(world, FLOOD * WINDOW + 1);

    const worker = await Worker.create({
      connection: world.env.nativeConnection,
      taskQueue: 'nango',
      workflowBundle: bundleFor('../../src/worker-workflows'),
      plugins: [new NangoPlugin({ config: world.config })],
      maxConcurrentActivityTaskExecutions: 1,
      maxConcurrentActivityTaskPolls: 1,
    });
    await worker.runUntil(one.result());
    return made.indexOf(ref(other).connectionId);
  } finally {
    await world.close();
  }
}

function ref(connection: { connectionId: string } | undefined): { integration: string; connectionId: string } {
  return { integration: 'hubspot', connectionId: connection?.connectionId ?? '' };
}

/** Waits until so many activities wait for a worker. */
async function waiting({ client }: World, count: number): Promise<void> {
  await eventually(async () => {
    const { stats } = await client.workflowService.describeTaskQueue({
      namespace: client.options.namespace,
      taskQueue: { name: 'nango' },
      taskQueueType: 2,
      reportStats: true,
    });
    return Number(stats?.approximateBacklogCount ?? 0) >= count ? true : undefined;
  });
}

test('a flood of one connection’s calls does not hold up another’s on a server as we start it', async () => {
  expect(await callsBefore({})).toBeLessThan(WINDOW);
});

test('it does where fairness is off, as in a server as it comes', async () => {
  expect(await callsBefore({ 'matching.enableFairness': 'false' })).toBeGreaterThan((FLOOD - 1) * WINDOW);
});

test.each([
  ['1.32.0', true],
  ['1.32.0-rc.1', true],
  ['1.100.2', true],
  ['2.0.0', true],
  ['1.31.9', false],
  ['0.40.0', false],
  ['', false],
  ['main', false],
])('whether a server %s may be told to be fair: %s', (version, may) => {
  expect(canBeFair(version)).toBe(may);
});
