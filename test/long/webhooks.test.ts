import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import type { RequestRef } from '../../src/contract/types';
import { Random } from '../support/random';
import { within } from '../support/within';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { FORGERIES, good, oversized } from './webhooks/forgeries';
import type { Connected, Post } from './webhooks/forgeries';
import { recordedHints } from './webhooks/hints';
import { Sender } from './webhooks/sender';
import type { Received, Manner } from './webhooks/sender';
import { WebProcess } from './webhooks/web-process';

// Webhooks at the public web side, as a process of its own, over HTTP: good ones among many that are forged, doubled,
// out of order, too large or slow. What they have done is counted in the histories of a real server.

const DELIVERIES = 10_000;
const REQUESTS = 60;
const GOOD_EACH = 17;
const DOUBLED = 300;
const OVERSIZED = 100;
const SLOW_GOOD = 60;
const NEVER_ENDING = 20;
const AT_ONCE = 32;
/** The memory is looked at after each. */
const PARTS = 5;
/** Nango's own address. A limit by address must not shut it out. */
const GOOD_ADDRESS = '127.0.0.1';
/** So many forgers that none of them is noisy, and two that are. */
const QUIET_ADDRESSES = 250;
const LOUD_ADDRESSES = ['127.0.0.2', '127.0.0.3'];
const MAX_GROWTH_MB = 64;
const SENDING_MS = 300_000;

/** A delivery, what it is, and what it may be answered. */
interface Delivery {
  kind: string;
  post: Post;
  manner: Manner;
  /** of a good one */
  connected?: Connected;
  allowed: number[];
}

const random = Random.fromEnv();
const folder = mkdtempSync(join(tmpdir(), 'webhooks-'));
const users = Array.from({ length: REQUESTS }, (_, i) => `w${random.seed}-${i}`);
const responses = new Map<string, Map<number, number>>();
/** how often each hint of a good delivery was answered 200, and sent */
const taken = new Map<string, { sent: number; taken: number }>();
let world: World;
let web: WebProcess;
let sender: Sender;
const waiting: WorkflowHandle[] = [];

beforeAll(async () => {
  world = await World.open('dev');
  web = await WebProcess.start(
    {
      TEMPORAL_ADDRESS: world.env.address,
      NANGO_SERVER_URL: world.nango.url,
      NANGO_SECRET_KEY: world.nango.secretKey,
      NANGO_WEBHOOK_SIGNING_KEYS: world.nango.webhookSigningKey,
      TEMPORAL_NANGO_LINK_KEYS: randomBytes(32).toString('hex'),
    },
    folder,
  );
  sender = new Sender(`${web.url}/webhooks/nango`);
  for (const id of users) waiting.push(await park(id));
});

