import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

// The script in a small repository of its own: this one's tree may be a copy itself.

let folder: string;
let repository: string;
let temp: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'clean-run-test-')));
  [repository, temp] = [join(folder, 'repository'), join(folder, 'temp')];
  await mkdir(temp);
  await cp(join(__dirname, '../../scripts'), join(repository, 'scripts'), { recursive: true });
  await writeFile(join(repository, 'committed'), 'as committed');
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args]);
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '--quiet', '--message', 'all');
  await writeFile(join(repository, 'committed'), 'changed since');
  await writeFile(join(repository, 'untracked'), '');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const HOSTILE = {
  HOME: '/nowhere',
  NANGO_SECRET_KEY: 'a key',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  TEMPORAL_NANGO_CACHE: '/nowhere',
  XDG_CACHE_HOME: '/nowhere',
  npm_config_cache: '/nowhere',
  PIP_CACHE_DIR: '/nowhere',
  NODE_PATH: '/nowhere',
  NODE_OPTIONS: '--no-deprecation',
  CI: '1',
};

function start(command: string, env: NodeJS.ProcessEnv = {}) {
  return spawn(process.execPath, [join(repository, 'scripts/clean-run.mjs'), command], {
    env: { PATH: process.env.PATH, TMPDIR: temp, ...HOSTILE, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function run(command: string, env?: NodeJS.ProcessEnv) {
  const child = start(command, env);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

test('a clean run works on what is committed, with an empty HOME and temp folder, and passes the exit code on', async () => {
  const inspect = 'cat committed; ls -A . "$HOME" "$TMPDIR"; case $PWD$HOME in *repository*) exit 1;; esac; exit 7';
  const { code, stdout, stderr } = await run(inspect);
  expect(stderr).toBe('');
  expect(stdout.replaceAll(/^\S+\/(home|temp):$/gm, '$1:')).toBe(
    'as committed.:\n.git\ncommitted\nscripts\n\nhome:\n\ntemp:\n',
  );
  expect(code).toBe(7);
  expect(await readdir(temp)).toEqual([]);
});

test('a clean run has nothing of the environment but PATH and how registries are reached and trusted', async () => {
  const reached = {
    npm_config_registry: 'http://127.0.0.1:4873/',
    PIP_INDEX_URL: 'http://127.0.0.1:3141/simple',
    SSL_CERT_FILE: '/certificates.pem',
    HTTPS_PROXY: 'http://127.0.0.1:3128',
  };
  const { stdout } = await run('exec node -p "JSON.stringify(process.env)"', reached);
  const env = JSON.parse(stdout) as NodeJS.ProcessEnv;
  expect(env).toMatchObject({ ...reached, NO_PROXY: '127.0.0.1,localhost' });
  expect(env.HOME).toMatch(new RegExp(`^${temp}/`));
  const left = Object.keys(HOSTILE).filter((name) => name !== 'HOME' && name in env);
  expect(left).toEqual([]);
});

test('npm’s own configuration says how its registry is reached, if the environment does not', async () => {
  await writeFile(join(repository, '.npmrc'), 'registry=http://127.0.0.1:4873/\n');
  await writeFile(join(folder, '.npmrc'), 'registry=http://127.0.0.1:4874/\ncache=/nowhere\n');
  const { stdout } = await run('env', { HOME: folder });
  expect(stdout).toContain('npm_config_registry=http://127.0.0.1:4874/\n');
  expect(stdout).not.toContain('nowhere');
});

test.each(['temp', '.'])('a clean run is refused where a node_modules stands above it (in %s)', async (place) => {
  const modules = join(folder, place, 'node_modules');
  await mkdir(modules);
  const { code, stdout, stderr } = await run('echo began');
  expect(stderr).toBe(`No node_modules may stand above the folder of a clean run, and ${modules} does.\n`);
  expect(stdout).toBe('');
  expect(code).toBe(2);
  expect(await readdir(temp)).toEqual(place === 'temp' ? ['node_modules'] : []);
});

test('a clean run that is interrupted ends what it has started, and leaves nothing', async () => {
  const child = start('sleep 600 & echo began; wait');
  await once(child.stdout, 'data');
  child.kill('SIGTERM');
  // Its output is closed only once nothing that it has started still holds it.
  await once(child, 'close');
  expect(child.exitCode).toBe(128 + 15);
  expect(await readdir(temp)).toEqual([]);
});
