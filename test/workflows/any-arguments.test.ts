import { World } from '../support/world';
import { fuzzed } from '../support/fuzzed-workflows';

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  await world.startUserWorker('./fuzzed-workflows');
});

afterAll(async () => {
  await world.close();
});

test('whatever a user’s workflow calls us with, what is thrown is of the taxonomy, and no workflow task fails', async () => {
  const handle = await world.start(fuzzed, 20_261_124, 25);
  const { odd, ends } = (await handle.result()) as Awaited<ReturnType<typeof fuzzed>>;
  expect(odd).toEqual([]);
  // It has met what is refused and what is not.
  expect(ends['Nango.InvalidRequest']).toBeGreaterThan(500);
  expect(ends['Nango.ConnectionNotFound']).toBeGreaterThan(5);
  const events = await world.events(handle.workflowId);
  expect(events.filter((event) => event.startsWith('workflowTaskFailed'))).toEqual([]);
});
