import type { ConnectionNames } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { failureOf } from '../nango/verdict/fail';
import { notRun } from '../nango/verdict/verdict';
import type { RequestTraits } from '../nango/verdict/verdict';
import { clear, isUncleared } from './clearance';
import type { ActivityDependencies } from './context';

/** A call waits for room in its activity for so long, then in its workflow. */
const PATIENCE_MS = 20_000;
/** Of the time that an attempt has; the rest is for the call. */
const SHARE_OF_DEADLINE = 0.25;

/**
 * Carries out one call once there is room for it, and nobody else can have made its connection into his own. Where no room
 * comes soon it fails as a refusal of Nango's, or of the provider's, would: not sent, and tried again when there may be.
 *
 * @param traits of the call, which say whether Temporal or its workflow tries again
 * @param within what the waiting and the call may take together
 * @throws Nango.RateLimited, Nango.ProviderRateLimited; as {@link clear}; and what the call throws
 */
export async function admitted<T>(
  dependencies: ActivityDependencies,
  connection: ConnectionNames,
  traits: RequestTraits,
  within: Bounds,
  call: (bounds: Bounds) => Promise<T>,
): Promise<T> {
  const until = Date.now() + within.deadlineMs;
  const left = (): Bounds => ({ ...within, deadlineMs: until - Date.now() });
  for (;;) {
    await enter(dependencies, connection, traits, left());
    try {
      await clearAdmitted(dependencies, connection, !traits.repeatable, left());
      const response = await call(left());
      dependencies.inUse.add(connection);
      return response;
    } catch (error) {
      if (!isUncleared(error) || Date.now() >= until) throw error;
    }
  }
}

/** As {@link clear}, of a call that there is room for. @throws as that does, and then its room is given back */
export async function clearAdmitted(
  dependencies: Pick<ActivityDependencies, 'holds' | 'limits'>,
  connection: ConnectionNames,
  write: boolean,
  within: Bounds,
): Promise<void> {
  try {
    await clear(dependencies, connection, write, within);
  } catch (error) {
    dependencies.limits.giveBack(connection, 1);
    throw error;
  }
}

async function enter(
  { limits }: ActivityDependencies,
  connection: ConnectionNames,
  traits: RequestTraits,
  { deadlineMs, signal }: Bounds,
): Promise<void> {
  const patienceMs = Math.min(PATIENCE_MS, deadlineMs * SHARE_OF_DEADLINE);
  const admission = await limits.admit(connection, 1, { patienceMs, signal });
  if ('admitted' in admission) return;
  const { limitOf, retryAfterMs } = admission;
  const type = limitOf === 'account' ? 'Nango.RateLimited' : 'Nango.ProviderRateLimited';
  throw failureOf(notRun(traits, { type, retryable: traits.repeatable, retryAfterMs }));
}
