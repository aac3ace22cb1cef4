import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Call, Connection, EnsureConnectionInput, Outcome } from '../../src/contract/types';
import { Random } from '../support/random';
import { within } from '../support/within';
import { waitFor } from '../support/user-workflows';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';

// Callers of all kinds join one request at random moments around its end. All are answered, each by its own deadline.

const ROUNDS = 25;
const KINDS = ['function', 'workflow', 'client'] as const;
/** of each kind, in each round: one well before, one about the moment of completion or a little later, one at random */
const GROUPS = ['early', 'racing', 'late'] as const;
const CALLS_EACH = 3;
/** Nobody waits longer for its answer. */
const ROUND_MS = 240_000;
/** Long enough for everybody to have joined on a busy machine, since it must pass before completion. */
const SHORT_MS = 8_000;

type Kind = (typeof KINDS)[number];
type When = 'before' | 'during' | 'after';

interface Caller {
  name: string;
  kind: Kind;
  joinedAt: number;
  result: Promise<Connection>;
}

const random = Random.fromEnv();
let world: World;

beforeAll(async () => {
  world = await World.open('dev');
});

afterAll(async () => {
  await world.close();
});

function callsOf(name: string): Call[] {
  return Array.from({ length: CALLS_EACH }, (_, i) => ({ method: 'GET', endpoint: `/of/${name}/${i}` }));
}

async function startEnsure(wanted: EnsureConnectionInput, name: string) {
  return await world.client.workflow.start('ensureConnection', {
    workflowId: `ensure-${name}-${randomUUID()}`,
    taskQueue: 'nango',
    args: [{ ...wanted, calls: callsOf(name) }],
  });
}

/** The outcomes must be of the caller's own calls, in their order. */
async function ensured(handle: Promise<WorkflowHandle>, name: string): Promise<Connection> {
  const result: unknown = await (await handle).result();
  const { connection, outcomes } = result as { connection: Connection; outcomes: Outcome[] };
  expect(outcomes).toEqual(
    Array.from({ length: CALLS_EACH }, (_, i) => ({ ok: true, status: 200, data: { path: `/of/${name}/${i}` } })),
  );
  return connection;
}

async function asClient(wanted: EnsureConnectionInput): Promise<Connection> {
  const request = await world.connections.ensureConnection(wanted);
  return request.kind === 'connection' ? request.connection : await request.result();
}

function call(kind: Kind, wanted: EnsureConnectionInput, name: string): Caller {
  const joinedAt = Date.now();
  const results = {
    function: () => world.execute(waitFor, wanted),
    workflow: () => ensured(startEnsure(wanted, name), name),
    client: () => asClient(wanted),
  };
  const result = results[kind]();
  // It is awaited later; until then a failure must not end the process.
  result.catch(() => undefined);
  return { name, kind, joinedAt, result };
}

/** Updates that a request let in, by joiner. */
async function joins(handle: WorkflowHandle): Promise<{ at: number; update: string }[]> {
  const { events } = await handle.fetchHistory();
  return (events ?? []).flatMap(({ eventTime, workflowExecutionUpdateAcceptedEventAttributes: accepted }) => {
    const at = Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1e6;
    return accepted ? [{ at, update: accepted.acceptedRequest?.input?.name ?? '' }] : [];
  });
}

async function subscribers(requestId: string, atLeast: number): Promise<{ firstExecutionRunId: string }> {
  return await eventually(async () => {
    const view = await world.request(requestId, 'waiting');
    return (view as { subscribers?: number }).subscribers === atLeast ? view : undefined;
  });
}

