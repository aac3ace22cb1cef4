import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '../support/random';
import { within } from '../support/within';
import { Person } from './kills/people';
import type { Kind } from './kills/people';
import { SlowProvider } from './kills/slow-provider';
import { Stage } from './kills/stage';
import type { Victim } from './kills/stage';

// The worker, and the Temporal server itself, are killed for real while people are waited for, while what a reconnect
// has wiped is being restored, and while calls run. Nobody waits for the end of a round: later kills hit what earlier
// ones have left.

/** Nobody waits longer for anything on a busy machine. */
const WITHIN_MS = 300_000;

interface Plan {
  /** while people are waited for, or once the first of them has connected anew */
  early: { victim: Victim; when: 'waiting' | 'reconnecting' };
  /** while calls run; with a write held open at the provider, or not */
  late: { victim: Victim; held: boolean };
}

/** Ten kills of the worker, six of the server; eight while calls run. */
const PLANS: Plan[] = [
  { early: { victim: 'worker', when: 'waiting' }, late: { victim: 'worker', held: true } },
  { early: { victim: 'worker', when: 'reconnecting' }, late: { victim: 'server', held: false } },
  { early: { victim: 'server', when: 'reconnecting' }, late: { victim: 'worker', held: false } },
  { early: { victim: 'server', when: 'waiting' }, late: { victim: 'worker', held: true } },
  { early: { victim: 'worker', when: 'reconnecting' }, late: { victim: 'server', held: true } },
  { early: { victim: 'server', when: 'reconnecting' }, late: { victim: 'worker', held: false } },
  { early: { victim: 'worker', when: 'waiting' }, late: { victim: 'server', held: true } },
  { early: { victim: 'worker', when: 'reconnecting' }, late: { victim: 'worker', held: true } },
];
const EACH = 3;
const BUSY = 2;

interface Kill {
  name: string;
  /** calls in flight: handed out by Temporal, and at the provider */
  handedOut: number;
  atProvider: number;
  /** connections that were connected anew and not yet restored */
  wiped: number;
}

const random = Random.fromEnv();
const provider = new SlowProvider(random);
const people: Person[] = [];
const kills: Kill[] = [];
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open(random, join(__dirname, '../../lib/worker.js'));
  stage.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  stage.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
  stage.nango.onProxy('keyed', provider.handle);
});

afterAll(async () => {
  await stage?.close();
});

async function arrive(round: number, kind: Kind, count: number): Promise<Person[]> {
  const names = Array.from({ length: count }, (_, i) => `s${random.seed}-${round}-${kind}-${i}`);
  const arrived = await Promise.all(names.map((name) => Person.start(stage, random, name, kind)));
  people.push(...arrived);
  return arrived;
}

async function kill(victim: Victim, when: string): Promise<void> {
  const seen = { atProvider: 0, wiped: 0 };
  const { killedAt } = await stage.kill(victim, () => {
    seen.atProvider = provider.inFlight;
    seen.wiped = people.filter(({ isWiped }) => isWiped).length;
  });
  const counts = await Promise.all(people.map((person) => person.countHandedOut(killedAt)));
  kills.push({ name: `${victim} while ${when}`, handedOut: counts.reduce((a, b) => a + b, 0), ...seen });
  await stage.startWorker();
}

async function round(n: number, { early, late }: Plan): Promise<void> {
  const waiting = [...(await arrive(n, 'new', EACH)), ...(await arrive(n, 'anew', EACH))];
  let wiped = (): void => undefined;
  const firstWiped = new Promise<void>((resolve) => (wiped = resolve));
  const act = () => {
    for (const person of waiting) person.act(random, () => person.kind === 'anew' && wiped());
  };
  if (early.when === 'reconnecting') {
    act();
    await within(WITHIN_MS, firstWiped, 'somebody connects anew');
  }
  await sleep(random.between(0, 500));
  await kill(early.victim, early.when);
  if (early.when === 'waiting') act();

  const busy = await arrive(n, 'connected', BUSY);
  const paths = new Set(busy.flatMap(({ reads, writes }) => [...reads, ...writes]));
  const held = late.held ? random.shuffled(busy.flatMap(({ writes }) => writes))[0] : undefined;
  if (held !== undefined) provider.hold(held);
  const enough = random.between(1, paths.size - 20);
  const begun = () => [...paths].filter((path) => provider.begun.has(path)).length;
  const underWay = () => begun() >= enough && (held === undefined || provider.begun.has(held));
  await within(WITHIN_MS, provider.until(underWay), 'calls are under way');
  // The call that has just begun takes longer than this.
  await sleep(random.between(0, 15));
  await kill(late.victim, held === undefined ? 'calls run' : 'a write is held open');
  if (held !== undefined) provider.release(held);
}

test('ten kills of the worker and six of the server lose nothing, write nothing twice, repeat what was in flight', async () => {
  const began = Date.now();
  for (const [n, plan] of PLANS.entries()) await round(n, plan);
  const checks = people.map((person) => person.check(provider));
  // All of them, so that none still asks the server when it is stopped.
  await Promise.allSettled(checks);
  const tallies = await Promise.all(checks);

  const sum = <T>(all: T[], of: (one: T) => number) => all.reduce((total, one) => total + of(one), 0);
  const withCalls = kills.filter(({ handedOut }) => handedOut > 0).length;
  const calls = sum(people, ({ reads, writes }) => reads.length + writes.length);
  const each = kills.map((k) => `${k.name} ${k.handedOut}/${k.atProvider}/${k.wiped}`);
  console.log(
    `kills, seed ${random.seed}: ${stage.kills.worker} of the worker, ${stage.kills.server} of the server, ${withCalls} ` +
      `with calls in flight, in ${Math.round((Date.now() - began) / 1000)} s; ${people.length} automations, ` +
      `${people.filter(({ kind }) => kind === 'anew').length} reconnects, ${calls} calls: 0 lost, 0 writes twice; in flight at ` +
      `the kills ${sum(kills, (k) => k.handedOut)} (${sum(kills, (k) => k.atProvider)} at the provider), reads repeated ` +
      `${sum(tallies, (t) => t.repeated)}, writes of unknown outcome ${sum(tallies, (t) => t.unknown + t.unsent)} ` +
      `(${sum(tallies, (t) => t.unsent)} of them never arrived); wiped and not yet restored at the kills ` +
      `${sum(kills, (k) => k.wiped)}; workers that ended by themselves ${stage.endedByThemselves}; ` +
      `kills, handed out/at the provider/wiped: ${each.join('; ')}`,
  );
  expect(stage.kills).toEqual({ worker: 10, server: 6 });
  expect(withCalls).toBeGreaterThanOrEqual(8);
  expect(sum(kills, (k) => k.wiped)).toBeGreaterThan(0);
});
