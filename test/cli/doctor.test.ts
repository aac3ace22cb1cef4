import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CheckResult } from '../../src/cli/doctor/check';
import { clockCheck } from '../../src/cli/doctor/checks/clock';
import { fairnessOf } from '../../src/cli/doctor/checks/fairness';
import { keyAcceptedCheck } from '../../src/cli/doctor/checks/key-accepted';
import type { DoctorContext } from '../../src/cli/doctor/context';
import { temporalBinary } from '../../src/dev';
import { freePort } from '../../src/dev/free-port';
import { eventually } from '../support/eventually';
import { World } from '../support/world';
import { Shell } from './shell';
import type { Started } from './shell';

// Each set-up is broken, looked at by the built program, and repaired by doing what it has printed, to the letter.

type Env = Record<string, string | undefined>;

interface Report {
  code: number | null;
  ok: boolean;
  checks: CheckResult[];
  text: string;
}

let world: World;
let shell: Shell;
let good: Env;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  shell = new Shell(await temporalBinary());
  good = {
    TEMPORAL_ADDRESS: world.env.address,
    NANGO_SERVER_URL: world.nango.url,
    NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
  };
});

afterAll(async () => {
  await shell.close();
  await world.close();
});

/** @param before what was typed into the same terminal before */
async function doctor(env: Env, before: string[] = []): Promise<Report> {
  const { code, stdout, stderr } = await shell.run([...before, 'exec temporal-nango doctor --json'].join('\n'), env);
  const { ok, checks } = JSON.parse(stdout) as Pick<Report, 'ok' | 'checks'>;
  return { code, ok, checks, text: stdout + stderr };
}

function find({ checks }: Report, name: string): CheckResult {
  const check = checks.find((one) => one.name === name);
  if (check === undefined) throw new Error(`There is no check ${name}`);
  return check;
}

