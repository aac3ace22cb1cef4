import { DefaultLogger } from '@temporalio/worker';
import type { LogEntry, Logger } from '@temporalio/worker';
import { printable } from '../../contract/rules/printable';

/** What `logAttempts` says better: the worker's own word of an attempt, and our workflows' of what came of it. */
const LOGGED_ALREADY: ReadonlySet<string> = new Set(['Activity failed', 'A lookup failed', 'The notifier failed']);

/** Warnings of Temporal's, each a line that a person can read. */
export function lineLogger(say: (line: string) => void): Logger {
  return new DefaultLogger('WARN', (entry) => {
    if (!LOGGED_ALREADY.has(entry.message)) say(lineOf(entry));
  });
}

function lineOf({ level, message, meta = {} }: LogEntry): string {
  const { workflowId, error } = meta as { workflowId?: unknown; error?: unknown };
  const about = typeof workflowId === 'string' ? ` (${workflowId})` : '';
  const why = error instanceof Error || typeof error === 'string' ? `: ${error}` : '';
  return printable(`${level} ${message}${about}${why}`.replace(/\s+/g, ' '));
}
