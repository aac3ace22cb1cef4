import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { NangoConnections } from '../../src/client';
import type { Connection, EnsureConnectionInput, RequestView } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { eventually } from '../support/eventually';
import { startRelay } from '../support/relay';
import type { Relay, RelayedResponse } from '../support/relay';
import { linkOfAnother } from '../support/link-of-another';
import { failureOf, World } from '../support/world';
import { call, waitFor } from '../support/user-workflows';

// Whose click it was: what a link makes counts only once somebody has said that it was the owner.

const METADATA = { folder: 'inbox' };

let world: World;
let relay: Relay;
/** Something happens once, just before a request of the worker's reaches Nango. @param happen returns whether it has */
let before: (happen: (request: IncomingMessage) => boolean) => void;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  let pending: ((request: IncomingMessage) => boolean) | undefined;
  before = (happen) => (pending = happen);
  const respond = (request: IncomingMessage): undefined => {
    if (pending?.(request)) pending = undefined;
  };
  relay = await startRelay({ upstream: world.nango.url, respond });
  world.config.baseUrl = relay.url;
  await world.startWorkers();
  // The account of a typed key is the key itself.
  world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
  world.nango.onProxy('keyed', ({ path, credentials }) => {
    const account = credentials.type === 'API_KEY' ? credentials.apiKey : '';
    return { json: path === '/me' ? { user: { id: account } } : { path, account } };
  });
});

afterAll(async () => {
  await world.close();
  await relay.close();
});

const IDENTITY = { endpoint: '/me', pointer: '/user/id' };

/** A workflow that waits for somebody, and the request for them. */
async function waiting(terms: Partial<EnsureConnectionInput> = {}) {
  const id = `u-${randomUUID()}`;
  const wanted = { integration: 'keyed', endUser: { id }, ...terms };
  const ended = await world.start(waitFor, wanted);
  const requestId = `nango/default/${wanted.integration}/u:${wanted.endUser.id}`;
  await world.notified(requestId, 'opened');
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  const request = world.connections.request({ id: requestId, firstExecutionRunId });
  return { id, request, result: () => ended.result() as Promise<Connection> };
}

/** Somebody whose connection is there, with metadata and a tag of their own. */
function connected(account?: string) {
  const id = `u-${randomUUID()}`;
  const connectionId = `c-${id}`;
  const tags = { end_user_id: id, team: 'red', ...(account !== undefined && { tn_account: account }) };
  const credentials = { type: 'API_KEY' as const, apiKey: account ?? 'anna' };
  world.nango.addConnection({ integration: 'keyed', connectionId, tags, metadata: METADATA, credentials });
  return { id, connectionId, tags, terms: { endUser: { id }, reconnect: connectionId } };
}

/** Somebody opens a link and connects; the webhook says so. */
async function connect(request: ConnectionRequest, link: string, as = 'anna') {
  const made = world.nango.complete(link, { as });
  await hint(request, made);
  return made;
}

async function hint({ ref }: ConnectionRequest, { connectionId }: { connectionId: string }): Promise<void> {
  await world.client.workflow.getHandle(ref.id).signal('nango.hint', { source: 'webhook', connectionId });
}

/** Somebody declines, and the request has ended. */
async function decline(request: ConnectionRequest, by: string): Promise<void> {
  await request.decline({ by });
  await eventually(async () => (await request.describe())?.closedAt);
}

/** Until the request shows these as unconfirmed, by their nonces. */
async function unconfirmed(request: ConnectionRequest, ...nonces: string[]): Promise<RequestView> {
  return await eventually(async () => {
    const view = await request.view();
    const shown = view.question?.unconfirmed?.map(({ nonce }) => nonce) ?? [];
    return JSON.stringify(shown) === JSON.stringify(nonces) ? view : undefined;
  });
}

function tagsOf(connectionId: string) {
  return world.nango.connection('keyed', connectionId)!.tags;
}

