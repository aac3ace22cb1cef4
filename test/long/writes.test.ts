import { setTimeout as sleep } from 'node:timers/promises';
import { resolveConfig } from '../../src/config';
import { FakeNango } from '../../src/testing/fake-nango';
import type { ProxiedResponse, RefreshMode } from '../../src/testing/fake-nango';
import type { Outcome } from '../../src/workflow';
import { Random } from '../support/random';
import { jsonResponse, startRelay } from '../support/relay';
import type { Relay, RelayedResponse } from '../support/relay';
import { fanOut } from '../support/user-workflows';
import { World } from '../support/world';

// A thousand writes among limits, failing refreshes and questions that meet either. The provider carries out what reaches
// it and says anything afterwards; Nango's minutes pass in a second. LONG_SEED plays a run again.

const FAN_OUTS = 10;
const WRITES = 100;
const CONNECTIONS = 20;
const LIMIT = 80;
const FASTER = 60;
/** Of the readings of a connection: how many meet an outage, a gateway's limit or no answer. */
const LOST = 0.2;
/** Of all requests: how many find the account's limit used up by somebody else, however slow this machine is. */
const LIMITED = 0.01;
/** Calls wait for an hour and more where refreshes fail for long. */
const BAD_WEATHER_MS = 30_000;
const SHORTLY = { 'retry-after': '1' };

const random = Random.fromEnv();
const connections = Array.from({ length: CONNECTIONS }, (_, i) => ({ integration: 'crm', connectionId: `c-${i}` }));
const carriedOut = new Map<string, number>();

let nango: FakeNango;
let relay: Relay;
let world: World;
let over = false;
let limited = 0;

function anyOf<T>(items: readonly T[]): T {
  return items[random.between(0, items.length - 1)]!;
}

/** What a provider says of a write that it has carried out. */
function saidAfterwards(): ProxiedResponse {
  const error = { code: anyOf(['server_error', 'connection_refresh_backoff', 'taken']), message: 'Well, mostly.' };
  return anyOf<ProxiedResponse>([
    { status: 201, json: { id: 1 } },
    { status: 400, json: { error } },
    { status: 404, json: { error } },
    { status: 424, json: { error } },
    { status: 500, json: { error } },
    { status: 302, headers: { location: '/elsewhere' } },
    { status: 200, headers: { 'content-type': 'text/html' }, text: '<html>' },
    'reset',
  ]);
}

function overLimit(method = 'GET', headers = {}): RelayedResponse {
  return jsonResponse(429, { error: { code: 'too_many_request', method, path: '/connections' } }, headers);
}

function lostQuestion(): RelayedResponse | 'reset' {
  return anyOf([
    jsonResponse(503, {}),
    jsonResponse(500, { error: { code: 'server_error' } }),
    overLimit(),
    { ...jsonResponse(502, ''), headers: { 'content-type': 'text/html' } },
    'reset' as const,
  ]);
}

function withoutLimit(headers: RelayedResponse['headers']): RelayedResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-ratelimit-')));
}

/** Lets refreshes fail and work again, in no order; then all work, and whoever waits hears that they may. */
async function weather(): Promise<void> {
  const until = Date.now() + BAD_WEATHER_MS;
  while (!over && Date.now() < until) {
    await sleep(random.between(20, 200));
    nango.refresh(anyOf(connections).connectionId, anyOf<RefreshMode>(['fine', 'fine', 'outage', 'revoked']));
  }
  for (const { connectionId } of connections) nango.refresh(connectionId, 'fine');
  while (!over) {
    await Promise.allSettled(connections.map(hint));
    await sleep(1_000);
  }
}

/** As a webhook would, of a connection that was made again. */
async function hint({ connectionId }: { connectionId: string }): Promise<void> {
  const health = world.client.workflow.getHandle('nango-health/default/crm');
  await health.signal('nango.hint', { source: 'webhook', connectionId });
}

beforeAll(async () => {
  nango = await FakeNango.start({ rateLimitPerMinute: LIMIT, clock: () => Date.now() * FASTER });
  nango.addProvider({ name: 'crm', authMode: 'OAUTH2' });
  nango.addIntegration({ key: 'crm', provider: 'crm' });
  for (const connection of connections) nango.addConnection(connection);
  nango.onProxy('crm', ({ path }) => {
    carriedOut.set(path, (carriedOut.get(path) ?? 0) + 1);
    return saidAfterwards();
  });
  relay = await startRelay({
    upstream: nango.url,
    respond: ({ url = '', method }) => {
      if (random.next() < LIMITED) {
        limited += 1;
        return overLimit(method, SHORTLY);
      }
      return url.startsWith('/connections/') && random.next() < LOST ? lostQuestion() : undefined;
    },
    // A minute of Nango's is a second here, and is said to be one. Of the limit nothing else shows: the worker would keep it.
    change: (response) => {
      if (response.status !== 429) return { ...response, headers: withoutLimit(response.headers) };
      limited += 1;
      return { ...response, headers: { 'content-type': 'application/json', ...SHORTLY } };
    },
  });
  const config = resolveConfig({
    env: { NANGO_TOOLBOX_SECRET_KEY: nango.secretKey, NANGO_SERVER_URL: relay.url },
    cwd: '/',
  });
  world = await World.open('dev', { config });
});

afterAll(async () => {
  over = true;
  await world?.close();
  await relay?.close();
  await nango?.close();
});

test('of 1,000 writes none is carried out twice', async () => {
  console.log(`writes: LONG_SEED=${random.seed}`);
  const changing = weather();
  const all: Outcome[][] = await Promise.all(
    Array.from({ length: FAN_OUTS }, (_, n) => {
      const connection = anyOf(connections);
      const calls = Array.from({ length: WRITES }, (_, i) => ({ method: 'POST' as const, endpoint: `/w/${n}/${i}` }));
      return world.execute(fanOut, connection, calls);
    }),
  );
  over = true;
  await changing;

  const ends = new Map<string, number>();
  for (const outcome of all.flat()) {
    const end = outcome.ok ? 'ok' : outcome.error.type;
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  const failed = nango.count(
    ({ status, path }) => [400, 424].includes(status ?? 0) && path.startsWith('/connections/'),
  );
  console.log(`writes: ${carriedOut.size} of 1000 carried out; 429s ${limited}, failed refreshes read ${failed}`, ends);

  expect([...carriedOut].filter(([, times]) => times > 1)).toEqual([]);
  // What is called a success was carried out.
  const successes = all.flatMap((outcomes, n) => outcomes.flatMap((one, i) => (one.ok ? [`/w/${n}/${i}`] : [])));
  expect(successes.filter((path) => !carriedOut.has(path))).toEqual([]);
  expect(limited).toBeGreaterThan(0);
  expect(failed).toBeGreaterThan(0);
});
