import { isWrite } from '../../contract/rules/check-call';
import type { Call, FailedByType, Outcome } from '../../contract/types';

/** How many calls ended how. */
export interface Tally {
  done: number;
  failed: FailedByType;
  unknown: number;
  skipped: number;
}

export function emptyTally(): Tally {
  return { done: 0, failed: {}, unknown: 0, skipped: 0 };
}

/** Counts an outcome. @param call default: what was no call */
export function count(tally: Tally, outcome: Outcome, call?: Call): void {
  tally.done++;
  if (outcome.ok) return;
  const { type } = outcome.error;
  if (type === 'Nango.OutcomeUnknown' && call !== undefined && isWrite(call)) tally.unknown++;
  else tally.failed[type] = (tally.failed[type] ?? 0) + 1;
}

/** Adds what another has counted. */
export function addTally(tally: Tally, more: Tally): void {
  tally.done += more.done;
  tally.unknown += more.unknown;
  tally.skipped += more.skipped;
  for (const [type, n] of Object.entries(more.failed)) tally.failed[type] = (tally.failed[type] ?? 0) + n;
}
