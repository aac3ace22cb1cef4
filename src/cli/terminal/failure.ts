import { CommanderError } from 'commander';
import { findNangoFailure, MESSAGES } from '../../contract/errors';
import { EXIT, exitCodeOf } from './exit-codes';
import type { ExitCode } from './exit-codes';
import { factsOf } from './failure-facts';
import type { FailureFacts } from './failure-facts';
import { hintFor } from './hints';

/** Failures that only a command line has; everything else is of the taxonomy. */
export type CliFailureType =
  /** the command line is wrong */
  | 'Cli.Usage'
  /** `--timeout` was over; what was waited for goes on */
  | 'Cli.TimedOut'
  /** Ctrl-C; what was waited for goes on */
  | 'Cli.Interrupted'
  /** what was named does not exist */
  | 'Cli.NotFound'
  /** a server other than Nango and Temporal did not answer */
  | 'Cli.Unreachable'
  /** nobody foresaw it */
  | 'Cli.Unexpected';

/**
 * Ends a command. The message says what is wrong, the hint what to do. Of
 * what was typed it may name options and commands, never a value, which may be a secret.
 */
export class CliFailure extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly hint: string | undefined,
    readonly exitCode: ExitCode,
    readonly facts: FailureFacts = {},
  ) {
    super(message);
  }
}

/** The command line is wrong: exit 2. */
export function usage(message: string, hint?: string): CliFailure {
  return new CliFailure('Cli.Usage' satisfies CliFailureType, message, hint, EXIT.usage);
}

/** What was named does not exist: it ran, and the result is a failure. */
export function notFound(message: string, hint?: string): CliFailure {
  return new CliFailure('Cli.NotFound' satisfies CliFailureType, message, hint, EXIT.failed);
}

/** A server other than Nango and Temporal did not answer: exit 3. */
export function unreachable(message: string, hint?: string): CliFailure {
  return new CliFailure('Cli.Unreachable' satisfies CliFailureType, message, hint, EXIT.unreachable);
}

/** Whatever was thrown, as a command tells it. Never a stack. */
export function cliFailure(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  if (error instanceof CommanderError) {
    return usage(sentence(error.message), 'Add --help to see how the command is used.');
  }
  const failure = findNangoFailure(error);
  if (failure !== undefined) {
    const fixed = MESSAGES[failure.type];
    const rest = failure.message.startsWith(fixed) ? failure.message.slice(fixed.length).trim() : '';
    const facts = factsOf(failure);
    // No argument was wrong: the request says itself why it refuses, or Nango has.
    const refused = failure.type === 'Nango.InvalidRequest' && facts.field === undefined;
    const message = refused ? rest || 'Nango refused the request.' : fixed;
    const said = refused ? '' : rest;
    const hint = [said, hintFor(failure.type, facts, said !== '')].filter(Boolean).join(' ') || undefined;
    return new CliFailure(failure.type, message, hint, exitCodeOf(failure), facts);
  }
  const message = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
  return new CliFailure('Cli.Unexpected' satisfies CliFailureType, message, undefined, EXIT.failed);
}

/** Commander begins its messages with `error: `, and may add a suggestion on a second line. */
function sentence(message: string): string {
  const [first = '', ...more] = message.replace(/^error: /, '').split('\n');
  const said = `${first.charAt(0).toUpperCase()}${first.slice(1)}`.replace(/[^.!?]$/, '$&.');
  return [said, ...more].join(' ').trim();
}
