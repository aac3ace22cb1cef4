import { setTimeout as sleep } from 'node:timers/promises';
import { findNangoFailure } from '../../src/contract/errors';
import type { NangoErrorType } from '../../src/contract/errors';
import { UNCONFIRMED } from '../../src/contract/names';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { World } from '../support/world';

// An outage is over, and everybody connects anew: each click has to have a connection held before it gets a link.

const PEOPLE = 200;
/** Who comes before that: it is the clicks that are made all at once. */
const AT_ONCE = 20;
/** A person who reads that it did not work presses again this much later. */
const READS_MS = 2_000;
const MOST_PRESSES = 20;
/** What a machine that is too slow for all of them says in time. */
const BUSY: ReadonlySet<string> = new Set<NangoErrorType>([
  'Nango.Unavailable',
  'Nango.TemporalUnavailable',
  'Nango.NoWorker',
]);

let world: World;

beforeAll(async () => {
  // It is Temporal that is tried, not the account's limit.
  world = await World.open('dev', { rateLimitPerMinute: 100_000 });
});

afterAll(async () => {
  await world.close();
});

async function openReconnect(id: string): Promise<ConnectionRequest> {
  const { connectionId } = world.nango.addConnection({ integration: 'hubspot', tags: { end_user_id: id } });
  const request = await world.connections.ensureConnection({
    ...{ integration: 'hubspot', endUser: { id }, reconnect: connectionId },
  });
  if (request.kind !== 'request') throw new Error('is connected');
  return request;
}

/** Presses the button, and again where it was said that it did not work. @returns the link, and how often it was pressed */
async function click(request: ConnectionRequest): Promise<{ connectLink: string; presses: number }> {
  for (let presses = 1; ; presses++) {
    try {
      const { connectLink } = await request.connectSession({ verifyOwner: true });
      return { connectLink, presses };
    } catch (error) {
      if (presses === MOST_PRESSES || !BUSY.has(findNangoFailure(error)?.type ?? '')) throw error;
      await sleep(READS_MS);
    }
  }
}

test('two hundred who click at once each get a link whose connection is to be confirmed', async () => {
  const requests: ConnectionRequest[] = [];
  for (let n = 0; n < PEOPLE; n += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, i) => openReconnect(`person-${n + i}`));
    requests.push(...(await Promise.all(some)));
  }
  const clicks = await Promise.all(requests.map(click));
  // How many is the machine's affair; that holds travel together is shown by `holding.test`.
  console.log(`${clicks.filter(({ presses }) => presses === 1).length} of ${PEOPLE} had a link by the first press`);
  const made = clicks.map(({ connectLink }) => world.nango.complete(connectLink, { as: 'somebody' }));
  const marks = made.map(
    ({ integration, connectionId }) => world.nango.connection(integration, connectionId)?.tags['tn_owner'],
  );
  expect(new Set(marks)).toEqual(new Set([UNCONFIRMED]));
});