async function round(n: number) {
  const id = `j${random.seed}-${n}`;
  const wanted = { integration: 'hubspot', endUser: { id } };
  const requestId = `nango/default/hubspot/u:${id}`;
  const extra = (kind: 'function' | 'workflow', input: EnsureConnectionInput, name: string) =>
    kind === 'function' ? world.start(waitFor, input) : startEnsure(input, name);
  const kindOf = (offset: number) => ((n + offset) % 2 === 0 ? ('function' as const) : ('workflow' as const));

  // Three more, who get no connection. One of them, in turn, is the first caller of the request.
  const extras = {
    short: () => extra(kindOf(0), { ...wanted, deadline: Date.now() + SHORT_MS }, `${id}-short`),
    cancelled: () => extra(kindOf(1), wanted, `${id}-cancelled`),
    terminated: () => extra(kindOf(0), wanted, `${id}-terminated`),
  };
  const order = (['short', 'cancelled', 'terminated'] as const).map((_, i, all) => all[(n + i) % 3]!);
  const first = await extras[order[0]!]();
  await subscribers(requestId, 1);
  const [second, third] = await Promise.all([extras[order[1]!](), extras[order[2]!]()]);
  const started = [first, second, third];
  const handleOf = (name: (typeof order)[number]) => started[order.indexOf(name)]!;
  const timedOut = failureOf(handleOf('short').result());
  timedOut.catch(() => undefined);

  const callers: Caller[] = [];
  const add = (kind: Kind, group: string) => callers.push(call(kind, wanted, `${id}-${kind}-${group}`));
  for (const kind of random.shuffled(KINDS)) {
    add(kind, 'early');
    await sleep(random.between(0, 40));
  }
  const { firstExecutionRunId } = await subscribers(requestId, 6);
  const request = world.client.workflow.getHandle(requestId, firstExecutionRunId);

  await handleOf('cancelled').cancel();
  await expect(within(ROUND_MS, handleOf('cancelled').result(), 'cancelled')).rejects.toThrow(/cancel/i);
  await handleOf('terminated').terminate('as if by hand');
  expect(await within(ROUND_MS, timedOut, 'short')).toMatchObject({ type: 'Nango.ConnectionTimedOut' });
  // The one that was terminated is still on the list; its answer will reach nobody.
  await subscribers(requestId, 4);

  const link = await world.connections.request({ id: requestId, firstExecutionRunId }).connectLink();
  // From a little before completion, so that some look before it and join after it, to well after.
  const later = [
    ...KINDS.map((kind) => ({ kind, group: 'racing', at: random.between(-60, 25) })),
    ...KINDS.map((kind) => ({ kind, group: 'late', at: random.between(0, 1) === 0 ? random.between(0, 30) : 1_000 })),
  ];
  const lead = 80;
  const begun = Date.now();
  const ended = request.result();
  const joining = later.map(async ({ kind, group, at }) => {
    if (at === 1_000) {
      await within(ROUND_MS, ended, `the end of request ${requestId}`);
      await sleep(random.between(1, 60));
    } else {
      await sleep(Math.max(begun + lead + at - Date.now(), 0));
    }
    add(kind, group);
  });
  await sleep(Math.max(begun + lead - Date.now(), 0));
  const completedAt = Date.now();
  const made = world.nango.complete(link, { as: id });
  await request.signal('nango.hint', { source: 'webhook', connectionId: made.connectionId });
  await Promise.all(joining);

  expect(callers).toHaveLength(KINDS.length * GROUPS.length);
  const results = await Promise.all(callers.map(({ result, name }) => within(ROUND_MS, result, name)));
  for (const result of results) expect(result).toMatchObject({ ...made, tags: { end_user_id: id } });

  // The extras' calls were not made; of the others each was made once.
  const called = world.nango.requests.filter(({ path }) => path.includes(`/of/${id}-`)).map(({ path }) => path);
  const expected = callers
    .filter(({ kind }) => kind === 'workflow')
    .flatMap(({ name }) => Array.from({ length: CALLS_EACH }, (_, i) => `/proxy/of/${name}/${i}`));
  expect(called.toSorted()).toEqual(expected.toSorted());

  const endedAt = ((await request.describe()).closeTime ?? new Date(NaN)).getTime();
  const whenOf = (at: number): When => (at < completedAt ? 'before' : at <= endedAt ? 'during' : 'after');
  const accepted = await joins(request);
  return {
    windowMs: endedAt - completedAt,
    when: callers.map(({ joinedAt }) => whenOf(joinedAt)),
    /** joins that the request itself took in between completion and its end */
    raced: accepted.filter(({ at, update }) => update === 'nango.join' && whenOf(at) === 'during').length,
    firstCaller: order[0]!,
  };
}

test('whoever joins, and whenever, gets the connection; each under its own deadline', async () => {
  const count = (all: When[], when: When) => all.filter((one) => one === when).length;
  const started = Date.now();
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  for (let n = 0; n < ROUNDS; n++) rounds.push(await round(n));
  const all = rounds.flatMap(({ when }) => when);
  const table = rounds.map(
    ({ when, raced, windowMs, firstCaller }) =>
      `${(['before', 'during', 'after'] as const).map((one) => count(when, one)).join('/')} (${windowMs} ms, ${raced} joined the request in it, first caller ${firstCaller})`,
  );
  const counts = { before: count(all, 'before'), during: count(all, 'during'), after: count(all, 'after') };
  console.log(
    `joining, seed ${random.seed}: ${all.length} callers answered in ${Math.round((Date.now() - started) / 1000)} s: ` +
      `${counts.before} joined before, ${counts.during} during, ${counts.after} after completion; ` +
      `${rounds.reduce((sum, { raced }) => sum + raced, 0)} joins taken in between completion and the end; ` +
      `besides, ${ROUNDS} timed out, ${ROUNDS} cancelled, ${ROUNDS} terminated.\n` +
      `rounds, before/during/after: ${table.join('; ')}`,
  );
  expect(all).toHaveLength(225);
  expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(20);
});
