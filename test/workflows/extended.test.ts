import { MockActivityEnvironment } from '@temporalio/testing';
import { createActivities } from '../../src/activities';
import type { JoinEnd, JoinRequestInput, JoinSetUpInput, SetUpEnd, SetUpView } from '../../src/contract/types';
import { NangoApi } from '../../src/nango/http/http';
import { joinRequest } from '../../src/requests/join';
import { eventually } from '../support/eventually';
import { waitFor, waitForIntegration } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// Somebody moves the deadline of those who wait: they wait on, however often they ask meanwhile, and wherever they wait.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Not an hour, nor a whole minute: then something is looked up, and what ends just then stops the test server's clock. */
const BETWEEN_LOOKUPS = 30.5 * MINUTE;

let world: World;
let count = 0;

beforeAll(async () => {
  world = await World.open('timeSkipping');
});

afterAll(async () => {
  await world?.close();
});

/** Tries an activity once, as a worker does the second time. */
async function secondTry<Input, End>(
  name: 'nango.ensureConnection' | 'nango.ensureIntegration',
  input: Input,
  heartbeatDetails?: unknown,
): Promise<End> {
  const { config, client } = world;
  const api = new NangoApi({ baseUrl: config.baseUrl, secretKey: world.nango.secretKey });
  const given = { api, config, notifier: () => undefined, operatorNotifier: () => undefined, canOffload: false };
  const activities = createActivities(given) as unknown as { [name: string]: (input: Input) => Promise<End> };
  try {
    return await new MockActivityEnvironment({ attempt: 2, heartbeatDetails }, { client }).run(
      activities[name]!,
      input,
    );
  } finally {
    await api.close();
  }
}

describe('of a request', () => {
  function someone() {
    const owner = { endUser: { id: `u_${++count}` } };
    const subject = { integration: 'hubspot', owner };
    return { owner, subject, requestId: `nango/default/hubspot/u:u_${count}` };
  }

  test('a workflow waits until the new deadline, and gets the connection', async () => {
    const { owner, requestId } = someone();
    const now = await world.env.currentTimeMs();
    const waiting = await world.start(waitFor, {
      integration: 'hubspot',
      ...owner,
      deadline: now + DAY + BETWEEN_LOOKUPS,
    });
    const { firstExecutionRunId } = await world.request(requestId, 'waiting');
    const request = world.connections.request({ id: requestId, firstExecutionRunId });
    await world.atRest(requestId);
    await request.extend(now + 30 * DAY, { by: 'ops' });
    await world.env.sleep(5 * DAY);
    expect((await request.view()).question?.deadline).toBe(now + 30 * DAY);
    await world.atRest(requestId);
    await world.syncClock();
    const made = world.nango.complete(await request.connectLink(), { as: 'anna' });
    expect(await waiting.result()).toMatchObject(made);
  });

  test('a join that is tried again after the old deadline waits on; once it is not on the list, it is over', async () => {
    const { subject, requestId } = someone();
    const now = await world.env.currentTimeMs();
    const deadline = now + HOUR;
    const join = { joinId: 'mine', subscriber: { workflowId: 'somebody' }, deadline };
    const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
    const joined = await joinRequest(place, subject, join, { ignoreCoolDown: false, at: now });
    if (joined.status !== 'pending') throw new Error(joined.status);
    await world.request(requestId, 'waiting');
    await world.atRest(requestId);
    const request = world.connections.request({ id: requestId, firstExecutionRunId: joined.firstExecutionRunId });
    await request.extend(now + 30 * DAY, { by: 'ops' });

    const again = (joinId: string) =>
      secondTry<JoinRequestInput, JoinEnd>(
        'nango.ensureConnection',
        { subject, join: { ...join, joinId }, ignoreCoolDown: false, at: deadline + 1 },
        'joined',
      );
    // Its retries wait: nothing has failed.
    expect(await failureOf(again('mine'))).toMatchObject({ type: 'Nango.ConnectionTimedOut' });
    await world.env.sleep(2 * HOUR);
    const over = { status: 'timedOut', requestId };
    expect(await again('another')).toEqual(over);
    await request.cancelForAll({ by: 'ops' });
    expect(await again('mine')).toEqual(over);
    expect((await request.describe())?.ref.firstExecutionRunId).toBe(joined.firstExecutionRunId);
  });
});

