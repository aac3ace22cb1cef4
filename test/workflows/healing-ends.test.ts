import { randomUUID } from 'node:crypto';
import type { Outcome, ProxyCall, WorkflowEnsureConnectionInput } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import { ensureThenFanOut, readsSideBySide, readThenWrite, waitFor, writeAfter } from '../support/user-workflows';
import { World } from '../support/world';

// What comes of calls whose wait for the owner has ended without a connection, or has not ended yet.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: World;

beforeAll(async () => {
  world = await World.open('timeSkipping');
});

afterAll(async () => {
  await world.close();
});

const writes = (count: number): ProxyCall[] =>
  Array.from({ length: count }, (_, n) => ({ method: 'POST', endpoint: `/contacts/${n}`, body: { n } }));

/** A provider of its own, where Anna's key is withdrawn after so many calls, and what it has carried out, for whom. */
function application(calls = 0) {
  const integration = `crm-${randomUUID()}`;
  const writtenAs: string[] = [];
  let left = calls;
  world.nango.addProvider({ name: integration, authMode: 'API_KEY' });
  world.nango.addIntegration({ key: integration, provider: integration });
  world.nango.onProxy(integration, ({ path, credentials }) => {
    const key = credentials.type === 'API_KEY' ? credentials.apiKey : '';
    if (path === '/me') return { json: { user: { id: key.split(' ')[0]! } } };
    if (key === 'anna' && left-- <= 0) return { status: 401, json: { message: 'no' } };
    writtenAs.push(key);
    return { json: { key } };
  });
  const id = `u-${integration}`;
  const tags = { end_user_id: id, tn_account: 'anna' };
  world.nango.addConnection({ integration, tags, credentials: { type: 'API_KEY', apiKey: 'anna' } });
  const identity = { endpoint: '/me', pointer: '/user/id' };
  const wanted: WorkflowEnsureConnectionInput = { integration, endUser: { id }, identity, heal: true };
  return { wanted, writtenAs, requestId: `nango/default/${integration}/u:${id}` };
}

async function requestOf(requestId: string) {
  const { firstExecutionRunId } = await world.request(requestId, 'waiting');
  await world.atRest(requestId);
  await world.syncClock();
  return world.connections.request({ id: requestId, firstExecutionRunId });
}

/** @param times so often its person has been asked by then */
async function connectAnew(requestId: string, as: string, times = 1): Promise<void> {
  await world.env.sleep(15 * MINUTE);
  await world.notified(requestId, 'opened', times);
  const made = world.nango.complete(await (await requestOf(requestId)).connectLink(), { as });
  await world.client.workflow.getHandle(requestId).signal('nango.hint', { source: 'webhook', ...made });
}

/** As another account, and it is asked whether that is right. */
async function connectAnother(requestId: string): Promise<void> {
  await connectAnew(requestId, 'bert');
  await eventually(async () => {
    const { question } = await (await requestOf(requestId)).view();
    return question?.accountChange;
  });
}

const timesAsked = (requestId: string): number =>
  world.notices.filter(({ request, reason }) => request.id === requestId && reason === 'opened').length;

const typesOf = (outcomes: Outcome[]): (string | undefined)[] => [
  ...new Set(outcomes.map((outcome) => (outcome.ok ? undefined : outcome.error.type))),
];

test('nobody agrees to another account in time: no write of a fan-out goes to it, and the owner is asked once', async () => {
  const { wanted, requestId, writtenAs } = application(40);
  const deadline = (await world.env.currentTimeMs()) + 3 * HOUR;
  const running = await world.start(ensureThenFanOut, { ...wanted, deadline }, writes(200));
  await connectAnother(requestId);
  const outcomes = (await running.result()) as Outcome[];
  expect(new Set(writtenAs)).toEqual(new Set(['anna']));
  expect(outcomes.filter(({ ok }) => ok)).toHaveLength(40);
  expect(typesOf(outcomes.filter(({ ok }) => !ok))).toEqual(['Nango.AccountChanged']);
  expect(timesAsked(requestId)).toBe(1);
});

