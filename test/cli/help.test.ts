import { version } from '../../package.json';
import { Program } from './program';
import type { Ended } from './program';

const cli = new Program();

afterAll(async () => {
  await cli.close();
});

/** Commands with what their help must show. A command that is not here fails the test below. */
const COMMANDS: { [path: string]: string[] } = {
  demo: ['--integration <key>', '--call <call>'],
  dev: ['--db <file>'],
  doctor: [],
  worker: [],
  web: ['--public <host:port>', '--inbox <host:port>', '--verify-owner'],
  'integrations add': ['--integration <key>', '--nango-app', '--client-id <id>', '--client-secret-env <name>', '--by'],
  connections: ['--integration <key>', '--end-user <id>', '--tag <tag>', '--limit <number>', '--page <number>'],
  'actions generate': ['--out <folder>', '--integration <key>', '--check'],
  providers: ['--search <expression>'],
  'functions list': ['--integration <key>'],
  'functions show': ['--integration <key>', '--type <type>'],
  'functions code': ['--integration <key>', '--type <type>'],
  'functions init': [],
  'functions deploy': [
    '--integration <key>',
    '--name',
    '--type',
    '--connection <id>',
    '--input',
    '--no-dry-run',
    '--yes',
  ],
  'functions delete': ['--integration <key>', '--type <type>', '--yes'],
  docs: ['--index <url>', '--open'],
  ensure: ['--end-user <id>', '--slot <name>', '--scope <scope>', '--reconnect <connection>', '--recreate', '--wait'],
  proxy: ['--connection <id>', '--data <json>', '--pick <pointer>', '--idempotent', '--yes', '--id', '--resume'],
  action: ['--connection <id>', '--input <json>', '--idempotent', '--yes', '--id <id>', '--resume <id>'],
  bulk: ['--integration <key>', '--connection <id>', '--from <file>', '--out <file>', '--resume', '--retry-failed'],
  'requests list': ['--integration <key>', '--end-user <id>'],
  'requests show': [],
  'requests remind': ['--by <name>'],
  'requests extend': ['--until <time>', '--by <name>'],
  'requests decline': ['--by <name>'],
  'requests cancel': ['--by <name>'],
  'requests answer': ['--allow', '--refuse', '--by <name>'],
  'requests confirm': ['--by <name>'],
  'requests refuse': ['--by <name>'],
  'requests choose': ['--by <name>'],
  'requests forget': ['--end-user <id>', '--slot <name>'],
  'requests update-scopes': ['--client-id <id>', '--client-secret-env <name>', '--by <name>'],
  'schedule create': ['--workflow <type>', '--task-queue <queue>', '--args <json>', '--every <time>', '--note <text>'],
  'schedule list': [],
  'schedule pause': ['--note <text>'],
  'schedule resume': [],
  'schedule delete': [],
};

const GROUPS = ['actions', 'requests', 'schedule'];
/** Those that run until they are stopped. */
const UNTIL_STOPPED = ['demo', 'dev', 'web', 'worker'];

const shown = new Map<string, Promise<Ended>>();

/** What the help of a command shows; asked for once. */
function help(path: string): Promise<Ended> {
  const args = path === '' ? [] : path.split(' ');
  const ended = shown.get(path) ?? cli.run([...args, '--help']);
  shown.set(path, ended);
  return ended;
}

/** The commands that help lists, and those below them. */
async function leaves(path = ''): Promise<string[]> {
  const [, listed] = (await help(path)).stdout.split('\nCommands:\n');
  if (listed === undefined) return [path];
  const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
  const below: string[] = [];
  for (const name of names) below.push(...(await leaves(`${path} ${name}`.trim())));
  return below;
}

// The slow part is the start of the process, of which two cores can do a few at a time.
test.concurrent.each(Object.entries(COMMANDS))('%s --help shows its options and examples', async (path, options) => {
  const { code, stdout, stderr } = await help(path);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain(`Usage: temporal-nango ${path}`);
  for (const option of [...options, '--json']) expect(stdout).toContain(option);
  expect(stdout.includes('--timeout')).toBe(!UNTIL_STOPPED.includes(path));
  const [, examples = ''] = stdout.split('\nExamples:\n');
  expect(examples).toMatch(new RegExp(`^ {2}# .+\\n {2}\\$ temporal-nango ${path}`));
  expect(stdout).not.toMatch(/\u001b/);
});

test.each([[[]], ...GROUPS.map((name) => [[name]])])(
  '%j alone shows what there is, on standard error: exit 2',
  async (args) => {
    const { code, stdout, stderr } = await cli.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Commands:');
  },
);

test('a command that is spelled wrong is answered with the right spelling', async () => {
  const { code, stdout, stderr } = await cli.run(['conections']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('Did you mean connections?');
});

test('--version is that of the package', async () => {
  const { code, stdout } = await cli.run(['--version']);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
});

test('every command has an expectation, and every expectation a command', async () => {
  expect((await leaves()).sort()).toEqual(Object.keys(COMMANDS).sort());
});
