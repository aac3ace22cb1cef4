import { within } from '../support/within';
import { Playground } from './playground';

let world: Playground;

beforeEach(async () => {
  world = await Playground.open();
});

afterEach(async () => {
  await world.close();
});

test('asynchronous actions run one at a time, and only while no other action runs', async () => {
  const { nango } = world;
  const { connectionId } = nango.addConnection({ integration: 'crm' });
  const started: string[] = [];
  const starts = new Map<string, () => void>();
  const ends = new Map<string, () => void>();
  nango.onAction('crm', 'held', async (input) => {
    const name = input as string;
    started.push(name);
    await new Promise<void>((resolve) => {
      ends.set(name, resolve);
      starts.get(name)?.();
    });
    return name;
  });
  const start = (name: string) =>
    within(10_000, new Promise<void>((resolve) => void starts.set(name, resolve)), `${name} starts`);
  const trigger = (input: string, headers = {}) =>
    world.call('POST', '/action/trigger', {
      headers: { 'provider-config-key': 'crm', 'connection-id': connectionId, ...headers },
      body: { action_name: 'held', input },
    });

  const synchronousStarts = start('synchronous');
  const [firstStarts, secondStarts] = [start('first'), start('second')];
  const synchronous = trigger('synchronous');
  await synchronousStarts;
  expect(await trigger('first', { 'x-async': 'true' })).toMatchObject({ status: 202 });
  expect(await trigger('second', { 'x-async': 'true' })).toMatchObject({ status: 202 });
  expect(started).toEqual(['synchronous']);

  ends.get('synchronous')?.();
  expect(await synchronous).toMatchObject({ status: 200, body: 'synchronous' });
  await firstStarts;
  expect(started).toEqual(['synchronous', 'first']);

  ends.get('first')?.();
  await secondStarts;
  ends.get('second')?.();
});
