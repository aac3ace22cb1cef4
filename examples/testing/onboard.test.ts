import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { NangoConnections, NangoPlugin, resolveConfig } from 'temporal-nango';
import { FakeNango } from 'temporal-nango/testing';
import { onboard } from './workflows';

Runtime.install({ logger: new DefaultLogger('ERROR') });

let env: TestWorkflowEnvironment;
let nango: FakeNango;

beforeAll(async () => {
  // Where TEMPORAL_CLI is not set, the SDK downloads a Temporal.
  const { TEMPORAL_CLI: path } = process.env;
  const server = path === undefined ? {} : { executable: { type: 'existing-path', path } as const };
  [env, nango] = await Promise.all([TestWorkflowEnvironment.createLocal({ server }), FakeNango.start()]);
  nango.addIntegration({ key: 'hubspot', provider: 'hubspot' });
  nango.onProxy('hubspot', ({ path }) => ({ json: { path } }));
}, 60_000);

afterAll(async () => {
  await nango.close();
  await env.teardown();
});

test('onboard waits for the user, then reads through the connection', async () => {
  const config = resolveConfig({ env: { NANGO_SERVER_URL: nango.url, NANGO_SECRET_KEY: nango.secretKey } });
  const worker = await Worker.create({
    connection: env.nativeConnection,
    taskQueue: 'nango',
    workflowsPath: require.resolve('./workflows'),
    plugins: [new NangoPlugin({ config })],
  });
  await worker.runUntil(async () => {
    const options = { workflowId: 'onboard-u_42', taskQueue: 'nango' };
    const waiting = await env.client.workflow.start(onboard, { ...options, args: ['u_42', ['1', '2']] });

    // The user clicks and connects; no webhook comes, so it takes some seconds until that is seen.
    const connections = new NangoConnections(env.client, { config });
    const request = await connections.ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } });
    if (request.status === 'pending') nango.complete(await request.connectLink(), { as: 'ann' });

    expect(await waiting.result()).toMatchObject([
      { ok: true, data: { path: '/crm/v3/objects/contacts/1' } },
      { ok: true, data: { path: '/crm/v3/objects/contacts/2' } },
    ]);
  });
}, 60_000);