test('of a link that two people have used, the one counts of whom somebody says that it was the owner', async () => {
  const { id, request, result } = await waiting({ tags: { team: 'red' } });
  const stranger = await request.connectSession({ verifyOwner: true });
  const owner = await request.connectSession({ verifyOwner: true });
  const theirs = await connect(request, stranger.connectLink, 'stranger');
  await unconfirmed(request, stranger.nonce);
  const own = await connect(request, owner.connectLink);
  const { status, question } = await unconfirmed(request, stranger.nonce, owner.nonce);
  expect({ status, kind: question?.kind }).toEqual({ status: 'waiting', kind: 'connect' });
  expect(tagsOf(own.connectionId)).toMatchObject({ tn_owner: 'unconfirmed', team: 'red' });

  await request.confirmOwner(owner.nonce, { by: id });
  expect(await result()).toMatchObject({ connectionId: own.connectionId, tags: { team: 'red' } });
  expect(tagsOf(own.connectionId)).not.toHaveProperty('tn_owner');
  expect(tagsOf(theirs.connectionId)).toHaveProperty('tn_owner');
  // Nothing uses the other, and an operator can delete it.
  const extras = await world.connections.extras({ integration: 'keyed', endUser: { id } });
  expect(extras.map(({ connectionId }) => connectionId)).toEqual([theirs.connectionId]);
  expect((await request.describe())?.view.extras).toBe(1);
  expect(await failureOf(request.confirmOwner(stranger.nonce, { by: id }))).toMatchObject({ reason: 'request_closed' });
});

test('neither a webhook nor the watch, nor anybody else who wants the connection, takes what nobody has confirmed', async () => {
  const { id, request, result } = await waiting();
  const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
  const { connectionId } = world.nango.complete(connectLink, { as: 'anna' });
  const hinted = world.client.workflow.getHandle(request.ref.id);
  await hinted.signal('nango.hint', { source: 'watch', connectionId, nonce });
  await unconfirmed(request, nonce);
  // The list of the owner's connections, which the lookups of joiners read.
  const other = await world.connections.ensureConnection({ integration: 'keyed', endUser: { id } });
  expect(other).toMatchObject({ kind: 'request', ref: request.ref });
  await request.cancelForAll({ by: 'ops' });
  expect(await failureOf(result())).toMatchObject({ type: 'Nango.RequestCancelled' });

  const later = await world.connections.ensureConnection({ integration: 'keyed', endUser: { id } });
  if (later.kind !== 'request') throw new Error('It was handed out.');
  expect((await later.view()).question).toMatchObject({ kind: 'connect' });
  expect((await later.view()).question).not.toHaveProperty('unconfirmed');
  await later.cancel();
});

test('what waits for its owner’s yes is no extra: nobody deletes it before it is refused, or its request has ended', async () => {
  const { id, request } = await waiting();
  const whose = { integration: 'keyed', endUser: { id } };
  const extras = async () => (await world.connections.extras(whose)).map(({ connectionId }) => connectionId);
  const open = await request.connectSession({ verifyOwner: true });
  // Before the request knows of it, and after.
  const own = world.nango.complete(open.connectLink, { as: 'anna' });
  expect(await extras()).toEqual([]);
  await hint(request, own);
  await unconfirmed(request, open.nonce);
  expect(await extras()).toEqual([]);
  expect(await failureOf(world.connections.deleteExtra(own))).toMatchObject({ reason: 'not_an_extra' });

  const refused = await request.connectSession({ verifyOwner: true });
  const theirs = await connect(request, refused.connectLink, 'stranger');
  await unconfirmed(request, open.nonce, refused.nonce);
  await request.refuseOwner(refused.nonce, { by: id });
  expect(await extras()).toEqual([theirs.connectionId]);
  await world.connections.deleteExtra(theirs);
  expect(world.nango.connection('keyed', theirs.connectionId)).toBeUndefined();

  await decline(request, id);
  expect(await extras()).toEqual([own.connectionId]);
  await world.connections.deleteExtra(own);
  expect(world.nango.connection('keyed', own.connectionId)).toBeUndefined();
});

test('what an earlier request has left is an extra while another one is open', async () => {
  const id = `u-${randomUUID()}`;
  world.nango.addConnection({
    ...{ integration: 'keyed', connectionId: `left-${id}`, createdAt: Date.now() - 3_600_000 },
    tags: { end_user_id: id, managed_by: 'temporal-nango', tn_nonce: 'earlier.1', tn_owner: 'unconfirmed' },
  });
  const { request } = await waiting({ endUser: { id } });
  const extras = await world.connections.extras({ integration: 'keyed', endUser: { id } });
  expect(extras.map(({ connectionId }) => connectionId)).toEqual([`left-${id}`]);
  await request.cancelForAll({ by: 'ops' });
});

