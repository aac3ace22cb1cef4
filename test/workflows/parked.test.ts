import type { Connection, RequestView } from '../../src/contract/types';
import { joinRequest } from '../../src/requests/join';
import { webhookHandler } from '../../src/webhook';
import { signTestWebhook } from '../../src/testing';
import { eventually } from '../support/eventually';
import { failureOf, World } from '../support/world';
import { waitFor } from '../support/user-workflows';

// A request that is parked for days: what it costs, whom it reminds, and what it survives.

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
let person = 0;

beforeAll(async () => {
  world = await World.open('timeSkipping');
});

afterAll(async () => {
  await world.close();
});

afterEach(() => {
  world.notifier = () => undefined;
});

function someone() {
  const id = `u_${++person}`;
  return { id, wanted: { integration: 'hubspot', endUser: { id } }, request: `nango/default/hubspot/u:${id}` };
}

async function handleOf(request: string) {
  const { firstExecutionRunId } = await world.request(request, 'waiting');
  return world.connections.request({ id: request, firstExecutionRunId });
}

async function memoOf(request: string): Promise<RequestView> {
  const { memo } = await world.client.workflow.getHandle(request).describe();
  return memo?.['nango.request'] as RequestView;
}

async function click(request: string): Promise<string> {
  await world.request(request, 'waiting');
  await world.atRest(request);
  await world.syncClock();
  return await (await handleOf(request)).connectLink();
}

/** Nango's webhook of a connection, as it is sent. */
function webhook({ connectionId }: { connectionId: string }, key = world.nango.webhookSigningKey) {
  const { tags } = world.nango.connection('hubspot', connectionId)!;
  const event = { type: 'auth', operation: 'creation', success: true, from: 'nango', environment: 'dev' };
  const body = JSON.stringify({ ...event, connectionId, providerConfigKey: 'hubspot', provider: 'hubspot', tags });
  return { body, headers: signTestWebhook(body, key) };
}

const receive = () => webhookHandler(world.client, { config: world.config });

