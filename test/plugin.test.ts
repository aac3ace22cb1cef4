import { join } from 'node:path';
import { NativeConnection, Worker, bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import type { WorkerOptions } from '@temporalio/worker';
import { ACTIVITY } from '../src/contract/names';
import { onboard } from '../src/demo/workflows';
import { NangoPlugin } from '../src/plugin';
import { bundleFor } from './support/bundles';
import { failureOf, World } from './support/world';

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
});

afterAll(async () => {
  await world.close();
});

function configured(options: Partial<WorkerOptions>, ...plugins: NangoPlugin[]): WorkerOptions {
  return plugins.reduce<WorkerOptions>((so_far, plugin) => plugin.configureWorker(so_far), {
    taskQueue: 'nango',
    ...options,
  });
}

const plugin = (options = {}) => new NangoPlugin({ config: world.config, ...options });

test('a worker on our queue gets our activities beside its own', () => {
  const own = { own: () => Promise.resolve() };
  expect(Object.keys(configured({ activities: own }, plugin()).activities ?? {}).sort()).toEqual(
    ['own', ...Object.values(ACTIVITY)].sort(),
  );
});

test('given twice, to the connection and to the worker, it is harmless', async () => {
  const given = plugin();
  const connection = await NativeConnection.connect({ address: world.env.address, plugins: [given] });
  const worker = await Worker.create({
    connection,
    taskQueue: 'nango',
    workflowBundle: bundleFor('../../src/worker-workflows'),
    plugins: [given, plugin()],
  });
  await worker.runUntil(async () => {
    world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-1', tags: { end_user_id: 'twice' } });
    const ensured = world.client.workflow.execute('ensureConnection', {
      workflowId: 'twice',
      taskQueue: 'nango',
      args: [{ integration: 'hubspot', endUser: { id: 'twice' } }],
    });
    expect(await ensured).toMatchObject({ connection: { connectionId: 'c-1' } });
  });
  await connection.close();
});

test('a worker that begins after another one of the same plugin has ended reaches Nango', async () => {
  const shared = plugin();
  const taskQueue = 'nango';
  const workflowBundle = bundleFor('../../src/worker-workflows');
  const connect = () => NativeConnection.connect({ address: world.env.address });
  const connections = [await connect(), await connect()];
  const create = (connection?: NativeConnection) =>
    Worker.create({ connection, taskQueue, workflowBundle, plugins: [shared] });
  const [first, second] = [await create(connections[0]), await create(connections[1])];
  await first.runUntil(Promise.resolve());
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-later', tags: { end_user_id: 'later' } });
  await second.runUntil(async () => {
    const ensured = world.client.workflow.execute('ensureConnection', {
      workflowId: 'later',
      taskQueue,
      args: [{ integration: 'hubspot', endUser: { id: 'later' } }],
      workflowExecutionTimeout: '20 seconds',
    });
    expect(await ensured).toMatchObject({ connection: { connectionId: 'c-later' } });
  });
  await Promise.all(connections.map((connection) => connection.close()));
});

test('a foreign activity of one of our names is refused', async () => {
  const foreign = { 'nango.proxy': () => Promise.resolve('not ours') };
  const failure = await failureOf(Promise.resolve().then(() => configured({ activities: foreign }, plugin())));
  expect(failure.type).toBe('Nango.Misconfigured');
  expect(failure.message).toContain('nango.proxy');
});

test('on another queue it registers nothing, and needs no key', () => {
  const options = { taskQueue: 'user', activities: { own: () => Promise.resolve() } };
  const keyless = new NangoPlugin({ config: { ...world.config, secretKey: undefined }, workflows: true });
  expect(configured(options, keyless)).toEqual(options);
});

test('without a key a worker on our queue is not made, and the message has the three steps', async () => {
  const keyless = new NangoPlugin({ config: { ...world.config, secretKey: undefined } });
  const failure = await failureOf(Promise.resolve().then(() => configured({}, keyless)));
  expect(failure).toMatchObject({ type: 'Nango.Misconfigured', field: 'NANGO_TOOLBOX_SECRET_KEY' });
  expect(failure.message).toContain('https://app.nango.dev/signup');
});

