import type { ConnectionNames } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { failureOf } from '../nango/verdict/fail';
import { notRun } from '../nango/verdict/verdict';
import type { RequestTraits } from '../nango/verdict/verdict';
import { bounds } from './context';
import type { ActivityDependencies } from './context';

/** A call waits for room in its activity for so long, then in its workflow. */
const PATIENCE_MS = 20_000;
/** Of the time that an attempt has; the rest is for the call. */
const SHARE_OF_DEADLINE = 0.25;

/**
 * Carries out one call once there is room for it. Where none comes soon it fails as a refusal of Nango's, or of the
 * provider's, would: not sent, and tried again when there may be room.
 *
 * @param traits of the call, which say whether Temporal or its workflow tries again
 * @throws Nango.RateLimited, Nango.ProviderRateLimited, and what the call throws
 */
export async function admitted<T>(
  { limits }: ActivityDependencies,
  connection: ConnectionNames,
  traits: RequestTraits,
  call: (bounds: Bounds) => Promise<T>,
): Promise<T> {
  const began = Date.now();
  const { deadlineMs, signal } = bounds();
  const patienceMs = Math.min(PATIENCE_MS, deadlineMs * SHARE_OF_DEADLINE);
  const admission = await limits.admit(connection, 1, { patienceMs, signal });
  if ('admitted' in admission) return await call({ deadlineMs: deadlineMs - (Date.now() - began), signal });
  const { limitOf, retryAfterMs } = admission;
  const type = limitOf === 'account' ? 'Nango.RateLimited' : 'Nango.ProviderRateLimited';
  throw failureOf(notRun(traits, { type, retryable: traits.repeatable, retryAfterMs }));
}
