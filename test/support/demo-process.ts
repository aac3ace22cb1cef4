import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../../src/demo/report';

// The built demo, as a process: `pretest` builds it. It brings its own Temporal and its own Nango.

/** Of the outcomes of all calls, in order. */
export const DIGEST = 'a2bc05b0d5da252592f1f12fca5681cd801b628820de5fc715d23048fa4dfa41';

export async function demo(...args: string[]) {
  return await run(join(__dirname, '../../lib/demo/main.js'), ...args);
}

/** The same command, whose provider answers one call differently. */
export async function tampered(index: number, how: 'altered' | 'fail') {
  return await run(join(__dirname, 'tampered-demo.js'), String(index), how);
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

export function reportOf(stdout: string): Report {
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Report;
}
