import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { z } from 'zod';
import { STARTER } from '../../src/cli/functions/starter';
import { deploymentId } from '../../src/contract/request-id';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { Program } from './program';
import { deployedShape, errorShape, functionShape } from './shapes';

// A function is begun, deployed, shown and deleted from a terminal.

const GREET = { integration: 'notes', kind: 'action' } as const;

/** Each run but the dry one takes its time, so that it can be seen. */
const SLOW_THE_SECOND_TIME = STARTER.replace(
  'return {',
  'if (globalThis.hasRun) await new Promise((done) => setTimeout(done, 2000)); globalThis.hasRun = true; return {',
);

let world: World;
let cli: Program;
let count = 0;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  await eventually(async () => ((await world.connections.workers())?.length === 0 ? undefined : true));
  cli = new Program({
    TEMPORAL_ADDRESS: world.env.address,
    NANGO_SERVER_URL: world.nango.url,
    NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
  });
  world.nango.addProvider({ name: 'notes', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'notes', provider: 'notes' });
  world.nango.addConnection({ integration: 'notes', connectionId: 'c-1' });
  writeFileSync(join(cli.folder, 'greet.ts'), STARTER);
});

afterAll(async () => {
  await cli.close();
  await world.close();
});

const started = () => world.nango.count(({ method, path }) => method === 'POST' && path === '/functions/deployments');

/** The command line that deploys one of a name of its own, or of that name. */
function deploy(name = `greet-${++count}`, file = 'greet.ts'): string[] {
  return ['functions', 'deploy', file, '--integration', 'notes', '--name', name, '--input', '{"name":"Ann"}'];
}

async function refusal(args: string[]) {
  const { code, value } = await cli.json(args);
  return { code, ...errorShape.parse(value).error };
}

test('a file to begin with: written once, and with the way to skills; it deploys as it is', async () => {
  const { code, stdout, stderr } = await cli.run(['functions', 'init', 'hello']);
  expect(code).toBe(0);
  expect(stdout).toContain('functions deploy hello.ts --integration KEY --name hello');
  expect(stderr).toContain('https://github.com/NangoHQ/skills');
  expect(readFileSync(join(cli.folder, 'hello.ts'), 'utf8')).toBe(STARTER);
  writeFileSync(join(cli.folder, 'hello.ts'), 'mine');
  expect(await refusal(['functions', 'init', 'hello'])).toMatchObject({ code: 2, type: 'Cli.Usage' });
  expect(readFileSync(join(cli.folder, 'hello.ts'), 'utf8')).toBe('mine');
  expect(await refusal(['functions', 'init', '../x'])).toMatchObject({ code: 2, field: 'name' });
  const made = await cli.json(['functions', 'init', 'other']);
  expect(made.value).toEqual({ file: 'other.ts', name: 'other' });
});

test('deployed by a script: what was tried and what ran, for programs and for people', async () => {
  const { code, value } = await cli.json([...deploy('scripted'), '--yes', '--by', 'ann']);
  expect(code).toBe(0);
  expect(deployedShape.parse(value)).toMatchObject({
    ...{ integration: 'notes', kind: 'action', name: 'scripted', version: 'v1.0.0' },
    dryRun: { result: { greeting: 'Hello, Ann!' } },
    run: { status: 200, data: { greeting: 'Hello, Ann!' } },
  });
  const { stdout, stderr } = await cli.run([...deploy('scripted'), '--yes', '--again']);
  expect(stderr).toContain('Greeting Ann');
  expect(stdout).toContain('Deployed: the action scripted (v1.0.1)');
  expect(stdout).toContain('"greeting": "Hello, Ann!"');
});

test('without anybody to ask it is refused before anything is done, and so is what makes no sense', async () => {
  const before = world.nango.count(() => true);
  expect(await refusal(deploy())).toMatchObject({ code: 2, type: 'Cli.Usage' });
  expect(await refusal([...deploy(), '--no-dry-run', '--yes'])).toMatchObject({ code: 2, type: 'Cli.Usage' });
  expect(await refusal([...deploy('greet', 'nosuch.ts'), '--yes'])).toMatchObject({ code: 2, type: 'Cli.Usage' });
  expect(await refusal([...deploy('no such'), '--yes'])).toMatchObject({ code: 2, field: 'name' });
  expect(world.nango.count(() => true)).toBe(before);
});

test('in a terminal it shows the dry run and asks; a no deploys nothing, a yes does', async () => {
  const before = started();
  const no = cli.startInTerminal(deploy());
  await no.wrote(/Hello, Ann!/);
  await no.wrote(/Deploy greet-\d+ to notes\? \[y\/N\]/);
  no.child.stdin.write('n\n');
  expect((await no.ended).code).toBe(1);
  expect(no.stdout).toContain('The function was not deployed');
  expect(started()).toBe(before);
  const yes = cli.startInTerminal(deploy());
  await yes.wrote(/\[y\/N\]/);
  yes.child.stdin.write('y\n');
  expect((await yes.ended).code).toBe(0);
  expect(yes.stdout).toContain('Deployed: the action');
  expect(started()).toBe(before + 1);
});

