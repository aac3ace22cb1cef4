import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Connection, RequestRef } from '../../src/contract/types';
import { signedPath } from '../../src/requests/permanent-link';
import { Random } from '../support/random';
import { within } from '../support/within';
import { eventually } from '../support/eventually';
import { visit } from './kills/visit';
import { WebStage } from './kills/web-stage';
import { good } from './webhooks/forgeries';
import { recordedHints } from './webhooks/hints';

// Two web sides and two workers. One of the four is killed at a time, at random moments, while people click and connect
// and webhooks come. Whose connection breaks tries the other web side, as a person who reloads or a balancer does.

const KILLS = 12;
const LANES = 4;
const PARKED = 10;
const MAX_TRIES = 10;
const BOUND_MS = 300_000;
const ALL_MS = 1_200_000;
const NANGO = '127.0.0.1';

/** Somebody who is waited for. */
interface Person {
  id: string;
  ref: RequestRef;
  automation: WorkflowHandle;
  /** the loopback address that they come from */
  from: string;
  /** clicks that were answered with a link, and those whose connection broke */
  served: number;
  broken: number;
  made?: string;
}

const random = Random.fromEnv();
const people: Person[] = [];
/** webhooks that got their 200: which request they are for, by connection */
const taken = new Map<string, Person>();
const counts = { refusals: 0, webhooksRepeated: 0, servedAfterBreak: 0, mostTries: 0 };
let stage: WebStage;
let isOver = false;

beforeAll(async () => {
  stage = await WebStage.open();
}, 120_000);

afterAll(async () => {
  await stage?.close();
});

async function arrive(): Promise<Person> {
  const n = people.length;
  const id = `p${random.seed}-${n}`;
  const person: Person = { id, from: `127.1.${n >> 8}.${n & 255 || 255}`, served: 0, broken: 0 } as Person;
  people.push(person);
  const options = {
    workflowId: `waits-${id}`,
    taskQueue: 'nango',
    args: [{ integration: 'hubspot', endUser: { id } }],
  };
  person.automation = await stage.client.workflow.start('ensureConnection', options);
  person.ref = await eventually(async () => {
    const description = await stage.connections.describeRequest(`nango/default/hubspot/u:${id}`);
    return description?.view.status === 'waiting' && description.view.subscribers > 0 ? description.ref : undefined;
  }, BOUND_MS);
  return person;
}

/** The web sides in turn, beginning with either: whose connection breaks goes to the other one. */
function* webs(): Generator<string, never> {
  for (let next = random.between(0, 1); ; next++) yield stage.urls[next % stage.urls.length]!;
}

/** A person opens the page and presses the button; once more on the other address if the connection broke. */
async function click(person: Person): Promise<string> {
  const { from } = person;
  const path = `/connect/${signedPath(person.ref, stage.config.linkKeys)}`;
  const addresses = webs();
  for (let tries = 1; ; tries++) {
    const web = addresses.next().value;
    const page = await visit(web + path, { from });
    if (page !== undefined) expect(page).toMatchObject({ status: 200 });
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
    const pressed = page && (await visit(web + path, { from, headers, body: 'do=connect' }));
    if (pressed?.status === 303) {
      person.served++;
      if (tries > 1) counts.servedAfterBreak++;
      counts.mostTries = Math.max(counts.mostTries, tries);
      return pressed.location;
    }
    if (pressed !== undefined) counts.refusals++;
    if (page !== undefined && pressed === undefined) person.broken++;
    // One web side at a time is dead, and comes back; a click that waits for a dead worker's task may meet several kills.
    if (tries === MAX_TRIES || pressed !== undefined) throw new Error(`${tries} clicks, and then ${pressed?.status}`);
  }
}

/** Nango tells, and tells again after a broken connection or a 5xx. */
async function deliver(person: Person, connectionId: string): Promise<void> {
  const { body, headers } = good({ connectionId, endUserId: person.id }, stage.nango.webhookSigningKey);
  const addresses = webs();
  await eventually(async () => {
    const response = await visit(`${addresses.next().value}/webhooks/nango`, { from: NANGO, body, headers });
    if (response?.status === 200) return true;
    counts.webhooksRepeated++;
    return undefined;
  }, BOUND_MS);
  taken.set(connectionId, person);
}

/** People who come one after the other, click once or twice, and connect. */
async function lane(): Promise<void> {
  while (!isOver) {
    const person = await arrive();
    const links = [await click(person)];
    if (random.next() < 0.3) links.push(await click(person));
    const { connectionId } = stage.nango.complete(links.at(-1) ?? '', { as: person.id });
    person.made = connectionId;
    await deliver(person, connectionId);
  }
}

