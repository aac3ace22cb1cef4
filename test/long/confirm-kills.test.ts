import { setTimeout as sleep } from 'node:timers/promises';
import { UNCONFIRMED } from '../../src/contract/names';
import { Random } from '../support/random';
import { within } from '../support/within';
import { ClickingPerson } from './kills/clicking-person';
import { ConfirmStage } from './kills/confirm-stage';

// The worker, the web side and the Temporal server are killed for real between a connection and the yes to it, and between
// the yes and what comes of it: nothing is accepted before it, nothing is lost after it.

const VICTIMS = ['worker', 'web', 'server'] as const;
const MOMENTS = ['connected', 'saying yes'] as const;
const BOUND_MS = 120_000;

const random = Random.fromEnv();
const people: ClickingPerson[] = [];
const silent: ClickingPerson[] = [];
let at: ConfirmStage;

beforeAll(async () => {
  at = await ConfirmStage.open(random);
}, 120_000);

afterAll(async () => {
  await at?.close();
});

const WAITS = { status: 'waiting', mark: UNCONFIRMED };

async function round(n: number, victim: (typeof VICTIMS)[number], moment: (typeof MOMENTS)[number]): Promise<void> {
  const arrive = (i: number, isAnew: boolean) => ClickingPerson.arrive(at, `${random.seed}-${n}`, n * 4 + i, isAnew);
  const arrived = await Promise.all([arrive(0, false), arrive(1, false), arrive(2, true), arrive(3, n % 2 === 0)]);
  await Promise.all(arrived.map((person) => person.connects()));
  if (moment === 'connected') {
    await sleep(random.between(0, 300));
    await at.kill(victim);
  }
  const links = await Promise.all(arrived.map((person) => person.isAsked()));
  expect(await Promise.all(arrived.map((person) => person.stands()))).toEqual([WAITS, WAITS, WAITS, WAITS]);

  const speaking = arrived.slice(0, 3);
  const saying = Promise.all(speaking.map((person, i) => person.confirms(links[i]!)));
  // Told below.
  saying.catch(() => undefined);
  if (moment === 'saying yes') {
    await sleep(random.between(0, 150));
    await at.kill(victim);
  }
  await within(BOUND_MS, saying, `what is said while the ${victim} is killed`);
  people.push(...speaking);
  silent.push(...arrived.slice(3));
}

test('nothing is accepted before the yes, and no yes is lost, whatever is killed in between', async () => {
  const began = Date.now();
  let n = 0;
  for (const moment of MOMENTS) for (const victim of VICTIMS) await round(n++, victim, moment);
  for (const person of people) {
    const connection = await within(BOUND_MS, person.result(), `${person.id} goes on`);
    expect([connection.connectionId, connection.unconfirmed]).toEqual([person.made, undefined]);
    expect(await person.stands()).toEqual({ status: 'connected', mark: undefined });
  }
  for (const person of silent) expect(await person.stands()).toEqual(WAITS);

  console.log(
    `confirm kills, seed ${random.seed}: ${JSON.stringify(at.kills)} in ${Math.round((Date.now() - began) / 1000)} s; ` +
      `${people.length} said yes and were heard, ${people.reduce((all, { broken }) => all + broken, 0)} of their posts ` +
      `broke and were repeated; ${silent.length} said nothing, and none of theirs was accepted`,
  );
  expect(at.kills).toEqual({ worker: 2, server: 2, web: 2 });
});
