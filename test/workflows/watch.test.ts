import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../src/activities';
import type {
  Connection,
  EnsureConnectionInput,
  RequestView,
  SweepInput,
  SweepResult,
  WatchedLink,
} from '../../src/contract/types';
import { NangoApi } from '../../src/nango/http/http';
import { startOrFeedWatch } from '../../src/requests/start';
import { failureOf, World } from '../support/world';
import { waitFor } from '../support/user-workflows';

// Finding connections whose webhook never comes, on a server whose clock can be skipped.

const WATCH = 'nango-watch/default';
const MINUTE = 60_000;

let world: World;
let person = 0;

beforeAll(async () => {
  world = await World.open('timeSkipping');
  world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
  world.nango.onProxy('keyed', ({ credentials }) => ({
    json: { id: credentials.type === 'API_KEY' ? credentials.apiKey : '' },
  }));
});

afterAll(async () => {
  await world.close();
});

/** The watch of a test before has ended. */
beforeEach(async () => {
  await world.client.workflow
    .getHandle(WATCH)
    .result()
    .catch(() => undefined);
  await world.syncClock();
});

async function feed(nonce: string, given: Partial<WatchedLink> = {}): Promise<void> {
  const until = (await world.env.currentTimeMs()) + 30 * MINUTE;
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  await startOrFeedWatch(place, { requestId: `nango/default/hubspot/u:${nonce}`, nonce, until, ...given });
}

const lists = () => world.nango.requests.filter(({ path }) => decodeURIComponent(path).includes('tags[managed_by]'));

async function sweeps(): Promise<number> {
  return (await world.events(WATCH)).filter((event) => event === 'activityTaskScheduled').length;
}

async function watchIsOver(): Promise<void> {
  await world.client.workflow.getHandle(WATCH).result();
}

/** Somebody with a connection of a typed key, which a reconnect wipes, and tags as they are. */
function somebody(more: { [key: string]: string } = {}) {
  const id = `w_${++person}`;
  const connectionId = `c-${id}`;
  const before = { tags: { end_user_id: id, ...more }, metadata: { folder: 'inbox' } };
  const credentials = { type: 'API_KEY', apiKey: 'anna' } as const;
  world.nango.addConnection({ integration: 'keyed', connectionId, ...before, credentials });
  const wanted: EnsureConnectionInput = { integration: 'keyed', endUser: { id }, reconnect: connectionId };
  return { id, connectionId, before, wanted, request: `nango/default/keyed/u:${id}` };
}

function nowAtNango(connectionId: string) {
  const { tags, metadata } = world.nango.connection('keyed', connectionId)!;
  return { tags, metadata };
}

async function clicked(id: string): Promise<string> {
  const { firstExecutionRunId } = await world.request(id, 'waiting');
  await world.atRest(id);
  await world.syncClock();
  return await world.connections.request({ id, firstExecutionRunId }).connectLink();
}

async function hint(requestId: string, made: { connectionId: string }): Promise<void> {
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
}

test('a sweep costs two requests, whatever the number of links', async () => {
  const before = lists().length;
  // Temporal's test server refuses one of two that would start it at once.
  await feed('first.1');
  for (let i = 0; i < 300; i++) await Promise.all([feed(`plain-${i}.1`), feed(`anew-${i}.1`, { renews: true })]);
  await world.env.sleep(10 * MINUTE);
  const [made, requested] = [await sweeps(), lists().length - before];
  expect(made).toBeGreaterThan(5);
  expect([2 * made, 2 * made - 2]).toContain(requested);
});

test('twenty completed reconnects leave no link and no tag behind', async () => {
  const people = Array.from({ length: 20 }, () => somebody());
  for (const { wanted, request, connectionId, before } of people) {
    const waiting = await world.start(waitFor, wanted);
    const made = world.nango.complete(await clicked(request), { as: 'anna' });
    expect(nowAtNango(connectionId).tags).toMatchObject({ managed_by: 'temporal-nango-renewed' });
    await hint(request, made);
    expect(await waiting.result()).toMatchObject({ connectionId });
    expect(nowAtNango(connectionId)).toEqual(before);
  }
  const after = lists().length;
  await watchIsOver();
  // One may have been under way.
  expect(lists().length - after).toBeLessThanOrEqual(1);
});

