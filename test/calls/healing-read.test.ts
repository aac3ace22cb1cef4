import { randomUUID } from 'node:crypto';
import { CancelledFailure } from '@temporalio/common';
import { findCall } from '../../src/calls/find';
import type { NangoConnections } from '../../src/client';
import { CALL_ID_PREFIX } from '../../src/contract/names';
import type { CallRef, Connection } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';

// A connection stops working, and calls without a workflow are made through it that heal.

let world: World;
let client: NangoConnections;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  client = world.connections;
});

afterAll(async () => await world.close());

/** A connection of a person of its own, as a backend gets it. */
async function person(terms: { deadline?: number } = {}) {
  const id = `u-${randomUUID()}`;
  world.nango.addConnection({ integration: 'hubspot', connectionId: `c-${id}`, tags: { end_user_id: id } });
  const existing = await client.ensureConnection({ integration: 'hubspot', endUser: { id }, heal: true, ...terms });
  if (existing.kind !== 'connection') throw new Error('it is there');
  return { connection: existing.connection, requestId: `nango/default/hubspot/u:${id}` };
}

/** Nango has given its refresh up. */
function die({ connectionId }: Connection): void {
  world.nango.refresh(connectionId, 'revoked');
  Object.assign(world.nango.connection('hubspot', connectionId)!, {
    authError: 'a log',
    refreshFailures: { lastAt: Date.now(), days: 4 },
  });
}

async function requestOf(requestId: string) {
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  return client.request({ id: requestId, firstExecutionRunId });
}

/** Of the request that found the connection when it was made. */
const isAsked = async (requestId: string) => (await client.describeRequest(requestId))?.view.status !== 'connected';
const attempts = async ({ id, runId }: CallRef) =>
  (await world.client.activity.getHandle(id, runId).describe()).attempt;

