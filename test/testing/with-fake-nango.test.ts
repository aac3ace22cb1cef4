import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { withFakeNango } from '../../src/testing/with-fake-nango';
import { createDevServerEnv } from '../support/temporal';

let env: TestWorkflowEnvironment;

beforeAll(async () => {
  env = await createDevServerEnv();
});

afterAll(() => env?.teardown());

/** To whom the server of a slow machine tells of no worker for so many questions. */
function slowTo(client: Client, times: number): Client {
  const { workflowService } = client;
  let left = times;
  const describeTaskQueue = async (request: object): Promise<unknown> =>
    left-- > 0 ? { pollers: [] } : await workflowService.describeTaskQueue(request);
  const slow = Object.create(workflowService, { describeTaskQueue: { value: describeTaskQueue } }) as object;
  return Object.create(client, { workflowService: { value: slow } }) as Client;
}

test('a test begins once the worker is known to poll: its first call may be one that needs it', async () => {
  const temporal = { client: slowTo(env.client, 3), nativeConnection: env.nativeConnection };
  const setting = { workflowsPath: require.resolve('../support/user-workflows'), integrations: ['hubspot'] };
  const asked = await withFakeNango(temporal, setting, ({ connections }) =>
    connections.ensureConnection({ integration: 'hubspot', endUser: { id: 'u_42' } }),
  );
  expect(asked.kind).toBe('request');
});

test('where the workflows under test make no bundle, that is what it says, and the next test runs', async () => {
  const setting = { workflowsPath: `${__dirname}/none`, integrations: ['hubspot'] };
  await expect(withFakeNango(env, setting, () => Promise.resolve())).rejects.toThrow('none');
  const next = { ...setting, workflowsPath: require.resolve('../support/user-workflows') };
  expect(await withFakeNango(env, next, () => Promise.resolve('was run'))).toBe('was run');
});
