import { defaultPayloadConverter } from '@temporalio/common';
import type { Connection, SweepInput } from '../../src/contract/types';
import { startOrFeedWatch } from '../../src/requests/start';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { waitFor } from '../support/user-workflows';

// A server that suggests to continue as new after sixty events, instead of thousands.

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '60' } });
});

afterAll(async () => {
  await world.close();
});

async function runIdOf(id: string): Promise<string> {
  return (await world.client.workflow.getHandle(id).describe()).runId;
}

test('a request that continues as new keeps its joiners, its links and its name', async () => {
  const id = 'nango/default/hubspot/u:u_1';
  const waiting = await world.start(waitFor, { integration: 'hubspot', endUser: { id: 'u_1' }, scopes: ['a'] });
  const { firstExecutionRunId } = await world.request(id, 'asking');
  const request = world.connections.request({ id, firstExecutionRunId });
  const early = await request.connectLink();
  const runId = await runIdOf(id);
  // Hints about nothing make it look, and grow.
  await eventually(async () => {
    await world.client.workflow.getHandle(id).signal('nango.hint', { source: 'webhook', connectionId: 'nothing' });
    return (await runIdOf(id)) === runId ? undefined : true;
  });
  const view = await world.request(id, 'asking');
  expect(view).toMatchObject({ firstExecutionRunId, subscribers: 1 });
  expect(await request.connectLink()).not.toBe(early);
  // A link from before is still this request's.
  const { connectionId } = world.nango.complete(early, { as: 'account' });
  const made = { source: 'webhook', connectionId };
  await world.client.workflow.getHandle(id).signal('nango.hint', made);
  const connection = (await waiting.result()) as Connection;
  expect(connection.connectionId).toBe(connectionId);

  const what = (await request.timeline()).map((happening) => happening.what);
  expect(what).toEqual(['began', 'asked', 'told', 'clicked', 'clicked', 'connected']);
  const { startTime } = await world.client.workflow.getHandle(id, firstExecutionRunId).describe();
  const ended = await request.standing();
  expect(ended).toMatchObject({ startedAt: startTime, connection: { connectionId } });
  const later = { integration: 'hubspot', endUser: { id: 'u_1' }, reconnect: connectionId };
  expect(await world.connections.ensureConnection(later)).toMatchObject({ status: 'pending' });
  const replaced = await request.standing();
  expect(replaced).toMatchObject({ ...ended, replacedBy: { id } });
});

test('a watch that continues as new keeps its links', async () => {
  const id = 'nango/default/hubspot/u:u_2';
  await world.start(waitFor, { integration: 'hubspot', endUser: { id: 'u_2' } });
  const { firstExecutionRunId } = await world.request(id, 'asking');
  const request = world.connections.request({ id, firstExecutionRunId });
  const watch = 'nango-watch/default';
  const first = await request.connectLink();
  const runId = await runIdOf(watch);
  for (let i = 0; i < 18; i++) await request.connectLink();
  await eventually(async () => ((await runIdOf(watch)) === runId ? undefined : true), 40_000);
  const { connectionId } = world.nango.complete(first, { as: 'account' });
  const result: unknown = await world.client.workflow.getHandle(id).result();
  expect(result).toMatchObject({ status: 'connected', connection: { connectionId } });
});

test('five hundred links told of at one moment are all watched', async () => {
  const place = { client: world.client, taskQueue: 'nango', environment: 'crowded' };
  const until = Date.now() + 30 * 60_000;
  const tell = (_: unknown, i: number) =>
    startOrFeedWatch(place, { requestId: `nango/crowded/hubspot/u:${i}`, nonce: `${i}-of-many.1`, until });
  await Promise.all(Array.from({ length: 500 }, tell));
  await eventually(async () => {
    const { events } = await world.client.workflow.getHandle('nango-watch/crowded').fetchHistory();
    const swept = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.input?.payloads ?? []);
    const inputs = swept.map((payload) => defaultPayloadConverter.fromPayload<SweepInput>(payload));
    return inputs.some(({ wanted }) => wanted.length === 500) || undefined;
  });
});
