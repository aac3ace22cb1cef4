import { invalid } from '../errors';
import { MAX_BATCH_CALLS, MAX_FAN_OUT_CALLS, MAX_FAN_OUT_CONCURRENCY } from '../limits';
import type { BatchInput } from '../types';
import { checkCall, checkConnectionRef, isProxyCall, isWrite } from './check-call';
import { checkFields, checkList, checkOneOf } from './check-shape';

/**
 * Rules for calls by the hundred, checked before any I/O. Each throws `Nango.InvalidRequest` naming the field, never its
 * value.
 */

const OPTIONS = ['concurrency', 'onFailure'];

/** @returns the bytes of each body */
export function checkCalls(calls: unknown): number[] {
  if (Array.isArray(calls) && calls.length > MAX_FAN_OUT_CALLS) {
    throw invalid('calls', `must hold at most ${MAX_FAN_OUT_CALLS}: for more there is nango.bulk`);
  }
  checkList(calls, 'calls', MAX_FAN_OUT_CALLS);
  // Not `map`, which passes over holes.
  return Array.from(calls, (call, i) => checkCall(call, `calls[${i}]`));
}

export function checkFanOutOptions(options: unknown): void {
  checkFields(options, 'options', OPTIONS);
  const { concurrency, onFailure } = options;
  if (concurrency !== undefined) checkConcurrency(concurrency, 'options.concurrency');
  if (onFailure !== undefined) checkOneOf(onFailure, 'options.onFailure', ['collect', 'stop']);
}

/** No write among them: a batch is repeated whole when its worker is lost. */
export function checkBatch({ connection, calls, concurrency }: BatchInput): void {
  checkConnectionRef(connection);
  checkList(calls, 'calls', MAX_BATCH_CALLS);
  checkConcurrency(concurrency, 'concurrency');
  calls.forEach(({ call }, i) => {
    checkCall(call, `calls[${i}].call`);
    if (!isProxyCall(call) || isWrite(call)) throw invalid(`calls[${i}].call`, 'must be one that may be repeated');
  });
}

function checkConcurrency(value: unknown, field: string): void {
  if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > MAX_FAN_OUT_CONCURRENCY) {
    throw invalid(field, `must be a whole number from 1 to ${MAX_FAN_OUT_CONCURRENCY}`);
  }
}
