import { createHash } from 'node:crypto';
import type { Outcome } from '../contract/types';
import type { AutomationResult } from './workflows';

/** What went wrong on purpose. */
export interface Faults {
  429: number;
  500: number;
  reset: number;
  webhooksDropped: number;
  workerKills: number;
}

/** The last line of `--json`. */
export interface Report {
  workflowId: string;
  connection: { integration: string; connectionId: string; provider: string };
  calls: { total: number; succeeded: number; failed: number };
  /** SHA-256 of the outcomes in order, as the caller received them */
  digest: string;
  /** of the automation's run */
  historyEvents: number;
  faults: Faults;
  seconds: number;
}

export function report(
  { connection, outcomes }: AutomationResult,
  rest: Pick<Report, 'workflowId' | 'historyEvents' | 'faults' | 'seconds'>,
): Report {
  const { integration, connectionId, provider } = connection;
  const succeeded = outcomes.filter((outcome) => outcome.ok).length;
  return {
    workflowId: rest.workflowId,
    connection: { integration, connectionId, provider },
    calls: { total: outcomes.length, succeeded, failed: outcomes.length - succeeded },
    digest: digestOf(outcomes),
    historyEvents: rest.historyEvents,
    faults: rest.faults,
    seconds: rest.seconds,
  };
}

/** The same outcomes give the same digest, however the keys of their objects are ordered. */
export function digestOf(outcomes: Outcome[]): string {
  return createHash('sha256').update(JSON.stringify(outcomes, sortedKeys)).digest('hex');
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Whether everything was shown: every call succeeded, and every fault really happened. */
export function isComplete({ calls, faults }: Report): boolean {
  return calls.failed === 0 && Object.values(faults).every((count) => count > 0);
}

export function summary({ calls, connection, digest, faults, historyEvents, seconds }: Report): string {
  return [
    `  ${calls.succeeded} of ${calls.total} calls succeeded, in order, through ${connection.integration} connection ${connection.connectionId}`,
    `  survived: ${faults.workerKills} worker killed, ${faults.webhooksDropped} webhook lost, ${faults[429]} rate limit, ${faults[500]} server error, ${faults.reset} broken connection`,
    `  ${historyEvents} events in the automation's history, ${seconds} seconds`,
    `  digest ${digest}`,
  ].join('\n');
}
