import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { Program } from './program';
import { callShape, errorShape } from './shapes';

// Calls from the command line are activities of their own: they outlive the command.

let world: World;
let cli: Program;
const CONNECTION = ['--connection', 'c-1'];
const proxy = (...more: string[]) => ['proxy', 'hubspot', ...more];

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  // No key of Nango's: the worker has it.
  cli = new Program({ TEMPORAL_ADDRESS: world.env.address });
  await eventually(async () => ((await world.connections.workers())?.length ? true : undefined));
});

beforeEach(() => {
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-1', tags: { end_user_id: 'u_1' } });
  world.nango.onProxy('hubspot', ({ method, path, body, headers }) => ({ json: { method, path, body, headers } }));
});

afterAll(async () => {
  await cli.close();
  await world.close();
});

async function called(args: string[], stdin?: string) {
  const { code, value, stderr } = await cli.json(args, { stdin });
  expect({ code, stderr }).toMatchObject({ code: 0 });
  return { ...callShape.parse(value), stderr };
}

async function failure(args: string[]) {
  const { code, value } = await cli.json(args);
  return { exitCode: code, ...errorShape.parse(value).error };
}

const writes = () => world.nango.count(({ method, path }) => method === 'POST' && path.startsWith('/proxy/'));

describe('proxy', () => {
  test('a read by connection, of which a part is picked', async () => {
    const { status, data } = await called(
      proxy('GET', '/owners?limit=1', ...CONNECTION, '--pick', '/path', '--pick', '/method'),
    );
    expect({ status, data }).toEqual({ status: 200, data: { '/path': '/owners?limit=1', '/method': 'GET' } });
    const { stdout } = await cli.run(proxy('get', '/owners', ...CONNECTION, '--pick', '/path'));
    expect(stdout).toBe('{\n  "/path": "/owners"\n}\n');
  });

  test('through the connection of its owner; without one it says to ask for it', async () => {
    const tags = { end_user_id: 'u_2' };
    world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-2', tags });
    expect(await called(proxy('GET', '/owners', '--end-user', 'u_2'))).toMatchObject({ status: 200 });
    expect(await failure(proxy('GET', '/owners', '--end-user', 'u_none'))).toMatchObject({
      exitCode: 1,
      type: 'Cli.NotFound',
      hint: expect.stringContaining('temporal-nango ensure') as string,
    });
    world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-3', tags });
    const said = await failure(proxy('GET', '/owners', '--end-user', 'u_2'));
    expect(said).toMatchObject({ exitCode: 1, type: 'Nango.ConnectionAmbiguous' });
    expect(said.connections?.map(({ connectionId }) => connectionId).toSorted()).toEqual(['c-2', 'c-3']);
  });

  test.each([401, 403, 404, 422])(
    "the provider's refusal is a failure that says which, and none of its words: %i, exit 1",
    async (status) => {
      world.nango.onProxy('hubspot', () => ({ status, json: { message: 'canary-of-the-provider' } }));
      const { exitCode, ...said } = await failure(proxy('GET', '/owners', ...CONNECTION));
      expect({ exitCode, ...said }).toMatchObject({ exitCode: 1, type: 'Nango.ProviderRejected', status });
      const { stderr } = await cli.run(proxy('GET', '/owners', ...CONNECTION));
      expect(stderr).toContain(`Error: The provider refused the call. (HTTP ${status})\n${said.hint}\n`);
      expect(JSON.stringify(said) + stderr).not.toContain('canary');
    },
  );

  test('a connection that does not exist: exit 1', async () => {
    const said = await failure(proxy('GET', '/owners', '--connection', 'none'));
    expect(said).toMatchObject({ exitCode: 1, type: 'Nango.ConnectionNotFound' });
  });

  test('a write asks first; without a terminal it needs --yes, and nothing was sent', async () => {
    const before = writes();
    const { code, stdout, stderr } = await cli.run(proxy('POST', '/contacts', ...CONNECTION, '--data', '{}'));
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('at most once');
    expect(stderr).toContain('--yes');
    expect(writes()).toBe(before);
  });

  test.each([
    ['n\n', 2, 0],
    ['\u0004', 2, 0],
    ['\u0003', 1, 0],
    ['y\n', 0, 1],
  ])('on a terminal the answer %j ends it with %i, having sent %i', async (reply, code, sent) => {
    const before = writes();
    const call = cli.startInTerminal(proxy('POST', '/contacts', ...CONNECTION, '--data', '{}'));
    await call.wrote(/Send it\?/);
    call.child.stdin.write(reply);
    expect((await call.ended).code).toBe(code);
    expect(writes() - before).toBe(sent);
  });

  test('the body is JSON, a file, or standard input', async () => {
    const write = proxy('POST', '/contacts', ...CONNECTION, '--yes', '--pick', '/body', '--data');
    writeFileSync(join(cli.folder, 'body.json'), '{"from":"file"}');
    expect((await called([...write, '{"from":"argument"}'])).data).toEqual({ '/body': { from: 'argument' } });
    expect((await called([...write, '@body.json'])).data).toEqual({ '/body': { from: 'file' } });
    writeFileSync(join(cli.folder, 'windows.json'), '\ufeff{"from":"Windows"}\r\n');
    expect((await called([...write, '@windows.json'])).data).toEqual({ '/body': { from: 'Windows' } });
    expect((await called([...write, '-'], '{"from":"stdin"}')).data).toEqual({ '/body': { from: 'stdin' } });
  });

  test('what may run twice is not asked about, and is tried again under the same key', async () => {
    const keys: unknown[] = [];
    world.nango.onProxy('hubspot', ({ headers }) => {
      keys.push(headers['idempotency-key']);
      return keys.length === 1 ? { status: 503, json: {} } : { json: { ok: true } };
    });
    const { data } = await called(proxy('POST', '/contacts', ...CONNECTION, '--idempotent'));
    expect(data).toEqual({ ok: true });
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), keys[0]]);
  });

  test('a write that meets a limit waits in its one attempt until its time has come, and says so', async () => {
    let sent = 0;
    world.nango.onProxy('hubspot', () =>
      ++sent === 1 ? { status: 429, json: {}, headers: { 'retry-after': '5' } } : { json: { sent } },
    );
    const { id, data, stderr } = await called(proxy('POST', '/contacts', ...CONNECTION, '--yes', '--id', 'limited'));
    expect({ id, data }).toEqual({ id: 'limited', data: { sent: 2 } });
    expect(stderr).toMatch(/^The provider's rate limit is used up for now\. \(HTTP 429\)$/m);
    expect(stderr).toMatch(/^The write did not run\. It is sent again at \d\d:\d\d:\d\d, attempt 2 of 10\.$/m);
    expect(await called(['proxy', '--resume', 'limited'])).toMatchObject({ data: { sent: 2 } });
  });

  test('Ctrl-C while a write waits to be sent again leaves it going: it is sent once, and its answer can be had', async () => {
    let sent = 0;
    world.nango.onProxy('hubspot', () =>
      ++sent === 1 ? { status: 429, json: {}, headers: { 'retry-after': '6' } } : { json: { sent } },
    );
    // Of its own: it is held back afterwards.
    world.nango.addConnection({ integration: 'hubspot', connectionId: 'c-limited', tags: { end_user_id: 'u_5' } });
    const calling = cli.start(proxy('POST', '/contacts', '--connection', 'c-limited', '--yes', '--id', 'left'));
    await calling.wrote(/is sent again at/);
    calling.child.kill('SIGINT');
    const { code, stderr } = await calling.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('Interrupted. The call goes on.\nIts answer: temporal-nango proxy --resume left\n');
    expect(await called(['proxy', '--resume', 'left'])).toMatchObject({ data: { sent: 2 } });
  });

  test('a write that may have run is not sent again', async () => {
    world.nango.onProxy('hubspot', () => ({ status: 503, json: {} }));
    const before = writes();
    const said = await failure(proxy('POST', '/contacts', ...CONNECTION, '--yes'));
    expect(said).toMatchObject({ exitCode: 1, type: 'Nango.OutcomeUnknown' });
    expect(writes() - before).toBe(1);
  });

  test('under one id it is made once: exit 2, and how to get the answer', async () => {
    const write = proxy('POST', '/contacts', ...CONNECTION, '--yes', '--id', 'order-7');
    expect((await called(write)).id).toBe('order-7');
    const before = writes();
    const said = await failure(write);
    expect(said).toMatchObject({ exitCode: 2, hint: expect.stringContaining('--resume order-7') as string });
    expect(writes()).toBe(before);
    expect(await called(['proxy', '--resume', 'order-7'])).toMatchObject({ id: 'order-7', status: 200 });
  });

  test('an id that a shell would take apart is said in quotes', async () => {
    const read = proxy('GET', '/owners', ...CONNECTION, '--id', "Ann's order");
    const resume = String.raw`temporal-nango proxy --resume 'Ann'\''s order'`;
    expect((await called(read)).stderr).toContain(resume);
    expect(await failure(read)).toMatchObject({ exitCode: 2, hint: `Its answer: ${resume}` });
  });
});

