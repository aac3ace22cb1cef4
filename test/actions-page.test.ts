import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, Worker } from '@temporalio/worker';
import { Program } from './cli/program';
import { compileStrict } from './support/strict-compiler';
import { failureOf, World } from './support/world';

// The example of docs/actions.md: generated, compiled, and run.

const ROOT = join(__dirname, '..');
const page = readFileSync(join(ROOT, 'docs/actions.md'), 'utf8');
const [generated = '', workflow = ''] = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, code = '']) => code);
/** What the compiler would not let through. */
const FORCED = `
export async function forced(hubspot: ConnectionRef, input: unknown): Promise<string> {
  return (await createContact(hubspot, input as { email: string })).id;
}
`;
const text = { type: 'string' };
const schemas = (properties: object, required: string[]): object => ({
  ...{ type: 'object', properties, required, additionalProperties: false },
});

const connection = { integration: 'hubspot', connectionId: 'c-1' };
let world: World;
let cli: Program;
let folder: string;
let worker: Worker;
let running: Promise<void>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'actions-page-'));
  // Where Temporal's bundler finds its packages.
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  world = await World.open('dev', { workers: false });
  world.nango.addConnection(connection);
  world.nango.onAction(
    'hubspot',
    'create-contact',
    (input) => ({ id: `id of ${(input as { email: string }).email}` }),
    {
      input: schemas({ email: text, name: text }, ['email']),
      output: schemas({ id: text }, ['id']),
    },
  );
  cli = new Program({ NANGO_SERVER_URL: world.nango.url, NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey });
  expect(await cli.run(['actions', 'generate', '--out', folder])).toMatchObject({ code: 0, stderr: '' });
  const workflowsPath = join(folder, 'workflows.ts');
  writeFileSync(workflowsPath, workflow + FORCED);
  const bundle = await bundleWorkflowCode({
    workflowsPath,
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        alias: { ...config.resolve?.alias, 'temporal-nango/workflow$': join(ROOT, 'lib/workflow.js') },
      },
    }),
  });
  await world.startNangoWorker();
  worker = await Worker.create({
    connection: world.env.nativeConnection,
    taskQueue: 'page',
    workflowBundle: bundle,
  });
  running = worker.run();
}, 120_000);

afterAll(async () => {
  worker?.shutdown();
  await running;
  await cli?.close();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (type: string, ...args: unknown[]): Promise<unknown> =>
  world.client.workflow.execute(type, { workflowId: `page-${type}`, taskQueue: 'page', args: [connection, ...args] });
const triggers = (): number => world.nango.count(({ path }) => path === '/action/trigger');

test('the file is what the command writes, and both compile under strict', () => {
  expect(readFileSync(join(folder, 'hubspot.ts'), 'utf8')).toBe(generated);
  expect(compileStrict([join(folder, 'workflows.ts')])).toEqual([]);
}, 120_000);

test('the workflows run', async () => {
  expect(await run('welcome', 'ann@example.com')).toBe('id of ann@example.com');
  expect(await run('welcomeAll', ['ann@example.com', 'bob@example.com'])).toBe(2);
});

test('a wrong input, forced by a cast, is a typed refusal, and no action is triggered', async () => {
  const before = triggers();
  expect(await failureOf(run('forced', { email: ['canary-5f2c'] }))).toEqual({
    type: 'Nango.InvalidRequest',
    field: 'call.input.email',
    message: 'Bad argument. call.input.email must be a text.',
  });
  expect(triggers()).toBe(before);
});

test('a schema that has changed makes --check fail', async () => {
  const check = () => cli.run(['actions', 'generate', '--out', folder, '--check']);
  expect(await check()).toMatchObject({ code: 0 });
  world.nango.onAction('hubspot', 'create-contact', () => null, { input: schemas({ phone: text }, ['phone']) });
  expect(await check()).toMatchObject({ code: 1, stdout: 'hubspot.ts is not what is deployed.\n' });
});
