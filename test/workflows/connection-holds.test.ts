import { randomUUID } from 'node:crypto';
import type { Worker } from '@temporalio/worker';
import { HOLDS, SIGNAL, UPDATE } from '../../src/contract/names';
import { LINK_GRACE_MS, LINK_TTL_MS, MAX_HELD_BYTES, MAX_HOLDS, SIGN_IN_MS } from '../../src/contract/limits';
import { holdKey, holdsId } from '../../src/contract/request-id';
import type { HoldsView } from '../../src/contract/types';
import { holdConnection } from '../support/hold-connection';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { confirm, due, hold, isFull, nextReadAt, read, viewOf } from '../../src/workflows/holds/holds-state';
import type { HoldsState } from '../../src/workflows/holds/holds-state';

// The workflow that remembers what is held: what it keeps, and when it lets go.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** from the click on: until whoever has begun to sign in by a link can come to no end any more */
const FORGOTTEN = LINK_TTL_MS + SIGN_IN_MS;
/** and so long a link is held for whose owner was confirmed */
const CONFIRMED = LINK_TTL_MS + LINK_GRACE_MS;

const one = (connectionId: string) => ({ integration: 'hubspot', connectionId });

describe('on a server whose clock can be skipped', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.open('timeSkipping', { workers: false });
    await world.startNangoWorker();
  });

  afterAll(async () => {
    await world.close();
  });

  /** An environment of its own, and what is held in it. */
  function environment() {
    const name = `env-${randomUUID()}`;
    const handle = world.client.workflow.getHandle(holdsId(name));
    return {
      holdsId: holdsId(name),
      hold: async (connectionId: string, link?: number) => {
        const until = link ?? (await world.env.currentTimeMs()) + LINK_TTL_MS;
        const place = { client: world.client, taskQueue: 'nango', environment: name };
        return { ...(await holdConnection(place, { connection: one(connectionId), until })), until };
      },
      confirmed: async (connectionId: string, until: number) =>
        await handle.signal(SIGNAL.confirmed, { connection: one(connectionId), until }),
      keys: async () => ((await handle.describe()).memo?.[HOLDS] as HoldsView).held,
      status: async () => (await handle.describe()).status.name,
      readings: async () =>
        (await world.events(holdsId(name))).filter((event) => event === 'activityTaskScheduled').length,
    };
  }

  function add(tags: { [name: string]: string } = {}): string {
    return world.nango.addConnection({ ...one(`c-${randomUUID()}`), tags }).connectionId;
  }

  test('what is clean or gone is held for as long as a sign-in may end that was begun by its link; then it ends', async () => {
    const { hold, keys, status, readings } = environment();
    const [clean, gone] = [add(), `c-${randomUUID()}`];
    await hold(clean);
    await hold(gone);
    expect(await keys()).toEqual([holdKey(one(clean)), holdKey(one(gone))]);
    await world.env.sleep(FORGOTTEN - 5 * MINUTE);
    expect(await readings()).toBe(0);
    expect(await status()).toBe('RUNNING');
    await world.env.sleep(10 * MINUTE);
    await eventually(async () => ((await status()) === 'COMPLETED' ? true : undefined));
    expect(await keys()).toEqual([]);
  });

  test('once its owner was confirmed, for an hour after the death of the link, unless there is another', async () => {
    const { hold, confirmed, keys, holdsId: id } = environment();
    const [owned, clickedTwice] = [add(), add()];
    const { until } = await hold(owned);
    const first = await hold(clickedTwice);
    await hold(clickedTwice, first.until - MINUTE);
    await confirmed(owned, until);
    await confirmed(clickedTwice, first.until);
    await world.env.sleep(CONFIRMED - 5 * MINUTE);
    expect(await keys()).toHaveLength(2);
    await world.env.sleep(10 * MINUTE);
    await eventually(async () => ((await keys()).length === 1 ? true : undefined));
    expect(await keys()).toEqual([holdKey(one(clickedTwice))]);
    await world.env.sleep(2 * DAY - HOUR);
    await world.atRest(id);
    expect(await keys()).toEqual([holdKey(one(clickedTwice))]);
  });

  test('what was held for long, since nobody had confirmed it, is let go of as soon as somebody has', async () => {
    const { hold, confirmed, status, readings, holdsId: id } = environment();
    const marked = add({ tn_owner: 'unconfirmed' });
    const { until } = await hold(marked);
    await world.env.sleep(FORGOTTEN + 4 * DAY);
    await world.atRest(id);
    const before = await readings();
    world.nango.connection('hubspot', marked)!.tags = {};
    await confirmed(marked, until);
    await eventually(async () => ((await status()) === 'COMPLETED' ? true : undefined));
    expect(await readings()).toBe(before + 1);
  });

  test('what nobody has confirmed stays held, is read ever more seldom, and is dropped once it is confirmed', async () => {
    const { hold, keys, status, readings, holdsId: id } = environment();
    const marked = add({ tn_owner: 'unconfirmed' });
    await hold(marked);
    await hold(add());
    await world.env.sleep(FORGOTTEN + 5 * MINUTE);
    await eventually(async () => ((await keys()).length === 1 ? true : undefined));
    expect(await keys()).toEqual([holdKey(one(marked))]);
    await world.atRest(id);
    const before = await readings();
    await world.env.sleep(4 * DAY);
    await world.atRest(id);
    // After 1, 2, 4, 8, 16 hours, and then each day.
    expect((await readings()) - before).toBe(7);
    expect(await status()).toBe('RUNNING');
    const connection = world.nango.connection('hubspot', marked)!;
    connection.tags = {};
    await world.env.sleep(DAY);
    await eventually(async () => ((await status()) === 'COMPLETED' ? true : undefined));
  });

  test('a Nango that is away lets go of nothing', async () => {
    const { hold, keys, status, holdsId: id } = environment();
    const clean = add();
    await hold(clean);
    world.nango.outage(true);
    await world.env.sleep(FORGOTTEN + 5 * MINUTE);
    await world.atRest(id);
    expect(await keys()).toEqual([holdKey(one(clean))]);
    world.nango.outage(false);
    await world.env.sleep(2 * HOUR);
    await eventually(async () => ((await status()) === 'COMPLETED' ? true : undefined));
  });

  test('a further link holds it longer, without a break', async () => {
    const { hold, status, readings } = environment();
    const clean = add();
    const first = await hold(clean);
    await world.env.sleep(FORGOTTEN - 10 * MINUTE);
    expect((await hold(clean)).since).toBe(first.since);
    await world.env.sleep(FORGOTTEN - 10 * MINUTE);
    expect(await status()).toBe('RUNNING');
    expect(await readings()).toBe(0);
    await world.env.sleep(15 * MINUTE);
    await eventually(async () => ((await status()) === 'COMPLETED' ? true : undefined));
    // It can begin anew.
    expect((await hold(clean)).since).toBeGreaterThan(first.since);
  });
});

