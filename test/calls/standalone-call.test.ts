import { CancelledFailure } from '@temporalio/common';
import { NangoConnections } from '../../src/client';
import type { CallRef, Json, ProxyCall } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';

// Calls without a workflow, as a backend makes them.

const CONNECTION = { integration: 'hubspot', connectionId: 'c-1' };
const POST: ProxyCall = { method: 'POST', endpoint: '/orders', body: { a: 1, b: { c: [1, 2] } } };

let world: World;
let client: NangoConnections;
let ids = 0;

const newId = () => `id-${++ids}`;
const writes = () => world.nango.count(({ method, path }) => method === 'POST' && path.startsWith('/proxy/'));
const activity = (ref: CallRef) => world.client.activity.getHandle(ref.id, ref.runId);

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  client = world.connections;
});

beforeEach(() => {
  world.nango.addConnection({ ...CONNECTION, tags: { end_user_id: 'u_1' } });
  world.nango.onProxy('hubspot', ({ method, path, body, headers }) => ({ json: { method, path, body, headers } }));
});

afterAll(async () => await world.close());

/** A connection of its own: a limit holds it back afterwards. */
function connection(connectionId = newId()) {
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags: { end_user_id: connectionId } });
  return { integration: 'hubspot', connectionId };
}

/** A provider that answers when it is let. */
function slowProvider() {
  let arrived: () => void = () => undefined;
  let release: () => void = () => undefined;
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  const held = new Promise<void>((resolve) => (release = resolve));
  world.nango.onProxy('hubspot', async () => {
    arrived();
    await held;
    return { json: { late: true } };
  });
  return { arrival, release };
}

/** A provider whose limit is used up for the first calls. */
function limited(times: number, retryAfter: string) {
  let calls = 0;
  world.nango.onProxy('hubspot', () =>
    ++calls <= times ? { status: 429, json: {}, headers: { 'retry-after': retryAfter } } : { json: { calls } },
  );
  return () => calls;
}

/** Fulfilled once the write waits inside its attempt. */
async function waits(ref: CallRef): Promise<unknown> {
  return await eventually(async () => {
    const description = await activity(ref).describe({ includeHeartbeatDetails: true });
    return (await description.getHeartbeatDetails()) ?? undefined;
  }, 20_000);
}

