import { inboxWeb } from '../../src/web/inbox-web';
import { requestPath } from '../../src/requests/inbox-page';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import type { EnsureConnectionInput } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { waitFor } from '../support/user-workflows';
import { linkOfAnother } from '../support/link-of-another';
import { failureOf, World } from '../support/world';
import { Visitor } from './visitor';

// What an operator sees and says of a connection of which nobody has confirmed that it was the owner who connected.

let world: World;
let olga: Visitor;
let person = 0;

beforeAll(async () => {
  world = await World.open('dev');
  olga = new Visitor(inboxWeb(world.client, { config: world.config, authorize: () => ({ name: 'Olga' }) }));
});

afterAll(async () => {
  await world?.close();
});

/** Somebody has connected by a link of a request, and nobody has said who. */
async function connected(over: Partial<EnsureConnectionInput> = {}) {
  const id = `u_${++person}`;
  const waiting = await world.start(waitFor, { integration: 'hubspot', endUser: { id }, ...over });
  const ref = { id: `nango/default/hubspot/u:${over.endUser?.id ?? id}` };
  const { firstExecutionRunId } = await world.request(ref.id, 'waiting');
  const request = world.connections.request({ ...ref, firstExecutionRunId });
  // What a reconnect wipes may not be read yet.
  const { connectLink, nonce } = await eventually(() =>
    request.connectSession({ verifyOwner: true }).catch(() => undefined),
  );
  const made = world.nango.complete(connectLink, { as: 'somebody' });
  await world.client.workflow.getHandle(ref.id).signal('nango.hint', { source: 'webhook', ...made });
  await eventually(async () => ((await request.describe())?.view.question?.unconfirmed ? true : undefined));
  const page = `/${requestPath(request.ref)}`;
  return { request, waiting, nonce, page, named: `?link=${encodeURIComponent(nonce)}`, ...made };
}

/** The same of a connection that was in use. */
async function connectedAnew() {
  const id = `again_${++person}`;
  const connectionId = `c-${id}`;
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags: { end_user_id: id } });
  return await connected({ endUser: { id }, reconnect: connectionId });
}

const statusOf = async (request: ConnectionRequest) => (await request.describe())?.view.status;

test('the list and the page say that it is connected and not confirmed, and the list can be filtered by that', async () => {
  const { request, page, connectionId } = await connected();
  const { text } = await olga.get(page);
  for (const said of ['connected, not confirmed', 'Was it the owner who connected?', connectionId]) {
    expect(text).toContain(said);
  }
  const listed = requestPath({ id: request.ref.id });
  const list = await eventually(async () => {
    const { html, text: shown } = await olga.get('/?question=owner');
    return html.includes(listed) ? shown : undefined;
  });
  expect(list).toContain('connected, not confirmed');
  expect((await olga.get('/?question=connect')).html).not.toContain(listed);
});

test('a yes is asked for once more, hands the connection out, and is recorded by name', async () => {
  const { request, waiting, nonce, page, named, connectionId } = await connected();
  const asks = await olga.get(`${page}/confirm-owner${named}`);
  expect(asks.text).toContain(connectionId);
  expect(await statusOf(request)).toBe('waiting');
  expect((await olga.submit(`${page}/confirm-owner`, { link: nonce })).text).toContain('that it was the owner');
  expect(await waiting.result()).toMatchObject({ connectionId });
  expect((await olga.get(page)).text).toContain('by Olga');
});

test('while it is being accepted the inbox says so, and offers nothing to say or to remind of', async () => {
  const { request, waiting, page, nonce, connectionId } = await connected();
  world.nango.outage(true);
  try {
    const { text, html } = await olga.submit(`${page}/confirm-owner`, { link: nonce });
    for (const said of ['confirmed, being accepted', 'So says Olga']) expect(text).toContain(said);
    for (const name of ['remind', 'confirm-owner', 'refuse-owner']) expect(html).not.toContain(`/${name}"`);
    expect((await olga.post(`${page}/remind`)).status).toBe(409);
  } finally {
    world.nango.outage(false);
  }
  expect(await waiting.result()).toMatchObject({ connectionId });
  expect(await statusOf(request)).toBe('connected');
});

test('a no keeps the request open; a yes can follow it', async () => {
  const { request, waiting, nonce, page, named, connectionId } = await connected();
  expect((await olga.get(`${page}/refuse-owner${named}`)).status).toBe(200);
  const { text } = await olga.submit(`${page}/refuse-owner`, { link: nonce });
  expect(text).toContain('It was not the owner, says Olga');
  expect(text).not.toContain('Disconnect it');
  expect(text).not.toContain('connected, not confirmed');
  expect(await statusOf(request)).toBe('waiting');
  await olga.submit(`${page}/confirm-owner`, { link: nonce });
  expect(await waiting.result()).toMatchObject({ connectionId });
});