afterAll(async () => {
  sender?.close();
  await web?.stop();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Somebody is waited for. */
async function park(id: string): Promise<WorkflowHandle> {
  const handle = await world.client.workflow.start('ensureConnection', {
    workflowId: `waits-${id}`,
    taskQueue: 'nango',
    args: [{ integration: 'hubspot', endUser: { id } }],
  });
  await refOf(id);
  return handle;
}

/** The request for somebody, once it asks. From the memo: it needs no task of the worker. */
async function refOf(endUserId: string): Promise<RequestRef> {
  const id = requestIdOf(endUserId);
  return await eventually(async () => {
    const description = await world.connections.describeRequest(id);
    return description?.view.status === 'waiting' ? description.ref : undefined;
  }, 240_000);
}

function requestIdOf(id: string): string {
  return `nango/default/hubspot/u:${id}`;
}

function pick<T>(items: readonly T[]): T {
  return items[random.between(0, items.length - 1)]!;
}

/** The connection exists and is nobody's, so a look at it changes nothing. */
function goodDelivery(endUserId: string, n: number): Delivery {
  const connectionId = `good-${endUserId}-${n}`;
  world.nango.addConnection({ integration: 'hubspot', connectionId });
  const connected = { connectionId, endUserId };
  const post = good(connected, world.nango.webhookSigningKey);
  return { kind: 'good', post, manner: { from: GOOD_ADDRESS }, connected, allowed: [200] };
}

function forged(kind: string, n: number): Delivery {
  const { status, forge } = FORGERIES[kind]!;
  const post = forge({ connectionId: `forged-${n}`, endUserId: pick(users) }, world.nango.webhookSigningKey);
  const isLoud = random.next() < 0.2;
  const quiet = `127.0.1.${random.between(1, QUIET_ADDRESSES)}`;
  // Of a loud one nothing is looked at after a while.
  return isLoud
    ? { kind: `${kind}, loud`, post, manner: { from: pick(LOUD_ADDRESSES) }, allowed: [status, 503] }
    : { kind, post, manner: { from: quiet }, allowed: [status] };
}

function allDeliveries(): Delivery[] {
  const key = world.nango.webhookSigningKey;
  const goods = users.flatMap((id) => Array.from({ length: GOOD_EACH }, (_, n) => goodDelivery(id, n)));
  const slow = random.shuffled(goods).slice(0, SLOW_GOOD);
  for (const delivery of slow) delivery.manner = { ...delivery.manner, pauseMs: random.between(20, 200) };
  const doubled = Array.from({ length: DOUBLED }, () => pick(goods));
  const tooLarge = Array.from({ length: OVERSIZED }, (_, n): Delivery => {
    const post = oversized({ connectionId: `large-${n}`, endUserId: pick(users) }, key);
    return { kind: 'oversized', post, manner: { from: '127.0.2.1' }, allowed: [413, 0] };
  });
  const neverEnding = Array.from({ length: NEVER_ENDING }, (_, n): Delivery => {
    const post = good({ connectionId: `endless-${n}`, endUserId: pick(users) }, key);
    return { kind: 'never ending', post, manner: { from: '127.0.2.2', neverEnds: true }, allowed: [503, 408, 0] };
  });
  const others = [...goods, ...doubled, ...tooLarge, ...neverEnding];
  const kinds = Object.keys(FORGERIES);
  const forgeries = Array.from({ length: DELIVERIES - others.length }, (_, n) => forged(kinds[n % kinds.length]!, n));
  return random.shuffled([...others, ...forgeries]);
}

/** Sends all, some at once. What a good one is answered with 5xx is sent again, as Nango does it. */
async function sendAll(deliveries: Delivery[]): Promise<Delivery[]> {
  const again: Delivery[] = [];
  const left = [...deliveries];
  const sendNext = async () => {
    for (let delivery = left.pop(); delivery !== undefined; delivery = left.pop()) {
      if (!(await deliver(delivery))) again.push(delivery);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
  return again;
}

/** @returns whether it need not be sent again */
async function deliver({ kind, post, manner, connected, allowed }: Delivery): Promise<boolean> {
  const { status, retryAfter } = await sender.send(post, manner);
  note(kind, status);
  if (connected === undefined) {
    if (!allowed.includes(status)) throw new Error(`${kind} from ${manner.from}: ${status}`);
    if (status === 503 && kind.endsWith('loud')) expect(Number(retryAfter)).toBeGreaterThan(0);
    return true;
  }
  const counted = taken.get(connected.connectionId) ?? { sent: 0, taken: 0 };
  taken.set(connected.connectionId, counted);
  counted.sent++;
  if (status === 200) counted.taken++;
  else if (status !== 0 && status < 500) throw new Error(`good: ${status}`);
  return status === 200;
}

function note(kind: string, status: Received['status']): void {
  const counts = responses.get(kind) ?? new Map<number, number>();
  responses.set(kind, counts.set(status, (counts.get(status) ?? 0) + 1));
}

/** Somebody clicks and connects, and Nango tells. */
async function connect(endUserId: string): Promise<Delivery> {
  const request = world.connections.request(await refOf(endUserId));
  const link = await eventually(() => request.connectLink(), 240_000);
  const made = world.nango.complete(link, { as: endUserId });
  const connected = { connectionId: made.connectionId, endUserId };
  const post = good(connected, world.nango.webhookSigningKey);
  return { kind: 'connected', post, manner: { from: GOOD_ADDRESS }, connected, allowed: [200] };
}

test('of ten thousand deliveries the good ones all arrive, the others do nothing, and memory does not grow', async () => {
  const began = Date.now();
  const deliveries = allDeliveries();
  let again: Delivery[] = [];
  const memory: { rss: number; heapUsed: number }[] = [];
  for (let from = 0; from < DELIVERIES; from += DELIVERIES / PARTS) {
    const part = deliveries.slice(from, from + DELIVERIES / PARTS);
    again.push(...(await within(SENDING_MS, sendAll(part), 'a part is sent')));
    memory.push(await web.memory());
  }
  const repeated = again.length;
  for (let round = 0; again.length > 0 && round < 5; round++) {
    again = await within(SENDING_MS, sendAll(again), 'what was answered 5xx is sent again');
  }
  expect(again).toEqual([]);
  const sentMs = Date.now() - began;

  const owner = new Map(
    users.flatMap((id) =>
      Array.from({ length: GOOD_EACH }, (_, n): [string, string] => [`good-${id}-${n}`, requestIdOf(id)]),
    ),
  );
  const arrived = new Map<string, number>();
  let wrong = 0;
  for (const { workflowId, source, connectionId = '' } of await recordedHints(world.client)) {
    if (source !== 'webhook' || owner.get(connectionId) !== workflowId) wrong++;
    else arrived.set(connectionId, (arrived.get(connectionId) ?? 0) + 1);
  }
  const lost = [...owner.keys()].filter((connectionId) => !arrived.has(connectionId));
  const invented = [...arrived].filter(([connectionId, times]) => times > (taken.get(connectionId)?.sent ?? 0));
  const forgotten = [...taken].filter(([connectionId, { taken: times }]) => (arrived.get(connectionId) ?? 0) < times);

  // Everybody is still waited for, and now connects.
  const connecting = random.shuffled(await Promise.all(users.map(connect)));
  expect(await within(SENDING_MS, sendAll(connecting), 'everybody is told of')).toEqual([]);
  const results = await Promise.all(
    waiting.map((handle) => within(240_000, handle.result() as Promise<object>, `${handle.workflowId} goes on`)),
  );
  for (const result of results) expect(result).toMatchObject({ connection: { integration: 'hubspot' } });

  const mb = (of: (used: { rss: number; heapUsed: number }) => number) =>
    memory.map((used) => of(used).toFixed(0)).join(' ');
  const lines = [...responses].map(([kind, counts]) => `${kind} ${[...counts].map(([s, n]) => `${n}×${s}`).join(' ')}`);
  console.log(
    `webhooks, seed ${random.seed}: ${DELIVERIES} deliveries in ${Math.round(sentMs / 1000)} s, ${owner.size} good ones for ` +
      `${REQUESTS} requests and ${DOUBLED} doubles of them, ${repeated} sent again; wrong signals ${wrong}, lost ` +
      `${lost.length}; MB after each fifth: RSS ${mb(({ rss }) => rss)}, heap ${mb(({ heapUsed }) => heapUsed)}; ` +
      `answers: ${lines.toSorted().join('; ')}`,
  );
  expect({ wrong, lost, invented, forgotten }).toEqual({ wrong: 0, lost: [], invented: [], forgotten: [] });
  // The first part fills caches and lets the heap find its size.
  expect(memory.at(-1)!.rss - memory[0]!.rss).toBeLessThan(MAX_GROWTH_MB);
  expect(Object.keys(FORGERIES).filter((kind) => !responses.has(kind))).toEqual([]);
});
