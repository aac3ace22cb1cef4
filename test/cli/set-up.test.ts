import { z } from 'zod';
import { World } from '../support/world';
import { Program } from './program';
import { errorShape } from './shapes';

// An integration is set up from a terminal.

let world: World;
let cli: Program;
let count = 0;

beforeAll(async () => {
  process.env.CLI_TEST_SECRET = 'secret-of-the-worker';
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  cli = new Program({
    TEMPORAL_ADDRESS: world.env.address,
    NANGO_SERVER_URL: world.nango.url,
    NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
  });
});

afterAll(async () => {
  delete process.env.CLI_TEST_SECRET;
  await cli.close();
  await world.close();
});

const readyShape = z.strictObject({ status: z.literal('ready'), integration: z.string(), provider: z.string() });
const waitingShape = z.strictObject({
  status: z.literal('waiting'),
  setUp: z.strictObject({ id: z.string(), firstExecutionRunId: z.string() }),
  question: z.looseObject({ kind: z.literal('set-up-integration'), choices: z.array(z.string()) }),
});

function provider(given: object = {}): string {
  const name = `p-${++count}`;
  world.nango.addProvider({ name, authMode: 'OAUTH2', defaultScopes: ['read'], ...given });
  return name;
}

const add = async (...args: string[]) => await cli.json(['integrations', 'add', ...args]);
const own = ['--client-id', 'cid', '--client-secret-env', 'CLI_TEST_SECRET'];

async function refusal(args: string[]) {
  const { code, value } = await add(...args);
  return { code, ...errorShape.parse(value).error };
}

test('without a choice it says which there are; the question is then answered by one command', async () => {
  const name = provider({ developerApp: {} });
  const { code, stdout } = await cli.run(['integrations', 'add', name, '--integration', 'crm']);
  expect(code).toBe(0);
  expect(stdout).toContain(`temporal-nango integrations add ${name} --integration crm --nango-app`);
  expect(stdout).toContain('--client-id ID --client-secret-env NAME');
  expect(stdout).toContain(`${world.nango.url}/oauth/callback`);
  expect(stdout).toContain('scopes to tick: read');
  const again = await add(name, '--integration', 'crm');
  const { setUp } = waitingShape.parse(again.value);
  const answered = await add(name, '--integration', 'crm', ...own, '--by', 'ann');
  expect(readyShape.parse(answered.value)).toEqual({ status: 'ready', integration: 'crm', provider: name });
  expect(await world.connections.setUp(setUp).describe()).toMatchObject({ status: 'ready' });
  const listed = await cli.json(['integrations']);
  expect(listed.value).toContainEqual({ key: 'crm', provider: name, displayName: name });
});

test("with Nango's app by one flag; where it lends none it says so, and what is left", async () => {
  const lent = provider({ developerApp: {} });
  expect(readyShape.parse((await add(lent, '--nango-app')).value)).toMatchObject({ integration: lent });
  const name = provider();
  const refused = await add(name, '--nango-app');
  expect(refused.code).toBe(1);
  expect(waitingShape.parse(refused.value).question.choices).toEqual(['own', 'made']);
});

test("with Nango's app by the line that the question has printed; where it lends none it says so", async () => {
  const lendsOne = provider({ developerApp: {} });
  const asked = waitingShape.parse((await add(lendsOne)).value);
  expect(asked.question.choices).toContain('nangoApp');
  const agreed = await add(lendsOne, '--nango-app', '--by', 'ann');
  expect(readyShape.parse(agreed.value)).toMatchObject({ integration: lendsOne });
  const { decision } = await world.connections.setUp(asked.setUp).view();
  expect(decision).toMatchObject({ choice: 'nangoApp', by: 'ann' });
  const lendsNone = provider();
  const open = waitingShape.parse((await add(lendsNone)).value);
  for (let said = 1; said <= 2; said++) {
    const refused = await add(lendsNone, '--nango-app');
    expect(refused.code).toBe(1);
    expect(waitingShape.parse(refused.value).setUp).toEqual(open.setUp);
    expect(waitingShape.parse(refused.value).question.choices).toEqual(['own', 'made']);
  }
});

test('what needs no choice is set up at once, and what is there is said to be', async () => {
  const name = provider({ authMode: 'API_KEY' });
  expect(readyShape.parse((await add(name)).value)).toMatchObject({ integration: name });
  const { stdout } = await cli.run(['integrations', 'add', name]);
  expect(stdout).toContain(`temporal-nango ensure ${name}`);
});

test('while nobody knows what there is to choose, it says so, and is no success', async () => {
  const name = provider();
  world.nango.outage(true);
  try {
    const { code, value } = await add(name);
    expect(value).toMatchObject({ status: 'waiting', setUp: {}, question: null });
    expect(code).toBe(1);
  } finally {
    world.nango.outage(false);
  }
});

test('what only the dashboard can says so', async () => {
  const { stdout } = await cli.run(['integrations', 'add', provider({ authMode: 'MCP_OAUTH2' })]);
  expect(stdout).toContain("Only in Nango's dashboard");
  expect(stdout).not.toContain('--client-id');
});

test.each<[string, string[], object]>([
  ['an unknown provider', ['nobody'], { code: 2, type: 'Nango.InvalidRequest', field: 'provider' }],
  ['two choices at once', ['hubspot', '--nango-app', ...own], { code: 2, type: 'Cli.Usage' }],
  [
    'a secret in the place of its name',
    ['hubspot', '--client-id', 'c', '--client-secret-env', 'secret-of-mine'],
    { code: 2, type: 'Nango.InvalidRequest', field: 'credentials.clientSecret.fromEnv' },
  ],
  ['a secret as an argument', ['hubspot', '--client-secret', 'secret-of-mine'], { code: 2, type: 'Cli.Usage' }],
])('%s is refused, and not repeated', async (_, args, expected) => {
  const said = await refusal(args);
  expect(said).toMatchObject(expected);
  expect(JSON.stringify(said)).not.toContain('secret-of-mine');
});

test('half of the credentials, and a variable that the worker does not have, are named', async () => {
  const name = provider();
  const half = await refusal([name, '--client-id', 'cid']);
  expect(half).toMatchObject({ code: 2, field: 'credentials.clientSecret' });
  const unset = await refusal([name, '--client-id', 'cid', '--client-secret-env', 'NOBODY_HAS_THIS']);
  expect(unset).toMatchObject({ code: 2, type: 'Nango.Misconfigured', field: 'NOBODY_HAS_THIS' });
  expect(readyShape.parse((await add(name, ...own)).value)).toMatchObject({ integration: name });
});
