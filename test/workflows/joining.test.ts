import { defaultPayloadConverter } from '@temporalio/common';
import { MAX_JOINS } from '../../src/contract/limits';
import type { Join } from '../../src/contract/types';
import { joinRequest } from '../../src/requests/join';
import { JoinBatches } from '../../src/requests/join-batches';
import { eventually } from '../support/eventually';
import { Gate } from '../support/gate';
import { waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// Many join one request at once: on a server with its default settings, by a worker with two activity slots.

const LATE = { deadline: 1 };

let gate: Awaited<ReturnType<typeof Gate.open>>;
let world: World;
let person = 0;

beforeAll(async () => {
  gate = await Gate.open();
  world = await World.open('dev', { config: { baseUrl: gate.url }, workers: false });
  gate.target = world.nango.url;
  await world.startNangoWorker({ maxConcurrentActivityTaskExecutions: 2 });
  await world.startUserWorker();
});

afterEach(() => {
  gate.pass = () => 'through';
});

afterAll(async () => {
  await world.close();
  await gate[Symbol.asyncDispose]();
});

function someone() {
  const id = `u_${++person}`;
  const subject = { integration: 'hubspot', owner: { endUser: { id } } };
  const request = `nango/default/hubspot/u:${id}`;
  const batches = new JoinBatches();
  const join = (joinId: string, more: Partial<Join> = {}) => {
    const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
    const all = { joinId, subscriber: { workflowId: `nobody-${joinId}` }, ...more };
    return joinRequest(place, subject, all, { ignoreCoolDown: false, at: Date.now() }, undefined, batches);
  };
  return { id, request, join, wanted: { integration: 'hubspot', endUser: { id } } };
}

/** What each update that a request took in has brought: the joins in it. */
async function joinsOf(request: string): Promise<Join[][]> {
  const { events } = await world.client.workflow.getHandle(request).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => {
    const payload = accepted?.acceptedRequest?.input?.args?.payloads?.[0];
    return payload ? [defaultPayloadConverter.fromPayload<Join[]>(payload)] : [];
  });
}

/** Until the request shows that so many wait. */
async function shows(request: string, subscribers: number): Promise<void> {
  await eventually(async () => {
    const description = await world.connections.describeRequest(request);
    return description?.view.status === 'waiting' && description.view.subscribers === subscribers ? true : undefined;
  });
}

/** Until the request has nothing more to do. */
async function settled(request: string): Promise<number> {
  await world.notified(request, 'opened');
  await world.atRest(request);
  return (await world.events(request)).length;
}

test('two hundred who join at once in one process travel in two updates', async () => {
  const { request, join } = someone();
  const responses = await Promise.all(Array.from({ length: 2 * MAX_JOINS }, (_, i) => join(`j${i}`)));
  expect(responses.filter(({ status }) => status === 'pending')).toHaveLength(2 * MAX_JOINS);
  await shows(request, 2 * MAX_JOINS);
  expect((await joinsOf(request)).map(({ length }) => length)).toEqual([MAX_JOINS, MAX_JOINS]);
});

test('fifty workflows that join do not keep the request from looking, though two activities run at a time', async () => {
  const { id, request, wanted } = someone();
  const waiting = await Promise.all(Array.from({ length: 50 }, () => world.start(waitFor, wanted)));
  await shows(request, 50);
  expect(await world.events(request)).not.toContain('activityTaskTimedOut');
  const { connectionId } = world.nango.addConnection({
    integration: 'hubspot',
    connectionId: `c-${id}`,
    tags: { end_user_id: id },
  });
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook', connectionId });
  for (const one of waiting) expect(await one.result()).toMatchObject({ connectionId });
});

test('who may not join is refused alone, and those who travel along join', async () => {
  const { request, join } = someone();
  const joins = Array.from({ length: MAX_JOINS - 4 }, (_, i) => join(`j${i}`, { tags: { team: 'a' } }));
  const refused = [
    join('late', LATE),
    join('other', { tags: { team: 'b' } }),
    join('j0'),
    join('reconnects', { reconnect: 'c' }),
  ];
  expect(await Promise.all(refused.map((one) => failureOf(one)))).toMatchObject([
    { type: 'Nango.InvalidRequest', field: 'deadline' },
    { type: 'Nango.InvalidRequest', reason: 'tag_conflict' },
    { type: 'Nango.InvalidRequest', reason: 'already_joined' },
    { type: 'Nango.InvalidRequest', reason: 'other_question' },
  ]);
  for (const one of joins) expect(await one).toMatchObject({ status: 'pending', requestId: request });
  await shows(request, MAX_JOINS - 4);
  expect(await joinsOf(request)).toHaveLength(1);
});

test('an update of joins that are all refused adds no event, and each is told why', async () => {
  const { request, join } = someone();
  const ids = Array.from({ length: 30 }, (_, i) => `j${i}`);
  await Promise.all(ids.map((id) => join(id)));
  const before = await settled(request);
  const again = [...ids.map((id) => join(id)), join('late', LATE)];
  const failures = await Promise.all(again.map((one) => failureOf(one)));
  expect(failures.slice(0, -1).every(({ reason }) => reason === 'already_joined')).toBe(true);
  expect(failures.at(-1)).toMatchObject({ type: 'Nango.InvalidRequest', field: 'deadline' });
  expect((await world.events(request)).length).toBe(before);
});

test('whoever waits inside the request for its first look holds up no one who does not', async () => {
  const { request, join } = someone();
  const isLookup = (path: string) => path.startsWith('/connections?');
  gate.pass = (path) => (isLookup(path) ? 'held' : 'through');
  const signalled = join('signalled');
  const waits = join('waits', { subscriber: undefined });
  expect(await signalled).toMatchObject({ status: 'pending' });
  expect(await waits).toMatchObject({ status: 'pending' });
  const ids = (await joinsOf(request)).map((joins) => joins.map(({ joinId }) => joinId));
  expect(ids.toSorted()).toEqual([['signalled'], ['waits']]);
});

test('a backend hears in its join of a connection that nobody has told of', async () => {
  const { id, join, request } = someone();
  await join('signalled');
  await settled(request);
  world.nango.addConnection({ integration: 'hubspot', connectionId: `c-${id}`, tags: { end_user_id: id } });
  const joined = await Promise.all(['a', 'b'].map((joinId) => join(joinId, { subscriber: undefined })));
  expect(joined).toMatchObject([
    { status: 'connected', connection: { connectionId: `c-${id}` } },
    { status: 'connected', connection: { connectionId: `c-${id}` } },
  ]);
});

test('what is no list of joins is refused, whoever sends it', async () => {
  const { request, join } = someone();
  await join('signalled');
  const handle = world.client.workflow.getHandle(request);
  const many = Array.from({ length: MAX_JOINS + 1 }, (_, i) => ({ joinId: `m${i}` }));
  for (const joins of [undefined, null, {}, 'j', [], many, [null]]) {
    const refused = handle.executeUpdate('nango.join', { args: [joins] });
    expect(await failureOf(refused)).toMatchObject({ type: 'Nango.InvalidRequest' });
  }
  await shows(request, 1);
});