/** The command that a fix begins with, with what a person would put in for what stands in angle brackets. */
function command({ fix = '' }: CheckResult, value = ''): string {
  const [, line] = /`([^`]+)`/.exec(fix) ?? [];
  if (line === undefined) throw new Error(`There is no command in: ${fix}`);
  return line.replace(/<[^>]+>/, value);
}

/** Types the fix into the terminal, and looks again. */
async function typed(env: Env, name: string, value?: string): Promise<{ broken: Report; repaired: CheckResult }> {
  const broken = await doctor(env);
  const repaired = find(await doctor(env, [command(find(broken, name), value)]), name);
  return { broken, repaired };
}

/** Starts the server that the fix names, in a terminal of its own, and looks when it has begun. */
async function started(
  env: Env,
  name: string,
  begun: (server: Started) => Promise<true | undefined>,
): Promise<{ broken: Report; repaired: CheckResult }> {
  const broken = await doctor(env);
  const server = shell.start(`exec ${command(find(broken, name))}`, env);
  await eventually(async () => {
    if (server.child.exitCode !== null) throw new Error(server.stderr());
    return await begun(server);
  });
  const repaired = await eventually(async () => {
    const check = find(await doctor(env), name);
    return check.status === 'ok' ? check : undefined;
  });
  server.child.kill('SIGKILL');
  await server.ended;
  return { broken, repaired };
}

/** It has written something, which servers do when they listen. */
function spoke({ stdout }: Started): Promise<true | undefined> {
  return Promise.resolve(stdout() === '' ? undefined : true);
}

async function polls(): Promise<true | undefined> {
  return (await world.connections.workers())?.length ? true : undefined;
}

async function serving(server: Server, test: (url: string) => Promise<void>): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await test(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

describe('broken, and repaired by the fix', () => {
  test('no key: the three steps, then it says where the key was found', async () => {
    const env = { ...good, NANGO_TOOLBOX_SECRET_KEY: undefined };
    const broken = await doctor(env);
    expect(broken).toMatchObject({ code: 1, ok: false });
    const { status, fix = '' } = find(broken, 'secret key');
    expect(status).toBe('failed');
    expect(fix).toContain('https://app.nango.dev/signup');
    const [, name = ''] = /set (\w+) in the environment or in \.env/.exec(fix) ?? [];

    const inEnvironment = await doctor({ ...env, [name]: world.nango.secretKey });
    expect(find(inEnvironment, 'secret key')).toMatchObject({
      status: 'ok',
      says: `${name} is set in the environment.`,
    });
    writeFileSync(join(shell.folder, '.env'), `${name}=${world.nango.secretKey}\n`);
    const inFile = await doctor(env);
    rmSync(join(shell.folder, '.env'));
    expect(find(inFile, 'secret key')).toMatchObject({ status: 'ok', says: `${name} is set in .env.` });
    expect(find(inFile, 'key accepted').status).toBe('ok');
    expect(inEnvironment.text + inFile.text).not.toContain(world.nango.secretKey);
  });

  test('a wrong key', async () => {
    const wrong = randomUUID();
    const env = { ...good, NANGO_TOOLBOX_SECRET_KEY: wrong };
    const { broken, repaired } = await typed(env, 'key accepted', world.nango.secretKey);
    expect(broken.code).toBe(1);
    expect(find(broken, 'key accepted')).toMatchObject({
      status: 'failed',
      says: expect.stringContaining('unknown_account') as string,
    });
    expect(find(broken, 'base URL').status).toBe('ok');
    expect(find(broken, 'scopes').status).toBe('skipped');
    expect(broken.text).not.toContain(wrong);
    expect(repaired.status).toBe('ok');
  });

  test.each([
    ['a page', 'text/html', '<!doctype html><title>Hello</title>'],
    ['JSON of something else', 'application/json', '{"data":"hello"}'],
  ])('a base URL at which something else answers: %s', async (_, type, body) => {
    const other = createServer((_, response) => response.setHeader('content-type', type).end(body));
    await serving(other, async (url) => {
      const { broken, repaired } = await typed({ ...good, NANGO_SERVER_URL: url }, 'base URL', world.nango.url);
      expect(broken.code).toBe(1);
      expect(find(broken, 'base URL')).toMatchObject({
        status: 'failed',
        says: `What answers at ${url} is not Nango.`,
      });
      expect(repaired.status).toBe('ok');
    });
  });

  test('no Temporal', async () => {
    const env = { ...good, TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}` };
    const { broken, repaired } = await started(env, 'Temporal', spoke);
    expect(broken.code).toBe(1);
    expect(find(broken, 'Temporal').status).toBe('failed');
    expect(find(broken, 'worker').status).toBe('skipped');
    expect(repaired.status).toBe('ok');
  });

  test('a namespace that does not exist', async () => {
    const env = { ...good, TEMPORAL_NAMESPACE: 'not-made-yet' };
    const broken = await doctor(env);
    expect(broken.code).toBe(1);
    expect(find(broken, 'namespace').status).toBe('failed');
    expect(await shell.run(command(find(broken, 'namespace')), env)).toMatchObject({ code: 0 });
    const repaired = await eventually(async () => {
      const check = find(await doctor(env), 'namespace');
      return check.status === 'ok' ? check : undefined;
    });
    expect(repaired.says).toContain('not-made-yet');
  });

  test('no worker: then it says who polls, and with which version', async () => {
    const { broken, repaired } = await started(good, 'worker', polls);
    expect(broken.code).toBe(1);
    expect(find(broken, 'worker').status).toBe('failed');
    expect(repaired.says).toMatch(/temporal-nango\/\d+\.\d+\.\d+ \d+@\S+/);
  });

  test('a public address, but no link keys', async () => {
    const env = { ...good, TEMPORAL_NANGO_PUBLIC_URL: world.nango.url };
    const { broken, repaired } = await typed(env, 'link keys');
    expect(broken.code).toBe(1);
    expect(find(broken, 'link keys').status).toBe('failed');
    expect(repaired.status).toBe('ok');
  });

  test('a public address at which nobody is', async () => {
    const env = { ...good, TEMPORAL_NANGO_PUBLIC_URL: `http://127.0.0.1:${await freePort()}` };
    const { broken, repaired } = await started(env, 'public address', spoke);
    expect(broken.code).toBe(1);
    expect(find(broken, 'public address').status).toBe('failed');
    expect(repaired.status).toBe('ok');
  });

  test('a public address, but no webhook signing key', async () => {
    const env = { ...good, TEMPORAL_NANGO_PUBLIC_URL: world.nango.url };
    const { broken, repaired } = await typed(env, 'webhook signing key', world.nango.webhookSigningKey);
    expect(broken.code).toBe(1);
    expect(find(broken, 'webhook signing key').status).toBe('failed');
    expect(repaired.status).toBe('ok');
  });
});

