import { Client } from '@temporalio/client';
import { NangoConnections } from '../../src/client';
import type { Connection } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { eventually } from '../support/eventually';
import { waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// What goes wrong between a click and its confirmation.

let world: World;

afterEach(async () => {
  await world?.close();
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const owner = { integration: 'hubspot', endUser: { id: 'u_1' } };
const requestId = 'nango/default/hubspot/u:u_1';

async function requestOf(): Promise<ConnectionRequest> {
  await world.notified(requestId, 'opened');
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  await world.atRest(requestId);
  await world.syncClock();
  return world.connections.request({ id: requestId, firstExecutionRunId });
}

async function connect(request: ConnectionRequest) {
  const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
  const { connectionId } = world.nango.complete(connectLink, { as: 'anna' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', connectionId });
  await eventually(async () => ((await request.view()).question?.unconfirmed === undefined ? undefined : true));
  return { nonce, connectionId };
}

test('a key that may not update connections hands nothing out; it is tried again, and says what is missing', async () => {
  world = await World.open('timeSkipping', { workers: false });
  const scopes = ['connections:list', 'connections:read', 'integrations:list', 'connect_sessions:write'];
  const may = (...more: string[]) => [...scopes, ...more].map((scope) => `environment:${scope}`);
  const key = (world.config.secretKey = world.nango.addKey({ scopes: may() }));
  await world.startNangoWorker();
  await world.startUserWorker();
  const waiting = await world.start(waitFor, owner);
  const request = await requestOf();
  const { nonce, connectionId } = await connect(request);
  await request.confirmOwner(nonce, { by: 'anna' });
  await eventually(async () => ((await request.describe())?.view.unwritten?.includes('tags') ? true : undefined));
  const { status, question } = await request.view();
  expect([status, question?.confirmed]).toEqual(['waiting', { nonce, by: 'anna', at: expect.any(Number) as number }]);
  expect(world.nango.connection('hubspot', connectionId)?.tags).toMatchObject({ tn_owner: 'unconfirmed' });
  // The person has done what there is to do: two reminders would have been due by now.
  expect(await failureOf(request.remind({ by: 'ops' }))).toMatchObject({ reason: 'no_open_question' });
  await world.atRest(requestId);
  await world.env.sleep(4 * DAY);
  expect((await request.view()).reminders).toBe(0);

  world.nango.addKey({ key, scopes: may('connections:update') });
  await world.atRest(requestId);
  await world.env.sleep(HOUR);
  expect((await waiting.result()) as Connection).toMatchObject({ connectionId });
  expect(world.nango.connection('hubspot', connectionId)?.tags).not.toHaveProperty('tn_owner');
});

test('a request that continues as new knows whom nobody has confirmed, and who was confirmed', async () => {
  world = await World.open('dev', { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '60' } });
  const waiting = await world.start(waitFor, owner);
  const request = await requestOf();
  const { nonce, connectionId } = await connect(request);
  const handle = world.client.workflow.getHandle(requestId);
  const { runId } = await handle.describe();
  await eventually(async () => {
    await handle.signal('nango.hint', { source: 'webhook', connectionId: 'nothing' });
    return (await handle.describe()).runId === runId ? undefined : true;
  });
  expect((await request.view()).question).toMatchObject({ unconfirmed: [{ nonce, connectionId }] });
  await request.confirmOwner(nonce, { by: 'anna' });
  expect(await waiting.result()).toMatchObject({ connectionId });
  const what = (await request.timeline()).map((event) => event.what);
  expect(what).toEqual(['began', 'opened', 'notified', 'clicked', 'unconfirmed', 'ownerConfirmed', 'connected']);
});

test('where a worker does not know that the owner is to be verified no session is made', async () => {
  world = await World.open('dev');
  await world.start(waitFor, owner);
  const { ref } = await requestOf();
  // As a worker of an earlier version understands the update.
  const client = new Client({
    connection: world.client.connection,
    interceptors: {
      workflow: [
        {
          startUpdate: (input, next) => {
            const [given] = input.args as [object];
            return next({ ...input, args: [{ ...given, verifyOwner: undefined }] });
          },
        },
      ],
    },
  });
  const request = new NangoConnections(client, { config: world.config }).request(ref);
  const before = world.nango.count(({ path }) => path.startsWith('/connect/sessions'));
  expect(await failureOf(request.connectSession({ verifyOwner: true }))).toMatchObject({
    type: 'Nango.Misconfigured',
    field: 'verifyOwner',
  });
  expect(world.nango.count(({ path }) => path.startsWith('/connect/sessions'))).toBe(before);
  expect(await request.connectSession()).toHaveProperty('nonce');
});

test('where workers cannot be kept from a connection nobody gets a link to connect it anew', async () => {
  world = await World.open('dev');
  world.nango.addConnection({
    integration: 'hubspot',
    connectionId: 'c-1',
    tags: { end_user_id: 'u_1' },
    credentials: { type: 'OAUTH2', access_token: 'a', raw: {} },
  });
  await world.start(waitFor, { ...owner, reconnect: 'c-1' });
  // In its place, where nobody works.
  await world.client.workflow.start('connectionHolds', { workflowId: 'nango-holds/default', taskQueue: 'nobody' });
  const request = await requestOf();
  expect(await failureOf(request.connectSession({ verifyOwner: true }))).toMatchObject({ type: 'Nango.Unavailable' });
  expect(world.nango.connection('hubspot', 'c-1')?.tags).toEqual({ end_user_id: 'u_1' });
});

test('while it is first read whether a connection is in unknown hands nobody is given it as it is', async () => {
  world = await World.open('dev', { workers: false });
  let isAsked: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (isAsked = resolve));
  await world.startNangoWorker({
    interceptors: {
      activity: [
        ({ info: { activityType } }) => ({
          inbound: {
            async execute(input, next) {
              if (activityType === 'nango.snapshotConnection') await asked;
              return await next(input);
            },
          },
        }),
      ],
    },
  });
  await world.startUserWorker();
  // As a link of an earlier request has left it.
  const tags = { end_user_id: 'u_1', tn_owner: 'unconfirmed', tn_nonce: 'earlier.1' };
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-1', tags });
  await world.start(waitFor, { ...owner, reconnect: 'c-1' });
  await world.request(requestId, 'checking');
  const other = world.connections.ensureConnection(owner);
  await eventually(async () => {
    const events = await world.events(requestId);
    return events.filter((event) => event === 'workflowExecutionUpdateAccepted').length === 2 ? true : undefined;
  });
  isAsked();
  const request = await other;
  if (request.kind !== 'request') throw new Error('was given it');
  expect((await request.view()).subscribers).toBe(2);
  await world.atRest(requestId);
});

test('an operator hears of a refusal with which the request has grown long enough to continue as new', async () => {
  const most = 68;
  world = await World.open('dev', { dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': String(most) } });
  await world.start(waitFor, owner);
  const request = await requestOf();
  const { nonce } = await connect(request);
  const handle = world.client.workflow.getHandle(requestId);
  const { runId } = await handle.describe();
  const until = Date.now() + DAY;
  await world.atRest(requestId);
  // Two more events begin the task of the next update.
  while ((await world.events(requestId)).length + 2 < most) {
    await request.extend(until);
    await world.atRest(requestId);
  }
  expect((await handle.describe()).runId).toBe(runId);
  await request.refuseOwner(nonce, { by: 'anna' });
  await eventually(async () => ((await handle.describe()).runId === runId ? undefined : true));
  await world.notified(requestId, 'ownerRefused');
});
