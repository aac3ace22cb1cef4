import { detailsOf, findNangoFailure, nangoFailure } from '../contract/errors';
import type { ConnectionNames } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import { UNCLEARED } from '../nango/http/outcome';
import type { ActivityDependencies } from './context';

/**
 * Makes sure that nobody else can have made a connection into his own; a call follows at once.
 *
 * @param write of the call: whoever made it is told that it may be made again
 * @throws Nango.OwnerUnconfirmed; Nango.TemporalUnavailable, retryable, if what is held could not be read; what the read of a
 *   held connection throws. The call is not to be made then
 */
export async function clear(
  { holds }: Pick<ActivityDependencies, 'holds'>,
  connection: ConnectionNames,
  write: boolean,
  within: Bounds,
): Promise<void> {
  try {
    await holds.clear(connection, within);
  } catch (error) {
    within.signal?.throwIfAborted();
    throw notMade(error, write);
  }
}

/** Whether a call was not sent since it was cleared too long before. */
export function isUncleared(error: unknown): boolean {
  const failure = findNangoFailure(error);
  return failure !== undefined && detailsOf(failure).code === UNCLEARED;
}

function notMade(error: unknown, write: boolean): Error {
  const failure = findNangoFailure(error) ?? nangoFailure('Nango.TemporalUnavailable');
  const type = findNangoFailure(failure)?.type ?? 'Nango.TemporalUnavailable';
  const mayPass = type === 'Nango.TemporalUnavailable' || failure.nonRetryable === false;
  const mayBeMadeAgain = mayPass || type === 'Nango.OwnerUnconfirmed';
  return nangoFailure(type, {
    ...detailsOf(failure),
    hint: type === 'Nango.TemporalUnavailable' ? 'Whether the connection is held is not known.' : undefined,
    nonRetryable: write || !mayPass,
    ...(write && mayBeMadeAgain ? { didNotRun: true } : {}),
  });
}
