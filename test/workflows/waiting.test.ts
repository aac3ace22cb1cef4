import type { Connection, RequestView } from '../../src/contract/types';
import { joinRequest } from '../../src/requests/join';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { waitFor, waitForBoth, waitThenCall } from '../support/user-workflows';

// Time-skipping: a wait of a week takes no time. One clock drives Temporal and Nango.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
let person = 0;

beforeAll(async () => {
  world = await World.open('timeSkipping');
});

afterAll(async () => {
  await world.close();
});

/** A new person each time, so that tests share a world without sharing requests. */
function someone() {
  const id = `u_${++person}`;
  const owner = { endUser: { id } };
  return {
    id,
    wanted: { integration: 'hubspot', ...owner },
    subject: { integration: 'hubspot', owner },
    request: `nango/default/hubspot/u:${id}`,
  };
}

async function memoOf(requestId: string): Promise<RequestView> {
  const { memo } = await world.client.workflow.getHandle(requestId).describe();
  return memo?.['nango.request'] as RequestView;
}

/** A click on the permanent link of a request: asks it, mints, and gives Nango's link. */
async function click(requestId: string): Promise<string> {
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  await world.atRest(requestId);
  await world.syncClock();
  return await world.connections.request({ id: requestId, firstExecutionRunId }).connectLink();
}

test('a workflow waits for the person and resumes with the connection', async () => {
  const { id, wanted, request } = someone();
  const waiting = await world.start(waitFor, wanted);
  const { connectionId } = world.nango.complete(await click(request), { as: 'account' });
  const connection = (await waiting.result()) as Connection;
  expect(connection).toMatchObject({ integration: 'hubspot', connectionId, provider: 'hubspot', health: 'ok' });
  expect(connection.tags).toMatchObject({
    managed_by: 'temporal-nango',
    end_user_id: id,
    tn_environment: 'default',
    tn_nonce: expect.any(String) as string,
  });
  expect(await world.client.workflow.getHandle(request).result()).toMatchObject({ status: 'connected' });
});

test('a connection that exists is returned at once, and nothing is asked', async () => {
  const { id, wanted, request } = someone();
  world.nango.addConnection({ integration: 'hubspot', connectionId: `c-${id}`, tags: { end_user_id: id } });
  expect(await world.execute(waitFor, wanted)).toMatchObject({ connectionId: `c-${id}` });
  await expect(world.client.workflow.getHandle(request).describe()).rejects.toThrow(/not found/i);
});

test('the wait goes on for a week without a click, then ends typed', async () => {
  const { wanted } = someone();
  expect(await failureOf(world.execute(waitFor, wanted))).toMatchObject({ type: 'Nango.ConnectionTimedOut' });
});

test('after a timeout that somebody waited a day for, nobody is asked for another day, unless they say so', async () => {
  const { wanted, request, subject } = someone();
  await failureOf(world.execute(waitFor, wanted));
  const { coolDownUntil = 0 } = await memoOf(request);
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const join = { joinId: 'next-run' };
  const cooling = { ignoreCoolDown: false, at: coolDownUntil - 1 };
  expect(await joinRequest(place, subject, join, cooling)).toEqual({
    status: 'timedOut',
    coolDownUntil,
    requestId: request,
  });
  expect(await joinRequest(place, subject, join, { ...cooling, ignoreCoolDown: true })).toMatchObject({
    status: 'pending',
  });
});

test('when a cool-down is over, the next run asks again', async () => {
  const { wanted, request, subject } = someone();
  await failureOf(world.execute(waitFor, wanted));
  const { coolDownUntil = 0 } = await memoOf(request);
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const over = { ignoreCoolDown: false, at: coolDownUntil };
  expect(await joinRequest(place, subject, { joinId: 'next-run' }, over)).toMatchObject({ status: 'pending' });
});

test('each caller keeps its own deadline, and cancelling one cancels no other', async () => {
  const { wanted, request } = someone();
  const now = await world.env.currentTimeMs();
  // Not an hour: just then a join is tried again, and what ends in the middle of that stops the test server's clock.
  const short = await world.start(waitFor, { ...wanted, deadline: now + HOUR / 2 });
  const cancelled = await world.start(waitFor, wanted);
  const long = await world.start(waitFor, { ...wanted, deadline: now + 20 * DAY });
  await eventually(async () => {
    const view = await world.request(request, 'waiting');
    return (view as { subscribers?: number }).subscribers === 3 ? view : undefined;
  });
  await cancelled.cancel();
  await expect(cancelled.result()).rejects.toThrow(/cancel/i);
  expect(await failureOf(short.result())).toMatchObject({ type: 'Nango.ConnectionTimedOut' });
  await world.env.sleep(10 * DAY);
  const { connectionId } = world.nango.complete(await click(request), { as: 'account' });
  expect(await long.result()).toMatchObject({ connectionId });
});

