// A user's test of a workflow of their own, for vitest without any configuration.
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { findNangoFailure } from 'temporal-nango';
import { withFakeNango } from 'temporal-nango/testing';
import { path } from 'temporal-nango/workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';

let env;

beforeAll(async () => {
  const executable = { type: 'existing-path', path: process.env.TEMPORAL_CLI };
  env = await TestWorkflowEnvironment.createLocal({ server: { executable } });
}, 180_000);

afterAll(() => env.teardown());

test('the owner is read once the user has connected', async () => {
  const workflowsPath = fileURLToPath(new URL('workflows.ts', import.meta.url));
  const setting = { workflowsPath, integrations: ['hubspot'] };
  await withFakeNango(env, setting, async ({ nango, connections, taskQueue }) => {
    nango.onProxy('hubspot', ({ path }) => ({ json: { path } }));
    const waiting = await env.client.workflow.start('owner', { taskQueue, workflowId: 'w', args: ['u_42'] });
    const request = await connections.ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } });
    nango.complete(await request.connectLink(), { as: 'ann' });
    expect(await waiting.result()).toEqual({ path: path`/crm/v3/owners/${'me'}` });
    expect(findNangoFailure(new Error('of another kind'))).toBeUndefined();
  });
}, 180_000);