test.each([
  ['one whose tags have room', {}],
  [
    'one whose tags have room for a nonce only',
    Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`k${i}`, 'v'])),
  ],
])('the webhook of a reconnect lost: the watch finds %s', async (_, tags) => {
  const { wanted, request, connectionId, before } = somebody(tags);
  const waiting = await world.start(waitFor, wanted);
  world.nango.complete(await clicked(request), { as: 'anna' });
  expect(await waiting.result()).toMatchObject({ connectionId });
  expect(nowAtNango(connectionId)).toEqual(before);
});

test('a connection with ten tags of its own cannot be connected anew, and that is said before anybody is asked', async () => {
  const { wanted } = somebody(Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`k${i}`, 'v'])));
  const failure = await failureOf(world.execute(waitFor, wanted));
  expect(failure).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'too_many_tags' });
});

test('links that nobody needs any more end sweeps that fail, and each that fails makes the next later', async () => {
  world.nango.outage(true);
  await feed('late.1');
  const before = world.nango.requests.length;
  await watchIsOver();
  world.nango.outage(false);
  const { events } = await world.client.workflow.getHandle(WATCH).fetchHistory();
  const at = (events ?? []).flatMap(({ eventTime, activityTaskScheduledEventAttributes: scheduled }) =>
    scheduled ? [Number(eventTime?.seconds)] : [],
  );
  expect(world.nango.requests.length - before).toBe(at.length);
  expect(at.length).toBeLessThanOrEqual(60);
  const gaps = at.slice(1).map((second, i) => second - at[i]!);
  expect(gaps[1]).toBeGreaterThan(gaps[0]!);
  expect(gaps[2]).toBeGreaterThan(gaps[1]!);
  expect(gaps[3]).toBeGreaterThan(gaps[2]!);
});

test('what a request forgets is not looked for any more; the links of others are', async () => {
  const watch = world.client.workflow.getHandle(WATCH);
  await feed('gone.1');
  await feed('stays.1', { renews: true });
  await watch.signal('nango.forgetLinks', { origin: 'gone' });
  await world.env.sleep(MINUTE);
  const requested = lists()
    .slice(-1)
    .map(({ path }) => decodeURIComponent(path));
  expect(requested[0]).toContain('temporal-nango-renewed');
  await watch.signal('nango.forgetLinks', { origin: 'stays' });
  const before = lists().length;
  await watchIsOver();
  expect(lists().length - before).toBeLessThanOrEqual(1);
});

test('what is not of the form is dropped, and the rest goes on', async () => {
  await feed('sound.1');
  const watch = world.client.workflow.getHandle(WATCH);
  const sound = { requestId: 'r', nonce: 'n.1', until: 1 };
  for (const [name, given] of [
    ['nango.watchLink', undefined],
    ['nango.watchLink', { ...sound, requestId: 'x'.repeat(1_001) }],
    ['nango.watchLink', { ...sound, nonce: 'x'.repeat(256) }],
    ['nango.watchLink', { ...sound, until: 'never' }],
    ['nango.watchLink', { ...sound, unlisted: { integration: 'hubspot', connectionId: '..' } }],
    ['nango.forgetLinks', null],
    ['nango.forgetLinks', { origin: '' }],
  ] as const) {
    await watch.signal(name, given);
  }
  await watch.signal('nango.forgetLinks', { origin: 'sound' });
  await watchIsOver();
});

