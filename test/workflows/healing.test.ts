import { randomUUID } from 'node:crypto';
import { Worker } from '@temporalio/worker';
import type { Connection, Outcome, ProxyCall, WorkflowEnsureConnectionInput } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import {
  bulkOf,
  call,
  ensureThenFanOut,
  readTogether,
  readTwice,
  waitFor,
  writeBesideRead,
  writeTogether,
} from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// A connection stops working while workflows call through it, on a server whose clock can be skipped.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const identity = { endpoint: '/me', pointer: '/user/id' };

let world: World;

beforeAll(async () => {
  world = await World.open('timeSkipping');
});

afterAll(async () => {
  await world.close();
});

const read = (n: number): ProxyCall => ({ method: 'GET', endpoint: `/contacts/${n}` });
const write = (n: number): ProxyCall => ({ method: 'POST', endpoint: `/contacts/${n}`, body: { n } });

/** A provider of its own whose keys can be withdrawn, one connection, and what the provider has carried out. */
function application(integration = `crm-${randomUUID()}`) {
  const withdrawn = new Set<string>();
  const carriedOut: string[] = [];
  let left = Infinity;
  world.nango.addProvider({ name: integration, authMode: 'API_KEY' });
  world.nango.addIntegration({ key: integration, provider: integration });
  world.nango.onProxy(integration, ({ method, path, credentials }) => {
    const key = credentials.type === 'API_KEY' ? credentials.apiKey : '';
    if (path !== '/me' && left-- <= 0) withdrawn.add('anna');
    if (path !== '/me' && withdrawn.has(key)) return { status: 401, json: { message: 'no' } };
    if (path !== '/me') carriedOut.push(`${method} ${path} ${key}`);
    return { json: path === '/me' ? { user: { id: key.split(' ')[0]! } } : { path, key } };
  });
  const id = `u-${integration}`;
  const { connectionId } = world.nango.addConnection({
    integration,
    tags: { end_user_id: id, tn_account: 'anna' },
    credentials: { type: 'API_KEY', apiKey: 'anna' },
  });
  const wanted: WorkflowEnsureConnectionInput = { integration, endUser: { id }, identity, heal: true };
  return {
    ...{ integration, connectionId, carriedOut, wanted, requestId: `nango/default/${integration}/u:${id}` },
    healthId: `nango-health/default/${integration}`,
    withdraw: () => void withdrawn.add('anna'),
    withdrawAfter: (calls: number) => void (left = calls),
  };
}

async function requestOf(requestId: string) {
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  await world.atRest(requestId);
  await world.syncClock();
  return world.connections.request({ id: requestId, firstExecutionRunId });
}

/** Ten minutes pass, then the person clicks and connects as this account. */
async function connectAnew(requestId: string, as: string): Promise<void> {
  await world.env.sleep(15 * MINUTE);
  await world.notified(requestId, 'opened');
  const made = world.nango.complete(await (await requestOf(requestId)).connectLink(), { as });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
}

async function ended(workflowId: string): Promise<void> {
  await eventually(async () => {
    const { status } = await world.client.workflow.getHandle(workflowId).describe();
    return status.name === 'COMPLETED' ? true : undefined;
  });
}

test('withdrawn in the middle of 200 calls: the calls left go on after the click, and none is repeated', async () => {
  const { wanted, requestId, carriedOut, withdrawAfter, healthId } = application();
  withdrawAfter(70);
  const calls = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? read(n) : write(n)));
  const running = await world.start(ensureThenFanOut, wanted, calls);
  await connectAnew(requestId, 'anna again');
  const outcomes = (await running.result()) as Outcome[];
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  const writes = carriedOut.filter((one) => one.startsWith('POST')).map((one) => one.split(' ')[1]);
  expect(writes.toSorted()).toEqual(
    calls
      .filter((_, n) => n % 2 === 1)
      .map((one) => (one as { endpoint: string }).endpoint)
      .toSorted(),
  );
  expect(carriedOut.some((one) => one.endsWith('anna'))).toBe(true);
  expect(world.notices.filter(({ request, reason }) => request.id === requestId && reason === 'opened')).toHaveLength(
    1,
  );
  await ended(healthId);
});