describe('of a connection that was in use', () => {
  test('a no says that it is a stranger’s, and it can be disconnected, which ends the request', async () => {
    const { request, waiting, nonce, page, named, connectionId } = await connectedAnew();
    const before = await olga.get(page);
    expect(before.text).toContain('The tokens of this connection have been replaced');
    expect(before.text).not.toContain('Disconnect it');
    const { text } = await olga.submit(`${page}/refuse-owner`, { link: nonce });
    expect(text).toContain('now belongs to a stranger');
    expect(text).toContain('Disconnect it');
    const asks = await olga.get(`${page}/disconnect${named}`);
    expect(asks.text).toContain('ends for everybody who waits');
    expect(world.nango.connection('hubspot', connectionId)).toBeDefined();
    const done = await olga.submit(`${page}/disconnect`, { link: nonce });
    expect(done.text).toContain('The connection is deleted');
    expect(world.nango.connection('hubspot', connectionId)).toBeUndefined();
    expect(await statusOf(request)).toBe('cancelled');
    await expect(waiting.result()).rejects.toThrow();
  });

  test('what its owner has connected since is not disconnected, known to the request or not, nor what is accepted', async () => {
    const { request, nonce, page, connectionId } = await connectedAnew();
    await olga.submit(`${page}/refuse-owner`, { link: nonce });
    const own = await request.connectSession({ verifyOwner: true });
    world.nango.complete(own.connectLink, { as: 'owner' });
    expect((await olga.post(`${page}/disconnect`, { link: nonce })).status).toBe(409);
    expect(await statusOf(request)).toBe('waiting');
    // The request was told of it by that.
    await eventually(async () => {
      const { question } = (await request.describe())!.view;
      return question?.unconfirmed?.some((one) => one.nonce === own.nonce) || undefined;
    });
    world.nango.outage(true);
    try {
      await request.confirmOwner(own.nonce, { by: 'anna' });
      expect((await olga.post(`${page}/disconnect`, { link: nonce })).status).toBe(409);
    } finally {
      world.nango.outage(false);
    }
    await expect(request.result()).resolves.toMatchObject({ connectionId });
  });

  test('the owner connects it anew instead, and is confirmed', async () => {
    const { request, waiting, nonce, page, connectionId } = await connectedAnew();
    await olga.submit(`${page}/refuse-owner`, { link: nonce });
    const own = await request.connectSession({ verifyOwner: true });
    const made = world.nango.complete(own.connectLink, { as: 'owner' });
    await world.client.workflow.getHandle(request.ref.id).signal('nango.hint', { source: 'webhook', ...made });
    await eventually(async () => {
      const { question } = (await request.describe())!.view;
      return question?.unconfirmed?.some((one) => one.nonce === own.nonce) || undefined;
    });
    await olga.submit(`${page}/confirm-owner`, { link: own.nonce });
    expect(await waiting.result()).toMatchObject({ connectionId });
  });
});

