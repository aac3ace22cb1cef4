import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { STARTER } from '../../src/cli/functions/starter';
import type { FunctionDeployment } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { Random } from '../support/random';
import { startRelay } from '../support/relay';
import type { Relay } from '../support/relay';
import { Stage } from './kills/stage';
import type { Victim } from './kills/stage';
import { StoppedRequest } from './kills/stopped-request';
import type { Side } from './kills/stopped-request';

// The worker, and the Temporal server, are killed at every request that a deployment makes to Nango: functions of names of
// their own are deployed side by side, each is stopped at another request, and once all have stopped the kill comes. Each is
// deployed all the same, and once; an action that may have run is not run again.

const WITHIN_MS = 300_000;

const random = Random.fromEnv();
const flows = new Map<string, Flow>();
let stage: Stage;
let relay: Relay;

/** One function of an integration of its own, so that each request says whose it is. */
class Flow {
  readonly stopped: StoppedRequest;
  isOver = false;
  private result!: Promise<FunctionDeployment>;

  /** @param stopAt which of the requests, from 1; 0: none */
  constructor(
    readonly id: string,
    stopAt: number,
    side: Side,
  ) {
    this.stopped = new StoppedRequest(stopAt, side);
    flows.set(id, this);
    stage.nango.addProvider({ name: id, authMode: 'API_KEY' });
    stage.nango.addIntegration({ key: id, provider: id });
    stage.nango.addConnection({ integration: id, connectionId: `c-${id}` });
  }

  async start(): Promise<void> {
    const tried = { connectionId: `c-${this.id}`, input: { name: 'Ann' } };
    // What it is about is in the code, so that a request that names nothing else says it.
    const code = `${STARTER}// ${this.id}\n`;
    const wanted = { integration: this.id, name: 'greet', code, ...tried, approvedBy: 'olive' };
    const deployment = await stage.connections.deployFunction(wanted);
    this.result = eventually(() => deployment.result(), WITHIN_MS);
    void this.result.then(
      () => (this.isOver = true),
      () => undefined,
    );
  }

  async check(): Promise<void> {
    const { integration, run } = await this.result;
    expect(integration).toBe(this.id);
    // The one kill hits one step: either the run is known, or nobody knows it and nobody runs it again.
    if (run !== undefined && 'failure' in run) expect(run.failure.type).toBe('Nango.OutcomeUnknown');
    else expect(run?.data).toEqual({ greeting: 'Hello, Ann!' });
    expect(deployed.filter((id) => id === this.id)).toHaveLength(1);
    expect(ran.filter((id) => id === this.id).length).toBeLessThanOrEqual(1);
  }
}

/** integrations of the deployments that Nango carried out, and of actions that it was asked to run */
const deployed: string[] = [];
const ran: string[] = [];
/** whose a job is, by its id */
const jobs = new Map<string, Flow>();

function ownerOf({ url = '', headers }: IncomingMessage, body: Buffer): Flow | undefined {
  const job = /^\/functions\/(?:dryruns|deployments)\/(.+)$/.exec(url)?.[1];
  if (job !== undefined) return jobs.get(job);
  const text = `${url} ${String(headers['provider-config-key'])} ${body.toString()}`;
  return [...flows.values()].find(({ id }) => text.includes(id));
}

beforeAll(async () => {
  const script = join(__dirname, '../../lib/worker.js');
  stage = await Stage.open(random, script, async (upstream) => {
    relay = await startRelay({
      upstream,
      respond: async (request, body) => {
        const owner = ownerOf(request, body);
        await owner?.stopped.at('before', request);
        if (owner !== undefined && request.url === '/action/trigger') ran.push(owner.id);
        return undefined;
      },
      change: async (response, request, body) => {
        const owner = ownerOf(request, body);
        const { id } = JSON.parse(response.body.toString()) as { id?: string };
        if (owner !== undefined && request.method === 'POST' && id !== undefined) jobs.set(id, owner);
        await owner?.stopped.at('after', request);
        return response;
      },
    });
    return { NANGO_SERVER_URL: relay.url };
  });
  stage.nango.onJob(({ kind, integration }) => {
    if (kind === 'deployment') deployed.push(integration);
  });
});

afterAll(async () => {
  for (const { stopped } of flows.values()) stopped.release();
  await stage?.close();
  await relay?.close();
});

async function round(victim: Victim, steps: number): Promise<number> {
  const flowsOf = (side: Side): Flow[] =>
    Array.from({ length: steps }, (_, i) => new Flow(`s${random.seed}-${victim}-${side}-${i + 1}-`, i + 1, side));
  const all = [...flowsOf('before'), ...flowsOf('after')];
  await Promise.all(all.map((flow) => flow.start()));
  // A poll may come late enough to be the last: then somebody has gone through without a stop.
  const isSettled = ({ stopped, isOver }: Flow): boolean => stopped.isHeld || isOver;
  await eventually(() => Promise.resolve(all.every(isSettled) || undefined), WITHIN_MS);
  const count = all.filter(({ stopped }) => stopped.isHeld).length;
  await stage.kill(victim);
  for (const { stopped } of all) stopped.release();
  await sleep(random.between(0, 200));
  await stage.startWorker();
  await Promise.all(all.map((flow) => flow.check()));
  return count;
}

test('worker and server killed at every request of a deployment: each is deployed, and once', async () => {
  const first = new Flow(`s${random.seed}-first-`, 0, 'before');
  await first.start();
  await first.check();
  const steps = first.stopped.requests;
  const stops = { worker: await round('worker', steps), server: await round('server', steps) };
  console.log(`deployment kills, seed ${random.seed}: ${steps} requests of one deployment; stopped at`, stops);
  expect(Object.values(stops).every((count) => count >= 2 * steps - 6)).toBe(true);
  expect(stage.endedByThemselves).toBe(0);
});
