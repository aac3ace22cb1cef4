import { defaultPayloadConverter } from '@temporalio/common';
import { jsonBytes } from '../../src/contract/rules/json';
import { MAX_JOINED_BYTES } from '../../src/contract/limits';
import { holdsId, requestId } from '../../src/contract/request-id';
import type { Connection, HoldsView, RequestView, SweepInput } from '../../src/contract/types';
import { holdConnection } from '../support/hold-connection';
import { readHolds } from '../../src/requests/read-holds';
import { startOrFeedWatch } from '../../src/requests/start';
import { begin } from '../../src/workflows/request/request-state';
import { step } from '../../src/workflows/request/request-step';
import { BulkUser, reads } from '../support/bulk-user';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { waitFor, waitForIntegration } from '../support/user-workflows';

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
  const { firstExecutionRunId } = await world.request(id, 'waiting');
  const request = world.connections.request({ id, firstExecutionRunId });
  const early = await request.connectLink();
  const runId = await runIdOf(id);
  // Hints about nothing make it look, and grow.
  await eventually(async () => {
    await world.client.workflow.getHandle(id).signal('nango.hint', { source: 'webhook', connectionId: 'nothing' });
    return (await runIdOf(id)) === runId ? undefined : true;
  });
  const view = await world.request(id, 'waiting');
  expect(view).toMatchObject({ firstExecutionRunId, subscribers: 1 });
  const listed = await eventually(async () => (await world.connections.requests()).find((one) => one.id === id));
  expect(listed).toMatchObject({ status: 'waiting', question: { kind: 'connect' } });
  expect(await request.connectLink()).not.toBe(early);
  // A link from before is still this request's.
  const { connectionId } = world.nango.complete(early, { as: 'account' });
  const made = { source: 'webhook', connectionId };
  await world.client.workflow.getHandle(id).signal('nango.hint', made);
  const connection = (await waiting.result()) as Connection;
  expect(connection.connectionId).toBe(connectionId);

  const what = (await request.timeline()).map((event) => event.what);
  expect(what).toEqual(['began', 'opened', 'notified', 'clicked', 'clicked', 'connected']);
  const { startTime } = await world.client.workflow.getHandle(id, firstExecutionRunId).describe();
  await world.client.workflow.getHandle(id).result();
  const ended = await request.describe();
  expect(ended).toMatchObject({ startedAt: startTime, connection: { connectionId } });
  const later = { integration: 'hubspot', endUser: { id: 'u_1' }, reconnect: connectionId };
  expect(await world.connections.ensureConnection(later)).toMatchObject({ kind: 'request' });
  const replaced = await request.describe();
  expect(replaced).toMatchObject({ ...ended, replacedBy: { id } });
});

test('a request with as many joiners as it can hold continues as new, and all that is asked of it still is', async () => {
  const subject = { integration: 'hubspot', owner: { endUser: { id: 'u_3' } } };
  const id = requestId('default', subject);
  const now = Date.now();
  // As large as each may be: what is three bytes long counts as one character.
  const wide = (chars: number): string => '\u3042'.repeat(chars);
  const tags = { a: wide(255), b: wide(255), c: wide(255), d: wide(255) };
  const scopes = Array.from({ length: 100 }, (_, i) => `${i}`.padStart(255, 's'));
  const identity = { endpoint: `/${'e'.repeat(8_191)}`, pointer: `/${'p'.repeat(1_023)}` };
  const joinerOf = (i: number) => ({
    joinId: `${i}${wide(250)}`,
    subscriber: { workflowId: `${i}-`.padEnd(1_000, 'w') },
  });
  const terms = { scopes, tags, identity };
  let { state } = step(begin(subject, 'o', now), { type: 'join', join: { ...joinerOf(0), ...terms }, now });
  state = step(state, { type: 'listed', connections: [], now }).state;
  let joiners = 1;
  for (; jsonBytes(state) < MAX_JOINED_BYTES - 6_000; joiners++) {
    state = step(state, { type: 'join', join: joinerOf(joiners), now }).state;
  }
  const start = { workflowId: id, taskQueue: 'nango', args: [{ ...subject, carried: { state, pending: [] } }] };
  const handle = await world.client.workflow.start('connectionRequest', start);
  const waiting = await world.start(waitFor, { integration: 'hubspot', endUser: { id: 'u_3' } });
  await eventually(
    async () => ((await world.request(id, 'waiting')) as RequestView).subscribers > joiners || undefined,
  );
  const join = (given: object) => handle.executeUpdate('nango.join', { args: [[given]] });
  const full = async (): Promise<void> => {
    for (let i = joiners; ; i++) await join(joinerOf(i));
  };
  expect(await failureOf(full())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'too_many_joiners' });
  expect(await failureOf(join({ joinId: 'j', scopes: ['one.more'] }))).toMatchObject({ field: 'scopes' });
  expect(await failureOf(join({ joinId: 'j', tags: { e: 'one more' } }))).toMatchObject({ field: 'tags' });

  const ref = { id, firstExecutionRunId: handle.firstExecutionRunId };
  const request = world.connections.request(ref);
  const link = await request.connectLink();
  await eventually(async () => {
    await handle.signal('nango.hint', { source: 'webhook' });
    return (await runIdOf(id)) === handle.firstExecutionRunId ? undefined : true;
  });
  const made = world.nango.complete(link, { as: 'account' });
  await handle.signal('nango.hint', { source: 'webhook', connectionId: made.connectionId });
  expect(await waiting.result()).toMatchObject(made);
  expect(await world.client.workflow.getHandle(id).result()).toMatchObject({ status: 'connected' });
});