test.each<[string, unknown, string]>([
  ['without calls', { per: '10 seconds' }, 'limits.crm.calls'],
  ['of no calls', { calls: 0, per: '10 seconds' }, 'limits.crm.calls'],
  ['of half a call', { calls: 0.5, per: '10 seconds' }, 'limits.crm.calls'],
  ['of a text', { calls: '100', per: '10 seconds' }, 'limits.crm.calls'],
  ['that is nothing', null, 'limits.crm.calls'],
  ['without a time', { calls: 100 }, 'limits.crm.per'],
  ['in no time', { calls: 100, per: 0 }, 'limits.crm.per'],
  ['in a time that is none', { calls: 100, per: 'soon' }, 'limits.crm.per'],
  ['for ever', { calls: 100, per: '1 year' }, 'limits.crm.per'],
])('a limit %s is refused when the worker is made', async (_, crm, field) => {
  const failure = await failureOf(Promise.resolve().then(() => configured({}, plugin({ limits: { crm } }))));
  expect(failure).toMatchObject({ type: 'Nango.Misconfigured', field });
});

test('workflows come only on request, and never replace the user’s', async () => {
  expect(configured({}, plugin()).workflowsPath).toBeUndefined();
  expect(configured({}, plugin({ workflows: true })).workflowsPath).toMatch(/worker-workflows\.[jt]s$/);
  const users = { workflowsPath: '/somewhere/workflows' };
  const failure = await failureOf(Promise.resolve().then(() => configured(users, plugin({ workflows: true }))));
  expect(failure.message).toContain('temporal-nango/worker-workflows');
});

// A bundler drops the import of a module that its package says has no side effects.
test('modules of our workflows are evaluated once a worker, beside those that the user preloads', async () => {
  const users = { bundlerOptions: { preloadModules: ['ms'], ignoreModules: ['nothing'] } };
  const { workflowsPath, bundlerOptions } = configured(users, plugin({ workflows: true }));
  expect(bundlerOptions).toEqual({ preloadModules: ['ms', workflowsPath], ignoreModules: ['nothing'] });
  const { code } = await bundleWorkflowCode({
    workflowsPath: workflowsPath!,
    preloadModules: [workflowsPath!],
    logger: new DefaultLogger('ERROR'),
  });
  expect(code).toMatch(/function preloadModules\(\) \{\s*__webpack_require__\([^)]*worker-workflows\.ts"\);/);
});

test('without a workflow cache, where every task replays from the start, the demo’s automation completes', async () => {
  const uncached = { connection: world.env.nativeConnection, maxCachedWorkflows: 0 };
  const ours = await Worker.create({
    ...uncached,
    taskQueue: 'nango',
    workflowBundle: bundleFor('../../src/worker-workflows'),
    plugins: [plugin()],
  });
  const workflowBundle = bundleFor('../../src/demo/workflows');
  const demo = await Worker.create({ ...uncached, taskQueue: 'demo', workflowBundle });
  world.nango.onAction('hubspot', 'greet', () => 'hello');
  await ours.runUntil(
    demo.runUntil(async () => {
      const automation = await world.client.workflow.start(onboard, {
        workflowId: 'uncached',
        taskQueue: 'demo',
        args: ['uncached', 40, 3],
      });
      const id = 'nango/default/hubspot/u:uncached';
      const { firstExecutionRunId } = await world.request(id, 'waiting');
      const link = await world.connections.request({ id, firstExecutionRunId }).connectLink();
      world.nango.complete(link, { as: 'account' });
      const { outcomes } = await automation.result();
      expect(outcomes.map(({ ok }) => ok)).toEqual(Array.from({ length: 43 }, () => true));
    }),
  );
});

test('what workflow code imports holds no zod and no undici, and adds less than 500 kB to a bundle', async () => {
  const bundle = async (file: string) => {
    const workflowsPath = join(__dirname, 'support', file);
    const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
    // The map that leads to its sources is in it, too, and larger.
    return code.slice(0, code.lastIndexOf('//# sourceMappingURL='));
  };
  const [bare, withOurs] = [await bundle('bare-workflow.ts'), await bundle('leaf-workflow.ts')];
  expect(withOurs).not.toMatch(/node_modules\/(zod|undici|hono|pino)\//);
  expect(withOurs.length - bare.length).toBeLessThan(500_000);
  expect(withOurs).toContain('nango.proxy');
});
