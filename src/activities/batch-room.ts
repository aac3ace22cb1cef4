import { BATCH_TIME_MS } from '../contract/limits';
import type { ConnectionNames } from '../contract/types';
import type { Room } from '../nango/proxy-batch';
import { clearAdmitted } from './admission';
import type { ActivityDependencies } from './context';

/**
 * Room for the calls of a batch, had many at a time: at once where nothing is limited.
 *
 * @param count of its calls
 * @param signal ends the wait for room
 */
export function roomFor(
  dependencies: Pick<ActivityDependencies, 'holds' | 'limits'>,
  connection: ConnectionNames,
  count: number,
  signal: AbortSignal,
): Room {
  const { limits } = dependencies;
  const until = Date.now() + BATCH_TIME_MS;
  let [held, left] = [0, count];
  let wanted: Promise<number | undefined> | undefined;

  async function want(): Promise<number | undefined> {
    const patienceMs = Math.max(until - Date.now(), 0);
    // One that was not sent after all enters anew, also when all have entered: room for none would be asked for for ever.
    const admission = await limits.admit(connection, Math.max(left, 1), { patienceMs, signal });
    if (!('admitted' in admission)) return admission.retryAfterMs;
    held += admission.admitted;
    return undefined;
  }

  return {
    async enter() {
      while (held === 0) {
        wanted ??= want().finally(() => (wanted = undefined));
        const retryAfterMs = await wanted;
        if (retryAfterMs !== undefined) return retryAfterMs;
      }
      held--;
      left--;
      return undefined;
    },
    clear: (within) => clearAdmitted(dependencies, connection, false, within),
    leave() {
      if (held > 0) limits.giveBack(connection, held);
      held = 0;
    },
  };
}
