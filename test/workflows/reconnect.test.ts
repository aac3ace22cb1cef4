import type { Connection, EnsureConnectionInput, RequestView } from '../../src/contract/types';
import { joinRequest } from '../../src/requests/join';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { call, waitFor, waitThenWrite } from '../support/user-workflows';

// Connecting an account anew, on a server whose clock can be skipped.

const HOUR = 3_600_000;
/** Not an hour: just then a join is tried again, and what ends in the middle of that stops the test server's clock. */
const HALF_AN_HOUR = HOUR / 2;
const DAY = 24 * HOUR;

let world: World;
let person = 0;

beforeAll(async () => {
  world = await World.open('timeSkipping');
  // The account of a typed key is the key itself.
  world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
  // That of one by OAuth is whoever has logged in.
  world.nango.addProvider({ name: 'grants', authMode: 'OAUTH2' });
  world.nango.addIntegration({ key: 'grants', provider: 'grants' });
  world.nango.onProxy('grants', ({ credentials }) => {
    const token = credentials.type === 'OAUTH2' ? credentials.access_token : '';
    return { json: { user: { id: token.replace('access of ', '') } } };
  });
  world.nango.onProxy('keyed', ({ path, credentials }) => {
    const account = credentials.type === 'API_KEY' ? credentials.apiKey : '';
    return { json: path === '/me' ? { user: { id: account } } : { path, account } };
  });
});

afterAll(async () => {
  await world.close();
});

const identity = { endpoint: '/me', pointer: '/user/id' };

/** Somebody whose connection exists, with an account that is recorded, metadata, and tags of their own. */
function somebody(account?: string) {
  const id = `u_${++person}`;
  const connectionId = `c-${id}`;
  const tags: { [key: string]: string } = { end_user_id: id, team: 'red' };
  if (account !== undefined) tags.tn_account = account;
  const before = { tags, metadata: { folder: 'inbox', depth: 3 } };
  world.nango.addConnection({
    integration: 'keyed',
    connectionId,
    ...before,
    credentials: { type: 'API_KEY', apiKey: account ?? 'anna' },
  });
  const wanted: EnsureConnectionInput = {
    integration: 'keyed',
    endUser: { id },
    reconnect: connectionId,
    identity,
  };
  return { id, connectionId, before, wanted, request: `nango/default/keyed/u:${id}` };
}

async function requestOf(id: string) {
  const { firstExecutionRunId } = await world.request(id, 'waiting');
  await world.atRest(id);
  await world.syncClock();
  return world.connections.request({ id, firstExecutionRunId });
}

/** A person clicks, connects as this account, and Nango's webhook says so. */
async function reconnect(requestId: string, as: string): Promise<void> {
  const made = world.nango.complete(await (await requestOf(requestId)).connectLink(), { as });
  await hint(requestId, made);
}

async function hint(requestId: string, made: { connectionId: string }): Promise<void> {
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
}

/** Waits until somebody is asked whether the other account may be written to. */
async function accountQuestion(requestId: string): Promise<RequestView> {
  return await eventually(async () => {
    const view = await world.client.workflow.getHandle(requestId).query<RequestView>('nango.request');
    return view.question?.accountChange === undefined ? undefined : view;
  });
}

function nowAtNango(connectionId: string) {
  const { tags, metadata } = world.nango.connection('keyed', connectionId)!;
  return { tags, metadata };
}

test('as the same account: the workflow goes on, and tags, metadata and id are as before', async () => {
  const { connectionId, before, wanted, request } = somebody('anna');
  const waiting = await world.start(waitFor, wanted);
  await world.notified(request, 'opened');
  await reconnect(request, 'anna');
  expect(await waiting.result()).toMatchObject({ connectionId, tags: before.tags, health: 'ok' });
  expect(nowAtNango(connectionId)).toEqual(before);
});

test('the first time an account is seen it is recorded', async () => {
  const { connectionId, before, wanted, request } = somebody();
  const waiting = await world.start(waitFor, wanted);
  await reconnect(request, 'anna');
  expect(((await waiting.result()) as Connection).tags).toEqual({ ...before.tags, tn_account: 'anna' });
  expect(nowAtNango(connectionId)).toEqual({ ...before, tags: { ...before.tags, tn_account: 'anna' } });
});

test('a new connection has its account recorded', async () => {
  const id = `u_${++person}`;
  const request = `nango/default/keyed/u:${id}`;
  const waiting = await world.start(waitFor, { integration: 'keyed', endUser: { id }, identity });
  await reconnect(request, 'carla');
  const { connectionId, tags } = (await waiting.result()) as Connection;
  expect(tags).toMatchObject({ end_user_id: id, tn_account: 'carla' });
  expect(nowAtNango(connectionId).tags).toMatchObject({ tn_account: 'carla' });
});

