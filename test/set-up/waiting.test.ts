import type { IntegrationSetUp } from '../../src';
import { waitForIntegration } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// A set-up that waits for days: what it costs, whom it reminds, and how it ends by itself.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Not an hour, nor a whole minute: then something is looked up, and what ends just then stops the test server's clock. */
const BETWEEN_LOOKUPS = 30.5 * MINUTE;
const DAY = 24 * HOUR;

let world: World;
let count = 0;

beforeAll(async () => {
  world = await World.open('timeSkipping');
});

afterAll(async () => {
  await world?.close();
});

function provider(): string {
  const name = `slow-${++count}`;
  world.nango.addProvider({ name, authMode: 'OAUTH2' });
  return name;
}

async function openSetUp(name: string): Promise<IntegrationSetUp> {
  const setUp = await world.connections.ensureIntegration({ provider: name });
  if (setUp.kind !== 'setUp') throw new Error(`a ${setUp.kind}`);
  return setUp;
}

test('the deadline ends the wait; after a day of waiting there is a time to cool down', async () => {
  const name = provider();
  const now = await world.env.currentTimeMs();
  const waiting = await world.start(waitForIntegration, { provider: name, deadline: now + 2 * DAY });
  const failure = await failureOf(waiting.result());
  expect(failure).toMatchObject({ type: 'Nango.SetUpTimedOut', coolDownUntil: expect.any(Number) as number });
  expect(failure.coolDownUntil! - now).toBeGreaterThanOrEqual(3 * DAY);
});

test('each who waits has a deadline of its own, and the operator moves those of all', async () => {
  const name = provider();
  const setUp = await openSetUp(name);
  const now = await world.env.currentTimeMs();
  const waiting = await world.start(waitForIntegration, { provider: name, deadline: now + BETWEEN_LOOKUPS });
  expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.SetUpTimedOut' });
  expect((await setUp.view()).status).toBe('waiting');
  const until = (await world.env.currentTimeMs()) + 30 * DAY;
  await setUp.extend(until, { by: 'ops' });
  expect((await setUp.view()).question?.deadline).toBe(until);
  await setUp.decline();
});

test('operators are notified once, and reminded after one day and three, then weekly', async () => {
  const name = provider();
  const setUp = await openSetUp(name);
  const now = await world.env.currentTimeMs();
  await setUp.extend(now + 12 * DAY);
  expect(await failureOf(setUp.result())).toMatchObject({ type: 'Nango.SetUpTimedOut' });
  const notices = world.setUpNotices.filter(({ integration }) => integration === name);
  expect(notices.map(({ reason, reminders }) => [reason, reminders])).toEqual([
    ['opened', 0],
    ['reminder', 1],
    ['reminder', 2],
    ['reminder', 3],
  ]);
});

test('what is made in the dashboard is noticed by itself; a week of waiting stays small, and asks once a minute at most', async () => {
  const name = provider();
  const before = world.nango.count(({ path }) => path === '/integrations');
  const setUp = await openSetUp(name);
  await world.env.sleep(6 * DAY);
  const polls = world.nango.count(({ path }) => path === '/integrations') - before;
  expect(polls).toBeGreaterThan(100);
  expect(polls).toBeLessThan((6 * DAY) / MINUTE);
  world.nango.addIntegration({ key: name, provider: name });
  expect(await setUp.result()).toEqual({ integration: name, provider: name });
  expect((await world.events(setUp.ref.id)).length).toBeLessThan(80);
});

test('in the first minute nothing is looked up that was looked up just now', async () => {
  const name = provider();
  const setUp = await openSetUp(name);
  await world.atRest(setUp.ref.id);
  const before = world.nango.count(({ path }) => path === '/integrations');
  await world.env.sleep(30_000);
  expect(world.nango.count(({ path }) => path === '/integrations')).toBe(before);
  await world.env.sleep(45_000);
  expect(world.nango.count(({ path }) => path === '/integrations')).toBe(before + 1);
  await setUp.decline();
});