test('whoever joins last and waits least is told at its own deadline', async () => {
  const { wanted, request } = someone();
  const long = await world.start(waitFor, wanted);
  await world.request(request, 'waiting');
  const began = await world.env.currentTimeMs();
  const short = await world.start(waitFor, { ...wanted, deadline: began + HOUR / 2 });
  expect(await failureOf(short.result())).toMatchObject({ type: 'Nango.ConnectionTimedOut' });
  expect((await world.env.currentTimeMs()) - began).toBeLessThan(HOUR);
  const { connectionId } = world.nango.complete(await click(request), { as: 'account' });
  expect(await long.result()).toMatchObject({ connectionId });
});

test('when the last one leaves, the request ends', async () => {
  const { wanted, request } = someone();
  const only = await world.start(waitFor, wanted);
  await world.request(request, 'waiting');
  await only.cancel();
  await expect(only.result()).rejects.toThrow(/cancel/i);
  expect(await world.client.workflow.getHandle(request).result()).toEqual({ status: 'cancelled' });
});

test('one workflow waits for two connections at the same time', async () => {
  const [a, b] = [someone(), someone()];
  const waiting = await world.start(waitForBoth, [a.wanted, b.wanted]);
  const second = world.nango.complete(await click(b.request), { as: 'b' });
  const first = world.nango.complete(await click(a.request), { as: 'a' });
  expect(await waiting.result()).toMatchObject([first, second]);
});

test('a slot is a second connection of the same owner', async () => {
  const { id, wanted, request } = someone();
  world.nango.addConnection({ integration: 'hubspot', connectionId: `first-${id}`, tags: { end_user_id: id } });
  const second = await world.start(waitFor, { ...wanted, slot: 'work' });
  const { connectionId } = world.nango.complete(await click(`${request}/work`), { as: 'work account' });
  expect(await second.result()).toMatchObject({ connectionId, tags: { tn_slot: 'work' } });
  expect(await world.execute(waitFor, wanted)).toMatchObject({ connectionId: `first-${id}` });
});

test('scopes of all callers and tags of the first are in the session that a click makes', async () => {
  const { wanted, request } = someone();
  await world.start(waitFor, { ...wanted, scopes: ['contacts.read'], tags: { team: 'sales' } });
  await world.request(request, 'waiting');
  await world.start(waitFor, { ...wanted, scopes: ['deals.read'] });
  await eventually(async () => {
    const view = await world.request(request, 'waiting');
    return (view as { subscribers?: number }).subscribers === 2 ? view : undefined;
  });
  const { connectionId } = world.nango.complete(await click(request), { as: 'account' });
  const connection = world.nango.connection('hubspot', connectionId);
  expect(connection?.tags).toMatchObject({ team: 'sales' });
  expect(connection?.connectionConfig).toMatchObject({
    oauth_scopes_override: ['contacts.read', 'deals.read'],
  });
  const other = await failureOf(world.execute(waitFor, { ...someone().wanted, tags: { team: '' } }));
  expect(other).toMatchObject({ type: 'Nango.InvalidRequest', field: 'tags.team' });
});

test('an unknown integration fails before anything is started', async () => {
  const { wanted } = someone();
  const failure = await failureOf(world.execute(waitFor, { ...wanted, integration: 'nope' }));
  expect(failure).toMatchObject({ type: 'Nango.IntegrationNotFound' });
  expect(world.nango.requests.filter(({ method }) => method !== 'GET' && method !== 'POST')).toEqual([]);
  await expect(world.client.workflow.getHandle(`nango/default/nope/u:${wanted.endUser.id}`).describe()).rejects.toThrow(
    /not found/i,
  );
});