test('a provider that does not tell the account of a new connection holds it back for no one', async () => {
  const id = `u_${++person}`;
  const nobody = { endpoint: '/me', pointer: '/nothing/here' };
  const waiting = await world.start(waitFor, { integration: 'keyed', endUser: { id }, identity: nobody });
  await reconnect(`nango/default/keyed/u:${id}`, 'carla');
  expect(((await waiting.result()) as Connection).tags).not.toHaveProperty('tn_account');
});

describe('as another account', () => {
  test('a writer waits until somebody has said yes, and who it was is on record', async () => {
    const { connectionId, before, wanted, request } = somebody('anna');
    const waiting = await world.start(waitThenWrite, wanted);
    await reconnect(request, 'bert');
    const { question } = await accountQuestion(request);
    expect(question).toMatchObject({ kind: 'reconnect', accountChange: { recorded: 'anna', found: 'bert' } });
    expect(await world.notified(request, 'accountChanged')).toMatchObject({
      question: { accountChange: { found: 'bert' } },
    });
    // Nobody but an operator can say yes.
    expect(world.questionNotices.filter((notice) => notice.request.id === request)).toMatchObject([
      { reason: 'question', occasion: 'accountChanged', question: { accountChange: { found: 'bert' } } },
    ]);
    await (await requestOf(request)).decide('yes', { by: 'ops@example.com' });
    expect(await waiting.result()).toEqual({ path: '/write', account: 'bert' });
    expect(nowAtNango(connectionId)).toEqual({ ...before, tags: { ...before.tags, tn_account: 'bert' } });
  });

  test('a yes to one account is none to a third that was connected since, of which nobody has heard', async () => {
    const { connectionId, wanted, request } = somebody('anna');
    const waiting = await world.start(waitThenWrite, wanted);
    const asked = await requestOf(request);
    const [first, second] = [await asked.connectLink(), await asked.connectLink()];
    await hint(request, world.nango.complete(first, { as: 'bert' }));
    await accountQuestion(request);
    world.nango.complete(second, { as: 'carl' });
    await (await requestOf(request)).decide('yes', { by: 'ops@example.com' });
    await eventually(async () => {
      const { question } = await accountQuestion(request);
      return question?.accountChange?.found === 'carl' ? true : undefined;
    });
    expect(nowAtNango(connectionId).tags).toMatchObject({ tn_account: 'anna', tn_new_account: 'carl' });
    await (await requestOf(request)).decide('yes', { by: 'ops@example.com' });
    expect(await waiting.result()).toEqual({ path: '/write', account: 'carl' });
  });

  test('a reader may read at once, by choice, and its writes fail typed', async () => {
    const { connectionId, wanted, request } = somebody('anna');
    const reading = await world.start(waitFor, { ...wanted, readsOnAccountChange: true });
    await world.request(request, 'waiting');
    const writing = await world.start(waitThenWrite, { ...wanted, readsOnAccountChange: true });
    await eventually(async () => {
      const view = await world.client.workflow.getHandle(request).query<RequestView>('nango.request');
      return view.subscribers === 2 ? view : undefined;
    });
    await reconnect(request, 'bert');
    expect(await reading.result()).toMatchObject({ connectionId, accountChanged: true });
    expect(await failureOf(writing.result())).toMatchObject({ type: 'Nango.AccountChanged' });
    const changed = (await reading.result()) as Connection;
    for (const one of [
      { method: 'PUT', endpoint: '/x', idempotent: true } as const,
      { method: 'DELETE', endpoint: '/x', idempotent: true } as const,
    ]) {
      expect(await failureOf(world.execute(call, changed, one))).toMatchObject({ type: 'Nango.AccountChanged' });
    }
    expect(await world.execute(call, changed, { method: 'GET', endpoint: '/x' })).toMatchObject({ status: 200 });
    await (await requestOf(request)).decide('yes', { by: 'ops' });
    await world.client.workflow.getHandle(request).result();
    const later = await world.execute(waitThenWrite, { ...wanted, reconnect: undefined });
    expect(later).toEqual({ path: '/write', account: 'bert' });
  });

  test('a reader who named scopes has it at once if it was granted them, and else once they were', async () => {
    const id = `u_${++person}`;
    const connectionId = `c-${id}`;
    world.nango.addConnection({
      integration: 'grants',
      connectionId,
      tags: { end_user_id: id, tn_account: 'anna' },
      credentials: { type: 'OAUTH2', access_token: 'anna', raw: { scope: 'read write' } },
    });
    const wanted = {
      integration: 'grants',
      endUser: { id },
      reconnect: connectionId,
      identity,
      readsOnAccountChange: true,
    };
    const request = `nango/default/grants/u:${id}`;
    const connect = async (...grant: string[]) => {
      const made = world.nango.complete(await (await requestOf(request)).connectLink(), { as: 'bert', grant });
      await hint(request, made);
    };
    const content = await world.start(waitFor, { ...wanted, scopes: ['read'] });
    await world.request(request, 'waiting');
    const short = await world.start(waitFor, { ...wanted, scopes: ['write'] });
    await eventually(async () => {
      const view = await world.client.workflow.getHandle(request).query<RequestView>('nango.request');
      return view.subscribers === 2 ? view : undefined;
    });
    await connect('read');
    expect(await content.result()).toMatchObject({ accountChanged: true, grantedScopes: ['read'] });
    // Who comes later is told apart, too.
    const later = await world.start(waitFor, { ...wanted, scopes: ['write'] });
    const contentLater = await world.execute(waitFor, { ...wanted, scopes: ['read'] });
    expect(contentLater).toMatchObject({ accountChanged: true, grantedScopes: ['read'] });
    await (await requestOf(request)).decide('yes', { by: 'ops' });
    await eventually(async () => {
      const view = await world.client.workflow.getHandle(request).query<RequestView>('nango.request');
      return view.question?.kind === 'approve-scopes' ? view : undefined;
    });
    await connect('read', 'write');
    for (const waiting of [short, later]) {
      expect(await waiting.result()).toMatchObject({ connectionId, grantedScopes: ['read', 'write'] });
      expect(await waiting.result()).not.toHaveProperty('accountChanged', true);
    }
  });

  test('later callers are not surprised: until a yes the connection is marked, at Nango too', async () => {
    const { wanted, request } = somebody('anna');
    await world.start(waitFor, wanted);
    await reconnect(request, 'bert');
    await accountQuestion(request);
    const plain = { ...wanted, reconnect: undefined };
    expect(await world.execute(waitFor, plain)).toMatchObject({ accountChanged: true });
    expect(await failureOf(world.execute(waitThenWrite, plain))).toMatchObject({ type: 'Nango.AccountChanged' });
  });

  test('after a no the person is asked again, and the right account ends it', async () => {
    const { connectionId, before, wanted, request } = somebody('anna');
    const waiting = await world.start(waitThenWrite, wanted);
    await reconnect(request, 'bert');
    await accountQuestion(request);
    const open = await requestOf(request);
    await open.decide('no', { by: 'ops' });
    expect(await open.view()).toMatchObject({ status: 'waiting', decision: { choice: 'no', by: 'ops' } });
    await reconnect(request, 'anna');
    expect(await waiting.result()).toEqual({ path: '/write', account: 'anna' });
    expect(nowAtNango(connectionId)).toEqual(before);
  });

  test('who waits for a yes until the end is told what stood in the way', async () => {
    const { wanted, request } = somebody('anna');
    const deadline = (await world.env.currentTimeMs()) + 2 * DAY;
    const waiting = await world.start(waitFor, { ...wanted, deadline });
    await reconnect(request, 'bert');
    await accountQuestion(request);
    expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.AccountChanged' });
  });

  test('an answer to no question, or of no kind, is refused', async () => {
    const { wanted, request } = somebody('anna');
    await world.start(waitFor, wanted);
    const open = await requestOf(request);
    expect(await failureOf(open.decide('yes', { by: 'ops' }))).toMatchObject({ reason: 'no_open_question' });
    expect(await failureOf(open.decide('perhaps' as 'yes', { by: 'ops' }))).toMatchObject({ field: 'choice' });
    expect(await failureOf(open.decide('yes', { by: '' }))).toMatchObject({ field: 'by' });
  });
});

