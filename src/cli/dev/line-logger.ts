import { DefaultLogger } from '@temporalio/worker';
import type { LogEntry, Logger } from '@temporalio/worker';
import { printable } from '../terminal/printable';

/** What {@link tellAttempts} tells better. */
const TOLD_ALREADY = 'Activity failed';

/** Warnings of Temporal's, each a line that a person can read. */
export function lineLogger(say: (line: string) => void): Logger {
  return new DefaultLogger('WARN', (entry) => {
    if (entry.message !== TOLD_ALREADY) say(lineOf(entry));
  });
}

function lineOf({ level, message, meta = {} }: LogEntry): string {
  const { workflowId, error } = meta as { workflowId?: unknown; error?: unknown };
  const about = typeof workflowId === 'string' ? ` (${workflowId})` : '';
  const why = error === undefined ? '' : `: ${String(error)}`;
  return printable(`${level} ${message}${about}${why}`.replace(/\s+/g, ' '));
}
