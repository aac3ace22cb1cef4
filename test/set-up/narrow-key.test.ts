import { IntegrationSetUp } from '../../src';
import { waitForIntegration } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// A worker whose key may not create integrations.

const LACKS = { type: 'Nango.Forbidden', scope: 'environment:integrations:create' };

let world: World;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  world.config.secretKey = world.nango.addKey({ scopes: ['environment:integrations:list'] });
  await world.startWorkers();
});

afterAll(async () => {
  await world?.close();
});

test('what could be made at once ends, and names the scope', async () => {
  world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  const byWorkflow = await failureOf(world.execute(waitForIntegration, { provider: 'keyed' }));
  expect(byWorkflow).toMatchObject(LACKS);
  expect(byWorkflow.message).toContain('environment:integrations:create');
  expect(await failureOf(world.connections.ensureIntegration({ provider: 'keyed' }))).toMatchObject(LACKS);
});

test('so does what a caller wants unattended', async () => {
  world.nango.addProvider({ name: 'lent', authMode: 'OAUTH2', developerApp: {} });
  const unattended = world.connections.ensureIntegration({ provider: 'lent', allowNangoApp: true });
  expect(await failureOf(unattended)).toMatchObject(LACKS);
});

test('an operator who decides is told the scope, and may make it by hand', async () => {
  process.env.SETUP_SECRET = 's';
  world.nango.addProvider({ name: 'crm', authMode: 'OAUTH2', developerApp: {} });
  const setUp = await world.connections.ensureIntegration({ provider: 'crm' });
  if (!(setUp instanceof IntegrationSetUp)) throw new Error(`a ${setUp.kind}`);
  const credentials = { clientId: 'c', clientSecret: { fromEnv: 'SETUP_SECRET' } };
  expect(await failureOf(setUp.decide({ choice: 'own', credentials, by: 'ops' }))).toMatchObject(LACKS);
  expect(await failureOf(setUp.decide({ choice: 'nangoApp', by: 'ops' }))).toMatchObject(LACKS);
  expect(await setUp.view()).toMatchObject({ status: 'waiting', problem: LACKS });
  world.nango.addIntegration({ key: 'crm', provider: 'crm' });
  expect(await setUp.decide({ choice: 'made', by: 'ops' })).toBe('ready');
  delete process.env.SETUP_SECRET;
});
