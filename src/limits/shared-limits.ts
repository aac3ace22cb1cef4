import type { ConnectionNames } from '../contract/types';
import type { HttpObserver } from '../nango/http/observer';
import type { Admission } from './waiters';

/**
 * What this worker may send; shared by all calls of the process. It is shown every request to Nango, so that it learns
 * limits and knows which calls were sent.
 */
export interface SharedLimits extends HttpObserver {
  /**
   * Asks for room for up to `count` calls on a connection. At once, without I/O, where no limit is known or room is held;
   * the first of many at a time (`count` over 1) has one request made that shows the account's limit.
   *
   * @param bounds.patienceMs how long it waits for room at the most
   * @param bounds.signal ends the wait
   * @returns how many may be sent, 1 or more; or after how long to try again
   * @throws the reason of the signal
   */
  admit(
    connection: ConnectionNames,
    count: number,
    bounds: { patienceMs: number; signal?: AbortSignal },
  ): Promise<Admission>;
  /** Room that was admitted and is not used. A call that was begun, and did not leave, gives its room back by itself. */
  giveBack(connection: ConnectionNames, count: number): void;
}
