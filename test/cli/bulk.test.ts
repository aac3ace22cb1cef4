import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../support/eventually';
import { within } from '../support/within';
import { World } from '../support/world';
import { Program } from './program';
import { errorShape } from './shapes';

// A file of calls, and a file of their outcomes. The worker that has the key is another process than the command.

let world: World;
let cli: Program;
const OUT = 'results.jsonl';
const bulk = (...more: string[]) => [
  ...['bulk', '--integration', 'hubspot', '--connection', 'c', '--from', 'calls.jsonl', '--out', OUT],
  ...more,
];

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  await world.startNangoWorker();
  cli = new Program({ TEMPORAL_ADDRESS: world.env.address });
  world.nango.addConnection({ integration: 'hubspot', connectionId: 'c' });
});

beforeEach(() => {
  for (const name of [OUT, `${OUT}.run.json`, `${OUT}.lock`]) rmSync(join(cli.folder, name), { force: true });
});

afterAll(async () => {
  await cli.close();
  await world.close();
});

const write = (name: string, text: string): void => writeFileSync(join(cli.folder, name), text);
const writeCalls = (calls: unknown[]): void => write('calls.jsonl', calls.map((one) => JSON.stringify(one)).join('\n'));
const reads = (n: number) => Array.from({ length: n }, (_, i) => ({ method: 'GET', endpoint: `/read/${i}` }));

interface Result {
  index: number;
  line: number;
  ok: boolean;
  error?: { type: string; field?: string };
}

function results(): Result[] {
  const all = readFileSync(join(cli.folder, OUT), 'utf8').split('\n').filter(Boolean);
  return all.map((text) => JSON.parse(text) as Result).sort((a, b) => a.index - b.index);
}

async function failure(args: string[]) {
  const { code, value } = await cli.json(args);
  return { code, ...errorShape.parse(value).error };
}

/** The provider fails at these paths; counts the calls. The last call is answered once `open` is fulfilled. */
function provider(failing: { [path: string]: number } = {}, { last = '', open = Promise.resolve() } = {}) {
  const made = new Map<string, number>();
  world.nango.onProxy('hubspot', async ({ path }) => {
    made.set(path, (made.get(path) ?? 0) + 1);
    if (path === last) await open;
    return { status: failing[path] ?? 200, json: { path } };
  });
  return made;
}

test('each call has a line with its index, and the line of the call; what is no call is one, too', async () => {
  provider();
  write(
    'calls.jsonl',
    '\ufeff{"method":"GET","endpoint":"/a"}\r\n\r\nno call\r\n{"method":"GET","endpoint":"/b"}\r\n{"method":"GET","endpoint":"x"}',
  );
  const { code, value, stderr } = await cli.json(bulk());
  expect({ code, value, stderr }).toMatchObject({ code: 1, value: { done: 4, failed: { 'Nango.InvalidRequest': 2 } } });
  expect(results()).toEqual([
    { index: 0, line: 1, ok: true, status: 200, data: { path: '/a' } },
    { index: 1, line: 3, ok: false, error: { type: 'Nango.InvalidRequest', field: 'call' } },
    { index: 2, line: 4, ok: true, status: 200, data: { path: '/b' } },
    { index: 3, line: 5, ok: false, error: { type: 'Nango.InvalidRequest', field: 'call.endpoint' } },
  ]);
  // Nothing is left of it but what says which run it was.
  expect(existsSync(join(cli.folder, `${OUT}.lock`))).toBe(false);
});