test('of a key with few scopes it says what it may and may not do, and names those that are needed', async () => {
  const few = ['connections:list', 'integrations:list', 'proxy'];
  const key = world.nango.addKey({ scopes: few.map((scope) => `environment:${scope}`) });
  const { status, says, fix } = find(await doctor({ ...good, NANGO_TOOLBOX_SECRET_KEY: key }), 'scopes');
  expect(status).toBe('failed');
  expect(says).toContain('It may: integrations:list, connections:list, proxy.');
  expect(says).toContain('It may not: connections:read,');
  expect(fix).toContain('environment:connect_sessions:write (making links)');
  expect(fix).not.toContain('environment:proxy');
});

test('a key of its own for links does for the scope of making them', async () => {
  const others = ['integrations:list', 'connections:*', 'proxy', 'actions:execute', 'functions:list'];
  const secret = world.nango.addKey({ scopes: others.map((scope) => `environment:${scope}`) });
  const links = world.nango.addKey({ scopes: ['environment:connect_sessions:write'] });
  const env = { ...good, NANGO_TOOLBOX_SECRET_KEY: secret, NANGO_CONNECT_KEY: links };
  expect(find(await doctor(env), 'scopes').status).toBe('ok');
});

test.each([
  ['that Nango does not know', () => randomUUID(), 'Nango refuses NANGO_CONNECT_KEY (unknown_account).'],
  [
    'that may make no links',
    () => world.nango.addKey({ scopes: ['environment:proxy'] }),
    'NANGO_CONNECT_KEY may not make links.',
  ],
])('a key of its own for links %s is named, and the secret key is not blamed', async (_, made, says) => {
  const links = made();
  const env = { ...good, NANGO_CONNECT_KEY: links };
  const { broken, repaired } = await typed(env, 'connect key', world.nango.secretKey);
  expect(broken.code).toBe(1);
  expect(find(broken, 'connect key')).toMatchObject({ status: 'failed', says });
  expect(find(broken, 'scopes').status).toBe('ok');
  expect(broken.text).not.toContain(links);
  expect(repaired.status).toBe('ok');
});

test('nothing is changed at Nango by looking', async () => {
  const before = world.nango.requests.length;
  await doctor(good);
  const sent = world.nango.requests.slice(before);
  expect(sent.length).toBeGreaterThan(5);
  expect(sent.filter(({ method, status = 0 }) => method !== 'GET' && status < 400)).toEqual([]);
});

test('whether a webhook has ever arrived is read from what requests were told', async () => {
  const env = { ...good, TEMPORAL_NANGO_PUBLIC_URL: 'http://127.0.0.1:1' };
  expect(find(await doctor(env), 'webhooks').says).toContain('Nobody has been asked yet');
  const request = await world.client.workflow.start('connectionRequest', {
    workflowId: 'nango/default/hubspot/u:doctor',
    taskQueue: 'nobody',
  });
  await request.signal('nango.hint', { source: 'watch' });
  const polling = find(await doctor(env), 'webhooks');
  expect(polling.status).toBe('warning');
  expect(polling.says).toBe('None has arrived for the latest request. Working by polling.');
  expect(polling.fix).toContain('http://127.0.0.1:1/webhooks/nango');
  expect(polling.fix).toContain('on_auth_creation');
  await request.signal('nango.hint', { source: 'webhook' });
  expect(find(await doctor(env), 'webhooks').status).toBe('ok');
  await request.terminate();
});

