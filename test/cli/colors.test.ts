import { processIo } from '../../src/cli/terminal/io';

const io = (isTTY: boolean, env: NodeJS.ProcessEnv) =>
  processIo({ stdin: {}, stdout: { isTTY }, stderr: { isTTY: !isTTY }, env } as unknown as NodeJS.Process);

test('colours go to a terminal, whatever the other stream is', () => {
  const { colors, errorColors } = io(true, {});
  expect(colors.red('x')).toBe('\u001b[31mx\u001b[39m');
  expect(errorColors.red('x')).toBe('x');
  expect(io(false, { FORCE_COLOR: '1' }).colors.bold('x')).toBe('x');
});

test.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('there is none with %j', (env) => {
  expect(io(true, env).colors.green('x')).toBe('x');
});
