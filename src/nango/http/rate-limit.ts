/** How long a response asks to wait, in milliseconds. */

const SHORTEST_MS = 1_000;
const LONGEST_MS = 3_600_000;
/** Numbers above this are a point in time, in seconds or milliseconds since the epoch; below, a number of seconds. */
const EPOCH_S = 1_000_000_000;
const EPOCH_MS = 1_000_000_000_000;

/**
 * Of Nango's own 429: `Retry-After` is rounded down and may be 0, so the reset counts too, measured against the
 * response's own `Date`.
 */
export function nangoRetryAfterMs(headers: Record<string, string>, now: number): number {
  return clamp(Math.max(seconds(headers['retry-after']), resetMs(headers['x-ratelimit-reset'], headers, now)));
}

/** Of a provider's 429, by whichever of the usual headers it sends. */
export function providerRetryAfterMs(headers: Record<string, string>, now: number): number {
  const named = headers['retry-after'];
  if (named !== undefined)
    return clamp(/^\s*\d/.test(named) ? seconds(named) : Date.parse(named) - dateOf(headers, now));
  return clamp(resetMs(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'], headers, now));
}

/** Until a reset, by the header that holds its time; 0 where it says none. */
export function resetMs(value: string | undefined, headers: Record<string, string>, now: number): number {
  const reset = Number(value);
  if (!(reset > 0)) return 0;
  if (reset < EPOCH_S) return reset * 1000;
  return (reset < EPOCH_MS ? reset * 1000 : reset) - dateOf(headers, now);
}

function dateOf(headers: Record<string, string>, now: number): number {
  const date = Date.parse(headers.date ?? '');
  return Number.isNaN(date) ? now : date;
}

export function seconds(value: string | undefined): number {
  const parsed = Number.parseFloat(value ?? '');
  return Number.isNaN(parsed) ? 0 : parsed * 1000;
}

/** A pause that is neither none nor for ever. */
export function clamp(ms: number): number {
  return Math.min(Math.max(Number.isNaN(ms) ? 0 : Math.ceil(ms), SHORTEST_MS), LONGEST_MS);
}