test('another account behind it: reads go on where that was said, writes after a yes', async () => {
  const { wanted, requestId, carriedOut, withdraw } = application();
  const connection = await world.execute(waitFor, { ...wanted, readsOnAccountChange: true });
  withdraw();
  const reading = await world.start(call, connection, read(1));
  const writing = await world.start(call, connection, write(2));
  await connectAnew(requestId, 'bert');
  expect(await reading.result()).toMatchObject({ data: { key: 'bert' } });
  await eventually(async () => {
    const { question } = await world.client.workflow
      .getHandle(requestId)
      .query<{ question?: { accountChange?: object } }>('nango.request');
    return question?.accountChange;
  });
  expect(carriedOut.filter((one) => one.startsWith('POST'))).toEqual([]);
  await (await requestOf(requestId)).decide('yes', { by: 'ops@example.com' });
  expect(await writing.result()).toMatchObject({ data: { key: 'bert' } });
});

test('another account in the middle of 200 calls: reads left go on, writes left after a yes, and none is repeated', async () => {
  const { wanted, requestId, carriedOut, withdrawAfter } = application();
  withdrawAfter(70);
  const calls = Array.from({ length: 200 }, (_, n) => (n % 2 === 0 ? read(n) : write(n)));
  const running = await world.start(ensureThenFanOut, { ...wanted, readsOnAccountChange: true }, calls);
  await connectAnew(requestId, 'bert');
  await eventually(async () => {
    const { question } = await (await requestOf(requestId)).view();
    return question?.accountChange;
  });
  const byBert = (method: string) => carriedOut.filter((one) => one.startsWith(method) && one.endsWith(' bert'));
  await eventually(() => Promise.resolve(byBert('GET').length > 0 || undefined));
  expect(byBert('POST')).toEqual([]);
  await (await requestOf(requestId)).decide('yes', { by: 'ops@example.com' });
  const outcomes = (await running.result()) as Outcome[];
  expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
  expect(byBert('POST').length).toBeGreaterThan(0);
  expect(carriedOut.some((one) => one.endsWith(' anna'))).toBe(true);
  const done = carriedOut.map((one) => one.split(' ').slice(0, 2).join(' '));
  expect(done.toSorted()).toEqual(calls.map((one) => `${one.method} ${one.endpoint}`).toSorted());
});

test.each(['the other one', 'the one that is dead'])(
  'while it is asked which of several is meant a heal waits its turn; then its owner is asked, though %s was chosen',
  async (which) => {
    const { wanted, integration, connectionId, requestId, withdraw } = application();
    const connection = await world.execute(waitFor, wanted);
    const tags = { end_user_id: wanted.endUser!.id };
    const other = world.nango.addConnection({
      ...{ integration, tags },
      credentials: { type: 'API_KEY', apiKey: 'bert' },
    });
    const choosing = await world.start(waitFor, { ...wanted, heal: false });
    const request = await requestOf(requestId);
    withdraw();
    const reading = await world.start(call, connection, read(1));
    await world.env.sleep(2 * HOUR);
    const chosen = which === 'the other one' ? other.connectionId : connectionId;
    await request.choose(chosen, { by: 'ops' });
    expect(await choosing.result()).toMatchObject({ connectionId: chosen });
    await world.env.sleep(2 * HOUR);
    const anew = await requestOf(requestId);
    expect((await anew.view()).question?.kind).toBe('reconnect');
    const made = world.nango.complete(await anew.connectLink(), { as: 'anna again' });
    await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
    expect(await reading.result()).toMatchObject({ data: { key: 'anna again' } });
  },
);

test('what ends the other question is no end of a heal that waits its turn: its owner is asked', async () => {
  const { wanted, integration, requestId, withdraw } = application();
  const connection = await world.execute(waitFor, wanted);
  world.nango.addConnection({ integration, tags: { end_user_id: wanted.endUser!.id } });
  const choosing = await world.start(waitFor, { ...wanted, heal: false });
  const request = await requestOf(requestId);
  withdraw();
  const reading = await world.start(call, connection, read(1));
  await world.env.sleep(2 * HOUR);
  await request.decline({ by: 'ops' });
  expect(await failureOf(choosing.result())).toMatchObject({ type: 'Nango.ConnectionDeclined' });
  await world.env.sleep(2 * HOUR);
  const anew = await requestOf(requestId);
  expect((await anew.view()).question?.kind).toBe('reconnect');
  const made = world.nango.complete(await anew.connectLink(), { as: 'anna again' });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
  expect(await reading.result()).toMatchObject({ data: { key: 'anna again' } });
});

test('without heal a call fails at once, typed, and nobody is asked', async () => {
  const { wanted, requestId, withdraw } = application();
  const connection = await world.execute(waitFor, { ...wanted, heal: false });
  withdraw();
  expect(await failureOf(world.execute(call, connection, read(1)))).toMatchObject({
    type: 'Nango.ProviderRejected',
    status: 401,
  });
  await expect(world.client.workflow.getHandle(requestId).describe()).rejects.toThrow();
});