describe('of a set-up', () => {
  function provider(): string {
    const name = `slow-${++count}`;
    world.nango.addProvider({ name, authMode: 'OAUTH2' });
    return name;
  }

  async function waitingSetUp(integration: string) {
    const id = `nango-integration/default/${integration}`;
    const handle = world.client.workflow.getHandle(id);
    const firstExecutionRunId = await eventually(async () => {
      const { memo, runId } = await handle.describe().catch(() => ({ memo: undefined, runId: '' }));
      return (memo?.['nango.setUp'] as SetUpView | undefined)?.status === 'waiting' ? runId : undefined;
    });
    await world.atRest(id);
    return world.connections.setUp({ id, firstExecutionRunId });
  }

  test('a workflow waits until the new deadline, though it asks again meanwhile', async () => {
    const name = provider();
    const now = await world.env.currentTimeMs();
    const waiting = await world.start(waitForIntegration, { provider: name, deadline: now + DAY + BETWEEN_LOOKUPS });
    const setUp = await waitingSetUp(name);
    await setUp.extend(now + 30 * DAY, { by: 'ops' });
    await world.env.sleep(20 * HOUR);
    expect((await setUp.view()).question?.deadline).toBe(now + 30 * DAY);
    await world.env.sleep(4 * DAY);
    expect(await setUp.view()).toMatchObject({ status: 'waiting', question: { deadline: now + 30 * DAY } });
    world.nango.addIntegration({ key: name, provider: name });
    expect(await waiting.result()).toEqual({ integration: name, provider: name });
  });

  test('one that was moved to be earlier stays so, though a workflow asks again meanwhile', async () => {
    const name = provider();
    const now = await world.env.currentTimeMs();
    const waiting = await world.start(waitForIntegration, { provider: name, deadline: now + 30 * DAY });
    const setUp = await waitingSetUp(name);
    await setUp.extend(now + DAY + BETWEEN_LOOKUPS, { by: 'ops' });
    await world.env.sleep(20 * HOUR);
    expect((await joinIdsOf(setUp.ref.id)).length).toBeGreaterThan(1);
    expect((await setUp.view()).question?.deadline).toBe(now + DAY + BETWEEN_LOOKUPS);
    expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.SetUpTimedOut' });
  });

  test('a join that is tried again after the old deadline waits on; once it has ended, it is over', async () => {
    const name = provider();
    const now = await world.env.currentTimeMs();
    const waiting = await world.start(waitForIntegration, { provider: name, deadline: now + DAY });
    const setUp = await waitingSetUp(name);
    await setUp.extend(now + 30 * DAY, { by: 'ops' });
    const [joinId] = await joinIdsOf(setUp.ref.id);
    const again = (whose: string) => {
      const join = { joinId: whose, provider: name, deadline: now + DAY };
      const input = { integration: name, join, ignoreCoolDown: false, at: now + DAY + 1 };
      return secondTry<JoinSetUpInput, SetUpEnd>('nango.ensureIntegration', input);
    };
    expect(await failureOf(again(joinId!))).toMatchObject({ type: 'Nango.SetUpTimedOut' });
    await waiting.cancel();
    expect(await failureOf(setUp.result())).toMatchObject({ type: 'Nango.SetUpCancelled' });
    expect(await again(joinId!)).toEqual({ status: 'timedOut' });
  });

  /** Of those who have joined. */
  async function joinIdsOf(workflowId: string): Promise<string[]> {
    const { events } = await world.client.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).flatMap(({ workflowExecutionUpdateAcceptedEventAttributes: accepted }) => {
      const { name, args } = accepted?.acceptedRequest?.input ?? {};
      const [payload] = args?.payloads ?? [];
      if (name !== 'nango.joinSetUp' || payload?.data == null) return [];
      return [(JSON.parse(Buffer.from(payload.data).toString()) as { joinId: string }).joinId];
    });
  }
});
