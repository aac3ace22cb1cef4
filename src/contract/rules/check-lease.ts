import { invalid } from '../errors';
import { MAX_LEASE_CALLS, MAX_LIMIT_WINDOW_MS } from '../limits';
import type { KnownLimit, LeaseRequest, LimitFacts } from '../types';
import { checkFields, checkFlag, checkObject, checkOneOf } from './check-shape';
import { checkName } from './text';

/** Rules for what is said to a limiter. Each throws `Nango.InvalidRequest` naming the field, never its value. */

const FIELDS = [
  'holder',
  'want',
  'claimants',
  'used',
  'usedAgoMs',
  'giveBack',
  'unleased',
  'unleasedAgoMs',
  'known',
  'facts',
];
const SOURCES = ['nango', 'declared', 'refusals'] as const;

/** @throws Nango.InvalidRequest */
export function checkLeaseRequest(value: unknown): asserts value is LeaseRequest {
  checkFields(value, 'lease', FIELDS);
  const {
    holder,
    want,
    claimants = 1,
    used = 0,
    usedAgoMs = 0,
    giveBack = 0,
    unleased = 0,
    unleasedAgoMs = 0,
    known,
    facts,
  } = value;
  checkName(holder, 'holder');
  checkCount(want, 'want');
  checkCount(claimants, 'claimants', 1);
  checkCount(used, 'used');
  checkDuration(usedAgoMs, 'usedAgoMs', 0);
  checkCount(giveBack, 'giveBack');
  checkCount(unleased, 'unleased');
  checkDuration(unleasedAgoMs, 'unleasedAgoMs', 0);
  if (known !== undefined) checkKnownLimit(known, 'known');
  if (facts !== undefined) checkFacts(facts);
}

function checkKnownLimit(value: unknown, field: string): asserts value is KnownLimit {
  checkFields(value, field, ['calls', 'perMs', 'source']);
  checkOneOf(value.source, `${field}.source`, SOURCES);
  if (!Number.isSafeInteger(value.calls) || (value.calls as number) < 1) {
    throw invalid(`${field}.calls`, 'must be a whole number of 1 or more');
  }
  checkDuration(value.perMs, `${field}.perMs`, 1);
}

function checkFacts(value: unknown): asserts value is LimitFacts {
  checkObject(value, 'facts');
  checkOneOf(value.from, 'facts.from', ['nango', 'provider']);
  if (value.from === 'provider') return checkDuration(value.pauseMs, 'facts.pauseMs', 0);
  const { calls, remaining, resetMs, windowMs = 1, refused } = value;
  if (!Number.isSafeInteger(calls) || (calls as number) < 1) throw invalid('facts.calls', 'must be 1 or more');
  if (!Number.isSafeInteger(remaining) || (remaining as number) < 0) {
    throw invalid('facts.remaining', 'must be 0 or more');
  }
  checkDuration(resetMs, 'facts.resetMs', 0);
  checkDuration(windowMs, 'facts.windowMs', 1);
  checkFlag(refused, 'facts.refused');
}

function checkCount(value: unknown, field: string, least = 0): void {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= MAX_LEASE_CALLS) return;
  throw invalid(field, `must be a whole number of ${least} to ${MAX_LEASE_CALLS}`);
}

function checkDuration(value: unknown, field: string, least: number): void {
  if (typeof value === 'number' && value >= least && value <= MAX_LIMIT_WINDOW_MS) return;
  throw invalid(field, `must be ${least} to ${MAX_LIMIT_WINDOW_MS} milliseconds`);
}