describe('what it refuses', () => {
  let world: World;
  let worker: Worker;

  beforeAll(async () => {
    world = await World.open('dev', { workers: false });
    worker = await world.startNangoWorker();
  });

  afterAll(async () => {
    await world.close();
  });

  const place = () => ({ client: world.client, taskQueue: 'nango', environment: 'strict' });

  test.each([
    ['a text', 'x', 'hold'],
    ['another field', { connection: one('c'), until: 1, by: 'me' }, 'hold'],
    ['no connection', { until: 1 }, 'connection'],
    ['a connection with more', { connection: { ...one('c'), tags: {} }, until: 1 }, 'connection'],
    ['a connection without a name', { connection: one(''), until: 1 }, 'connection.connectionId'],
    ['a name of a megabyte', { connection: one('x'.repeat(1_000_000)), until: 1 }, 'connection.connectionId'],
    ['no time', { connection: one('c') }, 'until'],
    ['a time that is none', { connection: one('c'), until: '2026' }, 'until'],
    ['no end', { connection: one('c'), until: Infinity }, 'until'],
  ])('%s, and goes on', async (_, given, field) => {
    const sound = { connection: one('sound'), until: Date.now() + MINUTE };
    await holdConnection(place(), sound);
    const handle = world.client.workflow.getHandle(holdsId('strict'));
    expect(await failureOf(handle.executeUpdate(UPDATE.hold, { args: [[given]] }))).toMatchObject({
      type: 'Nango.InvalidRequest',
      field,
    });
    await holdConnection(place(), sound);
    expect((await handle.describe()).memo).toEqual({ [HOLDS]: { held: [holdKey(one('sound'))] } });
    expect(await world.events(handle.workflowId)).not.toContain('workflowTaskFailed');
  });

  test('a worker that ends loses nothing of what is held', async () => {
    const elsewhere = { ...place(), environment: 'restarted' };
    const first = await holdConnection(elsewhere, { connection: one('c-1'), until: Date.now() + MINUTE });
    worker.shutdown();
    await eventually(() => Promise.resolve(worker.getState() === 'STOPPED' ? true : undefined));
    await world.startNangoWorker();
    await holdConnection(elsewhere, { connection: one('c-2'), until: Date.now() + MINUTE });
    expect(await holdConnection(elsewhere, { connection: one('c-1'), until: Date.now() + MINUTE })).toEqual(first);
    const { memo } = await world.client.workflow.getHandle(holdsId('restarted')).describe();
    expect((memo?.[HOLDS] as HoldsView).held).toHaveLength(2);
  });
});

