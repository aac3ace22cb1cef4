import { randomUUID } from 'node:crypto';
import { Client, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import fc from 'fast-check';
import { detailsOf, findNangoFailure } from '../../src/contract/errors';
import { watchId } from '../../src/contract/names';
import type { JoinResponse, RequestResult, RequestView } from '../../src/contract/types';
import { NangoPlugin } from '../../src/plugin';
import { joinRequest } from '../../src/requests/join';
import { bundleFor } from '../support/bundles';
import { connectionIn } from '../support/connection-in';
import type { Letter } from '../support/drill-workflows';
import { Random } from '../support/random';
import { commands, RequestModel } from '../support/request-model';
import type { Command } from '../support/request-model';
import { within } from '../support/within';
import { eventually } from '../support/eventually';
import { World } from '../support/world';

// What the model of a request says, a request on a real server does. Time skips; nothing else is simulated.

const SEQUENCES = 60;
const RESTARTS = 10;
const QUEUE = 'drill';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Timers of a lookup that reads again; deadlines are days away. */
const SHORT_TIMER_MS = 5_000;

/** Nothing takes longer. */
const COMMAND_MS = 240_000;

const { seed } = Random.fromEnv();
let world: World;
/** Unlike the test environment's own, it lets no time skip while it waits. */
let client: Client;
let stopNangoWorker: () => Promise<void>;
let userWorker: Worker;
let userWorkerEnd: Promise<void>;

beforeAll(async () => {
  world = await World.open('timeSkipping', { workers: false });
  client = new Client({
    connection: world.env.connection,
    namespace: world.env.namespace,
  });
  stopNangoWorker = await startNangoWorker(false);
  userWorker = await Worker.create({
    connection: world.env.nativeConnection,
    taskQueue: QUEUE,
    workflowsPath: require.resolve('../support/drill-workflows'),
  });
  userWorkerEnd = userWorker.run();
});

afterAll(async () => {
  await stopNangoWorker?.();
  userWorker?.shutdown();
  await userWorkerEnd;
  await world?.close();
});

/**
 * A worker with a connection of its own, closed with it, since the test server hands tasks to polls of a worker that has
 * gone for as long as its connection is open. And it never hands on a task that was meant for the cache of a worker that
 * has gone: what shall live through a restart begins without a cache.
 *
 * @returns what stops it
 */
async function startNangoWorker(cached: boolean): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({
    address: world.env.address,
  });
  const worker = await Worker.create({
    connection,
    taskQueue: 'nango',
    workflowBundle: bundleFor('../../src/worker-workflows'),
    plugins: [new NangoPlugin({ config: world.config })],
    ...(cached ? {} : { maxCachedWorkflows: 0 }),
  });
  const end = worker.run();
  return async () => {
    worker.shutdown();
    await end;
    await connection.close();
  };
}

async function restartNangoWorker(cached: boolean): Promise<void> {
  await stopNangoWorker();
  stopNangoWorker = await startNangoWorker(cached);
}

/** The watch finds connections that nobody hints at, which the model knows nothing of. */
async function endWatch(): Promise<void> {
  await terminateAtRest(watchId('default'), 'hints come by hand here');
}

