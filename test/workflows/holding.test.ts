import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { NativeConnection, Worker } from '@temporalio/worker';
import { STARTER } from '../../src/cli/functions/starter';
import { HOLD_SPREADS_MS } from '../../src/contract/limits';
import { CALL_ID_PREFIX, HOLDS } from '../../src/contract/names';
import { holdKey, holdsId } from '../../src/contract/request-id';
import type { HoldsView, Outcome, ProxyCall } from '../../src/contract/types';
import { NangoPlugin } from '../../src/plugin';
import { holdConnection } from '../support/hold-connection';
import { HoldBatches } from '../../src/requests/hold-batches';
import { BulkUser, reads } from '../support/bulk-user';
import { bundleFor } from '../support/bundles';
import { eventually } from '../support/eventually';
import { action, bulkOf, call, fanOut, waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// Connections that may have come into somebody else's hands: what goes through them, on a real server.

const CRM = 'crm';
const OTHER = { integration: CRM, connectionId: 'never-held' };
const GET: ProxyCall = { method: 'GET', endpoint: '/contacts' };
const POST: ProxyCall = { method: 'POST', endpoint: '/contacts', body: { name: 'Ann' } };

let world: World;
/** what the provider was sent, and what ran at Nango: by connection */
const sent: string[] = [];

beforeAll(async () => {
  world = await World.open('dev');
  world.nango.addProvider({ name: CRM, authMode: 'OAUTH2' });
  world.nango.addIntegration({ key: CRM, provider: CRM });
  world.nango.addConnection(OTHER);
  world.nango.onProxy(CRM, ({ method, path, connectionId }) => {
    sent.push(`${connectionId} ${method} ${path}`);
    return { json: { results: [{ id: path }], paging: {} } };
  });
  world.nango.onAction(CRM, 'greet', (_, { connectionId }) => {
    sent.push(`${connectionId} greet`);
    return { id: '1' };
  });
});

afterAll(async () => {
  await world.close();
});

const place = () => ({ client: world.client, taskQueue: 'nango', environment: 'default' });
const sentOn = (connectionId: string): string[] => sent.filter((one) => one.startsWith(`${connectionId} `));
const readsOf = (connectionId: string): number =>
  world.nango.count(({ method, path }) => method === 'GET' && path.includes(`/connections/${connectionId}?`));

/** A connection of somebody of his own, held until every worker knows. */
async function held(): Promise<{ integration: string; connectionId: string; endUser: { id: string } }> {
  const id = `u-${randomUUID()}`;
  const made = world.nango.addConnection({ integration: CRM, connectionId: `c-${id}`, tags: { end_user_id: id } });
  await holdConnection(place(), { connection: made, until: Date.now() + 60_000 });
  await sleep(HOLD_SPREADS_MS);
  return { ...made, endUser: { id } };
}

/** As a verified link does that connects it anew; without it as its request does once that is confirmed. */
async function mark({ integration, connectionId, endUser }: Awaited<ReturnType<typeof held>>, isMarked = true) {
  const tags = { end_user_id: endUser.id, ...(isMarked && { tn_owner: 'unconfirmed' }) };
  const url = `${world.nango.url}/connections/${connectionId}?provider_config_key=${integration}`;
  const headers = { authorization: `Bearer ${world.nango.secretKey}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ tags }) });
  expect(response.status).toBe(200);
}

type Names = Pick<Awaited<ReturnType<typeof held>>, 'integration' | 'connectionId'>;

/** Whatever calls a provider through a connection, by the activity that does it. */
const ACTIVITIES: { [kind: string]: (connection: Names) => [name: string, input: object] } = {
  'a read': (connection) => ['nango.proxy', { connection, call: GET }],
  'a write': (connection) => ['nango.proxy', { connection, call: POST }],
  'a page': (connection) => [
    'nango.proxyPage',
    {
      connection,
      endpoint: '/list',
      paginate: { type: 'cursor', cursorPath: '/paging/a', cursorParam: 'a', itemsPath: '/results' },
    },
  ],
  'an action': (connection) => ['nango.triggerAction', { connection, call: { action: 'greet', input: {} } }],
  'an async action': (connection) => ['nango.startAction', { connection, call: { action: 'greet', input: {} } }],
  'a dry run': ({ integration, connectionId }) => [
    'nango.startDryRun',
    { integration, connectionId, kind: 'action', code: STARTER, input: { name: 'Ann' } },
  ],
};

async function run([name, input]: [name: string, input: object]): Promise<unknown> {
  return await world.client.activity.execute(name, {
    ...{ id: CALL_ID_PREFIX + randomUUID(), taskQueue: 'nango', startToCloseTimeout: 60_000 },
    args: [input],
  });
}

test.each(Object.keys(ACTIVITIES))('%s does not go through it while nobody has confirmed whose it is', async (kind) => {
  const { integration, connectionId, endUser } = await held();
  const names = { integration, connectionId };
  const activity = ACTIVITIES[kind]!(names);
  await mark({ ...names, endUser });
  const before = world.nango.requests.length;
  const isWrite = kind !== 'a read' && kind !== 'a page';
  const failure = await failureOf(run(activity));
  expect(failure).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
  expect(failure.didNotRun).toBe(isWrite ? true : undefined);
  expect(sentOn(connectionId)).toEqual([]);
  const provider = world.nango.requests.slice(before).filter(({ path }) => /^\/(proxy|action|functions)/.test(path));
  expect(provider.filter(({ method }) => method !== 'GET' || kind === 'a read' || kind === 'a page')).toEqual([]);

  await mark({ ...names, endUser }, false);
  await run(activity);
  expect(
    world.nango.requests.slice(before).some(({ path }) => /^\/(proxy|action\/trigger|functions\/dryruns)/.test(path)),
  ).toBe(true);
});

test('the reads and writes of a fan-out, each by itself; once it is confirmed all go through', async () => {
  const connection = await held();
  const calls = [...Array.from({ length: 30 }, () => GET), POST, POST];
  await mark(connection);
  const outcomes: Outcome[] = await world.execute(fanOut, connection, calls);
  expect(new Set(outcomes.map((one) => (one.ok ? 'ok' : one.error.type)))).toEqual(new Set(['Nango.OwnerUnconfirmed']));
  expect(sentOn(connection.connectionId)).toEqual([]);
  await mark(connection, false);
  const again: Outcome[] = await world.execute(fanOut, connection, calls);
  expect(again.every(({ ok }) => ok)).toBe(true);
  expect(sentOn(connection.connectionId)).toHaveLength(32);
});

test('a bulk run, a workflow and a client without one', async () => {
  const connection = await held();
  const { integration, connectionId } = connection;
  await mark(connection);
  const user = await BulkUser.start(world);
  user.has(reads(20), 10);
  const result = await world.execute(bulkOf, user.input({ connection: { integration, connectionId } }));
  await user.close();
  expect(result).toMatchObject({ failed: { 'Nango.OwnerUnconfirmed': 20 } });
  const type = 'Nango.OwnerUnconfirmed';
  expect(await failureOf(world.execute(call, connection, POST))).toMatchObject({ type, didNotRun: true });
  expect(await failureOf(world.execute(action, connection, 'greet', {}))).toMatchObject({ type, didNotRun: true });
  const client = world.connections;
  expect(await failureOf(client.get(connection, '/contacts'))).toMatchObject({ type });
  expect(await failureOf(client.post(connection, '/contacts', {}))).toMatchObject({ type, didNotRun: true });
  expect(sentOn(connectionId)).toEqual([]);
});

test('nothing that is not held costs a request to Nango; what is held costs one, and passes while it is clean', async () => {
  const connection = await held();
  const outcomes: Outcome[] = await world.execute(fanOut, OTHER, reads(200));
  expect(outcomes.every(({ ok }) => ok)).toBe(true);
  expect(readsOf(OTHER.connectionId)).toBe(0);
  expect(await world.execute(call, connection, GET)).toMatchObject({ status: 200 });
  expect(readsOf(connection.connectionId)).toBe(1);
  // Calls of one moment share a reading.
  const before = readsOf(connection.connectionId);
  const many: Outcome[] = await world.execute(fanOut, connection, reads(200));
  expect(many.every(({ ok }) => ok)).toBe(true);
  expect(readsOf(connection.connectionId) - before).toBeLessThan(200);
});

test('a connection that is not there fails as ever', async () => {
  const connection = { integration: CRM, connectionId: `c-${randomUUID()}` };
  await holdConnection(place(), { connection, until: Date.now() + 60_000 });
  await sleep(HOLD_SPREADS_MS);
  expect(await failureOf(world.execute(call, connection, GET))).toMatchObject({
    type: 'Nango.ConnectionNotFound',
  });
});

test('what it cannot read is not sent, and a write goes out once it can', async () => {
  const connection = await held();
  world.nango.outage(true);
  const writing = await world.start(call, connection, POST);
  await eventually(async () =>
    (await world.events(writing.workflowId)).filter((event) => event === 'activityTaskFailed').length > 0
      ? true
      : undefined,
  );
  world.nango.outage(false);
  expect(await writing.result()).toMatchObject({ status: 200 });
  expect(sentOn(connection.connectionId)).toEqual([`${connection.connectionId} POST /contacts`]);
});

test('its memo names it to every worker; a second hold is of the same connection, since it was first held', async () => {
  const { integration, connectionId } = await held();
  const connection = { integration, connectionId };
  const input = { connection, until: Date.now() + 60_000 };
  const [first, second] = await Promise.all([holdConnection(place(), input), holdConnection(place(), input)]);
  expect(second).toEqual(first);
  expect(first.since).toBeLessThanOrEqual(Date.now() - HOLD_SPREADS_MS);
  const { memo } = await world.client.workflow.getHandle(holdsId('default')).describe();
  const keys = (memo?.[HOLDS] as { held: string[] }).held.filter((key) => key === holdKey(connection));
  expect(keys).toHaveLength(1);
});

test('three hundred who click at once are held by a handful of updates', async () => {
  const elsewhere = { ...place(), environment: 'burst' };
  const batches = new HoldBatches();
  const held = await Promise.all(
    Array.from({ length: 300 }, (_, n) => {
      const connection = { integration: CRM, connectionId: `c-${n}` };
      return batches.hold(elsewhere, { connection, until: Date.now() + 60_000 }, 10_000);
    }),
  );
  expect(held.every(({ since }) => since > 0)).toBe(true);
  const updates = (await world.events(holdsId('burst'))).filter((event) => event.endsWith('UpdateCompleted'));
  expect(updates.length).toBeLessThanOrEqual(5);
  const { held: named } = (await world.client.workflow.getHandle(holdsId('burst')).describe()).memo![
    HOLDS
  ] as HoldsView;
  expect(named).toHaveLength(300);
});

test('two workers under load: from when a hold has spread none of them sends a call by an older view', async () => {
  const connection = await NativeConnection.connect({ address: world.env.address });
  const second = await Worker.create({
    connection,
    taskQueue: 'nango',
    workflowBundle: bundleFor('../../src/worker-workflows'),
    plugins: [new NangoPlugin({ config: world.config })],
  });
  const id = `u-${randomUUID()}`;
  const names = world.nango.addConnection({ integration: CRM, connectionId: `c-${id}`, tags: { end_user_id: id } });
  await second.runUntil(async () => {
    const running = await Promise.all(
      Array.from({ length: 6 }, async () => await world.start(fanOut, names, reads(1_500))),
    );
    await eventually(() => Promise.resolve(sentOn(names.connectionId).length > 100 ? true : undefined));
    const { since } = await holdConnection(place(), { connection: names, until: Date.now() + 60_000 });
    await sleep(Math.max(since + HOLD_SPREADS_MS - Date.now(), 0));
    await mark({ ...names, endUser: { id } });
    const marked = Date.now();
    const ends = await Promise.all(running.map(async (one) => (await one.result()) as Outcome[]));
    const late = world.nango.requests.filter(
      ({ path, connectionId, at }) => path.startsWith('/proxy/') && connectionId === names.connectionId && at > marked,
    );
    console.log(JSON.stringify({ sent: sentOn(names.connectionId).length, late: late.length }));
    // Read as clean in the moment before it was marked: no more than two workers have under way.
    expect(late.length).toBeLessThanOrEqual(2 * 128);
    expect(late.filter(({ at }) => at > marked + 5_000)).toEqual([]);
    expect(ends.flat().some((one) => !one.ok && one.error.type === 'Nango.OwnerUnconfirmed')).toBe(true);
  });
  await connection.close();
});

test('with heal a write waits until it is confirmed, and is made once; others wait for the same', async () => {
  const connection = await held();
  const { integration, endUser } = connection;
  const healing = await world.execute(waitFor, { integration, endUser, heal: true });
  await mark(connection);
  const writing = await world.start(call, healing, POST);
  const reading = await world.start(fanOut, healing, [GET, GET, POST]);
  const standalone = await world.connections.call(healing, { method: 'GET', endpoint: '/standalone' });
  const requestId = `nango/default/${CRM}/u:${endUser.id}`;
  await world.notified(requestId, 'opened');
  expect(sentOn(connection.connectionId)).toEqual([]);
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  const request = world.connections.request({ id: requestId, firstExecutionRunId });
  await eventually(async () => ((await request.view()).subscribers >= 3 ? true : undefined));
  const made = world.nango.complete(await request.connectLink(), { as: 'ann' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
  expect(await writing.result()).toMatchObject({ status: 200 });
  expect(((await reading.result()) as Outcome[]).every(({ ok }) => ok)).toBe(true);
  expect(await standalone.result()).toMatchObject({ status: 200 });
  expect(sentOn(connection.connectionId).filter((one) => one.includes('POST'))).toHaveLength(2);
  expect(world.notices.filter(({ request: { id }, reason }) => id === requestId && reason === 'opened')).toHaveLength(
    1,
  );
});

test('a verified link that connects it anew: a stranger uses it, and no call goes through until the owner is confirmed', async () => {
  const id = `u-${randomUUID()}`;
  const made = world.nango.addConnection({ integration: CRM, connectionId: `c-${id}`, tags: { end_user_id: id } });
  const { connectionId } = made;
  const wanted = { integration: CRM, endUser: { id } };
  const healing = await world.execute(waitFor, { ...wanted, heal: true });
  const renewing = await world.start(waitFor, { ...wanted, reconnect: connectionId });
  const requestId = `nango/default/${CRM}/u:${id}`;
  await world.notified(requestId, 'opened');
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  const request = world.connections.request({ id: requestId, firstExecutionRunId });
  const unconfirmed = async (nonce: string) =>
    await eventually(async () => {
      const { question } = await request.view();
      return question?.unconfirmed?.some((one) => one.nonce === nonce) ? true : undefined;
    });
  const hint = { source: 'webhook', connectionId };

  const forwarded = await request.connectSession({ verifyOwner: true });
  // Its owner goes on using it until somebody connects.
  expect(await world.execute(call, made, GET)).toMatchObject({ status: 200 });
  const before = sentOn(connectionId).length;
  world.nango.complete(forwarded.connectLink, { as: 'stranger' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', hint);
  await unconfirmed(forwarded.nonce);

  const activities = Object.keys(ACTIVITIES).map((kind) => ACTIVITIES[kind]!(made));
  const types = await Promise.all(activities.map(async (activity) => (await failureOf(run(activity))).type));
  expect(new Set(types)).toEqual(new Set(['Nango.OwnerUnconfirmed']));
  const writing = await world.start(call, healing, POST);
  const reading = await world.start(fanOut, healing, [GET, GET]);
  await eventually(async () => ((await request.view()).subscribers >= 3 ? true : undefined));
  await request.refuseOwner(forwarded.nonce, { by: id });
  expect(await failureOf(world.execute(call, made, GET))).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
  expect(sentOn(connectionId)).toHaveLength(before);

  const own = await request.connectSession({ verifyOwner: true });
  world.nango.complete(own.connectLink, { as: 'owner' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', hint);
  await unconfirmed(own.nonce);
  expect(await failureOf(world.execute(call, made, POST))).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
  expect(sentOn(connectionId)).toHaveLength(before);

  await request.confirmOwner(own.nonce, { by: id });
  expect(await writing.result()).toMatchObject({ status: 200 });
  expect(((await reading.result()) as Outcome[]).every(({ ok }) => ok)).toBe(true);
  expect(await renewing.result()).toMatchObject({ connectionId });
  expect(await world.execute(call, made, GET)).toMatchObject({ status: 200 });
  expect(sentOn(connectionId).filter((one) => one.includes('POST'))).toHaveLength(1);
});
