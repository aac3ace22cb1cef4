import type { AccountFacts } from '../contract/types';
import { readError } from './http/nango-error';
import type { Destination } from './http/observer';
import type { HttpResponse } from './http/outcome';
import { clamp, nangoRetryAfterMs, providerRetryAfterMs, resetMs, seconds } from './http/rate-limit';
import { isOwnRefusal } from './verdict/own-refusals';

/** A reset is rounded up to whole seconds, and the date that it is compared with is rounded down. */
const ROUNDING_MS = 1_000;
/** Windows are whole multiples of this as a rule. */
const USUAL_MS = 5_000;
const OF_NANGO = new Set(['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']);

/** Headers of a provider that Nango's catalogue names: lower-case names, as in `retry` of `GET /providers/:provider`. */
export interface RetryHeaders {
  /** holds the time of the reset, in seconds since the epoch */
  at?: string;
  /** holds the seconds until then */
  after?: string;
  /** holds the calls that are left */
  remaining?: string;
}

/**
 * What Nango says of its account's limit. Of a proxied response it is believed only where Nango itself refused the call:
 * a provider's own headers of these names take the place of Nango's.
 *
 * @returns undefined if it says nothing, or nothing that can be believed
 */
export function accountFacts({ route }: Destination, response: HttpResponse, now: number): AccountFacts | undefined {
  const { status, headers } = response;
  const refused = status === 429 && isOwnRefusal(status, readError(response));
  if (route === 'proxy' && !refused) return undefined;
  const calls = Number(headers['x-ratelimit-limit']);
  const remaining = Number(headers['x-ratelimit-remaining']);
  if (!Number.isSafeInteger(calls) || calls < 1 || !Number.isSafeInteger(remaining) || remaining < 0) return undefined;
  const left = refused ? nangoRetryAfterMs(headers, now) : clamp(resetMs(headers['x-ratelimit-reset'], headers, now));
  const windowMs = remaining >= calls - 1 && !refused ? windowOf(left) : undefined;
  return { from: 'nango', calls, remaining, resetMs: left, windowMs, ...(refused && { refused }) };
}

/**
 * The length of a window, by the time that is left of it at its first call. That is a second more or less, by where in a
 * second the call came; one that is a second short would let too much through, and hardly any is 59 seconds long.
 */
function windowOf(leftMs: number): number {
  const ms = Math.max(leftMs - ROUNDING_MS, ROUNDING_MS);
  return (ms + ROUNDING_MS) % USUAL_MS === 0 ? ms + ROUNDING_MS : ms;
}

/**
 * For how long a provider wants no calls, by what it said to a proxied one: undefined where it does not mind. Whose a
 * header is that Nango has as well shows only on a refusal, which lets the provider's through.
 */
export function providerPauseMs(
  { status, headers }: HttpResponse,
  named: RetryHeaders | undefined,
  now: number,
): number | undefined {
  const header = (name: string | undefined): string | undefined =>
    name === undefined || (status !== 429 && OF_NANGO.has(name)) ? undefined : headers[name];
  const at = header(named?.at);
  const after = header(named?.after);
  const pauseMs = at !== undefined ? resetMs(at, headers, now) : seconds(after);
  if (status === 429) return pauseMs > 0 ? clamp(pauseMs) : providerRetryAfterMs(headers, now);
  return header(named?.remaining) === '0' && pauseMs > 0 ? clamp(pauseMs) : undefined;
}

/** Whether a refusal says by a header of the usual ones how long it holds. */
export function saysWhen(headers: Record<string, string>): boolean {
  return ['retry-after', 'x-ratelimit-reset', 'ratelimit-reset'].some((name) => headers[name] !== undefined);
}

/** Whether a successful response of the management API shows that its account has no limit. */
export function showsNoLimit({ route }: Destination, { status, headers }: HttpResponse): boolean {
  return route === 'management' && status < 300 && headers['x-ratelimit-limit'] === undefined;
}
