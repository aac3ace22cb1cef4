import { STARTER } from '../../src/cli/functions/starter';
import { failureOf, World } from '../support/world';

// A deployment says which scope the key lacks, step by step, and none that it does not need.

const ALL = [
  'environment:functions:read',
  'environment:functions:compile',
  'environment:functions:dryrun',
  'environment:deploy',
  'environment:actions:execute',
];

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  world.nango.addProvider({ name: 'notes', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'notes', provider: 'notes' });
  world.nango.addConnection({ integration: 'notes', connectionId: 'c-1' });
});

afterAll(async () => await world?.close());

async function deployWith(scopes: string[]) {
  world.config.secretKey = world.nango.addKey({ scopes });
  const worker = await world.startNangoWorker();
  try {
    const input = { name: 'Ann' };
    const greet = { integration: 'notes', name: 'greet', code: STARTER, connectionId: 'c-1', input, again: true };
    const deployment = await world.connections.deployFunction({ ...greet, approvedBy: 'olive' });
    return await deployment.result();
  } finally {
    worker.shutdown();
  }
}

test.each(ALL.slice(0, 4))('without %s', async (scope) => {
  const failure = await failureOf(deployWith(ALL.filter((one) => one !== scope)));
  expect(failure).toMatchObject({ type: 'Nango.Forbidden', scope });
});

test('without the scope to run it, it is deployed', async () => {
  const deployed = await deployWith(ALL.slice(0, 4));
  expect(deployed.run).toMatchObject({ failure: { type: 'Nango.Forbidden', scope: 'environment:actions:execute' } });
});

test('with these, and no others', async () => {
  expect(await deployWith(ALL)).toMatchObject({ run: { status: 200 } });
});