/** The details that Temporal's UI shows. */
async function detailsOf(workflowId: string): Promise<string> {
  const metadata = await world.client.workflow
    .getHandle(workflowId)
    .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

/**
 * A joiner without the insurance that a workflow has: on this server each join that is refused as known costs events,
 * on a real one none.
 */
async function joinUninsured({ id, request }: ReturnType<typeof someone>, days: number): Promise<void> {
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const subject = { integration: 'hubspot', owner: { endUser: { id } } };
  const at = await world.env.currentTimeMs();
  const join = { joinId: 'j', deadline: at + days * DAY, subscriber: { workflowId: `waits-for-${request}` } };
  expect(await joinRequest(place, subject, join, { ignoreCoolDown: false, at })).toMatchObject({ status: 'pending' });
}

test('a week with one join, one click and two reminders is at most fifty events and twelve a reminder', async () => {
  const one = someone();
  const { request } = one;
  await joinUninsured(one, 8);
  await world.notified(request, 'opened');
  await world.env.sleep(7 * DAY);
  expect(await world.notified(request, 'reminder', 2)).toMatchObject({ reminders: 2, question: { kind: 'connect' } });
  const made = world.nango.complete(await click(request), { as: 'a' });
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook', ...made });
  expect(await world.client.workflow.getHandle(request).result()).toMatchObject({ connection: made });
  expect((await world.events(request)).length).toBeLessThanOrEqual(50 + 2 * 12);
});

test('a day on which nothing happens adds no event', async () => {
  const one = someone();
  await joinUninsured(one, 9);
  await world.notified(one.request, 'opened');
  await world.env.sleep(3 * DAY + HOUR);
  await world.notified(one.request, 'reminder', 2);
  await world.atRest(one.request);
  const before = (await world.events(one.request)).length;
  await world.env.sleep(DAY);
  expect((await world.events(one.request)).length).toBe(before);
});

test('a month: reminders after one day, three, and then weekly, and the details say how often', async () => {
  const { id, wanted, request } = someone();
  const began = await world.env.currentTimeMs();
  const waiting = await world.start(waitFor, { ...wanted, deadline: began + 31 * DAY });
  await world.notified(request, 'opened');
  const details = await detailsOf(request);
  expect(details).toMatch(
    new RegExp(`^Waiting for ${id} to connect hubspot since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC\\.`),
  );
  const notifiedAt: number[] = [];
  world.notifier = async (notice) => {
    if (notice.request.id === request) notifiedAt.push(Math.round(((await world.env.currentTimeMs()) - began) / DAY));
  };
  await world.env.sleep(30 * DAY);
  await world.notified(request, 'reminder', 5);
  expect(notifiedAt).toEqual([1, 3, 10, 17, 24]);
  expect(await detailsOf(request)).toContain(', reminded 5 times.');
  const made = world.nango.complete(await click(request), { as: 'a' });
  await receive()(webhook(made).body, webhook(made).headers);
  expect(await waiting.result()).toMatchObject(made);
});

test('a handle that was kept for six days still makes a link', async () => {
  const { wanted, request } = someone();
  const waiting = await world.start(waitFor, wanted);
  const kept = JSON.parse(JSON.stringify((await handleOf(request)).ref)) as { id: string; firstExecutionRunId: string };
  await world.env.sleep(6 * DAY);
  await world.syncClock();
  const made = world.nango.complete(await world.connections.request(kept).connectLink(), { as: 'a' });
  expect(await waiting.result()).toMatchObject(made);
});

test('a link clicked twice, by two people: one connection and one extra, which is never used', async () => {
  const { id, wanted, request } = someone();
  const waiting = await world.start(waitFor, wanted);
  const link = await click(request);
  const first = world.nango.complete(link, { as: 'anna' });
  const second = world.nango.complete(link, { as: 'bert' });
  await receive()(webhook(second).body, webhook(second).headers);
  await receive()(webhook(first).body, webhook(first).headers);
  const used = (await waiting.result()) as Connection;
  const extra = [first, second].find(({ connectionId }) => connectionId !== used.connectionId)!;
  expect(await world.execute(waitFor, wanted)).toMatchObject({ connectionId: used.connectionId });
  expect(id).toBe(used.tags.end_user_id);
  expect(extra.connectionId).not.toBe(used.connectionId);
});

test('the webhook lost: the watch finds the connection', async () => {
  const { wanted, request } = someone();
  const waiting = await world.start(waitFor, wanted);
  const made = world.nango.complete(await click(request), { as: 'a' });
  expect(await waiting.result()).toMatchObject(made);
});

test('a forged webhook reaches nobody; a thousand copies of a true one do no harm', async () => {
  const { wanted, request } = someone();
  const waiting = await world.start(waitFor, wanted);
  await world.atRest(request);
  const before = (await world.events(request)).length;
  world.nango.addConnection({ integration: 'hubspot', connectionId: `f-${request}`, tags: { end_user_id: 'nobody' } });
  const forged = webhook({ connectionId: `f-${request}` }, 'another key');
  expect(await receive()(forged.body, forged.headers)).toMatchObject({ status: 401, signalled: 0 });
  expect((await world.events(request)).length).toBe(before);

  const made = world.nango.complete(await click(request), { as: 'a' });
  const { body, headers } = webhook(made);
  const handle = receive();
  const results = await Promise.all(Array.from({ length: 1_000 }, () => handle(body, headers)));
  expect(results.every(({ status }) => status === 200)).toBe(true);
  expect(await waiting.result()).toMatchObject(made);
  const result = world.client.workflow.getHandle(request).result();
  expect(await result).toMatchObject({ status: 'connected', connection: { connectionId: made.connectionId } });
});

test('an old handle cannot reach a new request', async () => {
  const { wanted, request } = someone();
  const first = await world.start(waitFor, wanted);
  const old = await handleOf(request);
  await first.cancel();
  await first.result().catch(() => undefined);
  const second = await world.start(waitFor, wanted);
  await world.request(request, 'waiting');
  for (const reach of [
    () => old.connectLink(),
    () => old.decline(),
    () => old.extend(Date.now() + 400 * DAY),
    () => old.decide('yes', { by: 'x' }),
    () => old.cancel(),
  ]) {
    expect(await failureOf(reach())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'request_closed' });
  }
  const made = world.nango.complete(await click(request), { as: 'a' });
  expect(await second.result()).toMatchObject(made);
});

