import { createHash } from 'node:crypto';
import type { Call, Json, Outcome, ProxyCall } from '../../src/workflow';
import { MESSAGES } from '../../src/contract/errors';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { action, call, fanOut, fanOutCopies, fanOutKinds, go, writeOnSignal } from '../support/user-workflows';

let world: World;
const connection = { integration: 'hubspot', connectionId: 'c-1' };
const get = (endpoint: string): ProxyCall => ({ method: 'GET', endpoint });
const post = (endpoint: string, body: Json = { a: 1 }): ProxyCall => ({ method: 'POST', endpoint, body });

/** How often the provider saw each path. */
const seen = new Map<string, number>();

beforeAll(async () => {
  world = await World.open('dev');
  world.nango.addConnection({ ...connection });
  world.nango.onProxy('hubspot', ({ method, path, headers, body }) => {
    const n = (seen.get(path) ?? 0) + 1;
    seen.set(path, n);
    const [, kind, detail] = path.split('?')[0]!.split('/');
    switch (kind) {
      case 'flaky500':
        return n === 1 ? { status: 500, json: { boom: true } } : { json: { n } };
      case 'flaky429':
        return n === 1 ? { status: 429, headers: { 'retry-after': '1' }, json: {} } : { json: { n } };
      case 'flakyReset':
        return n === 1 ? 'reset' : { json: { n } };
      case 'status':
        return { status: Number(detail), json: { secret: 'provider body' } };
      case 'scopes':
        return {
          status: 403,
          headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${detail}"` },
          json: { secret: 'provider body' },
        };
      case 'size':
        return { json: { data: 'x'.repeat(Number(detail)) } };
      case 'rows':
        return { json: { results: [{ id: 'r1' }, { id: 'r2' }], filler: 'x'.repeat(400_000) } };
      case 'text':
        return { text: 'plain' };
      case 'nothing':
        return { status: 204 };
      case 'badjson':
        return { headers: { 'content-type': 'application/json' }, text: '{"a":' };
      default:
        return { json: { method, path, body: body ?? null, key: headers['idempotency-key'] ?? null } };
    }
  });
});

beforeEach(() => seen.clear());

afterAll(async () => {
  await world.close();
});

describe('reads', () => {
  test.each(['/flaky500/1', '/flaky429/1', '/flakyReset/1'])('%s succeeds at the second attempt', async (endpoint) => {
    expect(await world.execute(call, connection, get(endpoint))).toEqual({ status: 200, data: { n: 2 } });
  });

  test('a refusal of the provider is not repeated, and nothing of its body is told', async () => {
    const failure = await failureOf(world.execute(call, connection, get('/status/404')));
    expect(failure).toMatchObject({ type: 'Nango.ProviderRejected', status: 404 });
    expect(JSON.stringify(failure)).not.toContain('provider body');
    expect(seen.get('/status/404')).toBe(1);
  });

  test('a refusal that says which scopes are missing is not repeated, and they are all that is told of it', async () => {
    const failure = await failureOf(world.execute(call, connection, get('/scopes/contacts.read')));
    expect(failure).toEqual({
      ...{ type: 'Nango.ScopesMissing', message: MESSAGES['Nango.ScopesMissing'] },
      ...{ status: 403, scopes: ['contacts.read'] },
    });
    expect(seen.get('/scopes/contacts.read')).toBe(1);
  });

  test('text stays text, an empty answer is null, broken JSON is a bad response', async () => {
    expect(await world.execute(call, connection, get('/text'))).toEqual({ status: 200, data: 'plain' });
    expect(await world.execute(call, connection, get('/nothing'))).toMatchObject({ data: null });
    expect(await failureOf(world.execute(call, connection, get('/badjson')))).toMatchObject({
      type: 'Nango.BadResponse',
    });
  });

  test('an answer over 256 KB fails with advice; pick selects parts of it', async () => {
    const failure = await failureOf(world.execute(call, connection, get('/rows')));
    expect(failure).toMatchObject({ type: 'Nango.ResponseTooLarge', status: 200 });
    expect(failure.message).toContain('pick');
    const picked = await world.execute(call, connection, { ...get('/rows'), pick: ['/results/0/id', '/none'] });
    expect(picked).toEqual({ status: 200, data: { '/results/0/id': 'r1' } });
  });

  test('a connection that is gone, and an integration that is not there, are told apart', async () => {
    const gone = { ...connection, connectionId: 'gone' };
    expect(await failureOf(world.execute(call, gone, get('/x')))).toMatchObject({ type: 'Nango.ConnectionNotFound' });
    const nowhere = { ...connection, integration: 'nope' };
    expect(await failureOf(world.execute(call, nowhere, get('/x')))).toMatchObject({
      type: 'Nango.IntegrationNotFound',
    });
  });
});