test('abandoned: the wait ends at its deadline, and the connection is what it was', async () => {
  const { connectionId, before, wanted, request } = somebody('anna');
  const waiting = await world.start(waitFor, wanted);
  await (await requestOf(request)).connectLink();
  expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ConnectionTimedOut' });
  expect(nowAtNango(connectionId)).toEqual(before);
});

test('an outage right after the person has connected loses nothing', async () => {
  const { connectionId, before, wanted, request } = somebody('anna');
  const waiting = await world.start(waitFor, wanted);
  const link = await (await requestOf(request)).connectLink();
  const made = world.nango.complete(link, { as: 'anna' });
  expect(nowAtNango(connectionId).metadata).toEqual({});
  world.nango.outage(true);
  await hint(request, made);
  await world.env.sleep(3 * HOUR);
  world.nango.outage(false);
  expect(await waiting.result()).toMatchObject({ connectionId });
  expect(nowAtNango(connectionId)).toEqual(before);
});

test('a join whose answer was lost, tried again after the person has connected, asks nobody anew', async () => {
  const { id, connectionId, wanted, request } = somebody('anna');
  const since = await world.env.currentTimeMs();
  const waiting = await world.start(waitFor, wanted);
  await reconnect(request, 'anna');
  await waiting.result();
  await world.client.workflow.getHandle(request).result();
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const subject = { integration: 'keyed', owner: { endUser: { id } } };
  const join = { joinId: 'again', reconnect: connectionId, identity };
  const at = await world.env.currentTimeMs();
  expect(await joinRequest(place, subject, join, { ignoreCoolDown: false, at, since })).toMatchObject({
    status: 'connected',
    connection: { connectionId },
  });
  expect(await joinRequest(place, subject, join, { ignoreCoolDown: false, at })).toMatchObject({ status: 'pending' });
});

