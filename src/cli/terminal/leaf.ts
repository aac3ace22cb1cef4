import { Command } from 'commander';

/** What is the same for every command that does something. */
export interface LeafOptions {
  /** default of `--timeout`, such as `1m`, which is the default; `none`: it waits as long as it takes; `false`: it runs until it is stopped */
  timeout?: string | false;
  /** command lines without the program's name, and what each is for */
  examples: [line: string, what: string][];
}

/**
 * A command with `--json`, `--timeout` and examples in its help.
 *
 * @param name with its arguments, as commander takes them
 */
export function leaf(name: string, says: string, { timeout = '1m', examples }: LeafOptions): Command {
  const command = new Command(name.split(' ', 1)[0]).description(says);
  for (const argument of name.split(' ').slice(1)) command.argument(argument);
  command.option('--json', 'one JSON value on standard output, nothing else there');
  if (timeout === 'none') command.option('--timeout <time>', 'stop waiting after this time, such as 5m');
  else if (timeout !== false) command.option('--timeout <time>', 'stop waiting after this time', timeout);
  return command.addHelpText('after', examplesText(examples));
}

/** For an option that may be given several times. @example .option('--scope <scope>', '…', repeated, []) */
export function repeated(value: string, before: string[]): string[] {
  return [...before, value];
}

/** A command that only holds others. */
export function group(name: string, says: string, commands: Command[]): Command {
  const command = new Command(name).description(says);
  for (const one of commands) command.addCommand(one);
  const examples = commands.map((one): [string, string] => [`${name} ${one.name()} --help`, one.description()]);
  return command.addHelpText('after', examplesText(examples));
}

function examplesText(examples: [string, string][]): string {
  const lines = examples.map(([line, what]) => `  # ${what}\n  $ temporal-nango ${line}`);
  return `\nExamples:\n${lines.join('\n')}\n`;
}