test('after a decline an hourly run asks nobody for a day, and then again', async () => {
  const { id, wanted, request } = someone();
  const first = await world.start(waitFor, wanted);
  await world.notified(request, 'opened');
  await (await handleOf(request)).decline();
  expect(await failureOf(first.result())).toMatchObject({ type: 'Nango.ConnectionDeclined' });
  const { coolDownUntil = 0 } = await memoOf(request);
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const subject = { integration: 'hubspot', owner: { endUser: { id } } };
  const run = (at: number) => joinRequest(place, subject, { joinId: `run-${at}` }, { ignoreCoolDown: false, at });
  for (let hour = 24; hour > 0; hour--) {
    expect(await run(coolDownUntil - hour * HOUR)).toEqual({ status: 'declined', coolDownUntil, requestId: request });
  }
  expect(world.notices.filter(({ request: other }) => other.id === request)).toHaveLength(1);
  expect(await run(coolDownUntil)).toMatchObject({ status: 'pending' });
});

describe('a notifier', () => {
  test('that throws is called again after an hour, three times in all, and the request is unharmed', async () => {
    const { wanted, request } = someone();
    const notifiedAt: number[] = [];
    world.notifier = async (notice) => {
      if (notice.request.id !== request) return;
      notifiedAt.push(await world.env.currentTimeMs());
      throw new Error('no such channel');
    };
    const waiting = await world.start(waitFor, wanted);
    await world.notified(request, 'opened');
    await world.env.sleep(20 * HOUR);
    expect(notifiedAt).toHaveLength(3);
    expect(notifiedAt[1]! - notifiedAt[0]!).toBeGreaterThanOrEqual(HOUR);
    expect(notifiedAt[2]! - notifiedAt[1]!).toBeGreaterThanOrEqual(HOUR);
    const made = world.nango.complete(await click(request), { as: 'a' });
    expect(await waiting.result()).toMatchObject(made);
  });

  test('is not called if somebody has connected in the meantime: a reminder looks first', async () => {
    const { id, wanted, request } = someone();
    const waiting = await world.start(waitFor, wanted);
    await world.notified(request, 'opened');
    await world.syncClock();
    world.nango.addConnection({ integration: 'hubspot', connectionId: `quiet-${id}`, tags: { end_user_id: id } });
    expect(await waiting.result()).toMatchObject({ connectionId: `quiet-${id}` });
    expect(world.notices.filter(({ request: r, reason }) => r.id === request && reason === 'reminder')).toEqual([]);
  });

  test('can make a link for its message', async () => {
    const { wanted, request } = someone();
    let link: string | undefined;
    world.notifier = async (notice, waiting) => {
      if (notice.request.id === request) link = await waiting.connectLink();
    };
    const waiting = await world.start(waitFor, wanted);
    await world.syncClock();
    const made = world.nango.complete(await eventually(() => Promise.resolve(link)), { as: 'a' });
    expect(await waiting.result()).toMatchObject(made);
  });

  test('hears nothing while the person is at the screen: a backend that asked shows the link itself', async () => {
    const { wanted, request } = someone();
    const response = await world.connections.ensureConnection(wanted);
    expect(response.kind).toBe('request');
    await world.env.sleep(DAY + HOUR);
    await world.notified(request, 'reminder');
    expect(world.notices.filter(({ request: r }) => r.id === request).map(({ reason }) => reason)).toEqual([
      'reminder',
    ]);
  });
});
