import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../src/demo/report';
import { digestOf, isComplete } from '../src/demo/report';
import type { Outcome } from '../src/contract/types';

// The built demo, as a process: `pretest` builds it. It brings its own Temporal and its own Nango.

async function demo(...args: string[]) {
  return await run(join(__dirname, '../lib/demo/main.js'), ...args);
}

/** The same command, whose provider answers one call differently. */
async function tampered(index: number, how: 'altered' | 'fail') {
  return await run(join(__dirname, 'support/tampered-demo.js'), String(index), how);
}

async function run(script: string, ...args: string[]) {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: mkdtempSync(join(tmpdir(), 'demo-')),
    // Servers of the user's own must not leak in.
    env: {
      ...process.env,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      NANGO_TOOLBOX_SECRET_KEY: 'not-for-the-demo',
      NANGO_SERVER_URL: 'http://127.0.0.1:1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}

function reportOf(stdout: string): Report {
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Report;
}

const DIGEST = 'a2bc05b0d5da252592f1f12fca5681cd801b628820de5fc715d23048fa4dfa41';

test('the main job: a wait, a killed worker, a lost webhook, faults, and 203 calls that all succeed', async () => {
  const { code, stdout, stderr } = await demo('--json');
  const report = reportOf(stdout);
  expect(report).toEqual({
    workflowId: expect.stringMatching(/^onboard-/) as string,
    connection: { integration: 'hubspot', connectionId: expect.any(String) as string, provider: 'hubspot' },
    calls: { total: 203, succeeded: 203, failed: 0 },
    digest: DIGEST,
    historyEvents: expect.any(Number) as number,
    faults: { 429: 1, 500: 1, reset: 1, webhooksDropped: 1, workerKills: 1 },
    seconds: expect.any(Number) as number,
  });
  expect(stderr).toContain('session_token=');
  expect(code).toBe(0);
});

test('one altered answer changes the digest', async () => {
  const { code, stdout } = await tampered(7, 'altered');
  expect(reportOf(stdout).digest).not.toBe(DIGEST);
  expect(code).toBe(0);
});

test('one failed call is exit 1', async () => {
  const { code, stdout } = await tampered(7, 'fail');
  expect(reportOf(stdout).calls).toEqual({ total: 203, succeeded: 202, failed: 1 });
  expect(code).toBe(1);
});

test('a fault that did not happen makes the demo incomplete', () => {
  const report = {
    calls: { total: 1, succeeded: 1, failed: 0 },
    faults: { 429: 1, 500: 1, reset: 0, webhooksDropped: 1, workerKills: 1 },
  };
  expect(isComplete(report as Report)).toBe(false);
});

test('the digest depends on outcomes and their order, not on the order of keys', () => {
  const a: Outcome = { ok: true, status: 200, data: { x: 1, y: 2 } };
  const b: Outcome = { ok: false, error: { type: 'Nango.ProviderRejected', status: 404 } };
  expect(digestOf([a, b])).toBe(digestOf([{ data: { y: 2, x: 1 }, status: 200, ok: true }, b]));
  expect(digestOf([a, b])).not.toBe(digestOf([b, a]));
});

test.each([
  [['--nonsense']],
  [['--call', 'GET /x']],
  [['--integration', 'k', '--call', 'GET /../x']],
  [['--integration', 'k', '--call', 'GET /x', '--count', '0']],
])('%j is wrong usage', async (args) => {
  const { code, stderr } = await demo(...args);
  expect(code).toBe(2);
  expect(stderr).toContain('npm run demo');
});
