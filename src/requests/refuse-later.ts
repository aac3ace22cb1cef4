import { nangoFailure } from '../contract/errors';

/**
 * A query by an id is answered by the latest run, whatever run its handle names: what was read may be another's, which has
 * taken the place of the one that is meant.
 *
 * @throws Nango.InvalidRequest with the reason `request_closed`
 */
export function refuseLater(
  view: { firstExecutionRunId?: string },
  { firstExecutionRunId }: { firstExecutionRunId: string },
): void {
  if (view.firstExecutionRunId === undefined || view.firstExecutionRunId === firstExecutionRunId) return;
  const hint = 'It has ended, and a later one of the same name is another.';
  throw nangoFailure('Nango.InvalidRequest', { reason: 'request_closed', hint });
}
