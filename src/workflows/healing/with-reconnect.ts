import { patched } from '@temporalio/workflow';
import { findNangoFailure } from '../../contract/errors';
import { DEFAULT_WAIT_MS } from '../../contract/limits';
import { TAG } from '../../contract/names';
import { checkConnection } from '../../contract/rules/healing';
import { checkObject } from '../../contract/rules/check-shape';
import { ownerOf } from '../../contract/rules/tags';
import type { Connection, Healing } from '../../contract/types';
import { runState } from '../run-state';
import { keyOf } from './health-wait';
import { current } from './healed';
import { reconnect } from './reconnected';

/** How a call fails whose connection is dead, or has not been confirmed to be its owner's. */
const OF_DEAD = new Set(['Nango.ReconnectRequired', 'Nango.RefreshFailing', 'Nango.OwnerUnconfirmed']);

/**
 * Carries out what is more than one call, and once more from its beginning after its connection has stopped working and
 * its owner has connected it anew. What it wrote before that it writes again, unless it sees to that itself; for calls
 * by themselves `heal` is better.
 *
 * @param connection of `ensureConnection`. Without `heal` its owner is known by its tags, and each wait takes seven days
 * @param fn is given the connection as it is now
 * @example
 * ```ts
 * const total = await withReconnect(hubspot, async (connection) => {
 *   let count = 0;
 *   for await (const { items } of nango.paginate(connection, '/crm/v3/objects/contacts')) count += items.length;
 *   return count;
 * });
 * ```
 * @throws what `fn` throws; Nango.ConnectionTimedOut, Nango.ConnectionDeclined, Nango.RequestCancelled,
 *   Nango.AccountChanged, Nango.ScopesMissing when the wait for its owner ends without a connection
 */
export async function withReconnect<T>(connection: Connection, fn: (connection: Connection) => Promise<T>): Promise<T> {
  checkConnection(connection);
  const heal: Healing = { ...(connection.heal ?? byTags(connection)), fails: false };
  let given = connection;
  for (let reconnects = 0; ; reconnects++) {
    // One that takes the place of another has an id of its own, and calls through it are known by that.
    given = { ...current(given), heal };
    const begunAt = Date.now();
    try {
      return await fn({ ...given, heal: { ...heal, fails: true } });
    } catch (error) {
      const key = keyOf(given);
      const met = runState().dead.get(key);
      if (met === undefined || !OF_DEAD.has(findNangoFailure(error)?.type ?? '')) throw error;
      if (key !== keyOf(connection) && !patched('temporal-nango/heal-ends')) throw error;
      // Connected anew it is refused just so: there is nothing that its owner could do.
      if (met.sign === 'unauthorized' && reconnects > 0) throw error;
      await reconnect(given, met.begunAt ?? Date.now(), { forWrites: !heal.readsOnAccountChange, sign: met.sign });
      runState().dead.delete(key);
      // A write whose outcome is not known would be made again.
      if (!met.repeatable || hasOpenWrite(key, begunAt)) throw error;
    }
  }
}

/** Whether a write may have run that stood beside what has failed. It may learn later than that of the connection's death. */
function hasOpenWrite(key: string, begunAt: number): boolean {
  return (runState().openWrites.get(key) ?? -Infinity) >= begunAt && patched('temporal-nango/open-writes');
}

/** @throws Nango.InvalidRequest if it is no whole connection */
function byTags({ tags }: Connection): Healing {
  checkObject(tags, 'connection.tags');
  return { owner: ownerOf(tags), slot: tags[TAG.slot], waitMs: DEFAULT_WAIT_MS };
}