test('several connections and nothing to tell them apart: nobody guesses', async () => {
  const { id, wanted } = someone();
  for (const n of [1, 2]) {
    world.nango.addConnection({ integration: 'hubspot', connectionId: `c${n}-${id}`, tags: { end_user_id: id } });
  }
  const failure = await failureOf(world.execute(waitFor, { ...wanted, several: 'fail' }));
  expect(failure).toMatchObject({ type: 'Nango.ConnectionAmbiguous' });
});

test('an answer that was lost is found: a terminated request is joined anew by the waiting workflow', async () => {
  const { wanted, request } = someone();
  const waiting = await world.start(waitFor, wanted);
  const { firstExecutionRunId } = await world.request(request, 'waiting');
  await world.atRest(request);
  await world.client.workflow.getHandle(request).terminate('as if by hand');
  // The joiner's open activity joins again within the hour.
  await world.env.sleep(2 * HOUR);
  const renewed = await world.request(request, 'waiting');
  expect(renewed.firstExecutionRunId).not.toBe(firstExecutionRunId);
  const { connectionId } = world.nango.complete(await click(request), { as: 'account' });
  expect(await waiting.result()).toMatchObject({ connectionId });
});

test('a request whose only join was refused closes by itself', async () => {
  const { request, subject } = someone();
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const refused = joinRequest(place, subject, { joinId: 'late', deadline: 1 }, { ignoreCoolDown: true, at: 0 });
  expect(await failureOf(refused)).toMatchObject({ type: 'Nango.InvalidRequest', field: 'deadline' });
  await world.env.sleep('15 seconds');
  expect(await memoOf(request)).toMatchObject({ status: 'cancelled' });
});

test('a link of an earlier request cannot reach a later one', async () => {
  const { wanted, request } = someone();
  const first = await world.start(waitFor, wanted);
  const { firstExecutionRunId } = await world.request(request, 'waiting');
  const old = world.connections.request({ id: request, firstExecutionRunId });
  await first.cancel();
  await first.result().catch(() => undefined);
  await world.start(waitFor, wanted);
  await world.request(request, 'waiting');
  expect(await failureOf(old.connectLink())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'request_closed' });
});

test('a request has at most twenty live links; an expired one makes room', async () => {
  const { wanted, request } = someone();
  await world.start(waitFor, wanted);
  for (let i = 0; i < 20; i++) await click(request);
  expect(await failureOf(click(request))).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'too_many_links' });
  await world.env.sleep(31 * 60_000);
  expect(await click(request)).toContain('session_token=');
});

test('a connection made through somebody else’s link is not taken for this one', async () => {
  const [a, b] = [someone(), someone()];
  const waiting = await world.start(waitFor, a.wanted);
  await world.start(waitFor, b.wanted);
  await world.request(a.request, 'waiting');
  const others = world.nango.complete(await click(b.request), { as: 'b' });
  await world.client.workflow.getHandle(a.request).signal('nango.hint', { source: 'webhook', ...others });
  const { connectionId } = world.nango.complete(await click(a.request), { as: 'a' });
  expect(await waiting.result()).toMatchObject({ connectionId });
});

test('the application’s own button is good enough: a connection without our nonce counts by its owner', async () => {
  const { id, wanted, request } = someone();
  const waiting = await world.start(waitFor, wanted);
  await world.request(request, 'waiting');
  world.nango.addConnection({ integration: 'hubspot', connectionId: `button-${id}`, tags: { end_user_id: id } });
  const hint = { source: 'webhook', connectionId: `button-${id}` };
  await world.client.workflow.getHandle(request).signal('nango.hint', hint);
  expect(await waiting.result()).toMatchObject({ connectionId: `button-${id}` });
});

test('an outage during the lookup keeps the wait, however long it is', async () => {
  const { wanted, request } = someone();
  world.nango.outage(true);
  const waiting = await world.start(waitFor, wanted);
  await world.env.sleep(6 * HOUR);
  world.nango.outage(false);
  const { connectionId } = world.nango.complete(await click(request), { as: 'account' });
  expect(await waiting.result()).toMatchObject({ connectionId });
});

test('a connection that is dead already is returned as failing, and a call through it says so', async () => {
  const { id, wanted } = someone();
  world.nango.addConnection({ integration: 'hubspot', connectionId: `dead-${id}`, tags: { end_user_id: id } });
  world.nango.refresh(`dead-${id}`, 'revoked');
  const [outcome] = await world.execute(waitThenCall, wanted, ['1']);
  expect(outcome).toMatchObject({ ok: false, error: { type: 'Nango.RefreshFailing' } });
});
