import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDependencies } from '../../src/activities/context';
import { setUpActivities } from '../../src/activities/set-ups';
import type { MadeIntegration, SetUpNoticeInput } from '../../src/contract/types';
import { NangoApi } from '../../src/nango/http/http';
import { startRawServer } from '../support/raw-server';

const NOTICE: SetUpNoticeInput = {
  ...{ reason: 'opened', integration: 'crm', provider: 'crm', reminders: 0 },
  setUp: { id: 'nango-integration/default/crm', firstExecutionRunId: 'r' },
  question: { kind: 'set-up-integration', since: 0, deadline: 1, choices: ['made'], fields: [], authMode: 'OAUTH2' },
};

test('while Nango does not respond the worker shows signs of life, and operators are notified within the attempt', async () => {
  await using server = Object.assign(await startRawServer(() => undefined), {
    [Symbol.asyncDispose]: () => server.close(),
  });
  await using api = Object.assign(new NangoApi({ baseUrl: server.baseUrl, secretKey: 'the-key' }), {
    [Symbol.asyncDispose]: () => api.close(),
  });
  const client = new Client({ connection: Connection.lazy() });
  const env = new MockActivityEnvironment({ startToCloseTimeoutMs: 60_000 }, { client });
  let beats = 0;
  env.on('heartbeat', () => beats++);
  const beatsBefore: number[] = [];
  const given = { api, config: { environment: 'default' }, operatorNotifier: () => void beatsBefore.push(beats) };
  const activity = setUpActivities['nango.notifyOperator'](given as unknown as ActivityDependencies);
  const made = await env.run<[SetUpNoticeInput], MadeIntegration | undefined, typeof activity>(activity, NOTICE);
  expect(made).toBeUndefined();
  expect(beatsBefore).toEqual([expect.any(Number)]);
  expect(beatsBefore[0]).toBeGreaterThan(0);
}, 30_000);
