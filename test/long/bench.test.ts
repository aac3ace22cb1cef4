import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { eventually } from '../support/eventually';

// The benchmark from end to end, at a size whose figures say nothing.

const ROOT = path.join(__dirname, '../..');

type Bench = ChildProcessByStdio<null, Readable, Readable>;

function bench(...args: string[]): Bench {
  const argv = ['--require', './bench/register.js', 'bench/compare/main.ts', ...args];
  return spawn(process.execPath, argv, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function ended(child: Bench): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: child.exitCode, stdout, stderr };
}

test('every work runs, and the last line is JSON with a figure for each', async () => {
  const { code, stdout, stderr } = await ended(bench('--smoke', '--json'));
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const figure = expect.any(Number) as number;
  const three = { vsUndici: figure, vsNodeSdk: figure, vsHandWritten: figure };
  const one = { vsUndici: null, vsNodeSdk: null, vsHandWritten: figure };
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1)!)).toMatchObject({
    ratios: {
      reads: three,
      readsAt100: three,
      writes: three,
      single: one,
      ensure: one,
      resume: one,
      answers20Kb: three,
      answers200Kb: three,
      answersPicked: three,
    },
    per1000Reads: { historyEvents: figure, historyBytes: figure, billableActions: figure },
    rateLimited: { workers: [1, 2], overTheory: [figure, figure], share429: [figure, figure] },
    growth: { perCall10kTo1k: figure, perCall100kTo10k: null, peakMemoryMb: figure },
    parked: { requests: 10, heapMbEach: figure, residentMbEach: null },
    worker: { cpuSeconds: figure, peakMemoryMb: figure, requests: 40, repeated: 0 },
    size: 'smoke',
  });
});

test('Ctrl-C in the middle ends it, and every process that it has started', async () => {
  const child = bench('--only', 'reads');
  for await (const line of createInterface({ input: child.stderr })) if (line.includes('round 1')) break;
  const started = childrenOf(child.pid!);
  expect(started.length).toBeGreaterThan(5);
  child.kill('SIGINT');
  await once(child, 'exit');
  expect(child.exitCode).toBe(1);
  await eventually(() => Promise.resolve(started.some(isAlive) ? undefined : true));
});

test('arguments that make no sense are refused before anything is started', async () => {
  const { code, stderr } = await ended(bench('--nango', 'http://127.0.0.1:1'));
  expect(stderr).toContain('--nango needs --integration, --connection and --call');
  expect(code).toBe(1);
});

function childrenOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
}

/** One that nobody has asked how it ended is no longer alive. */
function isAlive(pid: string): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