test('a read has its owner connect anew what Nango has given up, once, and goes on after the click', async () => {
  const { connection, requestId } = await person();
  die(connection);
  const id = randomUUID();
  const call = await client.call(connection, { method: 'GET', endpoint: '/owners' }, { id });
  const other = await client.call(connection, { method: 'GET', endpoint: '/contacts' });
  await world.notified(requestId, 'opened');
  const made = world.nango.complete(await (await requestOf(requestId)).connectLink(), { as: 'ann' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { ...made, source: 'webhook' });
  expect(await call.result()).toEqual({ status: 200, data: { path: '/owners' } });
  expect(await other.result()).toEqual({ status: 200, data: { path: '/contacts' } });
  expect(world.notices.filter(({ request, reason }) => request.id === requestId && reason === 'opened')).toHaveLength(
    1,
  );
  // Its id is of the same call without heal as well.
  const plain = { integration: connection.integration, connectionId: connection.connectionId };
  expect((await client.call(plain, { method: 'GET', endpoint: '/owners' }, { id })).ref).toEqual(call.ref);
});

test('a read that is cancelled while its owner is asked waits no longer, and nobody else did', async () => {
  const { connection, requestId } = await person();
  die(connection);
  const call = await client.call(connection, { method: 'GET', endpoint: '/owners' });
  await world.notified(requestId, 'opened');
  await call.cancel();
  await expect(call.result()).rejects.toThrow(CancelledFailure);
  await world.request(requestId, 'cancelled');
});

test('a read that was cancelled, and left on the request, waits no longer once that is said again', async () => {
  const { connection, requestId } = await person();
  die(connection);
  const call = await client.call(connection, { method: 'GET', endpoint: '/owners' });
  await world.notified(requestId, 'opened');
  // By a process that came no further.
  await world.client.activity.getHandle(call.ref.id, call.ref.runId).cancel('cancelled by a client');
  await expect(call.result()).rejects.toThrow(CancelledFailure);
  await world.request(requestId, 'waiting');
  await call.cancel();
  await world.request(requestId, 'cancelled');
  await call.cancel();
});

test('a read that waits its turn has its owner asked, though the other question was declined', async () => {
  const { connection, requestId } = await person();
  const [, id] = requestId.split('/u:');
  const second = `c2-${id}`;
  world.nango.addConnection({ integration: 'hubspot', connectionId: second, tags: { end_user_id: id! } });
  await client.ensureConnection({ integration: 'hubspot', endUser: { id: id! } });
  const choosing = await requestOf(requestId);
  die(connection);
  const call = await client.call(connection, { method: 'GET', endpoint: '/owners' });
  await eventually(async () => ((await attempts(call.ref)) > 1 ? true : undefined));
  await choosing.decline({ by: 'ops' });
  const anew = await eventually(async () => {
    const asked = await requestOf(requestId);
    return asked.ref.firstExecutionRunId === choosing.ref.firstExecutionRunId ? undefined : asked;
  });
  const made = world.nango.complete(await anew.connectLink(), { as: 'ann' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { ...made, source: 'webhook' });
  expect(await call.result()).toMatchObject({ status: 200 });
});

test('an action that heals is found as an action by its id, a proxied call as none', async () => {
  const { connection } = await person();
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const [action, proxied] = [randomUUID(), randomUUID()];
  world.nango.onAction('hubspot', 'greet', () => 'hello');
  await client.action(connection, 'greet', {}, { id: action, idempotent: true });
  await client.get(connection, '/owners', { id: proxied });
  expect(await findCall(place, action)).toMatchObject({ isAction: true });
  expect(await findCall(place, proxied)).toMatchObject({ isAction: false });
});

test('a person who declines ends it, typed', async () => {
  const { connection, requestId } = await person();
  die(connection);
  const reading = failureOf(client.get(connection, '/owners'));
  await (await requestOf(requestId)).decline();
  expect(await reading).toMatchObject({ type: 'Nango.ConnectionDeclined', requestId });
});

test('nobody acts within the time of the connection: typed, at its end', async () => {
  const { connection } = await person({ deadline: Date.now() + 20_000 });
  die(connection);
  const { type } = await failureOf(client.get(connection, '/owners'));
  expect(['Nango.ReconnectRequired', 'Nango.ConnectionTimedOut']).toContain(type);
});

test('a write fails typed at once, and nobody is asked; so does a read that heals by failing', async () => {
  const { connection, requestId } = await person();
  die(connection);
  expect(await failureOf(client.post(connection, '/orders'))).toMatchObject({ type: 'Nango.ReconnectRequired' });
  const failing = { ...connection, heal: { ...connection.heal!, fails: true } };
  expect(await failureOf(client.get(failing, '/owners'))).toMatchObject({ type: 'Nango.ReconnectRequired' });
  expect(await isAsked(requestId)).toBe(false);
});

test('while Nango goes on refreshing a read waits, the health of the integration knows, and nobody is asked', async () => {
  const { connection, requestId } = await person();
  world.nango.refresh(connection.connectionId, 'outage');
  const call = await client.call(connection, { method: 'GET', endpoint: '/owners' });
  await eventually(async () => ((await attempts(call.ref)) > 1 ? true : undefined));
  const health = await world.client.workflow.getHandle('nango-health/default/hubspot').describe();
  expect(health.status.name).toBe('RUNNING');
  expect(await isAsked(requestId)).toBe(false);
  await call.cancel();
  world.nango.refresh(connection.connectionId, 'fine');
});

test('what its connection is not to blame for is tried ten times, as ever', async () => {
  const { connection } = await person();
  world.nango.onProxy('hubspot', () => ({ status: 422, json: {} }));
  expect(await failureOf(client.get(connection, '/owners'))).toMatchObject({ type: 'Nango.ProviderRejected' });
  let calls = 0;
  const headers = { 'retry-after': '0' };
  world.nango.onProxy('hubspot', () => (calls++, { status: 429, json: {}, headers }));
  expect(await failureOf(client.get(connection, '/owners'))).toMatchObject({ type: 'Nango.ProviderRateLimited' });
  expect(calls).toBeGreaterThan(1);
  // An attempt that finds the limit used up is not sent.
  expect(calls).toBeLessThanOrEqual(10);
  world.nango.onProxy('hubspot', ({ path }) => ({ json: { path } }));
});

test('whoever starts the activity with a write, or without the rules kept, is refused', async () => {
  const { connection } = await person();
  const { integration, connectionId, heal } = connection;
  const start = (call: object, more = {}) =>
    world.client.activity.execute('nango.healingRead', {
      ...{ id: CALL_ID_PREFIX + randomUUID(), taskQueue: 'nango', startToCloseTimeout: 10_000 },
      args: [{ connection: { integration, connectionId }, call, heal, ...more }],
    });
  const get = { method: 'GET', endpoint: '/x' };
  for (const [field, failing] of [
    ['call', () => start({ method: 'POST', endpoint: '/x' })],
    ['heal.waitMs', () => start(get, { heal: { owner: {}, waitMs: -1 } })],
    ['input', () => start(get, { more: 1 })],
  ] as const) {
    expect(await failureOf(failing())).toMatchObject({ type: 'Nango.InvalidRequest', field });
  }
});
