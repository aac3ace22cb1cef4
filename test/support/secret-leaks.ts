import { ApplicationFailure } from '@temporalio/common';
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import { ACTIVITY } from '../../src/contract/names';
import type { Connection, FindInput, JoinEnd, JoinRequestInput } from '../../src/contract/types';
import { joinRequest } from '../../src/requests/join';
import { bundleFor } from './bundles';
import { shownBy } from './history-scan';
import type { Text } from './history-scan';
import { canary } from './secret-story/ledger';
import { waitFor } from './user-workflows';
import { eventually } from './eventually';
import type { World } from './world';

const QUEUE = 'leaky';

/** Where the scan must find each leak. */
export const LEAKS = {
  'an activity result': / event \d+\.activityTaskCompletedEventAttributes\.result/,
  'a workflow result': / event \d+\.workflowExecutionCompletedEventAttributes\.result/,
  'a result in base64': / event \d+\.activityTaskCompletedEventAttributes\.result.*\(base64\)/,
  'an input in base64': / event \d+\.activityTaskScheduledEventAttributes\.input.*\(base64\)/,
  'a failure message': / event \d+\.activityTaskFailedEventAttributes\.failure\.message/,
  'failure details': / event \d+\.activityTaskFailedEventAttributes\.failure\.applicationFailureInfo\.details/,
  'the cause of a failure': / event \d+\.activityTaskFailedEventAttributes\.failure\.cause/,
  'the failure of a workflow': / event \d+\.workflowExecutionFailedEventAttributes\.failure/,
  'a pending heartbeat': / describe\.pendingActivities\.0\.heartbeatDetails/,
  'a pending failure': / describe\.pendingActivities\.0\.lastFailure/,
  'what a notifier threw': /^connectionRequest .* describe\.pendingActivities\.0\.lastFailure\.message/,
  'current details': / shows\.currentDetails/,
  'a memo': / list\.memo\.fields/,
  'a signal': / event \d+\.workflowExecutionSignaledEventAttributes\.input/,
  'the result of a standalone activity': /^activity .* describe\.outcome/,
} as const;

export type Leak = keyof typeof LEAKS;

/**
 * A worker that leaks on purpose, in the place of ours on a queue of its own.
 *
 * @returns when all is written: what it has leaked, by the way it got out; and what its workflows showed
 */
export async function leak(world: World): Promise<{ values: Map<Leak, string>; shown: Text[] }> {
  const shown: Text[] = [];
  const values = new Map((Object.keys(LEAKS) as Leak[]).map((how) => [how, canary('leaked')]));
  // One value gets out in two ways.
  values.set('a workflow result', values.get('an activity result')!);
  values.set('the failure of a workflow', values.get('a failure message')!);
  const worker = await Worker.create({
    connection: world.env.nativeConnection,
    taskQueue: QUEUE,
    workflowBundle: bundleFor('../../src/worker-workflows'),
    activities: {
      [ACTIVITY.findConnections]: ({ owner }: FindInput) => leaking(owner.endUser?.id as Leak, values),
      [ACTIVITY.ensureConnection]: async ({ subject: { owner } }: JoinRequestInput): Promise<JoinEnd> => {
        const [connection] = await leaking(owner.endUser?.id as Leak, values);
        if (connection === undefined) throw new Error('Nothing leaks');
        return { status: 'connected', connection };
      },
      [ACTIVITY.notify]: () =>
        leaking('a pending failure', new Map([['a pending failure', values.get('what a notifier threw')!]])),
    },
  });
  await worker.runUntil(async () => {
    const displayName = Buffer.from(JSON.stringify({ from: values.get('an input in base64') })).toString('base64url');
    const start = (how: Leak) =>
      world.start(waitFor, { integration: 'crm', endUser: { id: how, displayName }, taskQueue: QUEUE });
    for await (const text of requestThatLeaks(world, values.get('current details')!)) shown.push(text);
    const ending: Leak[] = [
      ...(['an activity result', 'a result in base64', 'an input in base64'] as const),
      ...(['a failure message', 'failure details', 'the cause of a failure'] as const),
    ];
    await Promise.allSettled(ending.map(async (how): Promise<unknown> => (await start(how)).result()));
    await world.client.activity.execute(ACTIVITY.findConnections, {
      id: 'leaks',
      taskQueue: QUEUE,
      args: [{ owner: { endUser: { id: 'the result of a standalone activity' } } }],
      startToCloseTimeout: '10 seconds',
    });
    const signalled = await world.client.workflow.start('nobody', {
      workflowId: 'leaks',
      taskQueue: 'nobody-polls-this',
      memo: { note: values.get('a memo') },
    });
    await signalled.signal('note', { note: values.get('a signal') });
    for (const how of ['a pending heartbeat', 'a pending failure'] as const) {
      const { workflowId } = await start(how);
      await pendingOf(world.client, workflowId);
    }
  });
  return { values, shown };
}

/** A request that calls its owner by a canary, and whose notifier fails; what it shows then. */
async function* requestThatLeaks({ client }: World, name: string): AsyncGenerator<Text> {
  const subject = { integration: 'crm', owner: { endUser: { id: name } } };
  const join = { joinId: 'leaks', subscriber: { workflowId: 'leaks' } };
  const place = { client, taskQueue: QUEUE, environment: 'leaky' };
  const joined = await joinRequest(place, subject, join, { ignoreCoolDown: false, at: Date.now() });
  if (joined.status !== 'pending') throw new Error('There is nothing to wait for');
  await pendingOf(client, joined.requestId);
  yield* shownBy(client, joined.requestId);
}

/** Until an activity is pending that has said something. */
async function pendingOf(client: World['client'], workflowId: string): Promise<void> {
  await eventually(async () => {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    const [pending] = raw.pendingActivities ?? [];
    return (pending?.heartbeatDetails ?? pending?.lastFailure) ? true : undefined;
  });
}

/** @param how undefined, or one that has no value, leaks nothing: there is no connection */
async function leaking(how: Leak, values: Map<Leak, string>): Promise<Connection[]> {
  const value = values.get(how);
  if (value === undefined) return [];
  const failing = (message: string, nonRetryable: boolean, details: unknown[] = [], cause?: Error) =>
    ApplicationFailure.create({ message, nonRetryable, details, cause });
  switch (how) {
    case 'a failure message':
      throw failing(`The provider said ${value}`, true);
    case 'failure details':
      throw failing('No.', true, [{ body: value }]);
    case 'the cause of a failure':
      throw failing('No.', true, [], new Error(value));
    case 'a pending failure':
      throw failing(value, false);
    case 'a pending heartbeat':
      Context.current().heartbeat({ seen: value });
      return await Context.current().cancelled;
    default: {
      const note = how === 'a result in base64' ? `x${Buffer.from(value).toString('base64')}` : value;
      const ref = { integration: 'crm', connectionId: 'c', provider: 'crm' };
      return [{ ...ref, tags: { note }, createdAt: new Date(0).toISOString(), health: 'ok' }];
    }
  }
}