/** Webhooks for people who go on waiting: of connections that are nobody's, so that a look at them changes nothing. */
async function hints(parked: Person[]): Promise<void> {
  for (let n = 0; !isOver; n++) {
    const person = parked[n % parked.length]!;
    const connectionId = `nobody-${random.seed}-${n}`;
    stage.nango.addConnection({ integration: 'hubspot', connectionId });
    await deliver(person, connectionId);
    await sleep(random.between(0, 100));
  }
}

interface Found {
  lost: string[];
  /** the watch was quicker: the request had closed because of that very connection */
  closedBefore: number;
}

/** Which webhooks that were taken are in no history. */
async function findTaken(): Promise<Found> {
  const recorded = new Set<string>();
  for (const { workflowId, source, connectionId } of await recordedHints(stage.client)) {
    if (source === 'webhook') recorded.add(`${workflowId} ${connectionId}`);
  }
  const missing = [...taken].filter(([connectionId, { ref }]) => !recorded.has(`${ref.id} ${connectionId}`));
  const lost = missing
    .filter(([connectionId, { made }]) => made !== connectionId)
    .map(([connectionId]) => connectionId);
  return { lost, closedBefore: missing.length - lost.length };
}

/** Temporal keeps signals beside the history while a task is under way, and a killed worker's task for ten seconds. */
async function untilNoneIsLost(): Promise<Found> {
  const foundAll = async () => ((await findTaken()).lost.length === 0 ? true : undefined);
  await eventually(foundAll, BOUND_MS).catch(() => undefined);
  return await findTaken();
}

async function killInTurn(): Promise<void> {
  for (let n = 0; n < KILLS && !isOver; n++) {
    await sleep(random.between(200, 1_500));
    const victim = stage.processes[n % stage.processes.length]!;
    await victim.kill();
    await sleep(random.between(0, 500));
    await victim.restart();
  }
}

test('one killed at a time: a repeated click works, no click makes two links, no webhook with a 200 is lost', async () => {
  const began = Date.now();
  const parked: Person[] = [];
  for (let n = 0; n < PARKED; n++) parked.push(await arrive());
  const load = Promise.all([hints(parked), ...Array.from({ length: LANES }, lane)]);
  // Told when all is over.
  load.catch(() => undefined);
  const killing = killInTurn();
  try {
    await within(ALL_MS, Promise.race([killing, load]), 'all kills');
  } finally {
    isOver = true;
    // What is being started again must not outlive the stage.
    await killing.catch(() => undefined);
  }
  await within(BOUND_MS, load, 'what had begun ends');
  const killedMs = Date.now() - began;

  const connected = people.filter(({ made }) => made !== undefined);
  for (const { automation, made } of connected) {
    const { connection } = (await within(BOUND_MS, automation.result(), `${automation.workflowId} goes on`)) as {
      connection: Connection;
    };
    expect(connection.connectionId).toBe(made);
  }

  const { lost, closedBefore } = await untilNoneIsLost();

  const minted = (id: string) => stage.mints.byUser.get(id) ?? 0;
  const wronglyMinted = people.filter(({ id, served, broken }) => minted(id) < served || minted(id) > served + broken);
  const twice = [...stage.mints.byNonce].filter(([, times]) => times > 1);
  const sum = (of: (person: Person) => number) => people.reduce((all, person) => all + of(person), 0);
  const [served, broken, all] = [sum((p) => p.served), sum((p) => p.broken), sum((p) => minted(p.id))];

  console.log(
    `web kills, seed ${random.seed}: ${stage.processes.map(({ kills }) => kills).join('+')} kills (web, worker, web, worker) in ` +
      `${Math.round(killedMs / 1000)} s; ${connected.length} people connected; ${served} clicks answered, ${broken} broken ` +
      `after they were sent, ${counts.servedAfterBreak} answered after a repeat (at most ${counts.mostTries} tries), ${counts.refusals} refused; ` +
      `${all} links made, ${twice.length} twice; ${taken.size} webhooks with a 200 after ${counts.webhooksRepeated} repeats, ` +
      `${lost.length} lost, ${closedBefore} whose request the watch had closed`,
  );
  expect({ lost, twice, wronglyMinted }).toEqual({ lost: [], twice: [], wronglyMinted: [] });
  expect(stage.processes.map(({ kills }) => kills)).toEqual([3, 3, 3, 3]);
  expect(connected.length).toBeGreaterThanOrEqual(10);
  expect(taken.size).toBeGreaterThanOrEqual(100);
});
