import { eventually } from '../support/eventually';
import { isInHistory } from '../support/history-scan';
import { waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';
import { Program } from './program';
import { errorShape, operationShape } from './shapes';

// The built command line, where a link adds no scopes.

const SECRET = 'CLI_TEST_APP_SECRET';

let world: World;
let cli: Program;
let person = 0;

beforeAll(async () => {
  process.env[SECRET] = 'canary-of-a-client-secret';
  world = await World.open('dev');
  world.nango.addProvider({ name: 'fixed', authMode: 'OAUTH2', ignoresScopesOverride: true, defaultScopes: ['read'] });
  cli = new Program({
    TEMPORAL_ADDRESS: world.env.address,
    NANGO_SERVER_URL: world.nango.url,
    NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
  });
});

afterAll(async () => {
  delete process.env[SECRET];
  await cli?.close();
  await world?.close();
});

/** Somebody whose approval has added nothing, so that an operator is asked. */
async function approvedInVain() {
  const user = `u_${++person}`;
  const integration = `fixed-${person}`;
  world.nango.addIntegration({ key: integration, provider: 'fixed' });
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope: 'read' } };
  world.nango.addConnection({ integration, connectionId: `c-${user}`, tags: { end_user_id: user }, credentials });
  const waiting = await world.start(waitFor, { integration, endUser: { id: user }, scopes: ['write'] });
  const id = `nango/default/${integration}/u:${user}`;
  await connects(id, 'approve-scopes');
  await asked(id, 'update-integration-scopes');
  return { user, integration, id, short: `${integration}/u:${user}`, waiting };
}

async function asked(id: string, kind: string): Promise<void> {
  await eventually(
    async () => (await world.connections.describeRequest(id))?.view.question?.kind === kind || undefined,
  );
}

async function connects(id: string, kind: string): Promise<string> {
  await asked(id, kind);
  const { ref } = (await world.connections.describeRequest(id))!;
  const made = world.nango.complete(await world.connections.request(ref).connectLink({ recreate: true }), {
    as: 'anna',
  });
  await world.client.workflow.getHandle(id).signal('nango.hint', { source: 'webhook', ...made });
  return made.connectionId;
}

test('shows what is to be requested, has it requested, and says who has done it', async () => {
  const { short, id, integration, user, waiting } = await approvedInVain();
  expect((await cli.run(['requests', 'list', '--end-user', user])).stdout).toContain('  update scopes  ');
  const before = (await cli.run(['requests', 'show', short])).stdout;
  expect(before).toMatch(/^To request +read,write: `temporal-nango requests update-scopes nango\//m);
  expect(before).toMatch(/^Asked +for an operator to have the integration fixed-\d+ request more scopes, since /m);
  expect(before).toContain('no scopes added by the approval');
  expect((await cli.run(['ensure', integration, '--end-user', user, '--scope', 'write'])).stdout).toContain(
    'There is no link to show. Bad argument. An operator has to have the integration request more first.',
  );

  const update = [
    'requests',
    'update-scopes',
    short,
    '--client-id',
    'id',
    '--client-secret-env',
    SECRET,
    '--by',
    'ann',
  ];
  const { value } = await cli.json(update);
  expect(operationShape.parse(value)).toMatchObject({ by: 'ann', choice: 'update' });
  await asked(id, 'recreate-connection');
  expect((await cli.run(['requests', 'list', '--end-user', user])).stdout).toContain('  make anew  ');
  const connectionId = await connects(id, 'recreate-connection');
  expect(await waiting.result()).toMatchObject({ connectionId });
  const after = (await cli.run(['requests', 'show', short])).stdout;
  expect(after).toMatch(/scopes of the integration: update +ann/);
  expect(after).toContain('asked to make it anew');
});

test('that the old connection is deleted is said with every link, and no link leads past that', async () => {
  const { id, integration, user, waiting } = await approvedInVain();
  const { ref } = (await world.connections.describeRequest(id))!;
  const credentials = { clientId: 'id', clientSecret: { fromEnv: SECRET } };
  await world.connections.request(ref).updateScopes(credentials, { by: 'ann' });
  await asked(id, 'recreate-connection');
  const ensure = ['ensure', integration, '--end-user', user, '--scope', 'write'];
  const settings = {
    TEMPORAL_NANGO_LINK_KEYS: 'k'.repeat(32),
    TEMPORAL_NANGO_PUBLIC_URL: 'https://connect.example.com',
  };
  const [untold, agreed, asking] = await Promise.all([
    cli.run(ensure),
    cli.run([...ensure, '--recreate']),
    cli.run(ensure, { env: settings }),
  ]);
  const deletes = 'The old connection is deleted once the new one is there.';
  expect(untold.stdout).toContain(`There is no link to show. ${deletes} Tell the owner, and add --recreate`);
  expect(untold.stdout).not.toContain('://');
  expect(agreed.stdout).toContain(`${deletes}\nLink to make the connection anew, good for 30 minutes`);
  expect(asking.stdout).toContain(`${deletes} The page of the link asks the owner first.\nLink`);
  expect(asking.stdout).toContain('https://connect.example.com/');
  await waiting.cancel();
});

test('--done is verified, and --refuse ends it', async () => {
  const { short, waiting } = await approvedInVain();
  const early = await cli.json(['requests', 'update-scopes', short, '--done', '--by', 'ann']);
  expect(errorShape.parse(early.value).error).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'not_requested' });
  const { stdout } = await cli.run(['requests', 'update-scopes', short, '--refuse', '--by', 'ann']);
  expect(stdout).toContain('Answered: no.');
  expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
});

test.each([
  ['nothing', []],
  ['an id alone', ['--client-id', 'id']],
  ['a secret alone', ['--client-secret-env', SECRET]],
  ['two things at once', ['--done', '--refuse']],
  ['a yes and a no', ['--client-id', 'id', '--client-secret-env', SECRET, '--refuse']],
])('%s is no use of the command', async (_, options) => {
  const { code, stderr } = await cli.run(['requests', 'update-scopes', 'fixed/u:u_1', ...options]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('Either --client-id with --client-secret-env')]);
});

test('a secret in the place of its name goes nowhere, and is not repeated', async () => {
  const { short, id, waiting } = await approvedInVain();
  const given = ['--client-id', 'id', '--client-secret-env', 'canary-typed-in-the-wrong-place'];
  const { code, stdout, stderr } = await cli.run(['requests', 'update-scopes', short, ...given]);
  expect(code).toBe(2);
  expect(stderr).toContain('credentials.clientSecret.fromEnv');
  expect(stdout + stderr).not.toContain('canary');
  expect(await isInHistory(world.client, id, 'update-integration-scopes')).toBe(true);
  expect(await isInHistory(world.client, id, 'canary-typed-in-the-wrong-place')).toBe(false);
  await waiting.cancel();
});
