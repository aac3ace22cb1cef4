import { setTimeout as sleep } from 'node:timers/promises';
import { defaultPayloadConverter } from '@temporalio/common';
import type { EnsureConnectionInput, SweepInput } from '../../src/contract/types';
import { startOrFeedWatch } from '../../src/requests/start';
import { eventually } from '../support/eventually';
import { Gate } from '../support/gate';
import { within } from '../support/within';
import { waitFor } from '../support/user-workflows';
import { World } from '../support/world';

// A thousand live links, half of them of reconnects, and a Nango that is 70 ms away: what the watch takes of the limit,
// and how long it needs to find a connection of each kind. On a real server, in real time.

const LINKS = 500;
const LATENCY_MS = 70;
const QUIET_MS = 60_000;
const FOUND_WITHIN_MS = 120_000;
const COMPLETED = 20;
const WATCH = 'nango-watch/default';

let world: World;
let gate: Gate & AsyncDisposable;

afterEach(async () => {
  await world.close();
  await gate[Symbol.asyncDispose]();
});

async function open(rateLimitPerMinute: number): Promise<void> {
  gate = await Gate.open();
  gate.latencyMs = LATENCY_MS;
  world = await World.open('dev', { workers: false, rateLimitPerMinute });
  gate.target = world.nango.url;
  world.config.baseUrl = gate.url;
  world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
  await world.startWorkers();
}

/** When sweeps asked Nango. */
function sweepRequests(): number[] {
  return world.nango.requests
    .filter(({ path }) => decodeURIComponent(path).includes('tags[managed_by]'))
    .map(({ at }) => at);
}

async function feed(nonce: string, renews?: boolean): Promise<void> {
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const until = Date.now() + 30 * 60_000;
  await startOrFeedWatch(place, { requestId: `nango/default/hubspot/u:${nonce}`, nonce, until, renews });
}

/** Somebody with a connection that is to be connected anew, and what it looks like before. */
function somebody(id: string) {
  const before = { tags: { end_user_id: id, team: 'red' }, metadata: { folder: 'inbox' } };
  const credentials = { type: 'API_KEY', apiKey: 'anna' } as const;
  world.nango.addConnection({ integration: 'keyed', connectionId: `c-${id}`, ...before, credentials });
  const wanted: EnsureConnectionInput = { integration: 'keyed', endUser: { id }, reconnect: `c-${id}` };
  return { connectionId: `c-${id}`, before, wanted };
}

/** Starts to wait, and opens the link. */
async function clicks(wanted: EnsureConnectionInput) {
  const waiting = await world.start(waitFor, wanted);
  const id = `nango/default/${wanted.integration}/u:${wanted.endUser!.id}`;
  const { firstExecutionRunId } = await world.request(id, 'waiting');
  return { id, waiting, link: await world.connections.request({ id, firstExecutionRunId }).connectLink() };
}

/** Connects, and nobody tells: how long until the one who waits has the connection. */
async function found({ waiting, link }: Awaited<ReturnType<typeof clicks>>): Promise<number> {
  const since = Date.now();
  world.nango.complete(link, { as: 'anna' });
  await within(FOUND_WITHIN_MS, waiting.result(), 'a connection that the watch finds');
  return Date.now() - since;
}

/** What sweeps are told that is waited for, oldest sweep first; of the run of now. */
async function sweepInputs(): Promise<SweepInput[]> {
  const { events } = await world.client.workflow.getHandle(WATCH).fetchHistory();
  const scheduled = (events ?? []).flatMap(({ activityTaskScheduledEventAttributes: activity }) =>
    activity?.activityType?.name === 'nango.sweep' ? (activity.input?.payloads ?? []) : [],
  );
  return scheduled.map((payload) => defaultPayloadConverter.fromPayload<SweepInput>(payload));
}

/** The most of them within any one minute. */
function mostInAMinute(times: number[]): number {
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 60_000).length));
}

async function measured(limit: number): Promise<void> {
  await open(limit);
  const [plain, anew] = [{ integration: 'hubspot', endUser: { id: 'plain' } }, somebody('anew').wanted];
  const [one, other] = [await clicks(plain), await clicks(anew)];
  const begun = Date.now();
  const crowd = Array.from({ length: LINKS - 1 }, (_, i) => i);
  await Promise.all(crowd.flatMap((i) => [feed(`p${i}.1`), feed(`r${i}.1`, true)]));
  const feeding = Date.now() - begun;
  const began = sweepRequests().length;
  const since = Date.now();
  await sleep(QUIET_MS);
  const [foundPlain, foundAnew] = await Promise.all([found(one), found(other)]);
  const minutes = (Date.now() - since) / 60_000;

  const times = sweepRequests();
  const perMinute = (times.length - began) / minutes;
  const sweeps = (await sweepInputs()).length;
  console.log(
    `limit ${limit} a minute, ${LINKS} + ${LINKS} links, ${LATENCY_MS} ms: told of in ${feeding} ms; ` +
      `${perMinute.toFixed(1)} requests a minute, ${((100 * perMinute) / limit).toFixed(1)} % of the limit ` +
      `(in the worst minute ${mostInAMinute(times)}), ${(perMinute / 2).toFixed(1)} sweeps a minute, ` +
      `${sweeps} sweeps in all; found a new connection after ${foundPlain} ms, a renewed one after ${foundAnew} ms`,
  );
  expect(mostInAMinute(times)).toBeLessThanOrEqual(0.05 * limit);
  expect(times.length - began).toBeLessThanOrEqual(0.05 * limit * minutes);
  expect((await sweepInputs()).at(-1)!.wanted.length).toBeGreaterThanOrEqual(2 * (LINKS - 1));
}

test('a limit of 200: no more than a twentieth of it, and both kinds are found', async () => {
  await measured(200);
});

test('a limit of 2,000: the same; and twenty reconnects that are completed leave nothing behind', async () => {
  await measured(2_000);
  const heads: string[] = [];
  for (let i = 0; i < COMPLETED; i++) {
    const { wanted, connectionId, before } = somebody(`done-${i}`);
    const { id, waiting, link } = await clicks(wanted);
    const made = world.nango.complete(link, { as: 'anna' });
    heads.push(world.nango.connection('keyed', connectionId)!.tags.tn_nonce!.slice(0, 8));
    await world.client.workflow.getHandle(id).signal('nango.hint', { source: 'webhook', ...made });
    await waiting.result();
    const { tags, metadata } = world.nango.connection('keyed', connectionId)!;
    expect({ tags, metadata }).toEqual(before);
  }
  const after = (await sweepInputs()).length;
  const later = await eventually(async () => (await sweepInputs())[after + 1], FOUND_WITHIN_MS);
  const left = later.wanted.filter((head) => heads.includes(head));
  console.log(`${COMPLETED} completed reconnects: ${left.length} links and 0 tags left behind`);
  expect(left).toEqual([]);
});