async function terminateAtRest(workflowId: string, why: string): Promise<void> {
  try {
    await world.atRest(workflowId);
    await client.workflow.getHandle(workflowId).terminate(why);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** A request, and what a test knows of it. */
class Subject {
  private readonly id: string;
  private readonly requestId: string;
  private readonly inboxId: string;
  private runId = '';
  private newestLink?: { link: string; until: number };
  /** real deadlines of those who wait, by who */
  readonly deadlines = new Map<number, number>();
  made = 0;

  constructor(id: string) {
    this.id = id;
    this.requestId = `nango/default/hubspot/u:${id}`;
    this.inboxId = `inbox-${id}`;
  }

  get handle(): WorkflowHandle {
    return client.workflow.getHandle(this.requestId, this.runId || undefined);
  }

  async open(): Promise<void> {
    await client.workflow.start('inbox', {
      workflowId: this.inboxId,
      taskQueue: QUEUE,
    });
  }

  async close(): Promise<void> {
    await client.workflow.getHandle(this.inboxId).signal('over');
    await terminateAtRest(this.requestId, 'the sequence is over');
  }

  /** @returns the reason of the refusal, if there was one */
  async carryOut(command: Command): Promise<string | undefined> {
    try {
      await this.send(command);
      return undefined;
    } catch (error) {
      const failure = findNangoFailure(error);
      if (failure === undefined) throw error;
      return detailsOf(failure).reason ?? failure.type;
    }
  }

  private async send(command: Command): Promise<void> {
    switch (command.op) {
      case 'join':
        return await this.join(command.who, command.days);
      case 'leave':
        await this.handle.executeUpdate<void, [object]>('nango.leave', {
          args: [{ joinId: String(command.who) }],
        });
        return;
      case 'click':
        await this.click();
        return;
      case 'hint':
        return await this.hint(command);
      case 'wait':
        return await world.env.sleep(command.hours * HOUR);
    }
  }

  private async join(who: number, days: number): Promise<void> {
    const now = await world.env.currentTimeMs();
    const deadline = now + days * DAY;
    const join = {
      joinId: String(who),
      deadline,
      subscriber: { workflowId: this.inboxId },
    };
    const subject = {
      integration: 'hubspot',
      owner: { endUser: { id: this.id } },
    };
    const place = { client, taskQueue: 'nango', environment: 'default' };
    const response: JoinResponse = await joinRequest(place, subject, join, {
      ignoreCoolDown: true,
      at: now,
    });
    if (response.status !== 'pending') throw new Error(`The response to a join was ${response.status}`);
    if (this.runId === '') this.runId = response.firstExecutionRunId;
    expect(response).toMatchObject({
      requestId: this.requestId,
      firstExecutionRunId: this.runId,
    });
    this.deadlines.set(who, deadline);
  }

  private async click(): Promise<string> {
    await world.syncClock();
    const ref = { id: this.requestId, firstExecutionRunId: this.runId };
    const { connectLink, expiresAt } = await world.connections.request(ref).connectSession();
    await endWatch();
    this.newestLink = { link: connectLink, until: Date.parse(expiresAt) };
    return connectLink;
  }

  private async hint({ made, times }: Command & { op: 'hint' }): Promise<void> {
    await world.syncClock();
    const connectionId = await this.connect(made);
    for (let i = 0; i < times; i++) {
      try {
        await this.handle.signal('nango.hint', {
          source: 'webhook',
          connectionId,
        });
      } catch (error) {
        // The first was enough.
        if (i === 0) throw error;
      }
    }
  }

  /** Makes the connection that a hint tells of; undefined where no link was ever clicked. */
  private async connect(made: (Command & { op: 'hint' })['made']): Promise<string | undefined> {
    const connectionId = `${this.id}-${++this.made}`;
    const tags = { end_user_id: this.id };
    switch (made) {
      case 'linked': {
        if (this.newestLink === undefined) return undefined;
        const expired = this.newestLink.until <= (await world.env.currentTimeMs()) + 60_000;
        return world.nango.complete(expired ? await this.click() : this.newestLink.link, { as: this.id }).connectionId;
      }
      case 'button':
        return world.nango.addConnection({
          integration: 'hubspot',
          connectionId,
          tags,
        }).connectionId;
      case 'foreignNonce':
        return world.nango.addConnection({
          integration: 'hubspot',
          connectionId,
          tags: { ...tags, tn_nonce: `${randomUUID()}.1` },
        }).connectionId;
      case 'otherOwner':
        return world.nango.addConnection({
          integration: 'hubspot',
          connectionId,
          tags: { end_user_id: `${this.id}-other` },
        }).connectionId;
      case 'nowhere':
        return connectionId;
    }
  }

  /** Until the request has looked at everything it was told of. */
  async settled(): Promise<void> {
    for (let shortTimers = 1; shortTimers > 0;) {
      shortTimers = await eventually(async () => await this.shortTimersIfIdle());
      if (shortTimers > 0) await world.env.sleep(SHORT_TIMER_MS);
    }
  }

  /** How many short timers run; undefined while anything else is under way. */
  private async shortTimersIfIdle(): Promise<number | undefined> {
    const { events } = await this.handle.fetchHistory();
    const timers = new Map<string, number>();
    let activities = 0;
    let messages = 0;
    let taskDue = false;
    for (const event of events ?? []) {
      if (event.activityTaskScheduledEventAttributes || event.signalExternalWorkflowExecutionInitiatedEventAttributes)
        activities++;
      if (event.activityTaskCompletedEventAttributes || event.activityTaskFailedEventAttributes) activities--;
      if (event.activityTaskCanceledEventAttributes || event.activityTaskTimedOutEventAttributes) activities--;
      if (event.externalWorkflowExecutionSignaledEventAttributes) activities--;
      if (event.signalExternalWorkflowExecutionFailedEventAttributes) activities--;
      if (event.workflowExecutionUpdateAcceptedEventAttributes) messages++;
      if (event.workflowExecutionUpdateCompletedEventAttributes) messages--;
      const { timerId, startToFireTimeout } = event.timerStartedEventAttributes ?? {};
      if (timerId) timers.set(timerId, Number(startToFireTimeout?.seconds ?? 0) * 1_000);
      const over = event.timerFiredEventAttributes ?? event.timerCanceledEventAttributes;
      if (over?.timerId) timers.delete(over.timerId);
      if (event.workflowTaskScheduledEventAttributes) taskDue = true;
      if (event.workflowTaskCompletedEventAttributes) taskDue = false;
      if (event.workflowExecutionCompletedEventAttributes) return 0;
    }
    if (activities > 0 || messages > 0 || taskDue) return undefined;
    return [...timers.values()].filter((ms) => ms <= SHORT_TIMER_MS).length;
  }

  async view(): Promise<RequestView> {
    return await this.handle.query<RequestView>('nango.request');
  }

  /** What the subscriber was told, by who. */
  async received(): Promise<Letter[]> {
    return await client.workflow.getHandle(this.inboxId).query<Letter[]>('letters');
  }
}

/** By joiner, since two resolutions that are sent at the same time may arrive in any order. */
function byWho(received: { who: number; end: string }[]): string[] {
  return [...new Set(received.map(({ who }) => who))]
    .toSorted()
    .map((who) => `${who}: ${received.flatMap((one) => (one.who === who ? [one.end] : [])).join(' ')}`);
}

function refusalOf(model: RequestModel, command: Command): string | undefined {
  if (model.accepts(command)) return undefined;
  return command.op === 'join' ? 'already_joined' : 'too_many_links';
}

/** Where the request is over, or the commands are. */
function lengthOf(sequence: Command[]): number {
  const model = new RequestModel(0);
  return sequence.findIndex((command) => (model.apply(command), model.closed !== undefined)) + 1 || sequence.length;
}

interface Played {
  end: string;
  commands: number;
  refusals: string[];
  restarted: boolean;
}

async function play(sequence: Command[], id: string, restartAt?: number): Promise<Played> {
  const model = new RequestModel(0);
  const subject = new Subject(id);
  await subject.open();
  const refusals: string[] = [];
  const length = lengthOf(sequence);
  for (const [i, command] of sequence.slice(0, length).entries()) {
    const where = `${id}, command ${i} of ${JSON.stringify(sequence.slice(0, length))}`;
    if (i === restartAt) await restartNangoWorker(false);
    const expected = refusalOf(model, command);
    const refused = await within(COMMAND_MS, subject.carryOut(command), where);
    expect({ where, refused }).toEqual({ where, refused: expected });
    if (refused !== undefined) refusals.push(refused);
    model.apply(command);
    await within(COMMAND_MS, subject.settled(), `${where} to settle`);
    await within(COMMAND_MS, agrees(where, model, subject), `${where} to be told`);
  }
  await subject.close();
  return {
    end: model.closed ?? 'open',
    commands: length,
    refusals,
    restarted: restartAt !== undefined,
  };
}

/** Both say the same: how it stands, who waits until when, what everybody was told, and how it ended. */
async function agrees(where: string, model: RequestModel, subject: Subject): Promise<void> {
  const deadlines = [...model.waiting.keys()].map((who) => subject.deadlines.get(who) ?? 0);
  const expected = {
    status: model.closed ?? 'waiting',
    subscribers: model.waiting.size,
    deadline: model.closed === undefined ? Math.max(...deadlines) : undefined,
    received: byWho(model.resolved),
  };
  const actual = async () => {
    const { status, subscribers, question } = await subject.view();
    const received = (await subject.received()).map((letter) => ({
      who: Number(letter.joinId),
      end: letter.status,
    }));
    return { status, subscribers, deadline: question?.deadline, received: byWho(received) };
  };
  let last: Awaited<ReturnType<typeof actual>> | undefined;
  const same = async () => {
    last = await actual();
    return JSON.stringify(last) === JSON.stringify(expected) ? true : undefined;
  };
  await eventually(same).catch(() => expect({ where, ...last }).toEqual({ where, ...expected }));
  if (model.closed === undefined) return;
  // It is over, so this waits for nothing.
  const result = (await subject.handle.result()) as RequestResult;
  expect({ where, status: result.status }).toEqual({
    where,
    status: model.closed,
  });
  const connected = model.closed === 'connected';
  expect({ where, has: connectionIn(result) !== undefined }).toEqual({
    where,
    has: connected,
  });
  for (const letter of await subject.received()) {
    expect(letter.connection).toEqual(letter.status === 'connected' ? connectionIn(result) : undefined);
  }
}

test('sixty sequences of commands end as the model says, ten of them across a restart of the worker', async () => {
  const began = Date.now();
  const sequences = fc.sample(commands, { numRuns: SEQUENCES, seed });
  // In the middle of what is really carried out; a sequence of one command has no middle.
  const restarted = sequences.filter((sequence) => lengthOf(sequence) >= 4).slice(0, RESTARTS);
  const others = sequences.filter((sequence) => !restarted.includes(sequence));
  const played: Played[] = [];
  for (const sequence of restarted) {
    played.push(await play(sequence, `s${seed}-${played.length}`, Math.floor(lengthOf(sequence) / 2)));
  }
  await restartNangoWorker(true);
  for (const sequence of others) played.push(await play(sequence, `s${seed}-${played.length}`));
  const ends = (end: string) => played.filter((one) => one.end === end).length;
  const refused = (reason: string) => played.flatMap(({ refusals }) => refusals).filter((one) => one === reason).length;
  console.log(
    `sequences, seed ${seed}: ${played.length} sequences, ${played.reduce((sum, one) => sum + one.commands, 0)} commands ` +
      `in ${Math.round((Date.now() - began) / 1000)} s; ${ends('connected')} connected, ${ends('timedOut')} timed out, ` +
      `${ends('cancelled')} cancelled, ${ends('open')} still open at the end; refused: ${refused('already_joined')} joins, ` +
      `${refused('too_many_links')} links; worker restarted in ${played.filter(({ restarted }) => restarted).length}`,
  );
  expect(played).toHaveLength(SEQUENCES);
  expect(restarted).toHaveLength(RESTARTS);
});

test('the twenty-first live link is refused, and an hour later there is room', async () => {
  const click: Command = { op: 'click' };
  const sequence: Command[] = [
    { op: 'join', who: 0, days: 3 },
    ...Array.from({ length: 22 }, () => click),
    { op: 'wait', hours: 1 },
    click,
    { op: 'hint', made: 'linked', times: 2 },
  ];
  expect(await play(sequence, `s${seed}-links`)).toMatchObject({
    end: 'connected',
    refusals: ['too_many_links', 'too_many_links'],
  });
});
