import { failureOf, World } from '../support/world';

// An old ref shows nothing of what has taken its place under the same name.

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
});

afterAll(async () => {
  await world?.close();
});

test('of a request', async () => {
  const ensure = async () => {
    const made = await world.connections.ensureConnection({ integration: 'hubspot', endUser: { id: 'ann' } });
    if (made.kind !== 'request') throw new Error('connected already');
    return made;
  };
  const first = await ensure();
  await first.cancelForAll({ by: 'olive' });
  expect(await first.view()).toMatchObject({ status: 'cancelled' });
  const second = await ensure();
  expect(await second.view()).toMatchObject({ subscribers: 1 });
  expect(await failureOf(first.view())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'request_closed' });
});

test('of a set-up', async () => {
  world.nango.addProvider({ name: 'salesforce', authMode: 'OAUTH2' });
  const ensure = async () => {
    const made = await world.connections.ensureIntegration({ provider: 'salesforce' });
    if (made.kind !== 'setUp') throw new Error('made already');
    return made;
  };
  const first = await ensure();
  await first.cancelForAll({ by: 'olive' });
  expect(await first.view()).toMatchObject({ status: 'cancelled' });
  const second = await ensure();
  expect(await second.view()).toMatchObject({ provider: 'salesforce' });
  expect(await failureOf(first.view())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'request_closed' });
});
