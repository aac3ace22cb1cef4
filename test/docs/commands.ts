import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { blocksOf, proseOf } from './pages';

/** What a sentence leaves out where it names a command; a block of code does not. */
const LEFT_OUT = ['commander.missingArgument', 'commander.missingMandatoryOptionValue', 'commander.help'];

interface Shown {
  page: string;
  args: string[];
  /** codes of commander that are no mistake here */
  allowed: string[];
}

/** Command lines of ours that the pages show and that the program refuses, with its words. */
export function wrongCommands(pages: Map<string, string>): string[] {
  const shown = [...pages].flatMap(([page, text]): Shown[] => {
    const typed = ['', 'sh'].flatMap((language) => blocksOf(text, language)).flatMap((block) => block.split('\n'));
    const named = [...proseOf(text).matchAll(/`((?:npx )?temporal-nango [^`]*)`/g)].map(([, line = '']) => line);
    return [
      ...typed.flatMap(argumentsOf).map((args) => ({ page, args, allowed: [] })),
      ...named.flatMap(argumentsOf).map((args) => ({ page, args, allowed: LEFT_OUT })),
    ];
  });
  const input = JSON.stringify(shown.map(({ args }) => args));
  const { stdout, stderr } = spawnSync(process.execPath, [path.join(__dirname, 'parse-commands.js')], { input });
  if (stdout.length === 0) throw new Error(stderr.toString());
  const refusals = JSON.parse(stdout.toString()) as { code?: string; message?: string }[];
  return shown.flatMap(({ page, args, allowed }, i) => {
    const { code = '', message } = refusals[i] ?? {};
    return message === undefined || allowed.includes(code) ? [] : [`${page}: ${args.join(' ')}: ${message}`];
  });
}

/** What stands behind the program's name, as a shell takes it apart; nothing for a line of another program. */
function argumentsOf(line: string): string[][] {
  const [, typed] = /^(?:[A-Z_]+=\S* )*(?:npx )?temporal-nango (.*)$/.exec(line.replace(/ +(?:[#>|]|&&).*$/, '')) ?? [];
  if (typed === undefined) return [];
  return [[...typed.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')];
}