describe('of a connection that was in use, once the request has ended', () => {
  async function endedAfter(answer: 'a no' | 'nobody has answered') {
    const stage = await connectedAnew();
    const { request, nonce } = stage;
    if (answer === 'a no') await request.refuseOwner(nonce, { by: 'Olga' });
    await request.decline({ by: 'ann' });
    await expect(request.result()).rejects.toThrow();
    return stage;
  }

  test.each([
    ['a no', 'now belongs to a stranger'],
    ['nobody has answered', 'Nobody has confirmed who connected'],
  ] as const)('after %s its page says so, and it can be disconnected', async (answer, said) => {
    const { request, nonce, page, named, connectionId } = await endedAfter(answer);
    const { text } = await olga.get(page);
    for (const part of [said, connectionId, 'Disconnect it']) expect(text).toContain(part);
    expect((await request.describe())?.view.unconfirmed).toMatchObject([{ connectionId, nonce }]);
    const asks = await olga.get(`${page}/disconnect${named}`);
    expect(asks.text).toContain('To have the owner connect it anew instead');
    expect(asks.text).not.toContain('ends for everybody');
    expect((await olga.submit(`${page}/disconnect`, { link: nonce })).text).toContain('The connection is deleted');
    expect(world.nango.connection('hubspot', connectionId)).toBeUndefined();
    expect((await olga.get(page)).text).not.toContain('Disconnect it');
    expect((await olga.get(`${page}/disconnect${named}`)).status).toBe(409);
    expect(await statusOf(request)).toBe('declined');
  });

  test('the request that has taken its place ends when it is disconnected: nobody could connect it anew', async () => {
    const { nonce, page, named, connectionId } = await endedAfter('nobody has answered');
    const endUser = { id: world.nango.connection('hubspot', connectionId)!.tags['end_user_id']! };
    const wanted = { integration: 'hubspot', endUser, reconnect: connectionId, ignoreCoolDown: true };
    const later = await world.start(waitFor, wanted);
    await world.request(`nango/default/hubspot/u:${endUser.id}`, 'waiting');
    expect((await olga.get(`${page}/disconnect${named}`)).status).toBe(200);
    expect((await olga.post(`${page}/disconnect`, { link: nonce })).status).toBe(303);
    expect(await failureOf(later.result())).toMatchObject({ type: 'Nango.ConnectionNotFound' });
  });

  test('a link that was used after the end is not said to be what was refused', async () => {
    const { request, page, nonce, connectionId } = await connectedAnew();
    const later = await linkOfAnother(world, request);
    await request.refuseOwner(nonce, { by: 'Olga' });
    await request.cancelForAll({ by: 'ops' });
    await expect(request.result()).rejects.toThrow();
    world.nango.complete(later.connectLink, { as: 'owner' });
    const { text } = await olga.get(page);
    expect(text).toContain('Nobody has confirmed who connected');
    expect(text).not.toContain('belongs to a stranger');
    // What was seen of it was seen of another use.
    expect((await olga.post(`${page}/disconnect`, { link: nonce })).status).toBe(409);
    expect((await olga.post(`${page}/disconnect`, { link: later.nonce })).status).toBe(303);
    expect(world.nango.connection('hubspot', connectionId)).toBeUndefined();
  });

  test('one that is marked no more is nobody’s affair, and stays', async () => {
    const { page, nonce, named, connectionId } = await endedAfter('a no');
    const { tn_owner: mark, ...tags } = world.nango.connection('hubspot', connectionId)!.tags;
    expect(mark).toBe('unconfirmed');
    world.nango.addConnection({ integration: 'hubspot', connectionId, tags });
    expect((await olga.get(page)).text).toContain('there is nothing left to do');
    expect((await olga.get(`${page}/disconnect${named}`)).status).toBe(409);
    expect((await olga.post(`${page}/disconnect`, { link: nonce })).status).toBe(409);
    expect(world.nango.connection('hubspot', connectionId)).toBeDefined();
  });

  test('one that was terminated at Temporal has it from what it last showed', async () => {
    const { request, page } = await connectedAnew();
    await world.client.workflow.getHandle(request.ref.id).terminate();
    expect((await olga.get(page)).text).toContain('Nobody has confirmed who connected');
  });

  test('while it cannot be read, it is as it was at the end, and nothing is deleted', async () => {
    const { page, nonce, connectionId } = await endedAfter('a no');
    world.nango.outage(true);
    try {
      const seen = [olga.get(page), olga.post(`${page}/disconnect`, { link: nonce })];
      const [shown, pressed] = await Promise.all(seen);
      expect(shown?.text).toContain('now belongs to a stranger');
      expect(pressed?.status).toBe(503);
    } finally {
      world.nango.outage(false);
    }
    expect(world.nango.connection('hubspot', connectionId)).toBeDefined();
  });
});

describe('what cannot be said changes nothing', () => {
  test('of a link that has made nothing', async () => {
    const { request, page } = await connected();
    for (const name of ['confirm-owner', 'refuse-owner', 'disconnect']) {
      expect((await olga.get(`${page}/${name}?link=o.1`)).status).toBe(409);
      expect((await olga.get(`${page}/${name}`)).status).toBe(409);
      expect((await olga.post(`${page}/${name}`, { link: 'o.1' })).status).toBe(409);
    }
    expect(await statusOf(request)).toBe('waiting');
  });

  test.each([
    ['before anybody has said no', connectedAnew, false],
    ['where nothing was in use', connected, true],
  ])('to disconnect it %s', async (_, prepare, isRefused) => {
    const { request, page, nonce, connectionId } = await prepare();
    if (isRefused) await olga.post(`${page}/refuse-owner`, { link: nonce });
    expect((await olga.post(`${page}/disconnect`, { link: nonce })).status).toBe(409);
    expect(world.nango.connection('hubspot', connectionId)).toBeDefined();
    expect(await statusOf(request)).toBe('waiting');
  });

  test('after the request has ended', async () => {
    const { request, page, nonce, named } = await connected();
    await request.cancelForAll({ by: 'ops' });
    for (const name of ['confirm-owner', 'refuse-owner', 'disconnect']) {
      expect((await olga.get(`${page}/${name}${named}`)).status).toBe(409);
      expect((await olga.post(`${page}/${name}`, { link: nonce })).status).toBe(409);
    }
  });
});
