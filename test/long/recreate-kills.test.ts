import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandle } from '@temporalio/client';
import type { Connection, Question } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { Random } from '../support/random';
import { startRelay } from '../support/relay';
import type { Relay } from '../support/relay';
import { Stage } from './kills/stage';
import type { Victim } from './kills/stage';
import { StoppedRequest } from './kills/stopped-request';
import type { Side } from './kills/stopped-request';

// The worker, and the Temporal server, are killed at every step of a recreation: people whose providers add no scopes by a
// link go through it side by side, each is stopped at another request to Nango, and once all have stopped the kill comes.
// Whatever it hits, there is a connection all the time, whole, and it is the old one until there was a yes to another.

const WITHIN_MS = 300_000;
/** Dozens of people, each with an integration of their own, and four kills: most of it is the server's work. */
const DRILL_MS = 1_800_000;
const SECRET = 'DRILL_APP_SECRET';
const METADATA = { folder: 'inbox' };

const random = Random.fromEnv();
const people = new Map<string, Person>();
/** moments at which somebody had no whole connection */
const faults: unknown[] = [];
let stage: Stage;
let relay: Relay;

/** Somebody with an integration of their own, so that each request says whose it is. */
class Person extends StoppedRequest {
  isOver = false;
  private saidYes = false;
  private automation!: WorkflowHandle;
  private acted!: Promise<string>;

  constructor(
    readonly id: string,
    stopAt: number,
    side: Side,
  ) {
    super(stopAt, side);
    people.set(id, this);
    stage.nango.addProvider({ name: id, authMode: 'OAUTH2', ignoresScopesOverride: true, defaultScopes: ['read'] });
    stage.nango.addIntegration({ key: id, provider: id });
    const credentials = { type: 'OAUTH2', access_token: 'a', raw: { scope: 'read' } } as const;
    const tags = { end_user_id: id, team: 'red' };
    stage.nango.addConnection({ integration: id, connectionId: this.old, tags, metadata: METADATA, credentials });
  }

  async start(): Promise<void> {
    const wanted = { integration: this.id, endUser: { id: this.id }, scopes: ['write'] };
    this.automation = await stage.start('onboard', `onboard-${this.id}`, [wanted, []]);
    void stage.resultOf(this.automation).then(
      () => (this.isOver = true),
      () => undefined,
    );
    this.acted = (async () => {
      await this.asked('approve-scopes');
      await this.connects();
      await this.asked('update-integration-scopes');
      await this.updates();
      await this.asked('recreate-connection');
      this.saidYes = true;
      return await this.connects();
    })();
    // Told by `check`.
    this.acted.catch(() => undefined);
  }

  override async at(side: Side, request: object): Promise<void> {
    try {
      this.isWhole();
    } catch (error) {
      faults.push(error);
    }
    await super.at(side, request);
  }

  async check(): Promise<void> {
    const made = await this.acted;
    const { connection } = (await stage.resultOf(this.automation)) as { connection: Connection };
    expect(connection).toMatchObject({ connectionId: made, grantedScopes: ['read', 'write'] });
    expect(await stage.endsOf(this.requestId)).toContain('connected');
    expect(stage.nango.connection(this.id, this.old)).toBeUndefined();
    const now = stage.nango.connection(this.id, made);
    expect(now?.metadata).toEqual(METADATA);
    expect(now?.tags).toMatchObject({ end_user_id: this.id, team: 'red', tn_replaces: this.old });
    this.isWhole();
  }

  /** One connection is there, with its metadata: the old one, unless there was a yes. */
  isWhole(): void {
    if (stage.nango.connection(this.id, this.old) !== undefined) return;
    if (!this.saidYes) throw new Error(`The connection of ${this.id} is gone without a yes`);
    const { made } = this;
    const now = made && stage.nango.connection(this.id, made);
    if (!now) throw new Error(`${this.id} has no connection`);
    expect(now.metadata).toEqual(METADATA);
  }

  private made?: string;

  private get old(): string {
    return `c-${this.id}`;
  }

  private get requestId(): string {
    return `nango/default/${this.id}/u:${this.id}`;
  }

  private async asked(kind: Question['kind']): Promise<void> {
    await eventually(async () => {
      const description = await stage.connections.describeRequest(this.requestId);
      return description?.view.question?.kind === kind || undefined;
    }, WITHIN_MS);
  }

  private async connects(): Promise<string> {
    const { connectionId } = await stage.connect(this.requestId, this.id, 0);
    if (connectionId !== this.old) this.made = connectionId;
    await stage.hint(this.requestId, connectionId);
    return connectionId;
  }

  /** An operator says yes until it is done; a yes that was lost with a worker, or came twice, does no harm. */
  private async updates(): Promise<void> {
    const credentials = { clientId: 'id', clientSecret: { fromEnv: SECRET } };
    await eventually(async () => {
      const description = await stage.connections.describeRequest(this.requestId);
      if (description?.view.question?.kind === 'recreate-connection') return true;
      await stage.connections.request(description!.ref).updateScopes(credentials, { by: 'olive' });
      return true;
    }, WITHIN_MS);
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
    return { NANGO_SERVER_URL: relay.url, [SECRET]: 'secret' };
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
  await stage.kill(victim, () => {
    for (const person of all) person.isWhole();
  });
  for (const person of all) person.release();
  await sleep(random.between(0, 200));
  await stage.startWorker();
  await Promise.all(all.map((person) => person.check()));
  return stopped;
}

test(
  'worker and server killed at every step of a recreation: never without a connection, tags and metadata as they were',
  async () => {
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
    console.log(`recreation kills, seed ${random.seed}: ${steps} requests of one recreation; stopped at`, stops);
    expect(Object.values(stops).every((count) => count >= steps - 3)).toBe(true);
    expect(faults).toEqual([]);
    expect(stage.endedByThemselves).toBe(0);
  },
  DRILL_MS,
);