describe('of a request for nobody in particular', () => {
  /** An integration of which there is nothing else. */
  function anIntegration(): string {
    const key = `of-all-${randomUUID()}`;
    world.nango.addIntegration({ key, provider: 'keyed' });
    return key;
  }

  async function asking(integration: string, reconnect?: string) {
    await world.start(waitFor, { integration, reconnect });
    const id = `nango/default/${integration}/-`;
    await world.notified(id, 'opened');
    const { firstExecutionRunId } = await world.request(id, 'waiting');
    const extras = async () => (await world.connections.extras({ integration })).map((one) => one.connectionId);
    return { request: world.connections.request({ id, firstExecutionRunId }), extras };
  }

  test('what waits for a yes is no extra', async () => {
    const { request, extras } = await asking(anIntegration());
    const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
    const made = await connect(request, connectLink);
    await unconfirmed(request, nonce);
    expect(await extras()).toEqual([]);
    expect(await failureOf(world.connections.deleteExtra(made))).toMatchObject({ reason: 'not_an_extra' });
    await decline(request, 'anna');
    expect(await extras()).toEqual([made.connectionId]);
  });

  test('nor is what was made in the place of somebody’s, with the tags of that', async () => {
    const integration = anIntegration();
    const tags = { end_user_id: 'u_1', tn_slot: 'second' };
    const ours = { managed_by: 'temporal-nango', tn_nonce: 'o.1', tn_replaces: 'old' };
    world.nango.addConnection({ integration, connectionId: 'old', tags });
    const { request, extras } = await asking(integration, 'old');
    world.nango.addConnection({ integration, connectionId: 'new', tags: { ...tags, ...ours } });
    expect(await extras()).toEqual([]);
    await decline(request, 'anna');
    expect(await extras()).toEqual(['new']);
  });
});

test('what connects is accepted with its account, and a tag that gave way for the mark comes back', async () => {
  const tags = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => [key, `of ${key}`]));
  const { id, request, result } = await waiting({ tags });
  const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
  const { connectionId } = await connect(request, connectLink);
  await unconfirmed(request, nonce);
  const marked = tagsOf(connectionId);
  expect(Object.keys(marked)).toHaveLength(10);
  expect(marked).toMatchObject({ tn_owner: 'unconfirmed', tn_environment: 'default', managed_by: 'temporal-nango' });
  expect(marked).not.toHaveProperty('a');
  await request.confirmOwner(nonce, { by: id });
  expect((await result()).tags).toMatchObject(tags);
  expect(tagsOf(connectionId)).toEqual({ ...marked, ...tags, tn_owner: undefined });
});

test('with an identity the account is recorded once the owner is confirmed', async () => {
  const { id, request, result } = await waiting({ identity: IDENTITY });
  const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
  await connect(request, connectLink, 'carla');
  await unconfirmed(request, nonce);
  await request.confirmOwner(nonce, { by: id });
  expect((await result()).tags).toMatchObject({ tn_account: 'carla' });
});

