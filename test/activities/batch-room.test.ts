import { roomFor } from '../../src/activities/batch-room';
import { Holds } from '../../src/activities/holds';
import type { Admission } from '../../src/limits/waiters';

// The room of a batch, with limits that are asked for what the test sees.

const CONNECTION = { integration: 'crm', connectionId: 'c-1' };

test('a call that was not sent after all enters anew when all others have entered: room for one is asked for, never for none', async () => {
  const asked: number[] = [];
  const limits = {
    admit(_: unknown, count: number): Promise<Admission> {
      asked.push(count);
      // Of what grants room for none there would be no end.
      return Promise.resolve({ admitted: Math.max(count, 1) });
    },
    giveBack: () => undefined,
    started: () => undefined,
    ended: () => undefined,
  };
  const holds = new Holds({
    readView: () => Promise.resolve({ held: [] }),
    readStatus: () => Promise.reject(new Error('unreachable: nothing is held')),
  });
  const room = roomFor({ limits, holds }, CONNECTION, 2, new AbortController().signal);
  for (let entered = 0; entered < 4; entered++) expect(await room.enter()).toBeUndefined();
  expect(asked).toEqual([2, 1, 1]);
});
