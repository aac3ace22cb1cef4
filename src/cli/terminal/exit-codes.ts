import type { ApplicationFailure } from '@temporalio/common';
import { detailsOf } from '../../contract/errors';
import type { NangoErrorType } from '../../contract/errors';

/** What a command ends with; a shell script may rely on it. */
export const EXIT = {
  /** done */
  done: 0,
  /** it ran, and the result is a failure */
  failed: 1,
  /** the command line, or a setting that it needs, is wrong: nothing was done */
  usage: 2,
  /** a server is missing, or cannot be reached */
  unreachable: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const SERVER_MISSING: ReadonlySet<string> = new Set<NangoErrorType>([
  'Nango.Unavailable',
  'Nango.TemporalUnavailable',
  'Nango.NoWorker',
]);

/** An argument or a setting is named by its `field`; the same types without one are what a server answered. */
const NAMES_FIELD: ReadonlySet<string> = new Set<NangoErrorType>(['Nango.InvalidRequest', 'Nango.Misconfigured']);

/** The exit code of a failure of the taxonomy. */
export function exitCodeOf(failure: ApplicationFailure): ExitCode {
  const type = failure.type ?? '';
  if (SERVER_MISSING.has(type)) return EXIT.unreachable;
  return NAMES_FIELD.has(type) && detailsOf(failure).field !== undefined ? EXIT.usage : EXIT.failed;
}