describe('writes', () => {
  test.each(['/flaky500/w', '/flakyReset/w'])('%s is sent once and its outcome is unknown', async (endpoint) => {
    const failure = await failureOf(world.execute(call, connection, post(endpoint)));
    expect(failure.type).toBe('Nango.OutcomeUnknown');
    expect(seen.get(endpoint)).toBe(1);
  });

  test('one that was not let in is sent again: a rate limit is no execution', async () => {
    expect(await world.execute(call, connection, post('/flaky429/w'))).toEqual({ status: 200, data: { n: 2 } });
  });

  test('one that may be repeated is retried, with the same key', async () => {
    const repeatable: ProxyCall = { ...post('/flaky500/k'), idempotent: true };
    expect(await world.execute(call, connection, repeatable)).toEqual({ status: 200, data: { n: 2 } });
    const keys = world.nango.requests
      .filter(({ path }) => path.endsWith('/flaky500/k'))
      .map(({ headers }) => headers['nango-proxy-idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  test('two writes of one workflow have different keys', async () => {
    const [a, b] = await world.execute(fanOut, connection, [post('/echo'), post('/echo')]);
    const keyOf = (outcome?: Outcome) => (outcome?.ok ? (outcome.data as { key: string }).key : undefined);
    expect(keyOf(a)).toMatch(/^[0-9a-f]{64}$/);
    expect(keyOf(b)).not.toBe(keyOf(a));
  });

  // Our worker preloads the modules of its workflows, so that all runs share them.
  test('a key counts the calls of its own run, whatever others of the same worker have called', async () => {
    world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-keys', tags: { end_user_id: 'u_keys' } });
    const keysOf = async (workflowId: string): Promise<{ actual: unknown[]; expected: unknown[] }> => {
      const run = await world.client.workflow.start('ensureConnection', {
        workflowId,
        taskQueue: 'nango',
        args: [{ integration: 'hubspot', endUser: { id: 'u_keys' }, calls: [post('/echo'), post('/echo')] }],
      });
      const { outcomes } = (await run.result()) as { outcomes: Outcome[] };
      const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
      return {
        actual: outcomes.map((outcome) => outcome.ok && (outcome.data as { key: string }).key),
        expected: [0, 1].map((n) => sha256(`${workflowId}\n${run.firstExecutionRunId}\n${n}`)),
      };
    };
    const runs = await Promise.all([keysOf('keys-1'), keysOf('keys-2')]);
    for (const { actual, expected } of [...runs, await keysOf('keys-3')]) expect(actual).toEqual(expected);
  });

  test('whatever retry policy is chosen for the activity, the second attempt of a write does not write', async () => {
    const executed = world.client.activity.execute('nango.proxy', {
      id: 'stubborn',
      taskQueue: 'nango',
      args: [{ connection, call: post('/flaky500/stubborn') }],
      startToCloseTimeout: '20 seconds',
      retry: { initialInterval: '10 ms', maximumAttempts: 5 },
    });
    expect(await failureOf(executed)).toMatchObject({ type: 'Nango.OutcomeUnknown' });
    expect(seen.get('/flaky500/stubborn')).toBe(1);
  });

  test('one in flight is not aborted by cancelling its workflow', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    world.nango.addIntegration({ key: 'slow', provider: 'hubspot' });
    const slow = { integration: 'slow', connectionId: 'c-slow' };
    world.nango.addConnection(slow);
    let finished = 0;
    world.nango.onProxy('slow', async () => {
      arrived();
      await held;
      finished++;
      return { json: { written: true } };
    });
    const writing = await world.start(writeOnSignal, slow, { a: 1 });
    await writing.signal(go);
    await arrival;
    await writing.cancel();
    await eventually(async () =>
      (await world.events(writing.workflowId)).includes('workflowExecutionCancelRequested') ? true : undefined,
    );
    release();
    expect(await writing.result()).toEqual({ written: true });
    expect(finished).toBe(1);
  });
});

describe('fanOut', () => {
  test('gives outcomes in the order of the calls, failed ones beside good ones', async () => {
    const calls: Call[] = Array.from({ length: 60 }, (_, i) =>
      i % 7 === 3 ? get(`/status/4${10 + i}`) : get(`/n/${i}`),
    );
    const outcomes = await world.execute(fanOut, connection, calls);
    expect(outcomes).toEqual(
      calls.map((one, i) =>
        i % 7 === 3
          ? { ok: false, error: { type: 'Nango.ProviderRejected', status: 410 + i } }
          : { ok: true, status: 200, data: { method: 'GET', path: `/n/${i}`, body: null, key: null } },
      ),
    );
  });

  test('takes no more than 2,000 calls, and names what does', async () => {
    const failure = await failureOf(world.execute(fanOutCopies, connection, get('/x'), 2_001));
    expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', field: 'calls' });
    expect(failure.message).toContain('nango.bulk');
    expect(seen.size).toBe(0);
  });

  test('one bad call is refused before any is sent, and named', async () => {
    const failure = await failureOf(world.execute(fanOut, connection, [get('/x'), get('/../y')]));
    expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', field: 'calls[1].endpoint' });
    expect(seen.size).toBe(0);
  });

  test('outcomes over 8 MB in all end as too large, the workflow goes on, and the rest is not sent', async () => {
    const calls = Array.from({ length: 160 }, (_, i) => get(`/size/200000?i=${i}`));
    const kinds = await world.execute(fanOutKinds, connection, calls);
    const good = kinds.filter((kind) => kind === 'ok').length;
    expect(good).toBeGreaterThan(35);
    expect(good * 200_000).toBeLessThanOrEqual(8 * 1024 * 1024);
    expect(kinds).toContain('Nango.ResponseTooLarge not sent');
    // What the four lanes had under way by then was read.
    expect(seen.size).toBeLessThan(100);
  });

  test('large bodies do not leave together: sixteen of 250 KB are fine', async () => {
    const calls = Array.from({ length: 16 }, (_, i) => ({
      ...post(`/status/20${i % 2}`, { text: 'x'.repeat(250_000) }),
    }));
    const kinds = await world.execute(fanOutKinds, connection, calls.slice(0, 7));
    expect(kinds).toEqual(Array.from({ length: 7 }, () => 'ok'));
  });

  test('nor do sixteen of the largest there may be, which would be more than gRPC takes in one task', async () => {
    const largest = post('/status/200', { x: 'x'.repeat(262_136) });
    const handle = await world.start(fanOutCopies, connection, largest, 16);
    expect(await handle.result()).toEqual(Array.from({ length: 16 }, () => 'ok'));
  });
});

describe('actions', () => {
  beforeAll(() => {
    world.nango.onAction('hubspot', 'double', (input) => ({ twice: 2 * (input as { n: number }).n }));
    world.nango.onAction('hubspot', 'nothing', () => null);
  });

  test('return their output', async () => {
    expect(await world.execute(action, connection, 'double', { n: 21 }, false)).toEqual({ twice: 42 });
    expect(await world.execute(action, connection, 'nothing', {}, false)).toBeNull();
  });

  test('one that is not deployed is not found', async () => {
    expect(await failureOf(world.execute(action, connection, 'missing', {}, false))).toMatchObject({
      type: 'Nango.ActionNotFound',
    });
  });
});

test('the ensureConnection workflow returns the connection and the outcome of every call', async () => {
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-9', tags: { end_user_id: 'u_9' } });
  const result: unknown = await world.client.workflow.execute('ensureConnection', {
    workflowId: 'ensure-9',
    taskQueue: 'nango',
    args: [
      {
        integration: 'hubspot',
        endUser: { id: 'u_9' },
        calls: [get('/n/1'), get('/status/404'), { action: 'double', input: { n: 1 } }],
      },
    ],
  });
  expect(result).toMatchObject({
    connection: { connectionId: 'c-9' },
    outcomes: [
      { ok: true, status: 200 },
      { ok: false, error: { type: 'Nango.ProviderRejected', status: 404 } },
      { ok: true, data: { twice: 2 } },
    ],
  });
});

test('the result of the ensureConnection workflow stays within 1 MB', async () => {
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-10', tags: { end_user_id: 'u_10' } });
  const { outcomes } = (await world.client.workflow.execute('ensureConnection', {
    workflowId: 'ensure-10',
    taskQueue: 'nango',
    args: [
      { integration: 'hubspot', endUser: { id: 'u_10' }, calls: Array.from({ length: 12 }, () => get('/size/200000')) },
    ],
  })) as { outcomes: Outcome[] };
  expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(5);
  expect(outcomes.find((outcome) => !outcome.ok)).toMatchObject({ error: { type: 'Nango.ResponseTooLarge' } });
});
