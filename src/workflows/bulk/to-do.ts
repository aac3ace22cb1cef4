import { isWrite } from '../../contract/rules/check-call';
import { isToDo, refusalOf } from '../../contract/rules/check-bulk';
import { jsonBytes } from '../../contract/rules/json';
import { MAX_PAYLOAD_BYTES } from '../../contract/limits';
import type { BulkOutcome, BulkPage, Call, Outcome } from '../../contract/types';
import { SAFE_CALLS } from './chunk-size';
import { count, emptyTally } from './tally';
import type { Tally } from './tally';

/** A call that is to be made, and its place among all of the run. */
export interface ToDo {
  index: number;
  call: Call;
}

/** What is left of a page, and what is over. */
export interface PageState {
  toDo: ToDo[];
  tally: Tally;
}

/** Sorts a page that was read. @returns what is to be done, and the outcomes of what is no call */
export function sortPage({ calls }: BulkPage, first: number): PageState & { refused: BulkOutcome[] } {
  const sorted = { toDo: [] as ToDo[], refused: [] as BulkOutcome[], tally: emptyTally() };
  for (const [i, call] of calls.entries()) {
    const index = first + i;
    if (!isToDo(call)) {
      sorted.tally.skipped++;
      continue;
    }
    const error = refusalOf(call);
    if (error === undefined) sorted.toDo.push({ index, call });
    else sorted.refused.push({ index, outcome: { ok: false, error } });
  }
  for (const { outcome } of sorted.refused) count(sorted.tally, outcome);
  return sorted;
}

/**
 * Takes in what a fan-out of some calls came to. What its budget did not allow is to be done again: calls that were not
 * sent, and reads whose response may have been too much only for all together.
 *
 * @returns what is over, and the bytes of the largest outcome
 */
export function takeIn(state: PageState, chunk: ToDo[], outcomes: Outcome[]): { ended: BulkOutcome[]; bytes: number } {
  const ended: BulkOutcome[] = [];
  let bytes = 0;
  for (const [i, one] of chunk.entries()) {
    const outcome = outcomes[i]!;
    if (isAgain(outcome, one.call, chunk.length)) {
      state.toDo.push(one);
      bytes = MAX_PAYLOAD_BYTES;
      continue;
    }
    ended.push({ index: one.index, outcome });
    count(state.tally, outcome, one.call);
    bytes = Math.max(bytes, jsonBytes(outcome));
  }
  return { ended, bytes };
}

function isAgain(outcome: Outcome, call: Call, calls: number): boolean {
  if (outcome.ok || outcome.error.type !== 'Nango.ResponseTooLarge') return false;
  const { status, code } = outcome.error;
  return (status === undefined && code === undefined) || (calls > SAFE_CALLS && !isWrite(call));
}
