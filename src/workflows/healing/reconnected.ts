import { CancellationScope, isCancellation, patched } from '@temporalio/workflow';
import { findNangoFailure, reasonOf } from '../../contract/errors';
import { joinFailure } from '../../contract/join-end';
import { DEFAULT_TASK_QUEUE } from '../../contract/names';
import type { Connection, ConnectionRef, JoinEnd } from '../../contract/types';
import { connected } from '../ensure-connection';
import { runState } from '../run-state';
import type { Healed } from '../run-state';
import { current } from './healed';
import { keyOf } from './health-wait';
import type { Sign } from './sign';

const DAY_MS = 86_400_000;

/**
 * Has a connection connected anew by its owner, once for all calls of this run that wait.
 *
 * @param since when the call failed, or was begun: whoever has connected it anew after that need not do so once more
 * @param forWrites wait until somebody has agreed to another account
 * @throws Nango.ConnectionTimedOut, Nango.ConnectionDeclined, Nango.RequestCancelled, Nango.AccountChanged,
 *   Nango.ScopesMissing; Nango.InvalidRequest where it may not be connected anew
 */
export async function reconnect(
  connection: ConnectionRef,
  since: number,
  { forWrites, sign }: { forWrites: boolean; sign?: Sign['sign'] },
): Promise<void> {
  const { healed } = runState();
  const key = keyOf(connection);
  const entry = healed.get(key) ?? {};
  healed.set(key, entry);
  const way = forWrites ? 'forWrites' : 'forReads';
  // A provider that says 401 for a reason of its own would have its people click for ever.
  const wantedSince = sign === 'unauthorized' ? since - DAY_MS : since;
  for (;;) {
    const isShared = entry[way] !== undefined;
    entry[way] ??= renew(connection, { since: wantedSince, forWrites, entry }).finally(() => (entry[way] = undefined));
    try {
      entry.connection = await entry[way];
      return;
    } catch (error) {
      if (!isShared || !isOfAnother(error) || !patched('temporal-nango/heal-goes-on')) throw error;
    }
  }
}

/** Whoever has asked the owner for all was cancelled, and the caller was not. */
function isOfAnother(error: unknown): boolean {
  return isCancellation(error) && !CancellationScope.current().consideredCancelled;
}

interface Renewal {
  since: number;
  forWrites: boolean;
  /** is told of the end before anybody else is: a call that is begun in that moment goes by it */
  entry: Healed;
}

async function renew(connection: ConnectionRef, { since, forWrites, entry }: Renewal): Promise<Connection> {
  const { integration, connectionId, heal = connection.heal } = current(connection);
  if (heal === undefined) throw new Error('unreachable: only what heals is connected anew');
  const { owner, slot, waitMs, scopes, identity, readsOnAccountChange, taskQueue = DEFAULT_TASK_QUEUE } = heal;
  const terms = {
    deadline: Date.now() + waitMs,
    reconnect: connectionId,
    scopes,
    identity,
    readsOnAccountChange: forWrites ? undefined : readsOnAccountChange,
  };
  const subject = { integration, owner, slot };
  const options = { ignoreCoolDown: false, taskQueue, since };
  if (identity !== undefined) entry.compares = true;
  try {
    let end: JoinEnd;
    try {
      end = await connected(subject, terms, options);
    } catch (error) {
      // Calls that had begun to heal before one could wait its turn have failed with it.
      if (reasonOf(error) !== 'other_question' || !patched('temporal-nango/heal-in-turn')) throw error;
      end = await connected(subject, terms, { ...options, waitsItsTurn: true });
    }
    if (end.status !== 'connected') throw joinFailure(end);
    const renewed = { ...end.connection, heal };
    Object.assign(entry, { connection: renewed, at: Date.now(), ended: undefined } satisfies Healed);
    return renewed;
  } catch (error) {
    entry.ended = { failure: isCancellation(error) ? undefined : findNangoFailure(error), since };
    throw error;
  }
}
