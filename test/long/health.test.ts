import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { startRelay } from '../support/relay';
import type { Relay } from '../support/relay';
import { readOnce } from '../support/user-workflows';
import { World } from '../support/world';

// Outages and revoked grants over days, on a server whose clock is skipped: an hourly job for each connection in use.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS_AN_HOUR = 4;
/** So that no job begins just when a timer fires that an earlier one has set: see `played`. Milliseconds; 0 in all. */
const UNEVEN = [0, 40_000, -25_000, 15_000, -30_000];

/** An application of so many connections, with jobs for the first of them, and its provider. */
class Application {
  readonly refreshes = new Map<string, number[]>();
  readonly revoked = new Set<string>();
  isDown = false;
  /** whoever waits for the server's clock waits no longer */
  readonly givenUp = new AbortController();
  private readonly jobs: WorkflowHandleWithFirstExecutionRunId[] = [];
  private begunAt = 0;
  private steps = 0;

  private constructor(
    readonly world: World,
    private readonly relay: Relay,
    private readonly provider: http.Server,
    private readonly inUse: number,
  ) {}

  static async begin(connections: number, inUse: number, longDead = 0): Promise<Application> {
    const world = await World.open('timeSkipping', { workers: false });
    // Nango's clock is Temporal's whenever it is looked at.
    const relay = await startRelay({
      upstream: world.nango.url,
      respond: () => world.syncClock().then(() => undefined),
    });
    world.config.baseUrl = relay.url;
    const provider = http.createServer((request, response) => {
      void application.token(request).then((body) => response.writeHead(body === undefined ? 400 : 200).end(body));
    });
    provider.listen(0, '127.0.0.1');
    await once(provider, 'listening');
    const application = new Application(world, relay, provider, inUse);
    const tokenUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/token`;
    world.nango.addProvider({ name: 'crm', authMode: 'OAUTH2', tokenUrl });
    world.nango.addIntegration({ key: 'crm', provider: 'crm' });
    world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
    world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
    world.nango.onProxy('crm', ({ path }) => ({ json: { path } }));
    for (let n = 0; n < connections; n++) {
      const { connectionId } = world.nango.addConnection({
        integration: 'crm',
        connectionId: `c-${n}`,
        tags: { end_user_id: `u-${n}` },
        credentials: {
          type: 'OAUTH2',
          access_token: 'a',
          refresh_token: `r-${n}`,
          expires_at: new Date(0).toISOString(),
          raw: {},
        },
      });
      const isLongDead = n >= connections - longDead;
      if (isLongDead) Object.assign(world.nango.connection('crm', connectionId)!, { authError: `log-${n}` });
    }
    await world.startWorkers();
    application.begunAt = await world.env.currentTimeMs();
    return application;
  }

  /** Hours pass; every hour a job of each connection in use begins, unless its last one still waits. */
  async pass(hours: number): Promise<void> {
    for (let step = 0; step < hours * STEPS_AN_HOUR; step++) {
      const part = step % STEPS_AN_HOUR;
      for (let n = part; n < this.inUse; n += STEPS_AN_HOUR) await this.job(n);
      await this.sleep(HOUR / STEPS_AN_HOUR + UNEVEN[this.steps++ % UNEVEN.length]!);
    }
  }

  /** A call that still waits when its connection is closed would fail whatever test comes next. */
  async sleep(ms: number): Promise<void> {
    const { env } = this.world;
    await env.connection.withAbortSignal(this.givenUp.signal, () => env.sleep(ms));
  }

  async job(n: number, integration = 'crm'): Promise<void> {
    try {
      const job = await this.world.client.workflow.start(readOnce.name, {
        workflowId: `job-${integration}-${n}`,
        taskQueue: 'user',
        args: [{ integration, endUser: { id: `u-${n}` }, heal: true }],
      });
      this.jobs.push(job);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
  }

  /** Jobs that have not completed. */
  async open(): Promise<string[]> {
    const open: string[] = [];
    for (const { workflowId, firstExecutionRunId } of this.jobs) {
      const { status } = await this.world.client.workflow.getHandle(workflowId, firstExecutionRunId).describe();
      if (status.name !== 'COMPLETED') open.push(`${workflowId} ${status.name}`);
    }
    return open;
  }

  /** Milliseconds of Temporal's clock since the beginning. */
  async time(): Promise<number> {
    return (await this.world.env.currentTimeMs()) - this.begunAt;
  }

  /** Who was asked, and in which order. */
  get asked(): (string | undefined)[] {
    return this.world.notices.filter(({ reason }) => reason === 'opened').map(({ owner }) => owner.endUser?.id);
  }

  /** When somebody was asked, in milliseconds after the beginning. */
  askedAt(owner: string): number {
    const notice = this.world.notices.find(({ owner: { endUser } }) => endUser?.id === owner)!;
    return notice.question.since - this.begunAt;
  }

  async close(): Promise<void> {
    await this.world.close();
    await this.relay.close();
    this.provider.close();
    this.provider.closeAllConnections();
  }

  private async token(request: http.IncomingMessage): Promise<string | undefined> {
    const refreshToken = new URLSearchParams(await text(request)).get('refresh_token') ?? '';
    const times = this.refreshes.get(refreshToken) ?? [];
    this.refreshes.set(refreshToken, [...times, await this.time()]);
    if (this.isDown || this.revoked.has(refreshToken)) return undefined;
    // Less than Nango's margin: every call has it refreshed.
    return JSON.stringify({ access_token: 'a', refresh_token: refreshToken, expires_in: 600 });
  }
}

/** By the machine's clock: a server whose own has not moved on in it stands still. */
const STILL_MS = 20_000;
const TRIES = 10;

/** Fulfilled once the server stands still. @param signal ends the watch */
async function standsStill(application: Application, signal: AbortSignal): Promise<'stuck'> {
  for (let before = await application.time(); ;) {
    await sleep(STILL_MS, undefined, { signal });
    const now = await application.time();
    if (now - before < 5 * MINUTE) return 'stuck';
    before = now;
  }
}

/**
 * Plays a story of days, anew where the server stands still: where a workflow task cancels a timer that has fired while
 * the task was with the worker, Temporal's time-skipping server refuses it ("invalid history builder state for action")
 * and then waits for it for ever (temporalio/sdk-java#3088). Steps are uneven so that this is rare.
 */
async function played(
  [connections, inUse, longDead = 0]: [number, number, number?],
  story: (application: Application) => Promise<void>,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const application = await Application.begin(connections, inUse, longDead);
    const over = new AbortController();
    let settled: Promise<void> | undefined;
    try {
      const end = story(application).then(() => 'over' as const);
      // Of one that is given up nobody hears how it ends.
      settled = end.then(
        () => undefined,
        () => undefined,
      );
      const stuck = standsStill(application, over.signal);
      stuck.catch(() => undefined);
      if ((await Promise.race([end, stuck])) === 'over') return;
      console.log(`attempt ${attempt} of ${TRIES}: the server stands still`);
      if (attempt === TRIES) throw new Error(`The server has stood still ${TRIES} times`);
    } finally {
      over.abort();
      application.givenUp.abort();
      await settled;
      await application.close();
    }
  }
}

test('an outage of two days: nobody is asked, few refreshes, and all works again by itself', async () => {
  await played([500, 30], async (application) => {
    const { world, refreshes } = application;
    await application.pass(1);
    application.isDown = true;
    const downAt = await application.time();
    await application.pass(48);
    application.isDown = false;
    const upAt = await application.time();
    await application.pass(2);
    expect(world.notices).toEqual([]);
    expect(await application.open()).toEqual([]);
    expect(world.outageNotices.length).toBeGreaterThanOrEqual(1);
    expect(world.outageNotices.length).toBeLessThanOrEqual(2);
    for (const times of refreshes.values()) {
      const down = times.filter((at) => at >= downAt && at < upAt);
      const [first = 0] = down;
      expect(down.filter((at) => at < first + HOUR).length).toBeLessThanOrEqual(12);
      for (let hour = first + HOUR; hour + HOUR < upAt; hour += HOUR) {
        expect(down.filter((at) => at >= hour && at < hour + HOUR).length).toBeLessThanOrEqual(1);
      }
    }
  });
});

test.each([
  ['one revoked among 500 of which 30 are in use', 0],
  ['the same where 200 have been dead for months', 200],
])('%s: asked within 70 minutes', async (_, longDead) => {
  await played([500, 30, longDead], async (application) => {
    await application.pass(1);
    application.revoked.add('r-7');
    await application.pass(3);
    expect(application.asked).toEqual(['u-7']);
    const [firstFailed] = application.refreshes.get('r-7')!.slice(1);
    expect(application.askedAt('u-7') - firstFailed!).toBeLessThanOrEqual(70 * MINUTE);
    expect(application.world.outageNotices).toEqual([]);
  });
});

test('one revoked of two in all: asked after a day', async () => {
  await played([2, 2], async (application) => {
    await application.pass(1);
    application.revoked.add('r-1');
    await application.pass(26);
    const [firstFailed] = application.refreshes.get('r-1')!.slice(1);
    expect(application.asked).toEqual(['u-1']);
    expect(application.askedAt('u-1') - firstFailed!).toBeGreaterThanOrEqual(DAY);
    expect(application.askedAt('u-1') - firstFailed!).toBeLessThanOrEqual(DAY + 10 * MINUTE);
  });
});

test('an API key that was withdrawn: asked after two refusals ten minutes apart', async () => {
  await played([0, 0], async (application) => {
    const { world } = application;
    world.nango.addConnection({ integration: 'keyed', connectionId: 'k-1', tags: { end_user_id: 'u-1' } });
    const refused: number[] = [];
    world.nango.onProxy('keyed', async () => {
      refused.push(await application.time());
      return { status: 401, json: {} };
    });
    await application.job(1, 'keyed');
    await application.sleep(HOUR);
    expect(application.asked).toEqual(['u-1']);
    expect(refused).toHaveLength(2);
    expect(refused[1]! - refused[0]!).toBeGreaterThanOrEqual(10 * MINUTE);
  });
});

test('revoked during an outage: asked within an hour of its end', async () => {
  await played([100, 12], async (application) => {
    await application.pass(1);
    application.isDown = true;
    await application.pass(10);
    application.revoked.add('r-5');
    await application.pass(4);
    application.isDown = false;
    const upAt = await application.time();
    await application.pass(2);
    expect(application.asked).toEqual(['u-5']);
    expect(application.askedAt('u-5')).toBeGreaterThanOrEqual(upAt);
    expect(application.askedAt('u-5') - upAt).toBeLessThanOrEqual(HOUR);
  });
});

test('an hourly job over three days: asked once, and no run fails after the click', async () => {
  await played([20, 5], async (application) => {
    const { world } = application;
    await application.pass(2);
    application.revoked.add('r-3');
    await application.pass(30);
    expect(application.asked).toEqual(['u-3']);
    const requestId = 'nango/default/crm/u:u-3';
    const { firstExecutionRunId } = await world.request(requestId, 'waiting');
    await world.atRest(requestId);
    await world.syncClock();
    const request = world.connections.request({ id: requestId, firstExecutionRunId });
    const made = world.nango.complete(await request.connectLink(), { as: 'u-3' });
    await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
    await application.pass(40);
    expect(application.asked).toEqual(['u-3']);
    expect(await application.open()).toEqual([]);
  });
});
