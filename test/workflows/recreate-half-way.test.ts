import type { Connection, EnsureConnectionInput } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import {
  approvedInVain,
  asked,
  BY,
  byClient,
  closeWorld,
  connect,
  connectionsOf,
  granted,
  key,
  METADATA,
  openWorld,
  relaying,
  requestOf,
  update,
  viewOf,
} from '../support/fixed-scopes';
import { jsonResponse } from '../support/relay';
import { waitFor } from '../support/user-workflows';
import { failureOf } from '../support/world';
import type { World } from '../support/world';

// What happens between a new connection and the end of the old one: which of them stays, and whose it is meanwhile.

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(closeWorld);

afterEach(() => {
  delete relaying.change;
});

test("while the new connection is not accepted it is nobody's, and the old one is everybody's", async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const { firstExecutionRunId = '' } = await viewOf(who);
  const link = await world.connections
    .request({ id: who.request, firstExecutionRunId })
    .connectLink({ recreate: true });
  const made = world.nango.complete(link, { as: 'anna' });
  for (const ensure of [byClient, (wanted: EnsureConnectionInput) => world.execute(waitFor, wanted)]) {
    expect(await ensure({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
  }
  expect(await world.connections.extras({ integration: who.integration, endUser: { id: who.id } })).toEqual([]);
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
  expect(await waiting.result()).toMatchObject({ connectionId: made.connectionId });
});

test.each([
  ['loses some', ['write']],
  ['has no more', ['read']],
])('a new connection that %s is dropped, and the old one stays', async (_, grant) => {
  const who = granted();
  const waiting = world.execute(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  await connect(who, grant);
  expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
  await eventually(async () => (await connectionsOf(who)).length === 1 || undefined);
  expect(await connectionsOf(who)).toMatchObject([
    { connectionId: who.connectionId, tags: who.tags, metadata: METADATA },
  ]);
});

describe('half-way', () => {
  async function halfWay(wanted: object = {}) {
    const who = granted();
    const waiting = await world.start(waitFor, { ...who.wanted, ...wanted });
    await approvedInVain(who);
    await update(who);
    await asked(who, 'recreate-connection');
    const request = await requestOf(who);
    const link = await request.connectLink({ recreate: true });
    // Nobody is told: no webhook comes.
    world.nango.complete(link, { as: 'anna' });
    expect(await connectionsOf(who)).toHaveLength(2);
    return { who, waiting, request };
  }

  test.each([
    [
      'a person who declines',
      'Nango.ConnectionDeclined',
      (request: Awaited<ReturnType<typeof requestOf>>) => request.decline(),
    ],
    [
      'an operator who cancels',
      'Nango.RequestCancelled',
      (request: Awaited<ReturnType<typeof requestOf>>) => request.cancelForAll(BY),
    ],
  ])('%s: the old connection stays, and the new one goes', async (_, type, end) => {
    const { who, waiting, request } = await halfWay();
    await end(request);
    expect(await failureOf(waiting.result())).toMatchObject({ type });
    await world.client.workflow.getHandle(who.request).result();
    expect(await connectionsOf(who)).toMatchObject([
      { connectionId: who.connectionId, tags: who.tags, metadata: METADATA },
    ]);
  });

  test('a no while the old one is accepted, which then cannot be read for a moment: the new one goes all the same', async () => {
    const { who, waiting, request } = await halfWay();
    let reads = 0;
    relaying.change = async (response, { method, url }) => {
      if (method !== 'GET' || !url?.startsWith(`/connections/${who.connectionId}?`)) return response;
      const read = ++reads;
      if (read === 2) {
        void request.decline();
        await eventually(async () => (await viewOf(who)).status === 'declined' || undefined);
        await eventually(() => Promise.resolve(reads > 2 || undefined));
      }
      return read === 2 || read === 3 ? jsonResponse(403, { error: { code: 'forbidden' } }) : response;
    };
    // Granted elsewhere what was missing.
    const { integration, connectionId, tags } = who;
    const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope: 'read write' } };
    world.nango.addConnection({ integration, connectionId, tags, metadata: METADATA, credentials });
    const hint = { source: 'webhook', connectionId };
    await world.client.workflow.getHandle(who.request).signal('nango.hint', hint);
    expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ConnectionDeclined' });
    await world.client.workflow.getHandle(who.request).result();
    expect(reads).toBeGreaterThan(2);
    expect(await connectionsOf(who)).toMatchObject([{ connectionId }]);
  });

  test('a deadline: the same, as missing scopes', async () => {
    const { who, waiting, request } = await halfWay();
    await request.extend(Date.now() + 3_000);
    expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ScopesMissing' });
    await world.client.workflow.getHandle(who.request).result();
    expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
  });
});

describe('a new connection that is made after the request has ended', () => {
  async function madeLate() {
    const who = granted();
    const waiting = await world.start(waitFor, who.wanted);
    await approvedInVain(who);
    await update(who);
    await asked(who, 'recreate-connection');
    const link = await (await requestOf(who)).connectLink({ recreate: true });
    // By another process than the one that has made the link, and could revoke it.
    await world.client.workflow.getHandle(who.request).executeUpdate('nango.decline', { args: [{}] });
    await failureOf(waiting.result());
    await world.client.workflow.getHandle(who.request).result();
    const made = world.nango.complete(link, { as: 'anna' });
    const owner = { integration: who.integration, endUser: { id: who.id } };
    expect(await byClient({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
    return { who, made, owner };
  }

  test('is listed as an extra, and deleted as one', async () => {
    const { who, made, owner } = await madeLate();
    expect(await world.connections.extras(owner)).toMatchObject([made]);
    await world.connections.deleteExtra(made);
    expect(await connectionsOf(who)).toMatchObject([{ connectionId: who.connectionId }]);
  });

  test('goes with the old one when that is disconnected, and never becomes the connection', async () => {
    const { who, owner } = await madeLate();
    await world.connections.disconnect({ integration: who.integration, connectionId: who.connectionId });
    expect(await connectionsOf(who)).toEqual([]);
    expect((await world.connections.ensureConnection(owner)).kind).toBe('request');
  });
});

test("a key that may not delete leaves the old connection, which goes on being everybody's", async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const request = await requestOf(who);
  const all = ['connections:list', 'connections:read_credentials', 'connections:update', 'integrations:list'];
  const scopes = [...all, 'connect_sessions:write', 'integrations:read_credentials'].map((one) => `environment:${one}`);
  world.nango.addKey({ key: world.nango.secretKey, scopes });
  try {
    const id = await connect(who);
    const refused = () =>
      world.nango.count(({ method, path }) => method === 'DELETE' && path.includes(who.connectionId)) > 0;
    await eventually(() => Promise.resolve(refused() || undefined));
    expect(await byClient({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
    await request.extend(Date.now() + 3_000);
    expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
    await world.client.workflow.getHandle(who.request).result();
    for (const one of [who.connectionId, id]) expect(world.nango.connection(who.integration, one)).toBeDefined();
    expect(await byClient({ ...who.wanted, scopes: undefined })).toMatchObject({ connectionId: who.connectionId });
  } finally {
    world.nango.addKey({ key: world.nango.secretKey, scopes: ['environment:*'] });
  }
});

test.each([
  ['a deadline', (request: Awaited<ReturnType<typeof requestOf>>) => request.extend(Date.now() + 3_000)],
  ['a no', (request: Awaited<ReturnType<typeof requestOf>>) => request.decline()],
])('once the new connection was accepted the old one goes all the same, after %s', async (_, end) => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const request = await requestOf(who);
  const all = ['connections:list', 'connections:read_credentials', 'connections:update', 'integrations:list'];
  const scopes = [...all, 'connect_sessions:write', 'integrations:read_credentials'].map((one) => `environment:${one}`);
  world.nango.addKey({ key: world.nango.secretKey, scopes });
  const id = await connect(who);
  const refused = () =>
    world.nango.count(({ method, path }) => method === 'DELETE' && path.includes(who.connectionId)) > 0;
  await eventually(() => Promise.resolve(refused() || undefined));
  world.nango.addKey({ key: world.nango.secretKey, scopes: ['environment:*'] });
  // It is tried again in a minute: until then the request is between the two.
  await end(request);
  await failureOf(waiting.result());
  await world.client.workflow.getHandle(who.request).result();
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: id, metadata: METADATA }]);
  expect(await world.execute(waitFor, who.wanted)).toMatchObject({ connectionId: id });
});

test('a link that is used twice leaves one connection', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const link = await (await requestOf(who)).connectLink({ recreate: true });
  const first = world.nango.complete(link, { as: 'anna' });
  const second = world.nango.complete(link, { as: 'anna' });
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...first });
  const { connectionId } = (await waiting.result()) as Connection;
  expect([first.connectionId, second.connectionId]).toContain(connectionId);
  expect(await connectionsOf(who)).toMatchObject([{ connectionId }]);
});

