import { resolveConfig } from '../../src/config';
import type { Outcome } from '../../src/workflow';
import { FakeNango } from '../../src/testing/fake-nango';
import { fanOut } from '../support/user-workflows';
import { startRelay } from '../support/relay';
import type { Relay, RelayedResponse } from '../support/relay';
import { World } from '../support/world';

// A provider that carries every write out and then refuses it in Nango's own manner, behind an account that is limited.

const WRITES = 60;
const LIMIT = 60;
const MINUTE_MS = 60_000;
const connection = { integration: 'crm', connectionId: 'c-1' };

let world: World;
let nango: FakeNango;
let relay: Relay;
const received = new Map<string, number>();
/** Stands still until the limit is used up, then goes on by a minute within a second. */
let now = Date.UTC(2026, 0, 1);
let turning = false;

function limited(response: RelayedResponse): RelayedResponse {
  if (!turning) {
    turning = true;
    setTimeout(() => {
      turning = false;
      now += MINUTE_MS;
    }, 800);
  }
  return { ...response, headers: { 'content-type': 'application/json', 'retry-after': '1' } };
}

async function useUpLimit(): Promise<void> {
  for (let n = 0; n <= LIMIT; n++) {
    const { status } = await fetch(`${nango.url}/providers`, {
      headers: { authorization: `Bearer ${nango.secretKey}` },
    });
    if (status === 429) return;
  }
  throw new Error('There is no limit.');
}

beforeAll(async () => {
  nango = await FakeNango.start({ rateLimitPerMinute: LIMIT, clock: () => now });
  relay = await startRelay({
    upstream: nango.url,
    change: (response) => (response.status === 429 ? limited(response) : response),
  });
  nango.addProvider({ name: 'crm', authMode: 'API_KEY' });
  nango.addIntegration({ key: 'crm', provider: 'crm' });
  nango.addConnection(connection);
  nango.onProxy('crm', async ({ path }) => {
    received.set(path, (received.get(path) ?? 0) + 1);
    // Others of the account use up what is left, so that what is asked about this one is limited in any case.
    if (received.size === 1) await useUpLimit();
    return { status: 400, json: { error: { code: 'server_error', message: 'It was carried out, mostly.' } } };
  });
  const config = resolveConfig({
    env: { NANGO_TOOLBOX_SECRET_KEY: nango.secretKey, NANGO_SERVER_URL: relay.url },
    cwd: '/',
  });
  world = await World.open('dev', { config });
});

afterAll(async () => {
  await world?.close();
  await relay?.close();
  await nango?.close();
});

test('of 60 writes that the provider refuses with a code, at 60 requests a minute, none is received twice', async () => {
  const calls = Array.from({ length: WRITES }, (_, i) => ({ method: 'POST' as const, endpoint: `/orders/${i}` }));
  const outcomes: Outcome[] = await world.execute(fanOut, connection, calls);

  expect([...received].filter(([, times]) => times > 1)).toEqual([]);
  // The limiter had its say: of the writes, and of what was asked afterwards.
  const refused = (path: string): number =>
    nango.count((request) => request.status === 429 && request.path.startsWith(path));
  expect(refused('/proxy/')).toBeGreaterThan(0);
  expect(refused('/connections/')).toBeGreaterThan(0);
  expect(outcomes).toEqual(calls.map(() => ({ ok: false, error: { type: 'Nango.ProviderRejected', status: 400 } })));
});