test('for a person it is a line a check, with the fix below what is broken', async () => {
  const { code, stdout } = await shell.run('temporal-nango doctor', { ...good, NANGO_TOOLBOX_SECRET_KEY: undefined });
  expect(code).toBe(1);
  const lines = stdout.trimEnd().split('\n');
  const broken = lines.findIndex((line) => /^FAIL +secret key /.test(line));
  expect(lines[broken + 1]).toMatch(/^ +Fix: \(1\) /);
  expect(lines).toContainEqual(expect.stringMatching(/^ok +namespace +default exists\.$/));
});

test.each([
  [59, 'ok'],
  [-59, 'ok'],
  [61, 'failed'],
  [-61, 'failed'],
])('a clock that is %i s ahead of Nango is %s', async (seconds, status) => {
  const date = Date.UTC(2026, 0, 1);
  const headers = { date: new Date(date).toUTCString() };
  const outcome = { kind: 'response', status: 200, headers, body: Buffer.from('') } as const;
  const context: Partial<DoctorContext> = {
    integrations: () => Promise.resolve({ outcome, at: date + seconds * 1000 }),
  };
  expect((await clockCheck.run(context as DoctorContext)).status).toBe(status);
});

test.each(['NANGO_TOOLBOX_SECRET_KEY', 'NANGO_SECRET_KEY'])(
  'a wrong key is replaced by the name that it is set by: %s',
  async (name) => {
    const body = Buffer.from(JSON.stringify({ error: { code: 'unknown_account' } }));
    const outcome = { kind: 'response', status: 401, headers: {}, body } as const;
    const context: Partial<DoctorContext> = {
      env: { [name]: randomUUID() },
      cwd: shell.folder,
      now: Date.now,
      integrations: () => Promise.resolve({ outcome, at: Date.now() }),
    };
    const { status, fix } = await keyAcceptedCheck.run(context as DoctorContext);
    expect(status).toBe('failed');
    expect(fix).toContain(`replace ${name} in the environment: \`export ${name}=<the secret key>\``);
  },
);

describe('granted scopes', () => {
  const OTHERS = ['integrations:list', 'connections:list', 'connections:read', 'proxy'];
  const READ = 'connections:read_credentials';

  async function withKey(...scopes: string[]): Promise<CheckResult> {
    const key = world.nango.addKey({ scopes: scopes.map((scope) => `environment:${scope}`) });
    return find(await doctor({ ...good, NANGO_TOOLBOX_SECRET_KEY: key }), 'granted scopes');
  }

  test('cannot be checked with a key that may not read them, and which scope it lacks', async () => {
    expect(await withKey(...OTHERS)).toMatchObject({
      status: 'warning',
      says: expect.stringContaining('scopesChecked: false') as string,
      fix: expect.stringContaining(`environment:${READ}`) as string,
    });
  });

  test.each([
    ['not without the scope for that', [], false],
    ['with it', ['integrations:read_credentials'], true],
  ])('are checked; what an integration asks for by itself is known %s', async (_, more, known) => {
    const { status, says } = await withKey(...OTHERS, READ, ...more);
    expect(status).toBe('ok');
    expect(says).toMatch(/^Checked where scopes are named/);
    expect(says.includes('offline_access')).toBe(!known);
  });
});

describe('fairness', () => {
  test('a server as we start it can have it', async () => {
    expect(find(await doctor(good), 'fairness')).toMatchObject({
      status: 'ok',
      says: expect.stringMatching(/^Temporal 1\.\d+.* can have it/) as string,
    });
  });

  test('an older one is told from it, with what repairs it; of Temporal Cloud it cannot be told', () => {
    expect(fairnessOf('localhost:7233', '1.31.0')).toMatchObject({
      status: 'warning',
      fix: expect.stringContaining('matching.enableFairness: true') as string,
    });
    for (const address of ['a.b1c2d.tmprl.cloud:7233', 'us-east-1.aws.api.temporal.io:7233'])
      expect(fairnessOf(address, '1.31.0')).toMatchObject({
        status: 'ok',
        says: expect.stringContaining('Cloud') as string,
      });
    expect(fairnessOf('temporal.example.com:7233', '1.31.0').status).toBe('warning');
  });
});