test('one that an earlier request has left behind does not make the next ambiguous', async () => {
  const who = granted();
  const tags = { ...who.tags, managed_by: 'temporal-nango', tn_nonce: 'earlier.9', tn_replaces: who.connectionId };
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope: 'read write' } };
  world.nango.addConnection({ integration: who.integration, connectionId: `stray-${who.id}`, tags, credentials });
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  expect(await waiting.result()).toMatchObject({ connectionId: id });
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: id }]);
});

test('a new connection that goes with the old one while it is compared leaves room for the next', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const link = await (await requestOf(who)).connectLink({ recreate: true });
  const made = world.nango.complete(link, { as: 'anna' });
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const begun = new Promise<void>((begin) => {
    let comparing: 'not yet' | 'begun' | 'held' = 'not yet';
    relaying.change = async (response, { method, url = '' }) => {
      const reads = (connectionId: string) => method === 'GET' && url.startsWith(`/connections/${connectionId}`);
      if (comparing === 'not yet' && reads(who.connectionId)) comparing = 'begun';
      if (comparing !== 'begun' || !reads(made.connectionId)) return response;
      comparing = 'held';
      begin();
      await held;
      const later = await fetch(`${world.nango.url}${url}`, { headers: key() });
      return jsonResponse(later.status, await later.json());
    };
  });
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
  await begun;
  await world.connections.disconnect({ integration: who.integration, connectionId: who.connectionId });
  expect(await connectionsOf(who)).toEqual([]);
  release();
  const next = await connect(who);
  expect(await waiting.result()).toMatchObject({ connectionId: next, grantedScopes: ['read', 'write'] });
  expect(await connectionsOf(who)).toMatchObject([{ connectionId: next, metadata: METADATA }]);
});
