import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Connection } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { Random } from '../support/random';
import { startRelay } from '../support/relay';
import type { Relay } from '../support/relay';
import { Stage } from './kills/stage';
import type { Victim } from './kills/stage';
import { StoppedRequest } from './kills/stopped-request';
import type { Side } from './kills/stopped-request';

// The worker, and the Temporal server, are killed at every step of a widening of scopes: people whose connections were
// granted too little go through it side by side, each is stopped at another request to Nango, and once all have stopped
// the kill comes. Whatever it hits, there is a working connection all the time, with its tags and metadata.

const WITHIN_MS = 300_000;

const random = Random.fromEnv();
const people = new Map<string, Person>();
let stage: Stage;
let relay: Relay;

/** Somebody with an integration of their own, so that each request says whose it is. */
class Person extends StoppedRequest {
  isOver = false;
  private automation!: WorkflowHandle;
  private acted!: Promise<void>;

  constructor(
    readonly id: string,
    stopAt: number,
    side: Side,
  ) {
    super(stopAt, side);
    people.set(id, this);
    const tags = { end_user_id: id, team: 'red' };
    stage.nango.addProvider({ name: id, authMode: 'OAUTH2' });
    stage.nango.addIntegration({ key: id, provider: id });
    const credentials = { type: 'OAUTH2', access_token: 'a', raw: { scope: 'read' } } as const;
    stage.nango.addConnection({
      integration: id,
      connectionId: `c-${id}`,
      tags,
      metadata: { folder: id },
      credentials,
    });
    // A reconnect wipes it, unless its session brings it along; the metadata of an OAuth connection Nango keeps by itself.
    Object.assign(stage.nango.connection(id, `c-${id}`) ?? {}, { webhookUrlOverride: this.hook });
    stage.nango.onProxy(id, ({ credentials: used }) => ({ json: used.type === 'OAUTH2' ? used.raw : {} }));
  }

  private get hook(): string {
    return `http://127.0.0.1:9/${this.id}`;
  }

  async start(): Promise<void> {
    const wanted = { integration: this.id, endUser: { id: this.id }, scopes: ['write'] };
    this.automation = await stage.start('onboard', `onboard-${this.id}`, [wanted, []]);
    void stage.resultOf(this.automation).then(
      () => (this.isOver = true),
      () => undefined,
    );
    this.acted = (async () => {
      const made = await stage.connect(this.requestId, this.id, 0, ['read', 'write']);
      await stage.hint(this.requestId, made.connectionId);
    })();
    // Told by `check`.
    this.acted.catch(() => undefined);
  }

  async check(): Promise<void> {
    await this.acted;
    const { connection } = (await stage.resultOf(this.automation)) as { connection: Connection };
    expect(connection).toMatchObject({ connectionId: `c-${this.id}`, grantedScopes: ['read', 'write'] });
    expect(await stage.endsOf(this.requestId)).toContain('connected');
    expect(this.now().tags).toEqual({ end_user_id: this.id, team: 'red' });
    expect(this.now()).toMatchObject({ metadata: { folder: this.id }, webhookUrlOverride: this.hook });
    expect(await this.called()).toMatchObject({ scope: 'read write' });
  }

  /** The connection, which is there whatever happens. */
  private now() {
    const connection = stage.nango.connection(this.id, `c-${this.id}`);
    if (connection === undefined) throw new Error(`The connection of ${this.id} is gone`);
    return connection;
  }

  /** What a call through it comes back with, whatever happens: what it was granted. */
  async called(): Promise<unknown> {
    const headers = {
      authorization: `Bearer ${stage.nango.secretKey}`,
      'provider-config-key': this.id,
      'connection-id': `c-${this.id}`,
    };
    const response = await fetch(`${stage.nango.url}/proxy/me`, { headers });
    expect(response.status).toBe(200);
    return await response.json();
  }

  private get requestId(): string {
    return `nango/default/${this.id}/u:${this.id}`;
  }
}

function ownerOf({ url = '' }: IncomingMessage): Person | undefined {
  return [...people.values()].find(({ id }) => url.includes(id));
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
  // Lookups may come together: then there is one request less, and somebody has gone through without a stop.
  await eventually(() => Promise.resolve(all.every(({ isHeld, isOver }) => isHeld || isOver) || undefined), WITHIN_MS);
  const stopped = all.filter(({ isHeld }) => isHeld).length;
  const calls: Promise<unknown>[] = [];
  await stage.kill(victim, () => {
    calls.push(...all.map((person) => person.called()));
  });
  for (const granted of await Promise.all(calls)) {
    expect(granted).toMatchObject({ scope: expect.stringMatching(/^read/) as string });
  }
  for (const person of all) person.release();
  await sleep(random.between(0, 200));
  await stage.startWorker();
  await Promise.all(all.map((person) => person.check()));
  return stopped;
}

test('worker and server killed at every step of a widening: always a connection, tags and metadata as they were', async () => {
  const first = new Person(`s${random.seed}-first-`, 0, 'before');
  await first.start();
  await first.check();
  const steps = first.requests;
  const stops: { [round: string]: number } = {};
  for (const victim of ['worker', 'server'] as const) {
    for (const side of ['before', 'after'] as const) {
      stops[`${victim} ${side}`] = await round(`s${random.seed}-${victim}-${side}`, steps, victim, side);
    }
  }
  console.log(`approval kills, seed ${random.seed}: ${steps} requests of one approval; stopped at`, stops);
  expect(Object.values(stops).every((count) => count >= steps - 3)).toBe(true);
  expect(stage.endedByThemselves).toBe(0);
});
