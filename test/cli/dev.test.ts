import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { EnsureConnectionInput } from '../../src/contract/types';
import { temporalBinary } from '../../src/dev';
import { closable } from '../../src/dev/closable';
import { FakeNango } from '../../src/testing/fake-nango';
import { eventually } from '../support/eventually';
import { press, visit } from '../support/page';
import { within } from '../support/within';
import { Shell } from './shell';
import type { Ended, Started } from './shell';

// The built program as a process; another terminal gets nothing but what it has printed.

const ENDS_WITHIN_MS = 90_000;

let shell: Shell;

beforeAll(async () => {
  shell = new Shell(await temporalBinary());
});

afterAll(async () => {
  await shell.close();
});

/** Starts a command line, and waits until its standard output has something of this form. */
async function until(
  line: string,
  form: RegExp,
  env: Record<string, string> = {},
): Promise<Started & { found: string }> {
  const started = shell.start(line, env);
  const found = await eventually(() => {
    if (started.child.exitCode !== null) throw new Error(started.stderr());
    return Promise.resolve(form.exec(started.stdout())?.[0]);
  });
  return { ...started, found };
}

async function interrupted({ child, ended }: Started): Promise<Ended> {
  child.kill('SIGINT');
  return await within(ENDS_WITHIN_MS, ended, 'the end after Ctrl-C');
}

/** A workflow that begins to wait. */
async function startWaiting(address: string, wanted: EnsureConnectionInput): Promise<void> {
  const connection = await Connection.connect({ address, ...closable });
  const { workflow } = new Client({ connection });
  await workflow.start('ensureConnection', { workflowId: 'waiting', taskQueue: 'nango', args: [wanted] });
  await connection.close();
}

test('dev, ensure in another terminal, click, connected; Ctrl-C ends all of it with 0', async () => {
  const dev = await until('exec temporal-nango dev', /Ctrl-C ends all of it\./);
  const [, settings = ''] = /^ +(export .*)$/m.exec(dev.stdout()) ?? [];
  const [, ensure = ''] = /^ +(temporal-nango ensure .*)$/m.exec(dev.stdout()) ?? [];

  const ensuring = shell.start(`${settings}\nexec ${ensure} --json`, {});
  const link = await eventually(() => {
    if (ensuring.child.exitCode !== null) throw new Error(ensuring.stderr());
    return Promise.resolve(/http\S+\/connect\/\S+/.exec(ensuring.stderr())?.[0]);
  });
  const leads = await press(await visit(link), /connect/i);
  expect(leads.status).toBe(303);
  const nangos = await visit(leads.headers.get('location') ?? '');
  expect((await press(nangos, /connect/i, { as: 'me' })).status).toBe(200);

  const { code, stdout } = await within(ENDS_WITHIN_MS, ensuring.ended, 'the end of ensure');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'connected', connection: { integration: 'hubspot' } });

  const found = await shell.run(`${settings}\nexec temporal-nango doctor --json`, {});
  expect(JSON.parse(found.stdout)).toMatchObject({ ok: true });
  // Webhooks of the made-up Nango arrive at the public address.
  expect(found.stdout).toContain('The latest arrived on');

  const [, address = ''] = /TEMPORAL_ADDRESS=(\S+)/.exec(settings) ?? [];
  await startWaiting(address, { integration: 'slack', endUser: { id: 'u_7' } });
  await eventually(() =>
    Promise.resolve(/^Waiting for u_7 to connect slack .*\/connect\//m.test(dev.stderr()) || undefined),
  );

  const refused = await shell.run(`${settings}\nexec temporal-nango proxy hubspot GET /x --connection none --json`, {});
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { type: 'Nango.ConnectionNotFound', status: 404 } });
  const lines = dev.stderr().trimEnd().split('\n');
  expect(lines.filter((line) => line.includes('nango.proxy'))).toEqual([
    expect.stringMatching(
      /^\d\d:\d\d:\d\d nango\.proxy of cli-proxy-\S+ failed, attempt 1 of 10\. Nango\.ConnectionNotFound \(HTTP 404, code not_found\): .* Temporal does not try it again\.$/,
    ),
  ]);
  // Nothing of it goes over several lines.
  expect(lines.filter((line) => !/^(Starting …|\d\d:\d\d:\d\d |Waiting for )/.test(line))).toEqual([]);

  expect((await interrupted(dev)).code).toBe(0);
  await expect(fetch(link)).rejects.toThrow();
  await expect(fetch(`http://${address}`)).rejects.toThrow();
});

test('with a key it uses that Nango, and prints no secret; Temporal keeps its state in a file', async () => {
  const nango = await FakeNango.start();
  nango.addIntegration({ key: 'github', provider: 'github' });
  const env = { NANGO_SERVER_URL: nango.url, NANGO_TOOLBOX_SECRET_KEY: nango.secretKey };
  const dev = await until('exec temporal-nango dev --json --db dev.sqlite', /^\{.*\}$/m, env);
  const said = JSON.parse(dev.found) as { nango: object; env: { [name: string]: string } };
  expect(said.nango).toEqual({ url: nango.url, fake: false });
  expect(Object.keys(said.env)).toEqual([
    'TEMPORAL_ADDRESS',
    'NANGO_SERVER_URL',
    'TEMPORAL_NANGO_LINK_KEYS',
    'TEMPORAL_NANGO_PUBLIC_URL',
  ]);
  const ensured = await shell.run('exec temporal-nango ensure github --end-user u_1 --json', { ...said.env, ...env });
  expect(JSON.parse(ensured.stdout)).toMatchObject({
    link: expect.stringMatching(new RegExp(`^${said.env.TEMPORAL_NANGO_PUBLIC_URL}/connect/`)) as string,
    linkExpiresAt: null,
  });
  const { code, stdout, stderr } = await interrupted(dev);
  await nango.close();
  expect(code).toBe(0);
  expect(stdout + stderr).not.toContain(nango.secretKey);
  expect(JSON.parse(stdout)).toEqual(said);
  expect(statSync(join(shell.folder, 'dev.sqlite')).size).toBeGreaterThan(0);
});
