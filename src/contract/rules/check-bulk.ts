import { checkCall } from './check-call';
import { checkConnection } from './healing';
import { checkFields, checkList, checkObject, checkOneOf, checkTemporalName } from './check-shape';
import { detailsOf, findNangoFailure, invalid } from '../errors';
import { checkName } from './text';
import { checkJson, jsonBytes } from './json';
import {
  MAX_BULK_ACTIVITY_MS,
  MAX_CURSOR_BYTES,
  MAX_PAGE_CALLS,
  MAX_FAN_OUT_CONCURRENCY,
  MIN_BULK_ACTIVITY_MS,
} from '../limits';
import type { BulkInput, BulkPage, Call, Failure, Pace, PageRead, PageWaits } from '../types';

/**
 * Rules for what a bulk run is given, by whoever starts it, by its source and by its pages. Each throws
 * `Nango.InvalidRequest` naming the field, never its value.
 */

const FIELDS = ['connection', 'source', 'sink', 'concurrency'];
const ACTIVITY_FIELDS = ['activity', 'taskQueue', 'input', 'timeoutMs'];
const WAITS = ['source', 'calls', 'sink'] as const;
const PACES = ['go', 'pause', 'stop'] as const;

export function checkBulkInput(input: unknown): asserts input is BulkInput {
  checkFields(input, 'input', FIELDS);
  const { connection, source, sink, concurrency } = input;
  checkConnection(connection);
  checkActivity(source, 'source');
  if (sink !== 'discard') checkActivity(sink, 'sink');
  if (concurrency !== undefined) checkCount(concurrency, 'concurrency', 1, MAX_FAN_OUT_CONCURRENCY);
}

function checkActivity(value: unknown, field: string): void {
  checkFields(value, field, ACTIVITY_FIELDS);
  const { activity, taskQueue, input, timeoutMs } = value;
  checkTemporalName(activity, `${field}.activity`);
  checkTemporalName(taskQueue, `${field}.taskQueue`);
  checkSmallJson(input, `${field}.input`);
  if (timeoutMs !== undefined) checkCount(timeoutMs, `${field}.timeoutMs`, MIN_BULK_ACTIVITY_MS, MAX_BULK_ACTIVITY_MS);
}

/** The form of a page; what of its calls is no call is an outcome, and fails none of the others. */
export function checkPage(page: unknown): asserts page is BulkPage {
  checkObject(page, 'page');
  const { calls, next, total } = page;
  checkList(calls, 'page.calls', MAX_PAGE_CALLS);
  checkSmallJson(next, 'page.next');
  if (total !== undefined) checkCount(total, 'page.total', 0, Number.MAX_SAFE_INTEGER);
}

/** Why a call is none, as an outcome says it; undefined: it is one. */
export function refusalOf(call: unknown): Failure | undefined {
  try {
    checkCall(call);
    return undefined;
  } catch (error) {
    const failure = findNangoFailure(error);
    if (failure === undefined) throw error;
    return { type: failure.type, field: detailsOf(failure).field };
  }
}

/** A place in a page where a call is to be made. */
export function isToDo(call: Call | null): call is Call {
  return call !== null;
}

/** Who pauses, resumes or stops a run; nobody has to say so. */
export function checkActor(value?: unknown): void {
  if (value === undefined) return;
  checkObject(value, 'input');
  if (value.by !== undefined) checkName(value.by, 'by');
}

export function checkPageRead(value: unknown): asserts value is PageRead {
  checkObject(value, 'read');
  const { page, count, next, total } = value;
  checkCount(page, 'page', 0, Number.MAX_SAFE_INTEGER);
  checkCount(count, 'count', 0, MAX_PAGE_CALLS);
  checkSmallJson(next, 'next');
  if (total !== undefined) checkCount(total, 'total', 0, Number.MAX_SAFE_INTEGER);
}

export function checkPageWaits(value: unknown): asserts value is PageWaits {
  checkObject(value, 'waits');
  checkCount(value.page, 'page', 0, Number.MAX_SAFE_INTEGER);
  checkOneOf(value.for, 'for', WAITS);
}

export function checkPace(value: unknown): asserts value is Pace {
  checkOneOf(value, 'pace', PACES);
}

function checkSmallJson(value: unknown, field: string): void {
  checkJson(value, field);
  if (jsonBytes(value) > MAX_CURSOR_BYTES) throw invalid(field, `must be at most ${MAX_CURSOR_BYTES} bytes as JSON`);
}

function checkCount(value: unknown, field: string, least: number, most: number): void {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw invalid(field, `must be a whole number of ${least} to ${most}`);
}