describe('one call', () => {
  test('each method, as in workflow code', async () => {
    expect(await client.get(CONNECTION, '/owners', { pick: ['/path'] })).toEqual({ '/path': '/owners' });
    const how = { pick: ['/method', '/body'] };
    expect(await client.post(CONNECTION, '/x', { a: 1 }, how)).toEqual({ '/method': 'POST', '/body': { a: 1 } });
    expect(await client.put(CONNECTION, '/x', { a: 1 }, how)).toEqual({ '/method': 'PUT', '/body': { a: 1 } });
    expect(await client.patch(CONNECTION, '/x', { a: 1 }, how)).toEqual({ '/method': 'PATCH', '/body': { a: 1 } });
    expect(await client.delete(CONNECTION, '/x', { pick: ['/method'] })).toEqual({ '/method': 'DELETE' });
    expect(await client.proxy(CONNECTION, { method: 'GET', endpoint: '/x' })).toMatchObject({ status: 200 });
    world.nango.onAction('hubspot', 'greet', (input) => ({ hello: input }));
    expect(await client.action(CONNECTION, 'greet', 'you')).toEqual({ hello: 'you' });
  });

  test('its end is had by the ref, which is JSON, in another process', async () => {
    const { arrival, release } = slowProvider();
    const before = writes();
    const { ref } = await client.call(CONNECTION, POST);
    await arrival;
    const kept = JSON.parse(JSON.stringify(ref)) as CallRef;
    const result = world.connections.callOf(kept).result();
    release();
    expect(await result).toEqual({ status: 200, data: { late: true } });
    expect(await world.connections.callOf(kept).result()).toEqual({ status: 200, data: { late: true } });
    expect(writes() - before).toBe(1);
  });

  test('a write is sent with a key of its own, and a GET without one', async () => {
    const key = { pick: ['/headers/idempotency-key'] };
    const first = await client.post(CONNECTION, '/x', {}, key);
    expect(first).toEqual({ '/headers/idempotency-key': expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(await client.post(CONNECTION, '/x', {}, key)).not.toEqual(first);
    expect(await client.get(CONNECTION, '/x', key)).toEqual({});
  });

  test('a read is retried, and a write whose outcome is not known never is', async () => {
    let calls = 0;
    world.nango.onProxy('hubspot', () => (++calls === 1 ? { status: 503, json: {} } : { json: { calls } }));
    expect(await client.get(CONNECTION, '/x')).toEqual({ calls: 2 });
    calls = 0;
    expect(await failureOf(client.post(CONNECTION, '/x'))).toMatchObject({ type: 'Nango.OutcomeUnknown', status: 503 });
    expect(calls).toBe(1);
    expect(await client.post(CONNECTION, '/x', {}, { idempotent: true })).toEqual({ calls: 2 });
  });

  test.each([
    ['a refusal', 422, 'Nango.ProviderRejected'],
    ['a 404', 404, 'Nango.ProviderRejected'],
  ])('fails as in a workflow: %s', async (_, status, type) => {
    world.nango.onProxy('hubspot', () => ({ status, json: {} }));
    expect(await failureOf(client.post(CONNECTION, '/x'))).toMatchObject({ type, status });
  });

  test('a write to another account is refused before any I/O, a GET is not', async () => {
    const changed = { ...CONNECTION, accountChanged: true };
    const before = writes();
    expect(await failureOf(client.post(changed, '/x'))).toMatchObject({ type: 'Nango.AccountChanged' });
    expect(await failureOf(client.post(changed, '/x', {}, { idempotent: true }))).toMatchObject({
      type: 'Nango.AccountChanged',
    });
    expect(writes()).toBe(before);
    expect(await client.get(changed, '/x', { pick: ['/path'] })).toEqual({ '/path': '/x' });
  });
});

describe('a limit', () => {
  test('is waited out inside the one attempt of a write, which says so, and then it is sent', async () => {
    const own = connection();
    const calls = limited(2, '4');
    const call = await client.call(own, POST);
    expect(await waits(call.ref)).toMatchObject({
      attempt: 2,
      failure: { type: 'Nango.ProviderRateLimited', status: 429 },
    });
    expect(await call.result()).toMatchObject({ data: { calls: 3 } });
    expect(calls()).toBe(3);
    const { attempt, startToCloseTimeoutMs } = await activity(call.ref).describe();
    expect({ attempt, startToCloseTimeoutMs }).toEqual({ attempt: 1, startToCloseTimeoutMs: 210_000 });
  });

  test('that ends later than in two minutes is typed at once', async () => {
    const calls = limited(1, '121');
    const failure = await failureOf(client.post(connection(), '/x'));
    expect(failure).toMatchObject({ type: 'Nango.ProviderRateLimited', didNotRun: true });
    expect(calls()).toBe(1);
  });

  test('does not keep a write that is cancelled: it was not carried out', async () => {
    const calls = limited(1, '60');
    const call = await client.call(connection(), POST);
    await waits(call.ref);
    await call.cancel();
    await expect(call.result()).rejects.toThrow(CancelledFailure);
    expect(calls()).toBe(1);
  });

  test('a failing refresh is not waited out: a write fails typed', async () => {
    const own = connection();
    world.nango.refresh(own.connectionId, 'outage');
    expect(await failureOf(client.post(own, '/x'))).toMatchObject({ type: 'Nango.RefreshFailing' });
    expect(await failureOf(client.post(own, '/x'))).toMatchObject({ type: 'Nango.RefreshFailing' });
  });
});

describe('an id', () => {
  test('is for one call: the same again is that call, running or ended, in whatever order its keys are', async () => {
    const id = newId();
    const before = writes();
    const { arrival, release } = slowProvider();
    const first = await client.call(CONNECTION, POST, { id });
    await arrival;
    const again = await client.call(
      { connectionId: 'c-1', integration: 'hubspot' },
      { body: { b: { c: [1, 2] }, a: 1 }, endpoint: '/orders', method: 'POST', headers: undefined },
      { id },
    );
    expect(again.ref).toEqual(first.ref);
    release();
    expect(await again.result()).toEqual(await first.result());
    const later = await world.connections.call(CONNECTION, POST, { id });
    expect(later.ref).toEqual(first.ref);
    expect(await later.result()).toEqual({ status: 200, data: { late: true } });
    expect(writes() - before).toBe(1);
  });

  test('of a call that failed gives its failure again, and nothing is sent', async () => {
    const id = newId();
    world.nango.onProxy('hubspot', () => ({ status: 503, json: {} }));
    const before = writes();
    for (let i = 0; i < 2; i++) {
      const call = await client.call(CONNECTION, POST, { id });
      expect(await failureOf(call.result())).toMatchObject({ type: 'Nango.OutcomeUnknown' });
    }
    expect(writes() - before).toBe(1);
  });

  const others: [string, ProxyCall, object?][] = [
    ['body', { ...POST, body: { a: 1, b: { c: [2, 1] } } }],
    ['body, of other types', { ...POST, body: { a: '1', b: { c: [1, 2] } } }],
    ['body, a list for an object', { ...POST, body: { a: 1, b: { c: { 0: 1, 1: 2 } } } }],
    ['body, by a key more', { ...POST, body: { a: 1, b: { c: [1, 2] }, d: null } }],
    ['method', { ...POST, method: 'PUT' }],
    ['endpoint', { ...POST, endpoint: '/orders?x' }],
    ['headers', { ...POST, headers: { 'x-a': 'b' } }],
    ['pick', { ...POST, pick: ['/a'] }],
    ['word of its caller', { ...POST, idempotent: true }],
    ['connection', POST, { connectionId: 'c-2' }],
    ['integration', POST, { integration: 'slack' }],
  ];
  test('is refused another call: of another method, endpoint, body, connection …', async () => {
    const id = newId();
    const first = await client.call(CONNECTION, POST, { id });
    await first.result();
    const before = writes();
    for (const [what, call, elsewhere] of others) {
      const refused = await failureOf(client.call({ ...CONNECTION, ...elsewhere }, call, { id }));
      expect({ what, ...refused }).toMatchObject({ what, type: 'Nango.InvalidRequest', field: 'id' });
    }
    expect(await failureOf(client.action(CONNECTION, 'greet', {}, { id }))).toMatchObject({ field: 'id' });
    expect(writes()).toBe(before);
  });

  test('of which a hundred start at one moment is one write', async () => {
    const id = newId();
    const before = writes();
    const all = await Promise.all(Array.from({ length: 100 }, () => client.call(CONNECTION, POST, { id })));
    const results = await Promise.all(all.map((call) => call.result()));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(writes() - before).toBe(1);
  });

  test('is of its environment: in another one it is another call', async () => {
    const id = newId();
    const other = new NangoConnections(world.client, { config: { ...world.config, environment: 'staging/a' } });
    const before = writes();
    const [first, second] = [await client.call(CONNECTION, POST, { id }), await other.call(CONNECTION, POST, { id })];
    expect(first.ref.id).toBe(`nango-call/default/${id}`);
    expect(second.ref.id).toBe(`nango-call/staging%2Fa/${id}`);
    await Promise.all([first.result(), second.result()]);
    expect(writes() - before).toBe(2);
  });

  test('that is somebody else’s activity is refused, and that activity left alone', async () => {
    const id = newId();
    const activityId = `nango-call/default/${id}`;
    const foreign = await world.client.activity.start('foreign', {
      ...{ id: activityId, taskQueue: 'elsewhere', args: [{}] },
      startToCloseTimeout: 60_000,
    });
    expect(await failureOf(client.call(CONNECTION, POST, { id }))).toMatchObject({ field: 'id' });
    expect((await foreign.describe()).status).toBe('RUNNING');
    await foreign.terminate('the test is over');
  });

  test.each([
    ['nothing', ''],
    ['too long', 'x'.repeat(256)],
    ['0.9 MB', 'x'.repeat(900_000)],
    ['a control character', 'a\u0007b'],
    ['half a character', '\ud800'],
    ['invisible', 'a\u200bb'],
    ['no text', 7 as unknown as string],
  ])('that is no name is refused before any I/O: %s', async (_, id) => {
    expect(await failureOf(client.call(CONNECTION, POST, { id }))).toMatchObject({
      ...{ type: 'Nango.InvalidRequest', field: 'id' },
    });
  });

  test('of 255 characters is taken', async () => {
    expect((await client.call(CONNECTION, POST, { id: '€'.repeat(255) })).ref.id).toContain('€');
  });
});

describe('before any I/O', () => {
  const nowhere = () => new NangoConnections({} as never, { config: world.config });
  test.each([
    ['a connection', 'connection.connectionId', () => nowhere().get({ integration: 'x', connectionId: '..' }, '/x')],
    ['how it heals', 'connection.heal', () => nowhere().get({ ...CONNECTION, heal: 1 as never }, '/x')],
    ['an endpoint', 'call.endpoint', () => nowhere().get(CONNECTION, 'x')],
    ['a body of 257 KB', 'call.body', () => nowhere().post(CONNECTION, '/x', ['x'.repeat(257 * 1024)])],
    ['a word that nobody knows', 'call', () => nowhere().post(CONNECTION, '/x', {}, { nope: 1 } as never)],
    ['an async action', 'call.async', () => nowhere().call(CONNECTION, { action: 'a', async: true })],
    [
      'a ref',
      'ref',
      () =>
        nowhere()
          .callOf('x' as never)
          .result(),
    ],
    ['its id', 'ref.id', () => nowhere().callOf({ id: 'nango.list/1', runId: 'r', write: true }).result()],
    ['its run', 'ref.runId', () => nowhere().callOf({ id: 'nango-call/a/b', runId: '', write: true }).result()],
    [
      'its kind',
      'ref.write',
      () =>
        nowhere()
          .callOf({ id: 'nango-call/a/b', runId: 'r' } as never)
          .result(),
    ],
  ])('%s is checked', async (_, field, call) => {
    const failing = Promise.resolve().then<unknown>(call);
    expect(await failureOf(failing)).toMatchObject({ type: 'Nango.InvalidRequest', field });
  });
});

describe('sizes', () => {
  test('a response that is nested too deeply is typed, and its write was carried out', async () => {
    let nested: Json = [];
    for (let i = 0; i < 2_000; i++) nested = [nested];
    world.nango.onProxy('hubspot', () => ({ json: nested }));
    expect(await failureOf(client.proxy(CONNECTION, POST))).toMatchObject({ type: 'Nango.BadResponse', status: 200 });
  });

  test('a body of 256 KB is sent; a response over 256 KB is typed, and its write was carried out', async () => {
    world.nango.onProxy('hubspot', ({ method }) => ({ json: { method, long: 'x'.repeat(257 * 1024) } }));
    const body = ['x'.repeat(256 * 1024 - 4)];
    expect(await client.post(CONNECTION, '/x', body, { pick: ['/method'] })).toEqual({ '/method': 'POST' });
    const failure = await failureOf(client.post(CONNECTION, '/x', body));
    expect(failure).toMatchObject({ type: 'Nango.ResponseTooLarge', status: 200 });
  });
});

describe('an end without a word of the worker’s', () => {
  const terminated = async (call: ProxyCall) => {
    const { arrival, release } = slowProvider();
    const started = await client.call(CONNECTION, call);
    await arrival;
    await activity(started.ref).terminate('by an operator');
    const failure = await failureOf(started.result());
    release();
    return failure;
  };

  test('of a write leaves its outcome unknown, of a read does not', async () => {
    expect(await terminated(POST)).toMatchObject({ type: 'Nango.OutcomeUnknown' });
    expect(await terminated({ method: 'GET', endpoint: '/x' })).toMatchObject({ type: 'Nango.Unavailable' });
  });

  test('a ref of which Temporal knows nothing is said so', async () => {
    const { ref } = await client.call(CONNECTION, POST);
    const unknown = client.callOf({ ...ref, id: `${ref.id}-none` });
    const runless = client.callOf({ ...ref, runId: 'none' });
    for (const act of [() => unknown.result(), () => unknown.cancel()]) {
      expect(await failureOf(act())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'call_forgotten' });
    }
    expect(await failureOf(runless.result())).toMatchObject({ type: 'Nango.InvalidRequest' });
  });
});

describe('a cancellation', () => {
  test('aborts a read', async () => {
    const { arrival, release } = slowProvider();
    const call = await client.call(CONNECTION, { method: 'GET', endpoint: '/x' });
    await arrival;
    await call.cancel();
    await expect(call.result()).rejects.toThrow(CancelledFailure);
    release();
  });

  test('does not reach a write in flight, whose end is told', async () => {
    const { arrival, release } = slowProvider();
    const call = await client.call(CONNECTION, POST);
    await arrival;
    await call.cancel();
    release();
    expect(await call.result()).toMatchObject({ data: { late: true } });
    await call.cancel();
  });
});
