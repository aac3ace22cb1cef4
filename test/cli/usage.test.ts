import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from './program';
import { errorShape } from './shapes';

// What is wrong with a command line, or with the settings, is told before any server is asked: there is none here.

const cli = new Program();

afterAll(async () => {
  await cli.close();
});

async function failure(args: string[], env: Record<string, string | undefined> = {}) {
  const { code, value, stderr } = await cli.json(args, { env });
  expect(stderr).not.toMatch(/\n\s+at /);
  return { exitCode: code, ...errorShape.parse(value).error };
}

describe('wrong usage: exit 2', () => {
  test.concurrent.each([
    ['an unknown option', ['integrations', '--all']],
    ['too many arguments', ['integrations', 'hubspot']],
    ['a missing argument', ['ensure']],
    ['a missing option', ['requests', 'extend', 'x']],
    ['a time without a unit', ['integrations', '--timeout', '5']],
    ['a method that is none', ['proxy', 'hubspot', 'FETCH', '/x', '--connection', 'c']],
    ['a path that leaves the proxy', ['proxy', 'hubspot', 'GET', '/../connections', '--connection', 'c']],
    ['a body that is no JSON', ['proxy', 'hubspot', 'POST', '/x', '--connection', 'c', '--data', '{']],
    ['a body with GET', ['proxy', 'hubspot', 'GET', '/x', '--connection', 'c', '--data', '{}']],
    ['a file that is not there', ['action', 'hubspot', 'a', '--connection', 'c', '--input', '@none.json']],
    ['a tag without a value', ['ensure', 'hubspot', '--choose', 'paris']],
    ['something else to do about several', ['ensure', 'hubspot', '--several', 'guess']],
    ['both answers', ['requests', 'answer', 'x', '--allow', '--refuse', '--by', 'me']],
    ['arguments that are no list', ['schedule', 'create', 's', '--workflow', 'w', '--task-queue', 'q', '--args', '{}']],
    ['calls of the demo without an integration', ['demo', '--call', 'GET /x']],
  ])('%s', async (_, args) => {
    expect((await failure(args)).exitCode).toBe(2);
  });

  test.concurrent('a setting that is missing is named', async () => {
    const said = await failure(['integrations'], { NANGO_TOOLBOX_SECRET_KEY: undefined });
    expect(said).toMatchObject({ exitCode: 2, type: 'Nango.Misconfigured' });
    expect(said.hint).toContain('https://app.nango.dev/signup');
  });

  test.concurrent('a temporal.toml that cannot be read: the line is named, not what stands there', async () => {
    const file = join(cli.folder, 'broken.toml');
    writeFileSync(file, '[profile.default]\napi_key = "canary-of-temporal\n');
    const { code, stdout, stderr } = await cli.run(['requests', 'list'], { env: { TEMPORAL_CONFIG_FILE: file } });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('temporal.toml');
    expect(stderr).not.toContain('canary');
    const missing = await failure(['requests', 'list'], { TEMPORAL_PROFILE: 'none', TEMPORAL_CONFIG_FILE: '/none' });
    expect(missing).toMatchObject({ exitCode: 2, type: 'Cli.Usage' });
  });
});

describe('a secret in an argument is refused with the right way: exit 2', () => {
  const uuid = '5a9a5dbc-1111-4111-8111-000000000000';
  const token = `nango_connect_session_${'ab'.repeat(32)}`;
  const here = ['proxy', 'hubspot', 'POST', '/x', '--connection', 'c'];

  test.concurrent.each([
    ['a key for an option like --key', ['integrations', '--key', uuid], 'NANGO_TOOLBOX_SECRET_KEY'],
    ['the same with =', ['integrations', `--secret-key=${uuid}`], 'NANGO_TOOLBOX_SECRET_KEY'],
    ["Temporal's key", ['requests', 'list', '--api-key', 'canary-key'], 'TEMPORAL_API_KEY'],
    ['a connect session token', ['docs', token], 'temporal-nango ensure'],
    ['a bearer token', [...here, '--data', 'Bearer canary-token'], '--data @FILE'],
    ['an authorization header', ['proxy', '-H', 'Authorization: token canary-token'], '--data @FILE'],
    ['one in a body', [...here, '--data', '{"authorization": "canary-token"}'], '--data @FILE'],
    ['a setting', ['integrations', `NANGO_SECRET_KEY=${uuid}`], '.env'],
  ])('%s', async (_, args, way) => {
    const { code, stdout, stderr } = await cli.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('must not be an argument');
    expect(stderr).toContain(way);
    for (const secret of [uuid, token, 'canary']) expect(stderr).not.toContain(secret);
    const said = await failure(args);
    expect(said).toMatchObject({ exitCode: 2, type: 'Cli.Usage' });
    expect(JSON.stringify(said)).not.toMatch(/canary|5a9a5dbc|nango_connect_session/);
  });

  test.concurrent('a secret that is set, wherever it stands', async () => {
    const env = { NANGO_TOOLBOX_SECRET_KEY: uuid };
    const said = await failure(['proxy', 'hubspot', 'GET', `/x?k=${uuid}`, '--connection', 'c'], env);
    expect(said).toMatchObject({ exitCode: 2, type: 'Cli.Usage' });
    expect(JSON.stringify(said)).not.toContain(uuid);
  });

  test.concurrent('a connection id that looks like a key is none', async () => {
    const args = ['proxy', 'hubspot', 'GET', '/x', '--connection', uuid, '--end-user', 'u', '--timeout', '1s'];
    const said = await failure(args, { TEMPORAL_ADDRESS: '127.0.0.1:1' });
    expect(said.type).toBe('Cli.TimedOut');
  });
});

describe('colours', () => {
  const COLOUR = /\u001b\[\d+m/;

  test.concurrent('on a terminal only', async () => {
    const terminal = cli.startInTerminal(['integrations']);
    const [onTerminal, piped] = [await terminal.ended, await cli.run(['integrations'])];
    expect(onTerminal.code).toBe(2);
    expect(onTerminal.stdout).toMatch(COLOUR);
    expect(piped.stderr).not.toMatch(COLOUR);
    expect((await cli.run(['integrations'], { env: { CI: '1', FORCE_COLOR: '1' } })).stderr).not.toMatch(COLOUR);
  });

  test.concurrent.each([[{ NO_COLOR: '1' }], [{ TERM: 'dumb' }]])('nor with %j', async (env) => {
    const { stdout } = await cli.startInTerminal(['integrations'], env).ended;
    expect(stdout).toContain('Error: ');
    expect(stdout).not.toMatch(COLOUR);
  });
});