test('what is interrupted goes on; the same command comes back to it, and other code is refused', async () => {
  const before = started();
  const args = deploy();
  const first = cli.startInTerminal(args);
  await first.wrote(/\[y\/N\]/);
  first.child.stdin.write('\u0003');
  expect((await first.ended).code).toBe(1);
  expect(first.stdout).toContain('The deployment goes on.');
  writeFileSync(join(cli.folder, 'changed.ts'), STARTER.replace('Hello', 'Bye'));
  const other = [...args.map((arg) => (arg === 'greet.ts' ? 'changed.ts' : arg)), '--yes'];
  expect(await refusal(other)).toMatchObject({ code: 1, reason: 'other_code' });
  const { code } = await cli.json([...args, '--yes']);
  expect(code).toBe(0);
  expect(started()).toBe(before + 1);
});

test.each([
  ['is terminated', (handle: WorkflowHandle) => handle.terminate(), 'Nango.OutcomeUnknown'],
  [
    'is terminated and forgotten',
    async (handle: WorkflowHandle) => {
      await handle.terminate();
      const { workflowService, options } = world.client;
      const workflowExecution = { workflowId: handle.workflowId };
      await workflowService.deleteWorkflowExecution({ namespace: options.namespace, workflowExecution });
    },
    'Nango.',
  ],
  [
    'is declined by somebody else',
    (handle: WorkflowHandle) => handle.executeUpdate('nango.decline', { args: [{}] }),
    '',
  ],
])('while it asks the deployment %s: the command ends, without a reply', async (_, end, type) => {
  const asking = cli.startInTerminal([...deploy(), '--json']);
  await asking.wrote(/\[y\/N\]/);
  await end(world.client.workflow.getHandle(deploymentId('default', { ...GREET, name: `greet-${count}` })));
  const { code, stdout } = await asking.ended;
  expect(code).toBe(1);
  expect(stdout).toContain(type);
});

test('a dry run that returned too much to be shown: the question says so', async () => {
  const huge = STARTER.replace("'Hello, ' + input.name", "'Hello, ' + input.name.repeat(100_000)");
  writeFileSync(join(cli.folder, 'huge.ts'), huge);
  const asking = cli.startInTerminal(deploy(undefined, 'huge.ts'));
  await asking.wrote(/It returned 3000\d\d bytes of JSON, too many to be kept and shown\.[^]*\[y\/N\]/);
  asking.child.stdin.write('n\n');
  expect((await asking.ended).code).toBe(1);
});

test.each([
  ['the deployment', /Deploying/],
  ['the run that proves it', /Running/],
])('killed during %s: the same command finds what it has come to, and nothing is done twice', async (_, at) => {
  let goOn: () => void = () => undefined;
  const killed = new Promise<void>((resolve) => (goOn = resolve));
  world.nango.onJob(({ kind }) => (kind === 'deployment' && at.test('Deploying') ? killed : undefined));
  const ran = () => world.nango.count(({ path }) => path === '/action/trigger');
  const before = [started(), ran()];
  writeFileSync(join(cli.folder, 'slow.ts'), SLOW_THE_SECOND_TIME);
  const args = [...deploy(undefined, 'slow.ts'), '--yes'];
  const name = `greet-${count}`;
  const first = cli.start(args);
  await first.wrote(at);
  first.child.kill('SIGKILL');
  await first.closed;
  goOn();
  const deployment = world.client.workflow.getHandle(deploymentId('default', { ...GREET, name }));
  const result = (await deployment.result()) as object;
  const { code, value } = await cli.json(args);
  expect(code).toBe(0);
  expect(deployedShape.parse(value)).toMatchObject({ ...result, existing: true });
  const { stdout } = await cli.run(args);
  expect(stdout).toContain('Deployed before: the action');
  expect([started(), ran()]).toEqual(before.map((times) => times + 1));
});

test('code that does not compile: the errors stand at their places in the file', async () => {
  writeFileSync(join(cli.folder, 'bad.ts'), STARTER.replace('z.object({ greeting', 'z.object(({ greeting'));
  const { code, stderr } = await cli.run([...deploy('bad', 'bad.ts'), '--yes']);
  expect(code).toBe(1);
  expect(stderr).toContain('bad.ts does not compile.');
  expect(stderr).toMatch(/^bad\.ts:\d+:\d+: \S/m);
  const { type, errors = [] } = await refusal([...deploy('bad', 'bad.ts'), '--yes']);
  expect(type).toBe('Nango.CompilationFailed');
  expect(errors[0]?.line).toBeGreaterThan(0);
  expect(errors[0]?.column).toBeGreaterThan(0);
});

