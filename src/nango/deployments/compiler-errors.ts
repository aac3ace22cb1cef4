import { MAX_COMPILER_ERRORS, MAX_COMPILER_MESSAGE_CHARS } from '../../contract/limits';
import type { CompilerError } from '../../contract/types';

/**
 * One error as Nango prints it: a line with the name of a file of its own, and the place in it if it names one; then, on
 * lines that are indented, what the compiler says. Its lines and columns are those of the source that it was given, from 1.
 */
const ERROR = /^err - \S+?(?::(?<line>\d+):(?<column>\d+))?[ \t]*\r?\n(?<message>(?:[ \t]+.*(?:\r?\n|$))*)/gm;

/** What would colour a terminal. */
const COLOUR = /\u001b\[[0-9;]*m/g;

/** What the compiler found wrong, as far as it can be told from what Nango has printed of it; at most 20. */
export function compilerErrors(printed: string): CompilerError[] {
  const plain = printed.replace(COLOUR, '');
  const found = [...plain.matchAll(ERROR)].map(({ groups: { line, column, message = '' } = {} }) => ({
    line: line === undefined ? undefined : Number(line),
    column: column === undefined ? undefined : Number(column),
    message: shortened(message),
  }));
  const errors = found.length > 0 ? found : [{ message: shortened(plain) }];
  return errors.slice(0, MAX_COMPILER_ERRORS);
}

function shortened(message: string): string {
  const text = message.replaceAll('\r', '').trim();
  return text.length > MAX_COMPILER_MESSAGE_CHARS ? `${text.slice(0, MAX_COMPILER_MESSAGE_CHARS - 1)}…` : text;
}
