import { CommanderError } from 'commander';
import { findNangoFailure, MESSAGES } from '../../contract/errors';
import { EXIT, exitCodeOf } from './exit-codes';
import type { ExitCode } from './exit-codes';

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
  ) {
    super(message);
  }
}

/** The command line is wrong: exit 2. */
export function usage(message: string, hint?: string): CliFailure {
  return new CliFailure('Cli.Usage' satisfies CliFailureType, message, hint, EXIT.usage);
}

/** What was named does not exist: it ran, and the answer is a failure. */
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
    const message = MESSAGES[failure.type];
    const rest = failure.message.startsWith(message) ? failure.message.slice(message.length).trim() : '';
    return new CliFailure(failure.type, message, rest || HINTS[failure.type], exitCodeOf(failure));
  }
  const message = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
  return new CliFailure('Cli.Unexpected' satisfies CliFailureType, message, undefined, EXIT.failed);
}

/** What to do about failures that carry no hint of their own. */
const HINTS: { [type: string]: string | undefined } = {
  'Nango.TemporalUnavailable': 'Check TEMPORAL_ADDRESS, or start a Temporal of your own with `temporal-nango dev`.',
  'Nango.Unavailable': 'Check NANGO_SERVER_URL and the network.',
  'Nango.ConnectionNotFound': 'List those that exist with `temporal-nango connections`.',
  'Nango.IntegrationNotFound': 'List those that exist with `temporal-nango integrations`.',
  'Nango.ActionNotFound': 'List those that are deployed with `temporal-nango functions`.',
  'Nango.ConnectionDeclined': 'The next `temporal-nango ensure` asks again.',
  'Nango.ConnectionTimedOut': 'The next `temporal-nango ensure` asks again.',
  'Nango.OutcomeUnknown': 'Look at the provider whether it was carried out, before you send it again.',
};

/** Commander begins its messages with `error: `, and may add a suggestion on a second line. */
function sentence(message: string): string {
  const [first = '', ...more] = message.replace(/^error: /, '').split('\n');
  const said = `${first.charAt(0).toUpperCase()}${first.slice(1)}`.replace(/[^.!?]$/, '$&.');
  return [said, ...more].join(' ').trim();
}
