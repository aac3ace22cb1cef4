import { checkConnectionRef } from './check-call';
import { checkIdentity, checkOwner, checkScopes } from './check-request';
import { checkFields, checkFlag, checkTemporalName } from './check-shape';
import { invalid } from '../errors';
import { DEFAULT_WAIT_MS, MAX_WAIT_MS } from '../limits';
import { checkName } from './text';
import type { Connection, ConnectionRef, EnsureConnectionInput, Healing, Subject } from '../types';

const FIELDS = ['owner', 'slot', 'waitMs', 'scopes', 'identity', 'readsOnAccountChange', 'taskQueue', 'fails'];

/** How the connection is had again that somebody wants, if they want it healed. @param now milliseconds since the epoch */
export function healingOf(
  {
    heal,
    deadline,
    scopes,
    identity,
    readsOnAccountChange,
    taskQueue,
  }: Pick<EnsureConnectionInput, 'heal' | 'deadline' | 'scopes' | 'identity' | 'readsOnAccountChange'> & {
    taskQueue?: string;
  },
  { owner, slot }: Subject,
  now: number,
): Healing | undefined {
  if (!heal) return undefined;
  const waitMs = deadline === undefined ? DEFAULT_WAIT_MS : deadline - now;
  return { owner, slot, waitMs, scopes, identity, readsOnAccountChange, taskQueue };
}

/** The connection, for whoever may want it healed. */
export function withHealing(connection: Connection, heal: Healing | undefined): Connection {
  return heal === undefined ? connection : { ...connection, heal };
}

/** A connection as workflow code uses it, which has been JSON in the meantime, anywhere. */
export function checkConnection(connection: unknown): void {
  checkConnectionRef(connection);
  checkHealing((connection as ConnectionRef).heal, 'connection.heal');
}

/** How a connection is had again, if that is said. */
export function checkHealing(value: unknown, field: string): asserts value is Healing | undefined {
  if (value === undefined) return;
  checkFields(value, field, FIELDS);
  const { owner, slot, waitMs, scopes, identity, readsOnAccountChange, taskQueue, fails } = value;
  checkOwner(owner);
  if (slot !== undefined) checkName(slot, `${field}.slot`);
  if (typeof waitMs !== 'number' || !(waitMs > 0 && waitMs <= MAX_WAIT_MS)) {
    throw invalid(`${field}.waitMs`, 'must be a time in ms, of at most a year');
  }
  if (scopes !== undefined) checkScopes(scopes);
  if (identity !== undefined) checkIdentity(identity);
  checkFlag(readsOnAccountChange, `${field}.readsOnAccountChange`);
  if (taskQueue !== undefined) checkTemporalName(taskQueue, `${field}.taskQueue`);
  checkFlag(fails, `${field}.fails`);
}
