import { condition, patched } from '@temporalio/workflow';
import { nangoFailure } from '../../contract/errors';
import type { ConnectionRef } from '../../contract/types';
import { runState } from '../run-state';
import type { HealEnd, Healed } from '../run-state';
import { current } from './healed';
import { keyOf } from './health-wait';
import { reconnect } from './reconnected';
import type { RecoveredCalls } from './recovery';

/** Calls that would go to whichever account is behind their connection. */
type BegunCalls = Pick<RecoveredCalls, 'connection' | 'isGet'>;

/**
 * What a call has to wait for before it is begun, since another account may be behind its connection to which nobody has
 * agreed: while the connection is being connected anew that is not known, and if that has ended without it, neither.
 *
 * @returns nothing: it may be begun at once. Otherwise what ends when it may, or fails as the wait for the person has
 */
export function untilAgreed({ connection, isGet }: BegunCalls): Promise<void> | undefined {
  if (isGet && mayReadOn(connection)) return undefined;
  const entry = runState().healed.get(keyOf(connection));
  // Where nobody compares accounts, nobody is asked about them.
  if (!entry?.compares || (!isPending(entry) && entry.ended === undefined)) return undefined;
  return patched('temporal-nango/heal-ends') ? untilEnded(connection, isGet, entry) : undefined;
}

/** Whether a read may go to another account before somebody has agreed to it. */
export function mayReadOn({ heal }: ConnectionRef): boolean {
  return heal === undefined || heal.readsOnAccountChange === true;
}

/** Whoever heals waits until somebody has agreed to the account that is behind the connection now. */
export async function agreed(connection: ConnectionRef): Promise<void> {
  if (connection.heal === undefined || connection.heal.fails) throw nangoFailure('Nango.AccountChanged');
  // Somebody may have agreed since it was had.
  const { at = Date.now() } = runState().healed.get(keyOf(connection)) ?? {};
  await reconnect(connection, at, { forWrites: true });
  if (current(connection).accountChanged) throw nangoFailure('Nango.AccountChanged');
}

async function untilEnded(connection: ConnectionRef, isGet: boolean, entry: Healed): Promise<void> {
  const before = entry.ended;
  while (isPending(entry)) await condition(() => !isPending(entry));
  const { ended } = entry;
  if (ended === undefined) return;
  const isNew = ended !== before;
  // To that account somebody may have agreed since: the connection says so to whoever looks it up again.
  const isLast = ended.failure?.type === 'Nango.AccountChanged';
  if (ended.failure !== undefined && (isNew || isLast)) throw ended.failure;
  await onceMore(connection, isGet, ended);
}

/** Nobody knows whose tokens there are by now; so it is not tried by the call. Who has said no is not asked for a day. */
async function onceMore(connection: ConnectionRef, isGet: boolean, { failure, since }: HealEnd): Promise<void> {
  const { heal } = connection;
  if (heal !== undefined && !heal.fails) return await reconnect(connection, since, { forWrites: !isGet });
  if (heal !== undefined) {
    runState().dead.set(keyOf(connection), { sign: 'unconfirmed', repeatable: true, begunAt: since });
  }
  throw heal === undefined && failure !== undefined ? failure : nangoFailure('Nango.ReconnectRequired');
}

function isPending({ forReads, forWrites }: Healed): boolean {
  return (forReads ?? forWrites) !== undefined;
}
