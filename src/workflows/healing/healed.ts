import { runState } from '../run-state';
import type { HealEnd } from '../run-state';
import type { Connection, ConnectionRef } from '../../contract/types';
import { keyOf } from './health-wait';

/** A connection as it is now: this run may have had it connected anew since it was given. */
export function current<T extends ConnectionRef>(connection: T): T | Connection {
  return runState().healed.get(keyOf(connection))?.connection ?? connection;
}

/** How the last time that this run wanted it connected anew ended, if that was without it. */
export function healEndOf(connection: ConnectionRef): HealEnd | undefined {
  return runState().healed.get(keyOf(connection))?.ended;
}

/** Whether this run has had it connected anew after that time, in milliseconds since the epoch. */
export function isHealedAfter(connection: ConnectionRef, time: number): boolean {
  return (runState().healed.get(keyOf(connection))?.at ?? -Infinity) > time;
}

/** A connection that was looked up says itself whether its account is another one: how the last wait ended does not matter any more. */
export function lookedUp(connection: Connection): Connection {
  const known = runState().healed.get(keyOf(connection));
  if (known?.ended !== undefined) {
    known.ended = undefined;
    known.connection = { ...connection, heal: connection.heal ?? known.connection?.heal };
    known.at = undefined;
  }
  return connection;
}
