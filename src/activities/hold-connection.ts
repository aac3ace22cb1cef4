import { findNangoFailure } from '../contract/errors';
import { checkHeldReads, checkHold } from '../contract/rules/check-holds';
import { holdConnectionInputSchema, readHeldInputSchema } from '../contract/schemas/holds';
import type { HeldStatus } from '../contract/types';
import { connectionStatus } from '../nango/connection-status';
import { bounds, heartbeating, here, WORKER_UPDATE_MS } from './context';
import { defineActivity } from './define';

export const holdActivities = {
  ...defineActivity('nango.holdConnection', holdConnectionInputSchema, checkHold, (input, dependencies) =>
    dependencies.holdBatches.hold(here(dependencies), input, WORKER_UPDATE_MS),
  ),

  ...defineActivity('nango.readHeld', readHeldInputSchema, checkHeldReads, async ({ connections }, { api }) => {
    const { deadlineMs, signal } = bounds();
    const end = Date.now() + deadlineMs;
    const statuses: HeldStatus[] = [];
    // One after the other: nobody waits for them. What cannot be read is kept.
    const read = async (): Promise<HeldStatus[]> => {
      for (const connection of connections) {
        const left = { deadlineMs: Math.max(end - Date.now(), 1), signal };
        statuses.push(await connectionStatus(api, connection, left).catch(unread));
      }
      return statuses;
    };
    return await heartbeating(read());
  }),
};

/** What Nango does not tell may be told the next time. @throws what is no failure of Nango's */
function unread(error: unknown): 'unknown' {
  if (findNangoFailure(error) === undefined) throw error;
  return 'unknown';
}
