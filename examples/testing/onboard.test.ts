import { TestWorkflowEnvironment } from '@temporalio/testing';
import { withFakeNango } from 'temporal-nango/testing';
import { onboard } from './workflows';

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  // Where TEMPORAL_CLI is not set, the SDK downloads a Temporal.
  const { TEMPORAL_CLI: path } = process.env;
  const server = path === undefined ? {} : { executable: { type: 'existing-path', path } as const };
  env = await TestWorkflowEnvironment.createLocal({ server });
}, 60_000);

afterAll(() => env.teardown());

const setting = { workflowsPath: require.resolve('./workflows'), integrations: ['hubspot'] };

test('onboard waits for the user, then reads through the connection', async () => {
  await withFakeNango(env, setting, async ({ nango, connections, taskQueue }) => {
    nango.onProxy('hubspot', ({ path }) => ({ json: { path } }));
    const waiting = await env.client.workflow.start(onboard, { taskQueue, workflowId: 'w', args: ['u_42', ['1']] });
    const request = await connections.ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } });
    if (request.kind === 'request') nango.complete(await request.connectLink(), { as: 'ann' });
    expect(await waiting.result()).toMatchObject([{ ok: true, data: { path: '/crm/v3/objects/contacts/1' } }]);
  });
}, 60_000);