describe('connecting anew', () => {
  test('nothing goes through the connection until it is confirmed; then it is as it was before', async () => {
    const { connectionId, tags, terms } = connected('anna');
    const { request, result } = await waiting({ ...terms, identity: IDENTITY });
    const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
    const read = { method: 'GET', endpoint: '/x' } as const;
    const ref = { integration: 'keyed', connectionId };
    // The link alone keeps nobody from using it.
    expect(await world.connections.ensureConnection({ integration: 'keyed', endUser: terms.endUser })).toMatchObject({
      connection: { connectionId },
    });
    expect(await world.execute(call, ref, read)).toMatchObject({ status: 200 });

    await connect(request, connectLink);
    expect((await unconfirmed(request, nonce)).question?.kind).toBe('reconnect');
    expect(await failureOf(world.execute(call, ref, read))).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
    const unasked = await world.connections.ensureConnection({ integration: 'keyed', endUser: terms.endUser });
    expect(unasked).toMatchObject({ kind: 'request', ref: request.ref });

    await request.confirmOwner(nonce, { by: 'anna' });
    expect(await result()).toMatchObject({ connectionId, tags });
    const now = world.nango.connection('keyed', connectionId)!;
    expect({ tags: now.tags, metadata: now.metadata }).toEqual({ tags, metadata: METADATA });
    expect(await world.execute(call, ref, read)).toMatchObject({ status: 200 });
  });

  test('once it is gone a click ends the request, in the place of links that Nango refuses', async () => {
    const { connectionId, terms } = connected();
    const { request, result } = await waiting(terms);
    const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
    await connect(request, connectLink, 'stranger');
    await unconfirmed(request, nonce);
    await world.connections.disconnect({ integration: 'keyed', connectionId });
    expect(await failureOf(request.connectSession({ verifyOwner: true }))).toMatchObject({ reason: 'request_closed' });
    expect(await failureOf(result())).toMatchObject({ type: 'Nango.ConnectionNotFound' });
    const ended = await eventually(async () => {
      const description = await request.describe();
      return description?.closedAt && description;
    });
    expect([ended.view.status, ended.view.unconfirmed]).toEqual(['cancelled', undefined]);
  });

  test('a refusal notifies an operator and deletes nothing; the owner connects again', async () => {
    const { connectionId, tags, terms } = connected();
    const { request, result } = await waiting(terms);
    const stranger = await request.connectSession({ verifyOwner: true });
    await connect(request, stranger.connectLink, 'stranger');
    await unconfirmed(request, stranger.nonce);
    await request.refuseOwner(stranger.nonce, { by: 'anna' });
    const notice = await world.notified(request.ref.id, 'ownerRefused');
    expect(notice).toMatchObject({
      ...{ reason: 'question', occasion: 'ownerRefused' },
      question: { kind: 'reconnect', unconfirmed: [{ connectionId, nonce: stranger.nonce, refusedBy: 'anna' }] },
    });
    expect(world.notices.filter(({ request: { id }, reason }) => id === request.ref.id && reason !== 'opened')).toEqual(
      [],
    );
    expect(world.nango.connection('keyed', connectionId)).toBeDefined();

    const own = await request.connectSession({ verifyOwner: true });
    await connect(request, own.connectLink);
    await unconfirmed(request, own.nonce);
    // The connection is no longer what was refused.
    expect(await failureOf(request.confirmOwner(stranger.nonce, { by: 'anna' }))).toMatchObject({
      reason: 'no_open_question',
    });
    await request.confirmOwner(own.nonce, { by: 'anna' });
    expect(await result()).toMatchObject({ connectionId, tags });
    const what = (await request.timeline()).map((event) => [event.what, event.by, event.connectionId]);
    expect(what).toEqual(
      expect.arrayContaining([
        ['unconfirmed', undefined, connectionId],
        ['ownerRefused', 'anna', connectionId],
        ['unconfirmed', undefined, connectionId],
        ['ownerConfirmed', 'anna', connectionId],
        ['connected', undefined, undefined],
      ]),
    );
  });

  test('a refused link that is used again stays refused, whoever has connected by another one meanwhile', async () => {
    const { connectionId, tags, terms } = connected();
    const { request, result } = await waiting(terms);
    const stranger = await linkOfAnother(world, request);
    await connect(request, stranger.connectLink, 'stranger');
    await unconfirmed(request, stranger.nonce);
    await request.refuseOwner(stranger.nonce, { by: 'anna' });
    const own = await request.connectSession({ verifyOwner: true });
    await connect(request, own.connectLink);
    await unconfirmed(request, own.nonce);

    await connect(request, stranger.connectLink, 'stranger');
    const { question } = await unconfirmed(request, stranger.nonce);
    expect(question?.unconfirmed).toMatchObject([{ connectionId, refusedBy: 'anna' }]);
    expect(await failureOf(request.confirmOwner(own.nonce, { by: 'anna' }))).toMatchObject({
      reason: 'no_open_question',
    });
    const again = await request.connectSession({ verifyOwner: true });
    await connect(request, again.connectLink);
    await unconfirmed(request, again.nonce);
    await request.confirmOwner(again.nonce, { by: 'anna' });
    expect(await result()).toMatchObject({ connectionId, tags });
  });

  test('that a request ends before anybody has confirmed loses nothing, and nothing goes through', async () => {
    const { id, connectionId, tags, terms } = connected();
    const { request } = await waiting(terms);
    const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
    await connect(request, connectLink);
    await unconfirmed(request, nonce);
    expect(world.nango.connection('keyed', connectionId)?.metadata).not.toEqual(METADATA);
    await request.decline({ by: 'anna' });
    await world.client.workflow.getHandle(request.ref.id).result();
    const left = world.nango.connection('keyed', connectionId)!;
    expect(left).toMatchObject({ metadata: METADATA, tags: { ...tags, tn_owner: 'unconfirmed', tn_nonce: nonce } });
    expect((await request.describe())?.view.extras).toBe(0);
    expect(await world.connections.extras({ integration: 'keyed', endUser: { id } })).toEqual([]);

    // Whoever connects it anew later has it as it was, without the mark.
    const later = await world.connections.ensureConnection({ integration: 'keyed', ...terms });
    if (later.kind !== 'request') throw new Error('It was handed out.');
    const own = await later.connectSession({ verifyOwner: true });
    await connect(later, own.connectLink);
    await unconfirmed(later, own.nonce);
    await later.confirmOwner(own.nonce, { by: 'anna' });
    expect(await later.result()).toMatchObject({ connectionId });
    const now = world.nango.connection('keyed', connectionId)!;
    expect(now).toMatchObject({ metadata: METADATA, tags });
    expect(now.tags).not.toHaveProperty('tn_owner');
  });

  test('that a request ends after a confirmation, and another link was used meanwhile, loses nothing', async () => {
    const { connectionId, terms } = connected('anna');
    const { request } = await waiting({ ...terms, identity: IDENTITY });
    const own = await request.connectSession({ verifyOwner: true });
    const stranger = await linkOfAnother(world, request);
    await connect(request, own.connectLink);
    await unconfirmed(request, own.nonce);
    let reads = 0;
    const answer = (status: number) =>
      world.nango.onProxy('keyed', ({ path, credentials }) => {
        if (path === '/me') reads++;
        const account = credentials.type === 'API_KEY' ? credentials.apiKey : '';
        return path === '/me' ? { status, json: { user: { id: account } } } : { json: { path, account } };
      });
    answer(503);
    await request.confirmOwner(own.nonce, { by: 'anna' });
    await eventually(() => Promise.resolve(reads > 0 || undefined));
    world.nango.complete(stranger.connectLink, { as: 'stranger' });
    await request.cancelForAll({ by: 'ops' });
    answer(200);
    await world.client.workflow.getHandle(request.ref.id).result();
    expect(world.nango.connection('keyed', connectionId)?.metadata).toEqual(METADATA);
    expect(tagsOf(connectionId)).toMatchObject({ tn_owner: 'unconfirmed', tn_nonce: stranger.nonce });
  });

  test('a link that is used once more, after it was accepted, marks the connection once more', async () => {
    const { id, connectionId, terms } = connected();
    const { request, result } = await waiting(terms);
    const { connectLink, nonce } = await linkOfAnother(world, request);
    await connect(request, connectLink);
    await unconfirmed(request, nonce);
    await request.confirmOwner(nonce, { by: 'anna' });
    await result();
    world.nango.complete(connectLink, { as: 'stranger' });
    expect(tagsOf(connectionId)).toMatchObject({ tn_owner: 'unconfirmed' });
    const read = { method: 'GET', endpoint: '/x' } as const;
    const ref = { integration: 'keyed', connectionId };
    expect(await failureOf(world.execute(call, ref, read))).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
    const next = await world.connections.ensureConnection({ integration: 'keyed', endUser: { id } });
    expect(next).toMatchObject({ kind: 'request' });
  });

  test('what was confirmed is not accepted once somebody else has connected in the meantime', async () => {
    const { connectionId, tags, terms } = connected('anna');
    const { request, result } = await waiting({ ...terms, identity: IDENTITY });
    const own = await request.connectSession({ verifyOwner: true });
    const stranger = await linkOfAnother(world, request);
    await connect(request, own.connectLink);
    await unconfirmed(request, own.nonce);
    // Just while the account is read, before the tags are put back.
    let isFirst = true;
    world.nango.onProxy('keyed', ({ path, credentials }) => {
      if (path === '/me' && isFirst) {
        isFirst = false;
        world.nango.complete(stranger.connectLink, { as: 'anna' });
      }
      const account = credentials.type === 'API_KEY' ? credentials.apiKey : '';
      return { json: path === '/me' ? { user: { id: account } } : { path, account } };
    });
    await request.confirmOwner(own.nonce, { by: 'anna' });
    await unconfirmed(request, stranger.nonce);
    expect(tagsOf(connectionId)).toMatchObject({ tn_owner: 'unconfirmed' });
    await request.confirmOwner(stranger.nonce, { by: 'ops' });
    expect(await result()).toMatchObject({ connectionId, tags });
  });

  test('what was confirmed is not accepted once somebody else has used the same link, if that is told by the account', async () => {
    const { connectionId, terms } = connected('anna');
    const { request } = await waiting({ ...terms, identity: IDENTITY });
    const { connectLink, nonce } = await linkOfAnother(world, request);
    await connect(request, connectLink);
    await unconfirmed(request, nonce);
    let reads = 0;
    world.nango.onProxy('keyed', ({ path, credentials }) => {
      const account = credentials.type === 'API_KEY' ? credentials.apiKey : '';
      // Just after it was read, before the tags are put back.
      if (path === '/me' && ++reads === 1) world.nango.complete(connectLink, { as: 'stranger' });
      return { json: path === '/me' ? { user: { id: account } } : { path, account } };
    });
    await request.confirmOwner(nonce, { by: 'anna' });
    await eventually(() => Promise.resolve(reads === 2 || undefined));
    const { question } = await unconfirmed(request, nonce);
    expect(question?.unconfirmed).toEqual([{ connectionId, nonce, since: expect.any(Number) as number }]);
    expect(tagsOf(connectionId)).toMatchObject({ tn_owner: 'unconfirmed', tn_account: 'anna' });
    await request.confirmOwner(nonce, { by: 'anna' });
    await world.notified(request.ref.id, 'accountChanged');
    const { accountChange } = (await request.view()).question ?? {};
    expect(accountChange).toEqual({ recorded: 'anna', found: 'stranger' });
    await request.cancelForAll({ by: 'ops' });
  });

  test('tags are put back only on what still bears the confirmed link, however long it takes to put back metadata', async () => {
    const { connectionId, tags, terms } = connected();
    const { request, result } = await waiting(terms);
    const own = await request.connectSession({ verifyOwner: true });
    const stranger = await linkOfAnother(world, request);
    await connect(request, own.connectLink);
    await unconfirmed(request, own.nonce);
    before((incoming) => {
      if (incoming.url !== '/connections/metadata') return false;
      world.nango.complete(stranger.connectLink, { as: 'stranger' });
      return true;
    });
    await request.confirmOwner(own.nonce, { by: 'anna' });
    await unconfirmed(request, stranger.nonce);
    expect(tagsOf(connectionId)).toMatchObject({ tn_owner: 'unconfirmed', tn_nonce: stranger.nonce });
    await request.confirmOwner(stranger.nonce, { by: 'ops' });
    expect(await result()).toMatchObject({ connectionId, tags });
  });

  test('another account than before is asked about as ever', async () => {
    const { connectionId, tags, terms } = connected('anna');
    const { request, result } = await waiting({ ...terms, identity: IDENTITY });
    const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
    await connect(request, connectLink, 'bert');
    await unconfirmed(request, nonce);
    await request.confirmOwner(nonce, { by: 'anna' });
    await world.notified(request.ref.id, 'accountChanged');
    const { question } = await request.view();
    expect(question).toMatchObject({ accountChange: { recorded: 'anna', found: 'bert' } });
    expect(question).not.toHaveProperty('unconfirmed');
    expect(tagsOf(connectionId)).not.toHaveProperty('tn_owner');
    await request.decide('yes', { by: 'ops' });
    expect(await result()).toMatchObject({ connectionId, tags: { ...tags, tn_account: 'bert' } });
  });

  test('no link is made where there is no room for the mark', async () => {
    const { id, connectionId, terms } = connected();
    const more = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`own${i}`, 'x']));
    const full = { end_user_id: id, team: 'red', ...more };
    const credentials = { type: 'API_KEY' as const, apiKey: 'anna' };
    world.nango.addConnection({ integration: 'keyed', connectionId, credentials, tags: full });
    const { request } = await waiting(terms);
    expect(await failureOf(request.connectSession({ verifyOwner: true }))).toMatchObject({ reason: 'too_many_tags' });
    expect((await request.connectSession()).nonce).toMatch(/\.2$/);
    await request.cancelForAll({ by: 'ops' });
  });
});

