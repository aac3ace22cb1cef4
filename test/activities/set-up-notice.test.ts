import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDependencies } from '../../src/activities/context';
import { setUpActivities } from '../../src/activities/set-ups';
import type { MadeIntegration, SetUpNoticeInput } from '../../src/contract/types';
import { NangoApi } from '../../src/nango/http/http';
import type { OperatorNotifier } from '../../src/notifier';
import { replyJson, startRawServer } from '../support/raw-server';
import { failureOf } from '../support/world';

const NOTICE: SetUpNoticeInput = {
  ...{ reason: 'opened', integration: 'crm', provider: 'crm', reminders: 0 },
  setUp: { id: 'nango-integration/default/crm', firstExecutionRunId: 'r' },
  question: { kind: 'set-up-integration', since: 0, deadline: 1, choices: ['made'], fields: [], authMode: 'OAUTH2' },
};

/** The activity, with a Nango that responds so, and the heartbeats that it has sent so far. */
async function noticeWith(
  respond: () => string | undefined,
  operatorNotifier: OperatorNotifier,
  beats: { count: number },
) {
  const server = await startRawServer(respond);
  const api = new NangoApi({ baseUrl: server.baseUrl, secretKey: 'the-key' });
  const client = new Client({ connection: Connection.lazy() });
  const env = new MockActivityEnvironment({ startToCloseTimeoutMs: 60_000 }, { client });
  env.on('heartbeat', () => beats.count++);
  const given = { api, config: { environment: 'default' }, operatorNotifier };
  const activity = setUpActivities['nango.notifyOperator'](given as unknown as ActivityDependencies);
  return {
    run: () => env.run<[SetUpNoticeInput], MadeIntegration | undefined, typeof activity>(activity, NOTICE),
    [Symbol.asyncDispose]: async () => {
      await api.close();
      await server.close();
    },
  };
}

test('while Nango does not respond the worker shows signs of life, and operators are notified within the attempt', async () => {
  const beats = { count: 0 };
  const beatsBefore: number[] = [];
  await using notice = await noticeWith(
    () => undefined,
    () => void beatsBefore.push(beats.count),
    beats,
  );
  expect(await notice.run()).toBeUndefined();
  expect(beatsBefore).toEqual([expect.any(Number)]);
  expect(beatsBefore[0]).toBeGreaterThan(0);
}, 30_000);

test('while a notifier hangs the worker shows signs of life, and gives it up within the attempt', async () => {
  const beats = { count: 0 };
  let called: (signal: AbortSignal) => void;
  const notifying = new Promise<AbortSignal>((resolve) => (called = resolve));
  await using notice = await noticeWith(
    () => replyJson(200, { data: [] }),
    (_, signal) => {
      called(signal);
      return new Promise(() => undefined);
    },
    beats,
  );
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    const failure = failureOf(notice.run());
    const signal = await notifying;
    const before = beats.count;
    await jest.advanceTimersByTimeAsync(59_000);
    expect(beats.count).toBeGreaterThan(before);
    expect(signal.aborted).toBe(true);
    expect(await failure).toMatchObject({ type: 'Nango.NotifierFailed', reason: 'timed_out' });
  } finally {
    jest.useRealTimers();
  }
});