describe('its state', () => {
  const full = (count: number): HoldsState =>
    Array.from({ length: count }, (_, n) => ({ connection: one(`c-${n}`), since: 1, until: 2, readAt: 3 }));

  test('names so many connections to workers, and beyond them says that all are to be read', () => {
    expect(viewOf(full(MAX_HOLDS)).held).toHaveLength(MAX_HOLDS);
    expect(viewOf(full(MAX_HOLDS + 1))).toEqual({ held: [], all: true });
  });

  test('takes no more than can be handed on', () => {
    expect(isFull(full(5_000))).toBe(false);
    expect(isFull(full(20_000))).toBe(true);
    expect(MAX_HELD_BYTES).toBeLessThan(2 * 1024 * 1024);
  });

  test('no link lives longer than Nango lets it, whatever is said, and a shorter one takes nothing back', () => {
    const held = hold([], { connection: one('c'), until: 1e15 }, 0);
    expect(nextReadAt(held)).toBe(FORGOTTEN);
    expect(nextReadAt(hold(held, { connection: one('c'), until: 1 }, 0))).toBe(FORGOTTEN);
    expect(nextReadAt([])).toBe(0);
  });

  test('a run of an earlier version goes on as it began: for an hour after the death of the link', () => {
    const held = hold([], { connection: one('c'), until: LINK_TTL_MS }, 0, { remembers: false, once: () => false });
    expect(nextReadAt(held)).toBe(CONFIRMED);
    // A link of this version is remembered, those of before it are not.
    const further = hold(held, { connection: one('c'), until: MINUTE }, 0);
    expect(nextReadAt(further)).toBe(MINUTE + SIGN_IN_MS);
    expect(nextReadAt(confirm(further, { connection: one('c'), until: MINUTE }, 0))).toBe(CONFIRMED);
  });

  test('a link that is said twice, since the response was lost, is one; a confirmation of none shortens nothing', () => {
    const link = { connection: one('c'), until: LINK_TTL_MS };
    const held = hold(hold([], link, 0), link, 0);
    expect(nextReadAt(held)).toBe(FORGOTTEN);
    expect(nextReadAt(confirm(held, link, 0))).toBe(CONFIRMED);
    expect(nextReadAt(confirm(held, { ...link, until: 1 }, 0))).toBe(FORGOTTEN);
    expect(confirm(held, { ...link, connection: one('another') }, 0)).toEqual(held);
    const before = { remembers: true, once: () => false };
    const twice = hold(hold([], link, 0, before), link, 0, before);
    expect(nextReadAt(confirm(twice, link, 0))).toBe(FORGOTTEN);
  });

  test('a link is confirmed whose request’s clock is ahead by a little', () => {
    const link = { connection: one('c'), until: LINK_TTL_MS + 3 };
    const held = hold([], link, 0);
    expect(nextReadAt(held)).toBe(FORGOTTEN);
    expect(nextReadAt(confirm(held, link, 0))).toBe(CONFIRMED);
  });

  test('of one connection the latest links are remembered, as many as two requests have alive', () => {
    const untils = Array.from({ length: 50 }, (_, n) => MINUTE + n);
    const [held] = untils.reduce<HoldsState>((state, until) => hold(state, { connection: one('c'), until }, 0), []);
    expect(held?.open).toEqual(untils.slice(-40));
  });

  test('a link of which nothing can come any more is forgotten', () => {
    const held = hold([], { connection: one('c'), until: LINK_TTL_MS }, 0);
    const [later] = hold(held, { connection: one('c'), until: FORGOTTEN + MINUTE }, FORGOTTEN);
    expect(later?.open).toEqual([FORGOTTEN + MINUTE]);
  });

  test('what is held again, since somebody was seen to have used a link, is read after an hour', () => {
    const held = hold([], { connection: one('c'), until: DAY }, DAY);
    expect(nextReadAt(held)).toBe(DAY + HOUR);
    expect(held[0]?.open).toBeUndefined();
  });

  test('what has got a link while it was read is held on', () => {
    const before = hold([], { connection: one('c'), until: 0 }, 0);
    const batch = due(before, 2 * HOUR);
    expect(batch).toHaveLength(1);
    const during = hold(before, { connection: one('c'), until: 2 * HOUR }, 2 * HOUR);
    expect(read(during, batch, ['clean'], 2 * HOUR)).toEqual(during);
    expect(read(before, batch, ['clean'], 2 * HOUR)).toEqual([]);
  });

  test('what could not be read is read again', () => {
    const state = hold([], { connection: one('c'), until: 0 }, 0);
    const again = read(state, due(state, 2 * HOUR), [], 2 * HOUR);
    expect(nextReadAt(again)).toBe(3 * HOUR);
  });
});
