import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NangoConnections } from '../../src/client';
import type { Connection } from '../../src/contract/types';
import type { FakeNango } from '../../src/testing/fake-nango';
import { recommendedScopes } from '../docs/scopes';
import { eventually } from '../support/eventually';
import { action, call, fanOut, waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// The story of a connection, with keys that have exactly the scopes that docs/security.md gives them.

const security = readFileSync(join(__dirname, '../../docs/security.md'), 'utf8');
const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const owner = { integration: 'hubspot', endUser: { id: 'u_1' } };
const requestId = 'nango/default/hubspot/u:u_1';

let world: World;
let backend: NangoConnections;
let connection: Connection;

/**
 * A world whose worker has its own key and no other; and a backend that has one for links.
 *
 * @param more scopes of the worker's key
 */
async function narrowWorld(kind: 'timeSkipping' | 'dev', ...more: string[]) {
  const world = await World.open(kind, { workers: false });
  const narrow = (whose: string, ...others: string[]): string =>
    world.nango.addKey({ scopes: [...recommendedScopes(security, whose), ...others] });
  world.config.secretKey = narrow('`NANGO_TOOLBOX_SECRET_KEY` of the worker', ...more);
  const connectKey = narrow('`NANGO_CONNECT_KEY` of a backend');
  await world.startWorkers();
  const config = { ...world.config, secretKey: undefined, connectKey };
  return { world, backend: new NangoConnections(world.client, { config }) };
}

beforeAll(async () => {
  ({ world, backend } = await narrowWorld('timeSkipping'));
});

afterAll(async () => {
  await world?.close();
});

/** Skips time, for Temporal and for Nango. */
async function pass(ms: number): Promise<void> {
  await world.env.sleep(ms);
  await world.syncClock();
}

async function clickAs(as: string): Promise<void> {
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  await world.atRest(requestId);
  await world.syncClock();
  const request = backend.request({ id: requestId, firstExecutionRunId });
  const made = world.nango.complete(await request.connectLink(), { as });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
}

/** How often the proxy was asked, refused calls too. */
const calls = (nango: FakeNango): number => nango.count(({ path }) => path.startsWith('/proxy/'));

test('a workflow waits, somebody clicks, and calls go through', async () => {
  const waiting = await world.start(waitFor, owner);
  await clickAs('anna');
  connection = (await waiting.result()) as Connection;
  expect(connection).toMatchObject({ health: 'ok', tags: { end_user_id: 'u_1' } });
  expect(await world.execute(call, connection, { method: 'GET', endpoint: '/x' })).toMatchObject({ status: 200 });
  expect(await backend.ensureConnection(owner)).toMatchObject({ kind: 'connection' });
  world.nango.onAction('hubspot', 'double', () => 2);
  expect(await world.execute(action, connection, 'double', {})).toBe(2);
});

test('while its refresh fails a read waits, and goes through once it works again', async () => {
  world.nango.refresh(connection.connectionId, 'outage');
  const before = calls(world.nango);
  const reading = await world.start(call, connection, { method: 'GET', endpoint: '/x' });
  await eventually(async () => {
    const { status } = await world.client.workflow.getHandle('nango-health/default/hubspot').describe();
    return status.name === 'RUNNING' ? true : undefined;
  });
  await world.atRest(reading.workflowId);
  expect(calls(world.nango)).toBe(before + 1);
  world.nango.refresh(connection.connectionId, 'fine');
  await pass(2 * MINUTE);
  expect(await reading.result()).toMatchObject({ status: 200 });
});

test('a write that meets the first failure is not sent again; one that meets the back-off is', async () => {
  world.nango.refresh(connection.connectionId, 'outage');
  const write = { method: 'POST', endpoint: '/write' } as const;
  const first = await failureOf(world.execute(call, connection, write));
  expect(first).toMatchObject({ type: 'Nango.RefreshFailing', status: 400 });
  expect(first.didNotRun).toBeUndefined();

  const before = calls(world.nango);
  const writing = await world.start(fanOut, connection, [write]);
  await eventually(() => Promise.resolve(calls(world.nango) > before || undefined));
  world.nango.refresh(connection.connectionId, 'fine');
  await pass(2 * MINUTE);
  expect(await writing.result()).toMatchObject([{ ok: true, status: 200 }]);
});

test('once Nango has given up, it has to be connected anew; then tags and metadata are as before', async () => {
  world.nango.connection('hubspot', connection.connectionId)!.metadata = { folder: 'inbox' };
  world.nango.refresh(connection.connectionId, 'revoked');
  for (let day = 0; day < 4; day++) {
    expect(await failureOf(world.execute(call, connection, { method: 'POST', endpoint: '/w' }))).toMatchObject({
      type: 'Nango.RefreshFailing',
    });
    await pass(DAY);
  }
  expect(await failureOf(world.execute(call, connection, { method: 'GET', endpoint: '/x' }))).toMatchObject({
    type: 'Nango.ReconnectRequired',
    status: 424,
  });

  const { tags } = world.nango.connection('hubspot', connection.connectionId)!;
  const reconnecting = await world.start(waitFor, { ...owner, reconnect: connection.connectionId });
  await clickAs('anna');
  expect(await reconnecting.result()).toMatchObject({ connectionId: connection.connectionId, health: 'ok' });
  expect(world.nango.connection('hubspot', connection.connectionId)).toMatchObject({
    tags,
    metadata: { folder: 'inbox' },
  });
  expect(await world.execute(call, connection, { method: 'GET', endpoint: '/x' })).toMatchObject({ status: 200 });
});

test('a verified link connects it anew: no call goes through before the owner is confirmed, then all do', async () => {
  await pass(DAY);
  const waiting = await world.start(waitFor, { ...owner, reconnect: connection.connectionId });
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  const asking = backend.request({ id: requestId, firstExecutionRunId });
  const { connectLink, nonce } = await asking.connectSession({ verifyOwner: true });
  const made = world.nango.complete(connectLink, { as: 'somebody' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
  await eventually(async () => (await asking.view()).question?.unconfirmed?.[0]?.nonce === nonce || undefined);
  const before = calls(world.nango);
  const refused = await failureOf(world.execute(call, connection, { method: 'GET', endpoint: '/x' }));
  expect([refused.type, calls(world.nango)]).toEqual(['Nango.OwnerUnconfirmed', before]);
  await asking.confirmOwner(nonce, { by: 'u_1' });
  expect(((await waiting.result()) as Connection).unconfirmed).toBeUndefined();
  expect(await world.execute(call, connection, { method: 'GET', endpoint: '/x' })).toMatchObject({ status: 200 });
});

test('no request of all that was refused for a scope', () => {
  expect(world.nango.requests.filter(({ status }) => status === 403)).toEqual([]);
});

test('a backend lists, adopts and disconnects by the worker', async () => {
  const real = await narrowWorld('dev');
  try {
    const { nango } = real.world;
    nango.addConnection({ integration: 'hubspot', connectionId: 'c-2' });
    const adopted = await real.backend.ensureConnection({ ...owner, adopt: 'c-2' });
    expect(adopted).toMatchObject({ kind: 'connection', connection: { connectionId: 'c-2', health: 'ok' } });
    // Nobody can know what it was granted.
    const checked = await real.backend.ensureConnection({ ...owner, scopes: ['write'] });
    expect(checked).toMatchObject({ kind: 'connection', connection: { connectionId: 'c-2', scopesChecked: false } });
    nango.refresh('c-2', 'outage');
    const failing = { integration: 'hubspot', connectionId: 'c-2' };
    const write = { method: 'POST', endpoint: '/write' } as const;
    await failureOf(real.world.execute(call, failing, write));
    expect(await real.backend.list(owner)).toMatchObject([{ connectionId: 'c-2', health: 'failing' }]);
    await real.backend.disconnect(failing);
    expect(await real.backend.list(owner)).toEqual([]);
    expect(nango.requests.filter(({ status }) => status === 403)).toEqual([]);
  } finally {
    await real.world.close();
  }
});

test('a worker that may read credentials of connections alone has missing scopes granted', async () => {
  const real = await narrowWorld('dev', 'environment:connections:read_credentials');
  try {
    const { nango, client } = real.world;
    const tags = { end_user_id: 'u_1' };
    nango.addConnection({ integration: 'hubspot', connectionId: 'c-1', tags, grant: ['read'] });
    const waiting = await real.world.start(waitFor, { ...owner, scopes: ['write'] });
    const { firstExecutionRunId } = await real.world.request(requestId, 'waiting');
    const request = real.backend.request({ id: requestId, firstExecutionRunId });
    const made = nango.complete(await request.connectLink(), { as: 'anna' });
    await client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
    expect(await waiting.result()).toMatchObject({ connectionId: 'c-1', grantedScopes: ['read', 'write'] });
    // What the integration requests by itself is not known then.
    const refused = nango.requests.filter(({ status }) => status === 403).map(({ path }) => path);
    expect(new Set(refused)).toEqual(new Set(['/integrations/hubspot?include=credentials']));
  } finally {
    await real.world.close();
  }
});