test('a watch that continues as new keeps its links', async () => {
  const id = 'nango/default/hubspot/u:u_2';
  await world.start(waitFor, { integration: 'hubspot', endUser: { id: 'u_2' } });
  const { firstExecutionRunId } = await world.request(id, 'waiting');
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
  const feed = (_: unknown, i: number) =>
    startOrFeedWatch(place, { requestId: `nango/crowded/hubspot/u:${i}`, nonce: `${i}-of-many.1`, until });
  await Promise.all(Array.from({ length: 500 }, feed));
  await eventually(async () => {
    const { events } = await world.client.workflow.getHandle('nango-watch/crowded').fetchHistory();
    const swept = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.input?.payloads ?? []);
    const inputs = swept.map((payload) => defaultPayloadConverter.fromPayload<SweepInput>(payload));
    return inputs.some(({ wanted }) => wanted.length === 500) || undefined;
  });
});

test('a set-up that continues as new keeps its joiners, its question and its name', async () => {
  world.nango.addProvider({ name: 'slow', authMode: 'OAUTH2' });
  const waiting = await world.start(waitForIntegration, { provider: 'slow', scopes: ['a'] });
  const { id, firstExecutionRunId } = await eventually(async () =>
    (await world.connections.setUps()).find(({ view }) => view.status === 'waiting'),
  );
  const setUp = world.connections.setUp({ id, firstExecutionRunId });
  const before = await setUp.view();
  const runId = await runIdOf(id);
  // An operator who asks for it to be looked up now, again and again, makes it grow.
  await eventually(async () => {
    await setUp.decide({ choice: 'made', by: 'ops' }).catch(() => undefined);
    return (await runIdOf(id)) === runId ? undefined : true;
  });
  expect(await setUp.view()).toMatchObject({ question: before.question, subscribers: 1, firstExecutionRunId });
  // Whoever finds it in the list answers the same set-up.
  const listed = await eventually(async () => (await world.connections.setUps()).find((one) => one.id === id));
  expect(listed).toMatchObject({ firstExecutionRunId, view: { status: 'waiting' } });
  world.nango.addIntegration({ key: 'slow', provider: 'slow' });
  expect(await setUp.decide({ choice: 'made', by: 'ops' })).toBe('ready');
  expect(await waiting.result()).toEqual({ integration: 'slow', provider: 'slow' });
  expect(await setUp.describe()).toMatchObject({ status: 'ready' });
});

test('a bulk run that continues as new is listed by its name', async () => {
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
  const user = await BulkUser.start(world);
  user.has(reads(60), 1);
  const run = await world.connections.bulk(user.input());
  const { id, firstExecutionRunId } = run.ref;
  await eventually(async () => ((await runIdOf(id)) === firstExecutionRunId ? undefined : true));
  await run.pause();
  const listed = await eventually(async () => (await world.connections.bulkRuns()).find((one) => one.id === id));
  expect(listed.firstExecutionRunId).toBe(firstExecutionRunId);
  await run.stop();
  expect(await run.result()).toMatchObject({ status: 'stopped' });
  await user.close();
});

test('the holds continue as new with what they hold, which workers read all the while', async () => {
  const environment = 'long-holds';
  const place = { client: world.client, taskQueue: 'nango', environment };
  const hold = async (n: number) =>
    await holdConnection(place, {
      connection: { integration: 'hubspot', connectionId: `c-${n}` },
      until: Date.now() + 60_000,
    });
  const first = await hold(0);
  const runId = await runIdOf(holdsId(environment));
  const seen: HoldsView[] = [];
  let count = 0;
  while ((await runIdOf(holdsId(environment))) === runId) {
    await hold(++count);
    seen.push(await readHolds(world.client, environment));
  }
  expect(await hold(0)).toEqual(first);
  for (let n = 0; n < count; n++) {
    expect(seen[n]!.all).toBeUndefined();
    expect(seen[n]!.held.length).toBeGreaterThanOrEqual(n + 2);
  }
  expect((await readHolds(world.client, environment)).held).toHaveLength(count + 1);
});
