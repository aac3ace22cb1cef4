import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { readSecret } from '../../src/cli/doctor/read-secret';
import { offerProfileLine } from '../../src/cli/doctor/shell-profile';

const KEY = '11111111-1111-4111-8111-111111111111';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'home-'));
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

/** Somebody at the terminal who answers so, and what they were shown. */
async function offered({ yes = true, key = KEY, shell = '/bin/bash' }): Promise<{ added: boolean; shown: string }> {
  const shown: string[] = [];
  const added = await offerProfileLine({
    confirm: (question) => {
      shown.push(question);
      return Promise.resolve(yes);
    },
    readSecret: (prompt) => {
      shown.push(prompt);
      return Promise.resolve(key);
    },
    say: (line) => void shown.push(line),
    env: { SHELL: shell },
    home,
  });
  return { added, shown: shown.join('\n') };
}

test.each([
  ['/bin/bash', '.bashrc', `export NANGO_TOOLBOX_SECRET_KEY=${KEY}`],
  ['/usr/bin/zsh', '.zshrc', `export NANGO_TOOLBOX_SECRET_KEY=${KEY}`],
  ['/usr/bin/fish', '.config/fish/config.fish', `set -gx NANGO_TOOLBOX_SECRET_KEY ${KEY}`],
  ['', '.profile', `export NANGO_TOOLBOX_SECRET_KEY=${KEY}`],
])('after a yes the profile of %s gets the line, and the key is not shown', async (shell, file, line) => {
  const { added, shown } = await offered({ shell });
  expect(added).toBe(true);
  expect(readFileSync(join(home, file), 'utf8').trim()).toBe(line);
  expect(statSync(join(home, file)).mode & 0o077).toBe(0);
  expect(shown).toContain(file);
  expect(shown).not.toContain(KEY);
});

test('what stood in the profile stays', async () => {
  writeFileSync(join(home, '.bashrc'), 'alias ll="ls -l"');
  await offered({});
  expect(readFileSync(join(home, '.bashrc'), 'utf8')).toMatch(/^alias ll="ls -l"\nexport NANGO_/);
});

test('a key with a quote in it does not end the line early', async () => {
  await offered({ key: "it's;id" });
  expect(readFileSync(join(home, '.bashrc'), 'utf8')).toContain(`'it'\\''s;id'`);
});

test.each([
  ['without a yes', { yes: false }],
  ['for an empty line', { key: '' }],
  ['for a connect session token', { key: `nango_connect_session_${'a'.repeat(64)}` }],
  ['for a key with a line break in it', { key: 'a\nb' }],
])('%s nothing is written', async (_, replies) => {
  expect((await offered(replies)).added).toBe(false);
  expect(() => statSync(join(home, '.bashrc'))).toThrow();
});

test('a secret that is typed is read in raw mode, so that no terminal echoes it, and is not written', async () => {
  const modes: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
  const stderr = new PassThrough();
  const read = readSecret('Paste it: ', { stdin, stderr } as unknown as typeof process);
  for (const typed of [...KEY, '\r']) stdin.write(typed);
  expect(await read).toBe(KEY);
  expect(modes).toEqual([true, false]);
  stderr.end();
  expect(await text(stderr)).toBe('Paste it: \n');
});
