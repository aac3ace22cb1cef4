import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { processIo } from '../../src/cli/terminal/io';

/** A terminal at which somebody says `typed`; nothing: they go away. */
async function asked(typed: string, signal?: AbortSignal): Promise<{ yes: boolean; shown: string }> {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  const io = processIo({ stdin, stdout: new PassThrough(), stderr, env: {} } as unknown as NodeJS.Process);
  if (typed === '') stdin.end();
  else stdin.write(typed);
  const yes = await io.confirm('Deploy it?', signal);
  stderr.end();
  return { yes, shown: await text(stderr) };
}

test('a yes is a yes, and whoever goes away says no', async () => {
  expect(await asked('y\n')).toEqual({ yes: true, shown: expect.stringContaining('Deploy it? [y/N] ') as unknown });
  expect((await asked('')).yes).toBe(false);
});

test('what has been taken back already is not asked', async () => {
  expect(await asked('y\n', AbortSignal.abort())).toEqual({ yes: false, shown: '' });
});