test('before it is known what a reconnect would wipe, nobody gets a link', async () => {
  const { connectionId, before, wanted, request } = somebody('anna');
  world.nango.outage(true);
  await world.start(waitFor, wanted);
  const { firstExecutionRunId } = await world.request(request, 'checking');
  const early = world.connections.request({ id: request, firstExecutionRunId });
  expect(await failureOf(early.connectLink())).toMatchObject({ type: 'Nango.Unavailable' });
  world.nango.outage(false);
  await reconnect(request, 'anna');
  expect(nowAtNango(connectionId).tags).toMatchObject({ end_user_id: before.tags.end_user_id });
});

test('the deadline in the middle of that outage: what a reconnect wiped is put back all the same', async () => {
  const { connectionId, before, wanted, request } = somebody('anna');
  const deadline = (await world.env.currentTimeMs()) + HALF_AN_HOUR;
  const waiting = await world.start(waitFor, { ...wanted, deadline });
  const made = world.nango.complete(await (await requestOf(request)).connectLink(), { as: 'anna' });
  let reads = 0;
  world.nango.onProxy('keyed', ({ path }) => {
    if (path === '/me') reads++;
    return { status: 503, json: {} };
  });
  await hint(request, made);
  await eventually(() => Promise.resolve(reads > 0 ? true : undefined));
  expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ConnectionTimedOut' });
  world.nango.onProxy('keyed', ({ path, credentials }) => {
    const account = credentials.type === 'API_KEY' ? credentials.apiKey : '';
    return { json: path === '/me' ? { user: { id: account } } : { path, account } };
  });
  await world.client.workflow.getHandle(request).result();
  expect(nowAtNango(connectionId)).toEqual(before);
});

test('a connection that works again by itself needs nobody', async () => {
  const id = `u_${++person}`;
  const connectionId = `c-${id}`;
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags: { end_user_id: id } });
  world.nango.refresh(connectionId, 'outage');
  const wanted = { integration: 'hubspot', endUser: { id }, reconnect: connectionId };
  const waiting = await world.start(waitFor, wanted);
  await world.request(`nango/default/hubspot/u:${id}`, 'waiting');
  world.nango.refresh(connectionId, 'fine');
  await world.syncClock();
  await world.env.sleep(HALF_AN_HOUR);
  await world.syncClock();
  await hint(`nango/default/hubspot/u:${id}`, { connectionId });
  expect(await waiting.result()).toMatchObject({ connectionId, health: 'ok' });
});

test('who only wants the connection need not wait until it is connected anew', async () => {
  const { connectionId, wanted, request } = somebody('anna');
  await world.start(waitFor, wanted);
  await world.request(request, 'waiting');
  const now = await world.connections.ensureConnection({ ...wanted, reconnect: undefined });
  expect(now).toMatchObject({ kind: 'connection', connection: { connectionId } });
});

describe('what cannot be connected anew is said', () => {
  test('a connection that does not exist', async () => {
    const { wanted } = somebody('anna');
    expect(await failureOf(world.execute(waitFor, { ...wanted, reconnect: 'nowhere' }))).toMatchObject({
      type: 'Nango.ConnectionNotFound',
    });
  });

  test('a connection of another owner', async () => {
    const [a, b] = [somebody('anna'), somebody('bert')];
    expect(await failureOf(world.execute(waitFor, { ...a.wanted, reconnect: b.connectionId }))).toMatchObject({
      type: 'Nango.InvalidRequest',
      reason: 'other_owner',
    });
  });

  test('a recorded account and no way to compare it', async () => {
    const { wanted } = somebody('anna');
    expect(await failureOf(world.execute(waitFor, { ...wanted, identity: undefined }))).toMatchObject({
      type: 'Nango.InvalidRequest',
      reason: 'identity_needed',
    });
  });

  test('while the same owner is asked for something else', async () => {
    const id = `u_${++person}`;
    const plain = { integration: 'keyed', endUser: { id } };
    const waiting = await world.start(waitFor, plain);
    await world.request(`nango/default/keyed/u:${id}`, 'waiting');
    const other = world.execute(waitFor, { ...plain, reconnect: 'c' });
    expect(await failureOf(other)).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'other_question' });
    await reconnect(`nango/default/keyed/u:${id}`, 'anna');
    expect(await waiting.result()).toMatchObject({ provider: 'keyed' });
  });
});
