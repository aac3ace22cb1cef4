import { invalid } from '../errors';
import { MAX_HOLDS_AT_ONCE } from '../limits';
import { checkConnectionRef } from './check-call';
import { checkTime } from './check-request';
import { checkFields } from './check-shape';
import type { ConfirmedLink, HoldConnectionInput, ReadHeldInput } from '../types';

/** Rules for what is said of held connections. Each throws `Nango.InvalidRequest` naming the field, never its value. */

/** One update of the holds. @throws Nango.InvalidRequest */
export function checkHolds(value: unknown): asserts value is HoldConnectionInput[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_HOLDS_AT_ONCE) {
    throw invalid('holds', `must be a list of one to ${MAX_HOLDS_AT_ONCE}`);
  }
  value.forEach(checkHold);
}

/** How long it is held is for whoever has the clock that counts. @throws Nango.InvalidRequest */
export function checkHold(value: unknown): asserts value is HoldConnectionInput {
  checkFields(value, 'hold', ['connection', 'until']);
  checkFields(value.connection, 'connection', ['integration', 'connectionId']);
  checkConnectionRef(value.connection);
  checkTime(value.until, 'until');
}

/** @throws Nango.InvalidRequest */
export function checkConfirmedLink(value: unknown): asserts value is ConfirmedLink {
  checkHold(value);
}

/** @throws Nango.InvalidRequest */
export function checkHeldReads({ connections }: ReadHeldInput): void {
  for (const connection of connections) checkConnectionRef(connection);
}