describe('a key that may not update connections', () => {
  const lacking = () =>
    world.nango.addKey({
      scopes: ['connections:list', 'connections:read', 'integrations:list', 'proxy', 'connect_sessions:write'].map(
        (scope) => `environment:${scope}`,
      ),
    });

  /** Runs a test with a world whose worker has another key. */
  async function withKey(test: () => Promise<void>): Promise<void> {
    const other = await World.open('timeSkipping', { workers: false });
    const [outer] = [world];
    world = other;
    try {
      world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
      world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
      world.nango.onProxy('keyed', ({ credentials }) => ({
        json: { id: credentials.type === 'API_KEY' ? credentials.apiKey : '' },
      }));
      world.config.secretKey = lacking();
      await world.startWorkers();
      await test();
    } finally {
      world = outer!;
      await other.close();
    }
  }

  test('holds nobody back, says what it could not put back, and leaves a tag that costs nothing', async () => {
    await withKey(async () => {
      const { wanted, request, connectionId } = somebody();
      const waiting = await world.start(waitFor, wanted);
      world.nango.complete(await clicked(request), { as: 'anna' });
      expect(await waiting.result()).toMatchObject({ connectionId, health: 'ok' });
      expect(nowAtNango(connectionId)).toMatchObject({
        tags: { managed_by: 'temporal-nango-renewed' },
        metadata: {},
      });
      const { memo } = await world.client.workflow.getHandle(request).describe();
      expect(memo?.['nango.request'] as RequestView).toMatchObject({
        status: 'connected',
        unwritten: ['metadata', 'tags'],
      });
      await watchIsOver();

      // Another reconnect, of somebody else, is looked for at the price of one request a sweep.
      const before = lists().length;
      await feed('another.1', { renews: true });
      await world.env.sleep(5 * MINUTE);
      expect([await sweeps(), (await sweeps()) - 1]).toContain(lists().length - before);
    });
  });

  test('another account is no less refused to write to, though no tag can say so', async () => {
    await withKey(async () => {
      const { wanted, request, connectionId } = somebody({ tn_account: 'anna' });
      const identity = { endpoint: '/me', pointer: '/id' };
      const reading = await world.start(waitFor, { ...wanted, identity, readsOnAccountChange: true });
      world.nango.complete(await clicked(request), { as: 'bert' });
      expect((await reading.result()) as Connection).toMatchObject({ connectionId, accountChanged: true });
    });
  });
});

describe('a sweep', () => {
  const sweepOnce = async (given: Partial<SweepInput>) => {
    const { config } = world;
    const api = new NangoApi({ baseUrl: config.baseUrl, secretKey: world.nango.secretKey });
    const { 'nango.sweep': sweep } = createActivities({
      api,
      config,
      notifier: () => undefined,
      operatorNotifier: () => undefined,
      canOffload: false,
    });
    const input = { wanted: [], pages: { made: 0, renewed: 0 }, ...given };
    try {
      return await new MockActivityEnvironment().run<[SweepInput], SweepResult, typeof sweep>(sweep, input);
    } finally {
      await api.close();
    }
  };

  test('reads three pages of a list at most, and the next goes on where it stopped', async () => {
    const tags = { managed_by: 'temporal-nango-renewed' };
    const add = (connectionId: string, nonce: string, createdAt: number) =>
      world.nango.addConnection({ integration: 'keyed', connectionId, tags: { ...tags, tn_nonce: nonce }, createdAt });
    for (let i = 0; i < 4_200; i++) add(`many-${i}`, `left-${i}.1`, 1_000_000 + i);
    add('oldest', 'waited-for.1', 1);
    const first = await sweepOnce({ wanted: ['waited-f'], renewed: true });
    expect(first).toMatchObject({ seen: [], requests: 3, pages: { made: 0, renewed: 3 } });
    const second = await sweepOnce({ wanted: ['waited-f'], renewed: true, pages: first.pages });
    expect(second).toMatchObject({
      seen: [{ connectionId: 'oldest', nonce: 'waited-for.1' }],
      requests: 2,
      pages: { made: 0, renewed: 0 },
    });
  });

  test('of new connections it reads no page that is too old', async () => {
    const tags = { managed_by: 'temporal-nango', tn_environment: 'default' };
    for (let i = 0; i < 1_500; i++) {
      world.nango.addConnection({ integration: 'hubspot', tags: { ...tags, tn_nonce: `n-${i}.1` }, createdAt: i });
    }
    expect(await sweepOnce({ madeSince: 600 })).toMatchObject({ requests: 1, pages: { made: 0 } });
    expect(await sweepOnce({ madeSince: 400 })).toMatchObject({ requests: 2, pages: { made: 0 } });
  });

  test('that fails says what it has seen, what it has cost, and how long to wait', async () => {
    world.nango.outage(true);
    expect(await sweepOnce({ madeSince: 0, renewed: true })).toMatchObject({
      seen: [],
      requests: 1,
      failure: { type: 'Nango.Unavailable' },
    });
    world.nango.outage(false);
  });
});
