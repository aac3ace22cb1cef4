import { Holds } from '../../src/activities/holds';
import { HOLD_SPREADS_MS, HOLDS_KEPT_MS } from '../../src/contract/limits';
import { holdKey } from '../../src/contract/request-id';
import type { HeldStatus, HoldsView } from '../../src/contract/types';
import { failureOf } from '../support/world';

// What a worker knows of held connections, with a Temporal and a Nango that say what the test says.

const ONE = { integration: 'crm', connectionId: 'c-1' };
const OTHER = { integration: 'crm', connectionId: 'c-2' };
const BOUNDS = { deadlineMs: 60_000 };

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

/** Reads end when the test says so: `view` and `status` take what the next one gives. */
function worker() {
  const views: ((view: HoldsView | Error) => void)[] = [];
  const statuses: ((status: HeldStatus) => void)[] = [];
  const counts = { views: 0, statuses: 0 };
  const holds = new Holds({
    readView: () => {
      counts.views++;
      return new Promise((resolve, reject) =>
        views.push((view) => (view instanceof Error ? reject(view) : resolve(view))),
      );
    },
    readStatus: () => {
      counts.statuses++;
      return new Promise((resolve) => statuses.push(resolve));
    },
  });
  const next = async <T>(waiting: ((given: T) => void)[], given: T): Promise<void> => {
    waiting.shift()!(given);
    await jest.advanceTimersByTimeAsync(0);
  };
  return {
    ...{ holds, counts },
    view: async (view: HoldsView | Error) => await next(views, view),
    status: async (status: HeldStatus) => await next(statuses, status),
  };
}

const NOTHING: HoldsView = { held: [] };
const HELD: HoldsView = { held: [holdKey(ONE)] };

test('calls of one second share one reading of what is held, and those that come while it is under way', async () => {
  const { holds, counts, view } = worker();
  const both = Promise.all([holds.clear(ONE, BOUNDS), holds.clear(OTHER, BOUNDS)]);
  await view(NOTHING);
  await both;
  await jest.advanceTimersByTimeAsync(HOLDS_KEPT_MS);
  await holds.clear(ONE, BOUNDS);
  expect(counts).toEqual({ views: 1, statuses: 0 });
  await jest.advanceTimersByTimeAsync(1);
  const later = holds.clear(ONE, BOUNDS);
  await view(NOTHING);
  await later;
  expect(counts).toEqual({ views: 2, statuses: 0 });
});

test('its second counts from when the reading began: what took longer is read once more', async () => {
  const { holds, counts, view } = worker();
  const clearing = holds.clear(ONE, BOUNDS);
  await jest.advanceTimersByTimeAsync(HOLDS_KEPT_MS + 1);
  await view(NOTHING);
  expect(counts.views).toBe(2);
  expect(holds.mayStart(ONE)).toBe(true);
  await view(HELD);
  expect(counts.statuses).toBe(1);
  expect(holds.mayStart(ONE)).toBe(false);
  void clearing;
});

test('nothing is sent while it is not known what is held, and the next call tries anew', async () => {
  const { holds, counts, view } = worker();
  const failing = holds.clear(ONE, BOUNDS);
  failing.catch(() => undefined);
  await view(new Error('away'));
  await expect(failing).rejects.toThrow('away');
  expect(holds.mayStart(ONE)).toBe(false);
  const clearing = holds.clear(ONE, BOUNDS);
  await view(NOTHING);
  await clearing;
  expect(counts.views).toBe(2);
});

test('a Temporal that takes too long each time is given up', async () => {
  const { holds, view } = worker();
  const clearing = failureOf(holds.clear(ONE, BOUNDS));
  for (let i = 0; i < 10; i++) {
    await jest.advanceTimersByTimeAsync(HOLDS_KEPT_MS + 1);
    await view(NOTHING);
  }
  expect(await clearing).toMatchObject({ type: 'Nango.TemporalUnavailable' });
});

test('what is held is read for each call, by a reading that has not begun before it; those of one moment share one', async () => {
  const { holds, counts, view, status } = worker();
  const first = holds.clear(ONE, BOUNDS);
  await view(HELD);
  const meanwhile = Promise.all([holds.clear(ONE, BOUNDS), holds.clear(ONE, BOUNDS)]);
  await status('clean');
  await first;
  expect(counts.statuses).toBe(2);
  const refused = failureOf(meanwhile);
  await status('unconfirmed');
  expect(await refused).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
  expect(counts).toEqual({ views: 1, statuses: 2 });
});

test('of more than a memo names every connection is read', async () => {
  const { holds, counts, view, status } = worker();
  const clearing = holds.clear(OTHER, BOUNDS);
  await view({ held: [], all: true });
  await status('clean');
  await clearing;
  expect(counts.statuses).toBe(1);
});

test('a call that has waited since it was cleared does not start by an older view, nor by an older reading', async () => {
  const { holds, view, status } = worker();
  const clearing = Promise.all([holds.clear(ONE, BOUNDS), holds.clear(OTHER, BOUNDS)]);
  await view(HELD);
  await status('clean');
  await clearing;
  expect([holds.mayStart(ONE), holds.mayStart(OTHER)]).toEqual([true, true]);
  await jest.advanceTimersByTimeAsync(HOLDS_KEPT_MS + 1);
  expect([holds.mayStart(ONE), holds.mayStart(OTHER)]).toEqual([false, true]);
  await jest.advanceTimersByTimeAsync(HOLD_SPREADS_MS - HOLDS_KEPT_MS);
  expect(holds.mayStart(OTHER)).toBe(false);
});

test('once it was read as unconfirmed, a call that was cleared before does not start either', async () => {
  const { holds, view, status } = worker();
  const clearing = holds.clear(ONE, BOUNDS);
  await view(HELD);
  await status('clean');
  await clearing;
  const refused = failureOf(holds.clear(ONE, BOUNDS));
  await jest.advanceTimersByTimeAsync(0);
  await status('unconfirmed');
  expect(await refused).toMatchObject({ type: 'Nango.OwnerUnconfirmed' });
  expect(holds.mayStart(ONE)).toBe(false);
});

test('whoever calls off its call does not wait for a reading', async () => {
  const { holds, view } = worker();
  const { signal } = new AbortController();
  const aborting = new AbortController();
  const aborted = holds.clear(ONE, { ...BOUNDS, signal: aborting.signal });
  aborted.catch(() => undefined);
  const other = holds.clear(OTHER, { ...BOUNDS, signal });
  await view(HELD);
  aborting.abort(new Error('called off'));
  await expect(aborted).rejects.toThrow('called off');
  await other;
});
