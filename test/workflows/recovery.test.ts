import { nangoFailure } from '../../src/contract/errors';
import type { NangoFailure } from '../../src/contract/errors';
import type { Connection } from '../../src/contract/types';
import { HealthWait } from '../../src/workflows/healing/health-wait';
import { reconnect } from '../../src/workflows/healing/reconnected';
import { Recovery } from '../../src/workflows/healing/recovery';
import { withReconnect } from '../../src/workflows/healing/with-reconnect';
import { runState } from '../../src/workflows/run-state';

// How a call waits for its connection, without Temporal: the health says that it is dead, and its owner connects it anew.

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  patched: () => true,
  setHandler: () => undefined,
  uuid4: () => 'a wait',
}));

jest.mock('../../src/workflows/healing/reconnected', () => ({ reconnect: jest.fn() }));

const connection: Connection = {
  ...{ integration: 'crm', connectionId: 'old', provider: 'crm', health: 'ok', tags: { end_user_id: 'u' } },
  createdAt: '2026-01-01T00:00:00.000Z',
  heal: { owner: { endUser: { id: 'u' } }, waitMs: 3_600_000 },
};
const keyOf = ({ integration, connectionId }: Connection): string => `${integration}\n${connectionId}`;
const dead = nangoFailure('Nango.ReconnectRequired') as NangoFailure;
const exhausted = { sign: 'exhausted', repeatable: true } as const;
const recoveryOf = (): Recovery => new Recovery({ connection, taskQueue: 'nango', write: false, isGet: true });

let now: number;
let since: number[];

beforeEach(() => {
  now = 1_000_000;
  since = [];
  runState().healed.clear();
  runState().dead.clear();
  runState().openWrites.clear();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  jest.spyOn(HealthWait.prototype, 'verdict').mockResolvedValue('reconnect');
  jest.spyOn(HealthWait.prototype, 'worked').mockResolvedValue();
});

afterEach(() => jest.restoreAllMocks());

/** The owner connects it anew as this one. */
function connects(as: Connection): void {
  jest.mocked(reconnect).mockImplementation((given, wantedSince) => {
    since.push(wantedSince);
    now += 60_000;
    runState().healed.set(keyOf(given as Connection), { connection: as, at: now });
    return Promise.resolve();
  });
}

test('whoever has connected anew since a call was begun need not do so again, however late its failure is learnt of', async () => {
  connects(connection);
  const begunAt = now - 3_600_000;
  await recoveryOf().afterFailure(exhausted, dead, begunAt);
  expect(since).toEqual([begunAt]);
});

test('a failure of before the connection was connected anew in this run has nobody asked', async () => {
  connects(connection);
  const recovery = recoveryOf();
  const begunAt = now;
  await recovery.afterFailure(exhausted, dead, begunAt);
  await recovery.afterFailure(exhausted, dead, begunAt);
  expect(since).toHaveLength(1);
});

test('a connection that has worked since, and dies again, has its owner asked again; one that has not, nobody', async () => {
  connects(connection);
  const recovery = recoveryOf();
  await recovery.afterFailure(exhausted, dead, now);
  recovery.succeeded(now - 1);
  await expect(recovery.afterFailure(exhausted, dead, now)).rejects.toBe(dead);
  recovery.succeeded(now);
  await recovery.afterFailure(exhausted, dead, now + 1);
  expect(since).toHaveLength(2);
});

test('a connection that took the place of another is asked for as well, once it is dead', async () => {
  const second: Connection = { ...connection, connectionId: 'new' };
  connects(second);
  const given: string[] = [];
  const result = await withReconnect(connection, (one) => {
    given.push(one.connectionId);
    if (given.length === 3) return Promise.resolve('done');
    runState().dead.set(keyOf(one), { ...exhausted, begunAt: now });
    return Promise.reject(dead);
  });
  expect(result).toBe('done');
  expect(given).toEqual(['old', 'new', 'new']);
});

test('a write whose outcome is not known is not made again for a read that has failed beside it', async () => {
  connects(connection);
  const unknown = nangoFailure('Nango.RefreshFailing') as NangoFailure;
  let begun = 0;
  const both = withReconnect(connection, async (one) => {
    if (++begun > 1) return 'made again';
    const wait = (write: boolean) => new Recovery({ connection: one, taskQueue: 'nango', write, isGet: !write });
    await Promise.all([
      wait(true).afterFailure({ sign: 'refresh', repeatable: false }, unknown, now),
      wait(false).afterFailure({ sign: 'refresh', repeatable: true }, unknown, now),
    ]);
    return 'not reached';
  });
  await expect(both).rejects.toMatchObject({ type: expect.stringMatching(/^Nango.Re/) as string });
  expect(begun).toBe(1);
});
