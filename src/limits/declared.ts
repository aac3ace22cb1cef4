import { msToNumber } from '@temporalio/common';
import type { Duration } from '@temporalio/common';
import { nangoFailure } from '../contract/errors';
import { MAX_LIMIT_WINDOW_MS } from '../contract/limits';
import type { KnownLimit } from '../contract/types';

/** How many calls a provider allows on each connection. */
export interface ConnectionLimit {
  /** of every window, however many workers there are: a whole number, 1 or more */
  calls: number;
  /** the length of a window: milliseconds, or a text such as `'10 seconds'`; at most 31 days */
  per: Duration;
}

/** @throws Nango.Misconfigured naming the option, never its value */
export function declaredLimits(given: { [integration: string]: ConnectionLimit }): {
  [integration: string]: KnownLimit;
} {
  const limits = Object.entries(given).map(([integration, limit]) => [integration, declared(integration, limit)]);
  return Object.fromEntries(limits) as { [integration: string]: KnownLimit };
}

function declared(integration: string, limit: Partial<ConnectionLimit> | null | undefined): KnownLimit {
  const { calls, per } = limit ?? {};
  if (calls === undefined || !Number.isSafeInteger(calls) || calls < 1) {
    throw refused(`limits.${integration}.calls`, 'must be a whole number of 1 or more');
  }
  const perMs = milliseconds(per);
  if (perMs === undefined) {
    throw refused(`limits.${integration}.per`, "must be a time such as '10 seconds', of 1 ms to 31 days");
  }
  return { calls, perMs, source: 'declared' };
}

function milliseconds(per: Duration | undefined): number | undefined {
  try {
    const ms = per === undefined ? NaN : msToNumber(per);
    return ms >= 1 && ms <= MAX_LIMIT_WINDOW_MS ? ms : undefined;
  } catch {
    return undefined;
  }
}

function refused(field: string, rule: string): ReturnType<typeof nangoFailure> {
  return nangoFailure('Nango.Misconfigured', { field, hint: `${field} ${rule}.` });
}
