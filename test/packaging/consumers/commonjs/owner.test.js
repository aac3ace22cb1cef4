// A user's test of a workflow of their own, for jest without any configuration.
const { TestWorkflowEnvironment } = require('@temporalio/testing');
const { findNangoFailure } = require('temporal-nango');
const { withFakeNango } = require('temporal-nango/testing');
const { path } = require('temporal-nango/workflow');

let env;

beforeAll(async () => {
  const executable = { type: 'existing-path', path: process.env.TEMPORAL_CLI };
  env = await TestWorkflowEnvironment.createLocal({ server: { executable } });
}, 180_000);

afterAll(() => env.teardown());

test('the owner is read once the user has connected', async () => {
  const setting = { workflowsPath: require.resolve('./workflows.ts'), integrations: ['hubspot'] };
  await withFakeNango(env, setting, async ({ nango, connections, taskQueue }) => {
    nango.onProxy('hubspot', ({ path }) => ({ json: { path } }));
    const waiting = await env.client.workflow.start('owner', { taskQueue, workflowId: 'w', args: ['u_42'] });
    const request = await connections.ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } });
    nango.complete(await request.connectLink(), { as: 'ann' });
    expect(await waiting.result()).toEqual({ path: path`/crm/v3/owners/${'me'}` });
    expect(findNangoFailure(new Error('of another kind'))).toBeUndefined();
  });
}, 180_000);