/** A provider that answers when it is told to. */
function slowProvider() {
  let arrived: () => void = () => undefined;
  let release: () => void = () => undefined;
  const arrival = new Promise<void>((resolve) => (arrived = resolve));
  const held = new Promise<void>((resolve) => (release = resolve));
  world.nango.onProxy('hubspot', async () => {
    arrived();
    await held;
    return { json: { late: true } };
  });
  return { arrival, release };
}

describe('a call outlives the command', () => {
  test('killed in the middle of a write, --resume still gets its answer, and it was sent once', async () => {
    const before = writes();
    const { arrival, release } = slowProvider();
    const killed = cli.start(proxy('POST', '/contacts', ...CONNECTION, '--yes'));
    const id = await killed.wrote(/--resume (cli-proxy-\S+)/);
    await arrival;
    killed.child.kill('SIGKILL');
    await killed.closed;
    const resumed = cli.start(['proxy', '--resume', id, '--json']);
    release();
    const { code, stdout } = await resumed.ended;
    expect(code).toBe(0);
    expect(callShape.parse(JSON.parse(stdout))).toEqual({ id, status: 200, data: { late: true } });
    expect(writes() - before).toBe(1);
  });

  test('Ctrl-C leaves it going and says how to come back', async () => {
    const { arrival, release } = slowProvider();
    const calling = cli.start(proxy('GET', '/owners', ...CONNECTION, '--id', 'interrupted'));
    await arrival;
    calling.child.kill('SIGINT');
    const { code, stderr } = await calling.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('The call goes on.');
    release();
    expect(await called(['proxy', '--resume', 'interrupted'])).toMatchObject({ data: { late: true } });
  });

  test('on a token that cannot be refreshed it says what it waits for and until when; Ctrl-C ends it', async () => {
    world.nango.refresh('c-1', 'outage');
    const calling = cli.start(proxy('GET', '/owners', ...CONNECTION, '--id', 'waits'));
    await calling.wrote(/Waits until \d\d:\d\d:\d\d for attempt 2 of 10\n/);
    calling.child.kill('SIGINT');
    const { code, stdout, stderr } = await calling.ended;
    world.nango.refresh('c-1', 'fine');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^Refreshing the connection's token failed; .* \(HTTP 4\d\d, code invalid_credentials\)$/m);
    expect(stderr).toMatch(/\nError: Interrupted\. The call goes on\.\nIts answer: .* --resume waits\n$/);
    await world.client.activity.getHandle('nango-call/default/waits').terminate('the test is over');
  });

  test('an id that Temporal does not know, or that is no such call: exit 1', async () => {
    expect(await failure(['proxy', '--resume', 'none'])).toMatchObject({ exitCode: 1, type: 'Cli.NotFound' });
    await called(proxy('GET', '/owners', ...CONNECTION, '--id', 'a-read'));
    expect(await failure(['action', '--resume', 'a-read'])).toMatchObject({ exitCode: 1, type: 'Cli.NotFound' });
  });
});

describe('action', () => {
  test('runs once it is told that it may, and gives its output', async () => {
    world.nango.onAction('hubspot', 'greet', (input) => ({ hello: input }));
    const greet = ['action', 'hubspot', 'greet', '--end-user', 'u_1', '--input', '"you"'];
    const refused = await failure(greet);
    expect(refused).toMatchObject({ exitCode: 2, type: 'Cli.Usage' });
    const { id, data } = await called([...greet, '--yes']);
    expect(data).toEqual({ hello: 'you' });
    expect(await called(['action', '--resume', id])).toMatchObject({ id, data: { hello: 'you' } });
    expect(await called([...greet, '--idempotent'])).toMatchObject({ data: { hello: 'you' } });
  });

  test('one that is not deployed: exit 1', async () => {
    const said = await failure(['action', 'hubspot', 'none', ...CONNECTION, '--yes']);
    expect(said).toMatchObject({ exitCode: 1, type: 'Nango.ActionNotFound' });
  });
});
