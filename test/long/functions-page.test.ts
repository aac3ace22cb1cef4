import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf } from '../docs/pages';
import { Shell } from '../cli/shell';
import { eventually } from '../support/eventually';
import { temporalBinary } from '../../src/dev';
import { within } from '../support/within';
import { World } from '../support/world';

// The first block of docs/functions.md as one script, from an empty Nango to an action that has run.

const WITHIN_MS = 180_000;

let world: World;
let shell: Shell;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  world.nango.addProvider({ name: 'resend', authMode: 'API_KEY' });
  await world.startNangoWorker();
  await eventually(async () => ((await world.connections.workers())?.length === 0 ? undefined : true));
  shell = new Shell(await temporalBinary());
});

afterAll(async () => {
  await shell?.close();
  await world?.close();
});

test('a function from a terminal alone: set up, connected, begun, deployed, run', async () => {
  const page = readFileSync(join(__dirname, '../../docs/functions.md'), 'utf8');
  const [script = ''] = blocksOf(page, 'sh');
  const started = shell.start(`set -e\n${script}`, {
    TEMPORAL_ADDRESS: world.env.address,
    NANGO_SERVER_URL: world.nango.url,
    NANGO_TOOLBOX_SECRET_KEY: world.nango.secretKey,
  });
  const link = await eventually(() => {
    const said = `${started.stdout()}${started.stderr()}`;
    return Promise.resolve(/nango_connect_session_[0-9a-f]{64}/.exec(said)?.[0]);
  }, WITHIN_MS);
  world.nango.complete(link, { as: 'ann' });
  const { code, stdout } = await within(WITHIN_MS, started.ended, 'the end of the script');
  expect(code).toBe(0);
  expect(stdout).toContain('Set up: resend');
  expect(stdout).toContain('Deployed: the action greet (v1.0.0) of resend.');
  expect(stdout).toContain('Hello, Ann!');
  expect(stdout).toContain('Hello, Ben!');
  expect(world.nango.count(({ method, path }) => method === 'POST' && path === '/functions/deployments')).toBe(1);
  expect(world.nango.count(({ path }) => path === '/action/trigger')).toBe(2);
});
