import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { printable } from '../../contract/rules/printable';

const STYLES = ['bold', 'dim', 'green', 'red', 'yellow'] as const;
type Colors = Record<(typeof STYLES)[number], (text: string) => string>;

/**
 * The terminal. Standard output is for the result alone; progress, questions and logs go to standard error, so that a
 * pipe gets nothing else.
 */
export interface Io {
  /** a person can be asked: standard input and standard error are a terminal */
  readonly interactive: boolean;
  /** the result goes to a terminal, not to a file or another program */
  readonly toTerminal: boolean;
  /** colours for the result; none where it does not go to a terminal, or `NO_COLOR` is set */
  readonly colors: Colors;
  /** the result */
  print(text: string): Promise<void>;
  /** a line for a person, on standard error; `text` is ours, or made {@link printable} */
  say(text: string): void;
  /** a line that replaces itself; where there is no terminal, a line whenever it changes */
  live(text: string): void;
  /** asks for a yes. @param signal takes the question back, or keeps it from being asked. @returns false then, and without a terminal */
  confirm(question: string, signal?: AbortSignal): Promise<boolean>;
  /** colours for standard error */
  readonly errorColors: Colors;
}

const CLEAR_LINE = '\r\u001b[K';

/** The terminal of this process. */
export function processIo({ stdin, stdout, stderr, env } = process): Io {
  const interactive = Boolean(stdin.isTTY && stderr.isTTY);
  let lively: string | undefined;
  const endLive = (): void => {
    if (lively !== undefined && stderr.isTTY) stderr.write(CLEAR_LINE);
    lively = undefined;
  };
  return {
    interactive,
    toTerminal: Boolean(stdout.isTTY),
    colors: colorsOf(stdout, env),
    errorColors: colorsOf(stderr, env),
    print(text) {
      endLive();
      return new Promise((resolve, reject) => {
        stdout.write(text.endsWith('\n') ? text : `${text}\n`, (error) => (error ? reject(error) : resolve()));
      });
    },
    say(text) {
      endLive();
      stderr.write(`${text}\n`);
    },
    live(text) {
      if (text === lively) return;
      // A line that wraps could not be replaced.
      const line = printable(text);
      stderr.write(stderr.isTTY ? CLEAR_LINE + line.slice(0, (stderr.columns || 80) - 1) : `${line}\n`);
      lively = text;
    },
    async confirm(question, signal) {
      if (!interactive || signal?.aborted) return false;
      endLive();
      const readline = createInterface({ input: stdin, output: stderr });
      const closed = new Promise<string>((resolve) => readline.once('close', () => resolve('')));
      // While it reads a line, Ctrl-C is a key and no signal.
      readline.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      const takenBack = (): void => {
        stderr.write('\n');
        readline.close();
      };
      signal?.addEventListener('abort', takenBack);
      try {
        const reply = await Promise.race([readline.question(`${question} [y/N] `), closed]);
        return /^y(es)?$/i.test(reply.trim());
      } finally {
        signal?.removeEventListener('abort', takenBack);
        readline.close();
      }
    },
  };
}

/** https://no-color.org; a terminal without the means says so by `TERM`. */
function colorsOf(stream: { isTTY?: boolean }, { NO_COLOR, TERM }: NodeJS.ProcessEnv): Colors {
  const colourful = Boolean(stream.isTTY) && !NO_COLOR && TERM !== 'dumb';
  // Not by Node's own rule, which differs from version to version.
  const painted = STYLES.map((style) => [
    style,
    (text: string) => (colourful ? styleText(style, text, { validateStream: false }) : text),
  ]);
  return Object.fromEntries(painted) as Colors;
}
