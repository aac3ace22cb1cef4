import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Outcome } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { Random } from '../support/random';
import { startRelay } from '../support/relay';
import type { Relay } from '../support/relay';
import { Stage } from './kills/stage';
import type { Victim } from './kills/stage';
import { StoppedRequest } from './kills/stopped-request';
import type { Side } from './kills/stopped-request';

// The worker, and the Temporal server, are killed at every step of a healing: people whose connections Nango has given up
// connect them anew side by side, each is stopped at another request to Nango, and once all have stopped the kill comes.
// Whatever it hits, the person is asked once, their automation goes on, and no write is carried out twice.

const WITHIN_MS = 300_000;
const WRITES = ['/a', '/b', '/c'];

const random = Random.fromEnv();
const people = new Map<string, Person>();
let stage: Stage;
let relay: Relay;

/** Somebody with an integration of their own, so that each request says whose it is. */
class Person extends StoppedRequest {
  isOver = false;
  readonly carriedOut: string[] = [];
  private automation!: WorkflowHandle;
  private acted!: Promise<void>;

  constructor(
    readonly id: string,
    stopAt: number,
    side: Side,
  ) {
    super(stopAt, side);
    people.set(id, this);
    stage.nango.addProvider({ name: id, authMode: 'OAUTH2' });
    stage.nango.addIntegration({ key: id, provider: id });
    stage.nango.onProxy(id, ({ method, path }) => {
      if (method === 'POST') this.carriedOut.push(path);
      return { json: { path } };
    });
    const { connectionId } = stage.nango.addConnection({
      integration: id,
      connectionId: `c-${id}`,
      tags: { end_user_id: id, team: 'red' },
    });
    stage.nango.refresh(connectionId, 'revoked');
    const givenUp = { authError: 'log-1', refreshFailures: { lastAt: Date.now(), days: 4 } };
    Object.assign(stage.nango.connection(id, connectionId)!, givenUp);
  }

  async start(): Promise<void> {
    const writes = WRITES.map((endpoint) => ({ method: 'POST', endpoint, body: {} }));
    const wanted = { integration: this.id, endUser: { id: this.id } };
    this.automation = await stage.start('readThenWrite', `automation-${this.id}`, [wanted, writes]);
    void stage.resultOf(this.automation).then(
      () => (this.isOver = true),
      () => undefined,
    );
    this.acted = (async () => {
      const made = await stage.connect(this.requestId, this.id, 0);
      await stage.hint(this.requestId, made.connectionId);
    })();
    // Told by `check`.
    this.acted.catch(() => undefined);
  }

  async check(): Promise<void> {
    await this.acted;
    const outcomes = (await stage.resultOf(this.automation)) as Outcome[];
    const kinds = outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.error.type));
    // One that was under way at the kill may or may not have been carried out, and is not repeated.
    for (const kind of kinds) expect(['ok', 'Nango.OutcomeUnknown']).toContain(kind);
    expect(this.carriedOut.length).toBe(new Set(this.carriedOut).size);
    WRITES.forEach((path, n) => {
      if (kinds[n] === 'ok') expect(this.carriedOut).toContain(path);
    });
    expect(await stage.endsOf(this.requestId)).toContain('connected');
    const { tags } = stage.nango.connection(this.id, `c-${this.id}`)!;
    expect(tags).toEqual({ end_user_id: this.id, team: 'red' });
  }

  private get requestId(): string {
    return `nango/default/${this.id}/u:${this.id}`;
  }
}

/** Calls name their integration in a header, and everything else in its path. */
function ownerOf({ url = '', headers }: IncomingMessage): Person | undefined {
  const named = `${url} ${String(headers['provider-config-key'])}`;
  return [...people.values()].find(({ id }) => named.includes(id));
}

beforeAll(async () => {
  const script = join(__dirname, '../../lib/worker.js');
  stage = await Stage.open(random, script, async (upstream) => {
    relay = await startRelay({
      upstream,
      respond: async (request) => {
        await ownerOf(request)?.at('before', request);
        return undefined;
      },
      change: async (response, request) => {
        await ownerOf(request)?.at('after', request);
        return response;
      },
    });
    return { NANGO_SERVER_URL: relay.url };
  });
});

afterAll(async () => {
  for (const person of people.values()) person.release();
  await stage?.close();
  await relay?.close();
});

async function round(name: string, steps: number, victim: Victim, side: Side): Promise<number> {
  const all = Array.from({ length: steps }, (_, i) => new Person(`${name}-${i + 1}-`, i + 1, side));
  await Promise.all(all.map((person) => person.start()));
  await eventually(() => Promise.resolve(all.every(({ isHeld, isOver }) => isHeld || isOver) || undefined), WITHIN_MS);
  const stopped = all.filter(({ isHeld }) => isHeld).length;
  await stage.kill(victim);
  for (const person of all) person.release();
  await sleep(random.between(0, 200));
  await stage.startWorker();
  await Promise.all(all.map((person) => person.check()));
  return stopped;
}

test('worker and server killed at every step of a healing: it goes on, and no write is carried out twice', async () => {
  const first = new Person(`h${random.seed}-first-`, 0, 'before');
  await first.start();
  await first.check();
  const steps = first.requests;
  const stops: { [round: string]: number } = {};
  const rounds = [
    ['worker', 'before'],
    ['worker', 'after'],
    ['server', 'after'],
  ] as const;
  for (const [victim, side] of rounds) {
    stops[`${victim} ${side}`] = await round(`h${random.seed}-${victim}-${side}`, steps, victim, side);
  }
  console.log(`healing kills, seed ${random.seed}: ${steps} requests of one healing; stopped at`, stops);
  expect(Object.values(stops).every((count) => count >= steps - 3)).toBe(true);
  expect(stage.endedByThemselves).toBe(0);
});
