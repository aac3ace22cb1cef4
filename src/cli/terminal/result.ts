import { CliFailure } from './failure';
import type { CliFailureType } from './failure';
import { EXIT } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { duration } from '../options/duration';
import { printableJson } from '../../contract/rules/printable';
import { processIo } from './io';
import type { Io } from './io';

/** What a command has found out, for programs and for people. */
export interface CommandResult {
  /** printed by `--json`, as one JSON value; undefined: the command has printed it already */
  value: unknown;
  /** printed otherwise; empty: nothing */
  text: string;
  /** default {@link EXIT.done} */
  exitCode?: ExitCode;
}

/** What a command is given besides its arguments. */
export interface Run {
  io: Io;
  /** `--json` */
  json: boolean;
  /** aborted by Ctrl-C, and when `--timeout` is over */
  signal: AbortSignal;
  /** From now on, whatever ends the waiting early says this: what goes on without us, and how to come back to it. */
  leaves(message: string, hint: string): void;
}

type CommonOptions = { json?: boolean; timeout?: string };

/**
 * Makes a function with a result into an action of commander's. The result goes to standard output; Ctrl-C and
 * `--timeout` end the waiting, not what is waited for.
 *
 * @param handle gets the arguments in their order, and the options last
 * @param options.drains Ctrl-C and SIGTERM are what it runs until: the first only aborts the signal, and the handler
 *   returns once it has put everything in order; a second one ends it. Default: false
 * @example
 * leaf('hello', 'says hello').action(actionOf(async ({ io }) => ({ value: { hello: 'you' }, text: 'Hello, you.' })))
 */
export function actionOf<Args extends unknown[]>(
  handle: (run: Run, ...args: Args) => Promise<CommandResult>,
  { drains = false }: { drains?: boolean } = {},
): (...args: unknown[]) => Promise<void> {
  return async (...all) => {
    const options = all.at(-2) as CommonOptions;
    const io = processIo();
    const stop = new Stop(options.timeout, drains);
    const run: Run = {
      io,
      json: options.json ?? false,
      signal: stop.signal,
      leaves: (message, hint) => (stop.left = { message, hint }),
    };
    try {
      // The options stay the handler's last argument; the command is of no use to it.
      const result = await Promise.race([handle(run, ...(all.slice(0, -1) as unknown as Args)), stop.stopped]);
      const text = run.json ? printableJson(JSON.stringify(result.value) ?? '') : result.text;
      if (text) await io.print(text);
      process.exitCode = result.exitCode ?? EXIT.done;
    } finally {
      stop.end();
    }
  };
}

/** Ends the waiting from outside. */
class Stop {
  left: { message: string; hint: string } | undefined;
  readonly stopped: Promise<never>;
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout | undefined;
  #reject: (failure: CliFailure) => void = () => undefined;
  readonly #interrupted = (): void => {
    if (this.drains && !this.signal.aborted) this.#controller.abort();
    else this.#stop('Cli.Interrupted', 'Interrupted.');
  };

  constructor(
    timeout: string | undefined,
    private readonly drains: boolean,
  ) {
    this.stopped = new Promise((_, reject) => (this.#reject = reject));
    // Nobody may be listening any more.
    this.stopped.catch(() => undefined);
    if (timeout !== undefined) {
      const ms = duration('--timeout', timeout);
      this.#timer = setTimeout(() => this.#stop('Cli.TimedOut', `Not done within ${timeout}.`), ms);
    }
    for (const signal of SIGNALS) process.on(signal, this.#interrupted);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  end(): void {
    clearTimeout(this.#timer);
    for (const signal of SIGNALS) process.off(signal, this.#interrupted);
  }

  #stop(type: CliFailureType, message: string): void {
    const said = this.left === undefined ? message : `${message} ${this.left.message}`;
    const failure = new CliFailure(type, said, this.left?.hint, EXIT.failed);
    this.#reject(failure);
    this.#controller.abort(failure);
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