describe('links that this process has made', () => {
  const isOpen = (link: string): boolean => {
    try {
      world.nango.complete(link, { as: 'late' });
      return true;
    } catch {
      return false;
    }
  };

  test('are all revoked by a yes, whichever part of the process has made them', async () => {
    const { request } = await waiting();
    const own = await request.connectSession({ verifyOwner: true });
    const other = await request.connectSession({ verifyOwner: true });
    await connect(request, own.connectLink);
    await unconfirmed(request, own.nonce);
    // As the inbox has one of its own, beside that of the connect page.
    const inbox = world.connections.request(request.ref);
    await inbox.confirmOwner(own.nonce, { by: 'ops' });
    expect([own, other].map(({ connectLink }) => isOpen(connectLink))).toEqual([false, false]);
  });

  test('are left by a yes that is refused, but for the one that it names: the owner may be at another', async () => {
    const { request } = await waiting();
    const used = await request.connectSession({ verifyOwner: true });
    const other = await request.connectSession({ verifyOwner: true });
    expect(await failureOf(request.confirmOwner(used.nonce, { by: 'ops' }))).toMatchObject({
      reason: 'no_open_question',
    });
    expect([used, other].map(({ connectLink }) => isOpen(connectLink))).toEqual([false, true]);
    await request.cancelForAll({ by: 'ops' });
  });

  test('are revoked by a no as far as they are refused: the owner may be at another one', async () => {
    const { request } = await waiting();
    const refused = await request.connectSession({ verifyOwner: true });
    const other = await request.connectSession({ verifyOwner: true });
    await connect(request, refused.connectLink, 'stranger');
    await unconfirmed(request, refused.nonce);
    await request.refuseOwner(refused.nonce, { by: 'anna' });
    expect([refused, other].map(({ connectLink }) => isOpen(connectLink))).toEqual([false, true]);
    await request.cancelForAll({ by: 'ops' });
  });

  test('are revoked by a no that comes while they are being made', async () => {
    const { request } = await waiting();
    const links: string[] = [];
    const change = async (response: RelayedResponse, { url }: IncomingMessage): Promise<RelayedResponse> => {
      if (url !== '/connect/sessions') return response;
      const { data } = JSON.parse(response.body.toString()) as { data: { connect_link: string } };
      links.push(data.connect_link);
      await request.decline({ by: 'anna' });
      return response;
    };
    const slow = await startRelay({ upstream: world.nango.url, change });
    const pages = new NangoConnections(world.client, { config: { ...world.config, baseUrl: slow.url } });
    expect(await failureOf(pages.request(request.ref).connectSession())).toMatchObject({ reason: 'request_closed' });
    await slow.close();
    expect(links.map(isOpen)).toEqual([false]);
  });

  test('are refused all the same where Nango cannot be reached', async () => {
    const { request } = await waiting();
    const { connectLink, nonce } = await request.connectSession({ verifyOwner: true });
    await connect(request, connectLink, 'stranger');
    await unconfirmed(request, nonce);
    // No address at all: not even a request can be made of it.
    const cutOff = new NangoConnections(world.client, { config: { ...world.config, baseUrl: 'nowhere' } });
    await cutOff.request(request.ref).refuseOwner(nonce, { by: 'anna' });
    expect((await request.view()).question?.unconfirmed).toMatchObject([{ nonce, refusedBy: 'anna' }]);
    await request.cancelForAll({ by: 'ops' });
  });
});

test('what is said of a link is held to its form', async () => {
  const { request } = await waiting();
  const say = (input: object) =>
    world.client.workflow.getHandle(request.ref.id).executeUpdate('nango.confirmOwner', { args: [input] });
  const issue = (input: object) =>
    world.client.workflow.getHandle(request.ref.id).executeUpdate('nango.issueLink', { args: [input] });
  expect(await failureOf(say({ nonce: 'n.1', by: 'anna' }))).toMatchObject({ reason: 'no_open_question' });
  expect(await failureOf(say({ nonce: 1, by: 'anna' }))).toMatchObject({ field: 'nonce' });
  expect(await failureOf(say({ nonce: 'n.1' }))).toMatchObject({ field: 'by' });
  expect(await failureOf(issue({ verifyOwner: 'yes' }))).toMatchObject({ field: 'verifyOwner' });
  await request.cancelForAll({ by: 'ops' });
});