test('files that are there, are not there or do not belong together are refused before anything is sent', async () => {
  const made = provider();
  writeCalls(reads(2));
  expect(await failure(bulk('--resume'))).toMatchObject({ code: 2, type: 'Cli.Usage' });
  expect(await failure(bulk('--concurrency', '0'))).toMatchObject({ code: 2, type: 'Cli.Usage' });
  write(OUT, 'mine\n');
  expect(await failure(bulk())).toMatchObject({ code: 2, message: '--out is there already.' });
  expect(readFileSync(join(cli.folder, OUT), 'utf8')).toBe('mine\n');
  rmSync(join(cli.folder, OUT));
  expect((await cli.run(bulk())).code).toBe(0);
  writeCalls(reads(3));
  expect(await failure(bulk('--resume'))).toMatchObject({
    message: '--from is not the file that --out was begun with.',
  });
  rmSync(join(cli.folder, 'calls.jsonl'));
  expect(await failure(bulk('--resume'))).toMatchObject({ message: '--from cannot be opened (ENOENT).' });
  expect(made.size).toBe(2);
});

test('killed, it goes on with --resume, where the run went on or was terminated, and no write is made twice', async () => {
  for (const end of ['runs', 'terminated'] as const) {
    rmSync(join(cli.folder, OUT), { force: true });
    rmSync(join(cli.folder, `${OUT}.run.json`), { force: true });
    const made = provider();
    const calls = Array.from({ length: 1_500 }, (_, i) => ({
      method: i % 3 === 0 ? 'POST' : 'GET',
      endpoint: `/${end}/${i}`,
    }));
    writeCalls(calls);
    const started = cli.start(bulk());
    await eventually(() => Promise.resolve(made.size > 300 || undefined));
    started.child.kill('SIGKILL');
    await started.closed;
    if (end === 'terminated') {
      const { ref } = JSON.parse(readFileSync(join(cli.folder, `${OUT}.run.json`), 'utf8')) as { ref: { id: string } };
      await world.client.workflow.getHandle(ref.id).terminate();
    }
    const resumed = cli.start(bulk('--resume'));
    // What the killed one was doing is given up after fifteen seconds.
    await within(150_000, resumed.closed, 'the end of the resumed run');
    const { stdout, stderr } = resumed;
    expect({ code: resumed.child.exitCode, stdout, stderr }).toMatchObject({ code: 0 });
    expect(results().map(({ index }) => index)).toEqual(calls.map((_, i) => i));
    expect(results().every(({ ok }) => ok)).toBe(true);
    const twice = calls.filter(({ method, endpoint }) => method === 'POST' && made.get(endpoint) !== 1);
    expect(twice).toEqual([]);
  }
}, 480_000);

test('failed calls are made again, but no write that may have been carried out', async () => {
  const calls = [
    { method: 'GET', endpoint: '/gone' },
    { method: 'GET', endpoint: '/fine' },
    { method: 'POST', endpoint: '/refused' },
    { method: 'POST', endpoint: '/unknown' },
  ];
  writeCalls(calls);
  provider({ '/gone': 404, '/refused': 422, '/unknown': 500 });
  const first = await cli.json(bulk());
  expect(first).toMatchObject({ code: 1, value: { unknown: 1, failed: { 'Nango.ProviderRejected': 2 } } });
  const made = provider();
  const again = await cli.json(bulk('--retry-failed'));
  expect(again).toMatchObject({ value: { done: 2, skipped: 2, failed: {} } });
  expect([...made.keys()].sort()).toEqual(['/gone', '/refused']);
  expect(results().map(({ ok }) => ok)).toEqual([true, true, true, false]);
});

test('a second command with the same --out is refused while the first runs', async () => {
  let finish: () => void = () => undefined;
  const open = new Promise<void>((resolve) => (finish = resolve));
  const made = provider({}, { last: '/read/1999', open });
  writeCalls(reads(2_000));
  const started = cli.start(bulk());
  await eventually(() => Promise.resolve(made.size > 10 || undefined));
  expect(await failure(bulk('--resume'))).toMatchObject({ message: 'Another command writes to this --out.' });
  started.child.kill('SIGINT');
  const { code, stderr } = await started.ended;
  finish();
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('--resume') as string });
  expect((await cli.start(bulk('--resume')).ended).code).toBe(0);
  expect(results()).toHaveLength(2_000);
});
