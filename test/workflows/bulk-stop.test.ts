import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { BulkUser, reads } from '../support/bulk-user';
import { eventually } from '../support/eventually';
import { World } from '../support/world';

let world: World;

afterEach(async () => {
  await world?.close();
});

test('a run that is stopped in the moment in which its last page has been read is not complete', async () => {
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: require.resolve('../../src/worker-workflows'),
    workflowInterceptorModules: [require.resolve('../support/slow-page-read')],
    logger: new DefaultLogger('ERROR'),
  });
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker({ workflowBundle });
  await world.startUserWorker();
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
  world.nango.onProxy('hubspot', ({ path }) => ({ json: { path } }));
  const user = await BulkUser.start(world);
  try {
    user.has(reads(5), 20, 5);
    const run = await world.connections.bulk(user.input());
    await eventually(async () => ((await run.progress()).total === 5 ? true : undefined));
    await run.stop({ by: 'ops' });
    expect(await run.result()).toMatchObject({ status: 'stopped', done: 0 });
    expect(user.indexes).toEqual([]);
  } finally {
    await user.close();
  }
});