test('nor does a write that the run begins later, once nobody has agreed', async () => {
  const { wanted, requestId, writtenAs } = application();
  const connection = await world.execute(waitFor, wanted);
  const brief = { ...connection, heal: { ...connection.heal!, waitMs: 3 * HOUR } };
  const running = await world.start(writeAfter, brief, [0, 10 * HOUR]);
  await connectAnother(requestId);
  expect(await running.result()).toEqual(['Nango.AccountChanged', 'Nango.AccountChanged']);
  expect(writtenAs).toEqual([]);
});

test('a write that is begun while it is asked whether the account is right waits for the yes', async () => {
  const { wanted, requestId, writtenAs } = application();
  const connection = await world.execute(waitFor, wanted);
  const running = await world.start(writeAfter, connection, [0, 5 * HOUR]);
  await connectAnother(requestId);
  await world.env.sleep(6 * HOUR);
  expect(writtenAs).toEqual([]);
  await (await requestOf(requestId)).decide('yes', { by: 'ops@example.com' });
  expect(await running.result()).toEqual([{ key: 'bert' }, { key: 'bert' }]);
});

test('a write that is begun after the yes goes on, and its owner is not asked again', async () => {
  const { wanted, requestId } = application();
  const connection = await world.execute(waitFor, { ...wanted, readsOnAccountChange: true });
  const running = await world.start(readThenWrite, connection, 5 * HOUR);
  await connectAnother(requestId);
  await (await requestOf(requestId)).decide('yes', { by: 'ops@example.com' });
  expect(await running.result()).toEqual([{ key: 'bert' }, { key: 'bert' }]);
  expect(timesAsked(requestId)).toBe(1);
});

test('cancelled once another account was connected: a later write asks the owner again, and goes to theirs alone', async () => {
  const { wanted, requestId, writtenAs } = application();
  const connection = await world.execute(waitFor, wanted);
  const running = await world.start(writeAfter, connection, [0, 5 * HOUR]);
  await connectAnother(requestId);
  await (await requestOf(requestId)).cancelForAll({ by: 'ops@example.com' });
  await world.env.sleep(5 * HOUR);
  await connectAnew(requestId, 'anna again', 2);
  expect(await running.result()).toEqual(['Nango.RequestCancelled', { key: 'anna again' }]);
  expect(writtenAs).toEqual(['anna again']);
});

test('the request of a fan-out is cancelled: what is left of it ends so, and its owner is not asked anew', async () => {
  const { wanted, requestId, writtenAs } = application();
  const running = await world.start(ensureThenFanOut, wanted, writes(60));
  await world.env.sleep(15 * MINUTE);
  await world.notified(requestId, 'opened');
  await (await requestOf(requestId)).cancelForAll({ by: 'ops@example.com' });
  expect(typesOf((await running.result()) as Outcome[])).toEqual(['Nango.RequestCancelled']);
  expect(timesAsked(requestId)).toBe(1);
  expect(writtenAs).toEqual([]);
});

test.each([
  ['first', [5 * HOUR, 100 * HOUR], ['given up', { key: 'anna again' }]],
  ['last', [100 * HOUR, 5 * HOUR], [{ key: 'anna again' }, 'given up']],
])('of two reads that wait for the owner the %s is given up: the other goes on waiting', async (_, after, ends) => {
  const { wanted, requestId } = application();
  const connection = await world.execute(waitFor, wanted);
  const running = await world.start(readsSideBySide, connection, after);
  await world.env.sleep(15 * MINUTE);
  await world.notified(requestId, 'opened', 1);
  await world.env.sleep(6 * HOUR);
  const asked = timesAsked(requestId);
  await connectAnew(requestId, 'anna again', asked);
  expect(await running.result()).toEqual(ends);
});