describe('whoever named scopes', () => {
  /** An application by OAuth, whose provider takes no token from before; and who has connected it with these scopes. */
  async function revoked(...scopes: string[]) {
    const integration = `oauth-${randomUUID()}`;
    world.nango.addProvider({ name: integration, authMode: 'OAUTH2' });
    world.nango.addIntegration({ key: integration, provider: integration });
    let isRevoked = false;
    world.nango.onProxy(integration, ({ credentials, path }) => {
      const isOld = credentials.type === 'OAUTH2' && credentials.access_token === 'old';
      return isRevoked && isOld ? { status: 401, json: {} } : { json: { path } };
    });
    const id = `u-${integration}`;
    world.nango.addConnection({
      integration,
      tags: { end_user_id: id },
      credentials: { type: 'OAUTH2', access_token: 'old', raw: { scope: scopes.join(' ') } },
    });
    const wanted = { integration, endUser: { id }, heal: true, scopes };
    const connection = await world.execute(waitFor, wanted);
    isRevoked = true;
    const requestId = `nango/default/${integration}/u:${id}`;
    const connect = async (...grant: string[]) => {
      const made = world.nango.complete(await (await requestOf(requestId)).connectLink(), { as: 'anna', grant });
      await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
    };
    const running = await world.start(call, connection, read(1));
    await world.env.sleep(15 * MINUTE);
    await world.notified(requestId, 'opened');
    return { requestId, running, connect };
  }

  test('has its calls go on only once the owner has granted them again', async () => {
    const { requestId, running, connect } = await revoked('read', 'write');
    await connect('read');
    const { question } = await world.notified(requestId, 'opened', 2);
    expect(question).toMatchObject({ kind: 'approve-scopes', scopes: { granted: ['read'], missing: ['write'] } });
    await connect('read', 'write');
    expect(await running.result()).toMatchObject({ data: { path: '/contacts/1' } });
  });

  test('is told so when they are not', async () => {
    const { requestId, running, connect } = await revoked('read', 'write');
    await connect('read');
    await world.notified(requestId, 'opened', 2);
    await connect('read');
    expect(await failureOf(running.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
  });
});

test('what is more than one call is begun anew after the click', async () => {
  const { wanted, requestId, withdrawAfter } = application();
  const connection = await world.execute(waitFor, { ...wanted, heal: false });
  withdrawAfter(1);
  const heal = { owner: { endUser: wanted.endUser! }, waitMs: HOUR, identity };
  const running = await world.start(readTwice, { ...connection, heal });
  await connectAnew(requestId, 'anna again');
  expect(await running.result()).toMatchObject({ begun: 2, data: [{ key: 'anna again' }, { key: 'anna again' }] });
});

test('what is no whole connection, and does not say how it heals, is refused', async () => {
  const { integration, connectionId } = application();
  expect(await failureOf(world.execute(readTwice, { integration, connectionId } as Connection))).toMatchObject({
    type: 'Nango.InvalidRequest',
    field: 'connection.tags',
  });
});

test('a bulk run goes on after the click, and repeats no write', async () => {
  const { wanted, requestId, withdrawAfter, carriedOut } = application();
  const connection = await world.execute(waitFor, wanted);
  withdrawAfter(5);
  const source = { activity: 'twentyWrites', taskQueue: 'sources' };
  const sources = await Worker.create({
    connection: world.env.nativeConnection,
    taskQueue: 'sources',
    activities: { twentyWrites: () => Promise.resolve({ calls: Array.from({ length: 20 }, (_, n) => write(n)) }) },
  });
  await sources.runUntil(async () => {
    const running = await world.start(bulkOf, { connection, source, sink: 'discard' });
    await connectAnew(requestId, 'anna again');
    expect(await running.result()).toMatchObject({ status: 'completed', done: 20, unknown: 0 });
  });
  expect(carriedOut).toHaveLength(20);
});

test('a person who does not come in time: the call fails as the wait does', async () => {
  const { wanted, withdraw } = application();
  const connection = await world.execute(waitFor, wanted);
  withdraw();
  const brief = { ...connection, heal: { ...connection.heal!, waitMs: 2 * HOUR } };
  expect(await failureOf(world.execute(call, brief, read(1)))).toMatchObject({
    type: 'Nango.ConnectionTimedOut',
  });
});

test('a person who says no: the call fails as the wait does', async () => {
  const { wanted, requestId, withdraw } = application();
  const connection = await world.execute(waitFor, wanted);
  withdraw();
  const reading = await world.start(call, connection, read(1));
  await world.env.sleep(15 * MINUTE);
  await (await requestOf(requestId)).decline({ by: 'anna' });
  expect(await failureOf(reading.result())).toMatchObject({ type: 'Nango.ConnectionDeclined' });
});

test('a provider that refuses the new account as well has nobody asked again', async () => {
  const { wanted, requestId, withdraw } = application();
  const connection = await world.execute(waitFor, wanted);
  withdraw();
  const reading = await world.start(call, connection, read(1));
  await connectAnew(requestId, 'anna');
  expect(await failureOf(reading.result())).toMatchObject({ type: 'Nango.ProviderRejected', status: 401 });
  expect(world.notices.filter(({ request, reason }) => request.id === requestId && reason === 'opened')).toHaveLength(
    1,
  );
});

test('a health that somebody has terminated is begun anew, and nobody waits for ever', async () => {
  const { wanted, requestId, withdraw, healthId } = application();
  const connection = await world.execute(waitFor, wanted);
  withdraw();
  const reading = await world.start(call, connection, read(1));
  await eventually(async () => (await world.client.workflow.getHandle(healthId).describe()).status);
  await world.atRest(healthId);
  await world.client.workflow.getHandle(healthId).terminate();
  await world.env.sleep(7 * HOUR);
  await connectAnew(requestId, 'anna again');
  expect(await reading.result()).toMatchObject({ data: { key: 'anna again' } });
});

test('a hundred workflows that wait for one connection have it connected anew once', async () => {
  const { wanted, requestId, withdraw, carriedOut } = application();
  const connection = await world.execute(waitFor, wanted);
  withdraw();
  const before = world.nango.count(({ path }) => path.includes('/contacts/'));
  const running = await Promise.all(Array.from({ length: 100 }, (_, n) => world.start(call, connection, write(n))));
  await connectAnew(requestId, 'anna again');
  for (const one of running) expect(await one.result()).toMatchObject({ status: 200 });
  expect(carriedOut).toHaveLength(100);
  expect(new Set(carriedOut).size).toBe(100);
  // Each once, one that tried for all, and those that went through after the click.
  expect(world.nango.count(({ path }) => path.includes('/contacts/')) - before).toBeLessThanOrEqual(100 + 1 + 100);
  expect(world.notices.filter(({ request, reason }) => request.id === requestId && reason === 'opened')).toHaveLength(
    1,
  );
});

test('a signal of anybody that says nothing sound does nothing', async () => {
  const { wanted, requestId, withdraw, healthId } = application();
  const connection = await world.execute(waitFor, wanted);
  withdraw();
  const reading = await world.start(call, connection, read(1));
  await eventually(async () => (await world.client.workflow.getHandle(healthId).describe()).status);
  const health = world.client.workflow.getHandle(healthId);
  for (const rubbish of [null, {}, { connectionId: '..' }, { connectionId: 'c', sign: 'no', tried: true }]) {
    await health.signal('nango.failing', rubbish);
    await health.signal('nango.works', rubbish);
  }
  for (const rubbish of [null, {}, { waitId: 'other', verdict: 'works' }, { waitId: 7 }]) {
    await reading.signal('nango.health', rubbish);
  }
  await connectAnew(requestId, 'anna again');
  expect(await reading.result()).toMatchObject({ data: { key: 'anna again' } });
});

describe('a refresh that fails', () => {
  function oauth() {
    const integration = `oauth-${randomUUID()}`;
    world.nango.addProvider({ name: integration, authMode: 'OAUTH2' });
    world.nango.addIntegration({ key: integration, provider: integration });
    world.nango.onProxy(integration, ({ path }) => ({ json: { path } }));
    const id = `u-${integration}`;
    const { connectionId } = world.nango.addConnection({ integration, tags: { end_user_id: id } });
    const wanted: WorkflowEnsureConnectionInput = { integration, endUser: { id }, heal: true };
    return { ...{ integration, connectionId, wanted }, requestId: `nango/default/${integration}/u:${id}` };
  }

  test('has a call without heal wait three hours, in which it is tried few times', async () => {
    const { wanted, connectionId } = oauth();
    const connection = await world.execute(waitFor, { ...wanted, heal: undefined });
    world.nango.refresh(connectionId, 'revoked');
    const before = world.nango.requests.length;
    expect(await failureOf(world.execute(call, connection, read(1)))).toMatchObject({
      type: 'Nango.RefreshFailing',
    });
    const tries = world.nango.requests.slice(before).filter(({ path }) => path.startsWith('/proxy/'));
    expect(tries.length).toBeLessThanOrEqual(12);
  });

  test('of one that nothing proves alive or down, its owner is asked after a day, and it goes on', async () => {
    const { wanted, connectionId, requestId } = oauth();
    const connection = await world.execute(waitFor, wanted);
    world.nango.refresh(connectionId, 'revoked');
    const reading = await world.start(call, connection, read(1));
    const fanOut = await world.start(ensureThenFanOut, wanted, [read(1), read(2), write(3)]);
    await world.env.sleep(23 * HOUR);
    expect(world.notices.filter(({ request }) => request.id === requestId)).toEqual([]);
    await world.env.sleep(2 * HOUR);
    await connectAnew(requestId, 'anna');
    expect(await reading.result()).toMatchObject({ status: 200 });
    // The write met the failure itself: whether it ran is not known.
    expect((await fanOut.result()) as Outcome[]).toMatchObject([{ ok: true }, { ok: true }, expect.anything()]);
  });

  test('in the middle of a write has its owner asked, and the write is not made again, whatever comes', async () => {
    const { wanted, connectionId, requestId, integration } = oauth();
    let writes = 0;
    world.nango.onProxy(integration, ({ method }) => ({ json: method === 'POST' ? ++writes : null }));
    const connection = await world.execute(waitFor, wanted);
    world.nango.refresh(connectionId, 'revoked');
    const writing = await world.start(call, connection, write(1));
    await world.env.sleep(25 * HOUR);
    await connectAnew(requestId, 'anna');
    const failure = await failureOf(writing.result());
    expect(failure).toMatchObject({ type: 'Nango.RefreshFailing' });
    expect(failure.didNotRun).toBeUndefined();
    expect(writes).toBe(0);
    expect(await world.execute(call, connection, write(2))).toMatchObject({ data: 1 });
  });

  test('in the middle of a write that belongs to others has its owner asked, and begins none of them anew', async () => {
    const { wanted, connectionId, requestId, integration } = oauth();
    const writes: unknown[] = [];
    world.nango.onProxy(integration, ({ body }) => ({ json: writes.push(body) }));
    const connection = await world.execute(waitFor, wanted);
    world.nango.refresh(connectionId, 'revoked');
    const writing = await world.start(writeTogether, connection);
    await world.env.sleep(25 * HOUR);
    await connectAnew(requestId, 'anna');
    expect(await failureOf(writing.result())).toMatchObject({ type: 'Nango.RefreshFailing' });
    expect(writes).toEqual([]);
  });

  test('in the middle of a write beside a read has its owner asked, and begins neither anew', async () => {
    const { wanted, connectionId, requestId, integration } = oauth();
    const writes: unknown[] = [];
    world.nango.onProxy(integration, ({ body, method }) => ({ json: method === 'POST' ? writes.push(body) : null }));
    const connection = await world.execute(waitFor, wanted);
    world.nango.refresh(connectionId, 'revoked');
    const running = await world.start(writeBesideRead, connection);
    await world.env.sleep(25 * HOUR);
    await connectAnew(requestId, 'anna');
    expect(await failureOf(running.result())).toMatchObject({ type: 'Nango.RefreshFailing' });
    expect(writes).toEqual([]);
  });

  test('has one of many calls made again at a time: where that does not say, the next one is, and all go on', async () => {
    const { wanted, connectionId, integration } = oauth();
    const connection = await world.execute(waitFor, { ...wanted, heal: undefined });
    let isFirst = true;
    world.nango.onProxy(integration, ({ path }) => {
      const json = isFirst ? 'x'.repeat(300_000) : path;
      isFirst = false;
      return { json };
    });
    world.nango.refresh(connectionId, 'outage');
    const reading = await world.start(readTogether, connection, 6);
    await world.env.sleep(2 * MINUTE);
    world.nango.refresh(connectionId, 'fine');
    await world.syncClock();
    const ends = (await reading.result()) as unknown[];
    expect(ends).toHaveLength(6);
    expect(ends.filter((end) => !String(end).startsWith('/'))).toEqual(['Nango.ResponseTooLarge']);
  });

  test('and works again lets all go on', async () => {
    const { wanted, connectionId } = oauth();
    const connection = await world.execute(waitFor, wanted);
    world.nango.refresh(connectionId, 'outage');
    const reading = await Promise.all([1, 2, 3].map((n) => world.start(call, connection, read(n))));
    await world.env.sleep(2 * MINUTE);
    world.nango.refresh(connectionId, 'fine');
    await world.syncClock();
    for (const one of reading) expect(await one.result()).toMatchObject({ status: 200 });
  });
});
