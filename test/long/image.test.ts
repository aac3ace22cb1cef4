import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { Instruction } from 'dockerfile-ast';
import { stagesOf } from '../containers/dockerfile-problems';
import { readRoot, ROOT } from '../containers/root';
import { eventually } from '../support/eventually';
import { World } from '../support/world';

// What the Dockerfile does to make the worker's image, done in a folder: it needs no container engine, and takes the Node that is here.

let world: World;
let folder: string;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  folder = await realpath(await mkdtemp(join(tmpdir(), 'image-')));
  // Others than who makes it run what is in it.
  await chmod(folder, 0o755);
});

afterAll(async () => {
  await world.close();
  await rm(folder, { recursive: true, force: true });
});

const words = (instruction: Instruction) => instruction.getArguments().map((argument) => argument.getValue());

/** Copies and runs what a stage says, in `folder` instead of its working directory. */
async function build(instructions: Instruction[]): Promise<void> {
  for (const instruction of instructions) {
    if (instruction.getKeyword() === 'COPY') {
      const [target = '', ...sources] = words(instruction).reverse();
      for (const source of sources)
        await cp(join(ROOT, source), join(folder, target === './' ? source : target), { recursive: true });
    } else if (instruction.getKeyword() === 'RUN') {
      await promisify(execFile)('/bin/sh', ['-c', instruction.getArgumentsContent() ?? ''], { cwd: folder });
    }
  }
}

/**
 * A program as `docker-compose.yml` confines it: nothing on the machine can be written to, it is nobody, without rights of
 * root or a way to them. A namespace for mounts of its own is all that this needs.
 */
function confined(command: string[]): [string, string[]] {
  const mount = 'mount --bind / / && mount -o remount,bind,ro / && exec "$@"';
  const nobody = ['--reuid=65534', '--regid=65534', '--clear-groups', '--bounding-set=-all', '--no-new-privs'];
  return ['unshare', ['--mount', '/bin/sh', '-c', mount, 'sh', 'setpriv', ...nobody, ...command]];
}

test('a program that is confined can write nothing', async () => {
  const write = "require('node:fs').writeFileSync(process.argv[1], '')";
  for (const place of [join(folder, 'x'), join(tmpdir(), 'x')]) {
    const tried = promisify(execFile)(...confined([process.execPath, '--eval', write, place]));
    await expect(tried).rejects.toMatchObject({ stderr: expect.stringMatching(/EROFS|EACCES/) as string });
  }
});

test('the image’s steps leave a worker that polls, is healthy, drains, a web that answers, all without writing anything, and hold nothing of development', async () => {
  const [stage, last] = stagesOf(readRoot('Dockerfile'));
  await build(stage?.instructions ?? []);
  // The last stage takes these and leaves the rest.
  const taken = last?.instructions.filter((instruction) => instruction.getKeyword() === 'COPY').map(words) ?? [];
  expect(taken.map(([, name]) => name)).toEqual(['package.json', 'node_modules', 'lib']);
  await rm(join(folder, 'src'), { recursive: true });

  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    NODE_ENV: 'production',
    TEMPORAL_ADDRESS: world.env.address,
    NANGO_SERVER_URL: world.nango.url,
    NANGO_SECRET_KEY: world.nango.secretKey,
  };
  const healthy = () =>
    promisify(execFile)(...confined([process.execPath, 'lib/healthcheck.js']), { cwd: folder, env }).then(
      () => true as const,
      () => undefined,
    );
  expect(await healthy()).toBeUndefined();
  const worker = spawn(...confined([process.execPath, 'lib/worker.js']), { cwd: folder, env, stdio: 'ignore' });
  await eventually(healthy);
  worker.kill('SIGTERM');
  await once(worker, 'exit');
  expect(worker.exitCode).toBe(0);

  const args = ['lib/cli/main.js', 'web', '--json', '--public', '127.0.0.1:0', '--inbox', '127.0.0.1:0'];
  const web = spawn(...confined([process.execPath, ...args]), {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(createInterface(web.stdout), 'line')) as [string];
  const { publicUrl, inboxUrl } = JSON.parse(line) as { publicUrl: string; inboxUrl: string };
  expect((await fetch(`${publicUrl}/readyz`)).status).toBe(200);
  expect((await fetch(`${inboxUrl}/assets/style.css`)).status).toBe(200);
  web.kill('SIGTERM');
  await once(web, 'exit');
  expect(web.exitCode).toBe(0);

  await expect(
    promisify(execFile)('npm', ['ls', 'jest', 'typescript', 'eslint'], { cwd: folder }),
  ).rejects.toMatchObject({
    stdout: expect.stringContaining('(empty)') as string,
  });
});