test('without any run of it', async () => {
  const args = [
    'functions',
    'deploy',
    'greet.ts',
    '--integration',
    'notes',
    '--name',
    'untried',
    '--no-dry-run',
    '--yes',
  ];
  const { value } = await cli.json(args);
  expect(deployedShape.parse(value)).toEqual({
    ...{
      status: 'deployed',
      integration: 'notes',
      kind: 'action',
      name: 'untried',
      version: 'v1.0.0',
      existing: false,
    },
  });
});

describe('one that is deployed', () => {
  const named = (command: string, name: string, ...more: string[]) => [
    ...['functions', command, name, '--integration', 'notes', ...more],
  ];

  test('is shown, with its code, and deleted by a yes only', async () => {
    await cli.json([...deploy('known'), '--yes']);
    const shown = await cli.json(named('show', 'known'));
    expect(functionShape.parse(shown.value)).toMatchObject({ kind: 'action', name: 'known', source: 'standalone' });
    expect((await cli.run(named('show', 'known'))).stdout).toContain('action known of notes');
    expect((await cli.run(named('code', 'known'))).stdout).toBe(STARTER);
    expect((await cli.json(named('code', 'known'))).value).toEqual({
      ...{ integration: 'notes', kind: 'action', name: 'known', code: STARTER },
    });
    expect(await refusal(named('delete', 'known'))).toMatchObject({ code: 2, type: 'Cli.Usage' });
    const deleted = await cli.json(named('delete', 'known', '--yes'));
    expect(deleted.value).toEqual({ status: 'deleted', integration: 'notes', kind: 'action', name: 'known' });
    for (const command of ['show', 'code', 'delete']) {
      expect(await refusal(named(command, 'known'))).toMatchObject({ code: 1, type: 'Cli.NotFound' });
    }
  });

  test.each(['show', 'code', 'delete'])(
    '%s of one that there is not says which may have been meant',
    async (command) => {
      world.nango.onAction('notes', 'summarize', () => 1, { source: 'standalone', code: 'x' } as never);
      const said = await refusal(named(command, 'sumarize', ...(command === 'delete' ? ['--yes'] : [])));
      expect(said).toMatchObject({
        type: 'Cli.NotFound',
        hint: expect.stringContaining('Did you mean summarize?') as string,
      });
    },
  );

  test('code that is redirected is what was deployed, and what would act on a terminal does not', async () => {
    const code = "\tconst unseen = 'a\u200db\u200ec\u00add\ufeff';\u001b[2J\n";
    world.nango.onAction('notes', 'unseen', () => 1, { source: 'standalone', code } as never);
    expect((await cli.run(named('code', 'unseen'))).stdout).toBe(code);
    const inTerminal = cli.startInTerminal(named('code', 'unseen'));
    inTerminal.child.stdin.end();
    expect((await inTerminal.ended).stdout).not.toContain('\u001b[2J');
    expect(inTerminal.stdout).toContain('const unseen');
  });

  test('an action and a sync of one name have to be told apart', async () => {
    world.nango.onAction('notes', 'both', () => 1, { source: 'standalone', code: 'x' } as never);
    world.nango.addSync('notes', 'both', { source: 'standalone' } as never);
    for (const command of ['show', 'delete']) {
      expect(await refusal(named(command, 'both'))).toMatchObject({ type: 'Nango.InvalidRequest', field: 'kind' });
    }
    const { value } = await cli.json(named('delete', 'both', '--type', 'sync', '--yes'));
    expect(value).toMatchObject({ status: 'deleted', kind: 'sync' });
    expect((await cli.json(named('show', 'both'))).value).toMatchObject({ kind: 'action' });
  });

  test('what is managed elsewhere is neither deleted nor replaced', async () => {
    world.nango.onAction('notes', 'theirs', () => 1, { source: 'repo' });
    expect(await refusal(named('delete', 'theirs', '--yes'))).toMatchObject({ type: 'Nango.FunctionManagedElsewhere' });
    expect(await refusal([...deploy('theirs'), '--yes'])).toMatchObject({ type: 'Nango.FunctionManagedElsewhere' });
    expect((await cli.run(named('show', 'theirs'))).stdout).toContain('by other means (repo)');
  });

  test('is in the list', async () => {
    const { value } = await cli.json(['functions', 'list', '--integration', 'notes']);
    expect(
      z
        .array(z.looseObject({ name: z.string() }))
        .parse(value)
        .map(({ name }) => name),
    ).toContain('theirs');
  });
});
