import { isCancellation, patched } from '@temporalio/workflow';
import { findNangoFailure, lacksScope, nangoFailure } from '../../contract/errors';
import { missingScopes } from '../../contract/rules/scopes';
import type { ScopesDecision } from '../../contract/types';
import { activitiesWith, PATIENT } from '../activity-proxies';
import type { LiveRequest } from './live-request';
import { refusal } from './request-checks';
import { isClosed, scopesToRequest } from './request-state';

/** An operator waits for what comes of it, and a client no longer than for any other update. */
const { 'nango.getIntegrationScopes': getIntegrationScopes, 'nango.updateIntegrationScopes': updateIntegrationScopes } =
  activitiesWith({
    ...PATIENT,
    scheduleToCloseTimeout: '15 seconds',
    summary: 'the scopes that the integration requests',
  });

/**
 * An operator's yes or no to having the integration request more. Until a yes is carried out any other answer is refused.
 *
 * @throws what Nango refuses, by type; Nango.InvalidRequest with the reason `not_requested` where it was said to be done
 *   and is not, or `request_closed` where the request has ended meanwhile; Nango.Unavailable if nobody knows in time
 */
export async function decideScopes(live: LiveRequest, decision: ScopesDecision): Promise<void> {
  const { by } = decision;
  if (decision.choice === 'no') return live.apply({ type: 'updateRefused', by, now: Date.now() });
  // In runs of an earlier version others could answer meanwhile, and have.
  if (patched('temporal-nango/one-scopes-decision')) live.apply({ type: 'updateBegun', now: Date.now() });
  const requested = await inTime(live, () => requestedAfter(live, decision));
  if (isClosed(live.state)) {
    // What was changed stays changed.
    if (decision.choice === 'update') return;
    throw refusal('request_closed');
  }
  const missing = missingScopes(scopesToRequest(live.state), requested);
  live.apply({ type: 'integrationUpdated', requested, by, now: Date.now() });
  if (missing.length > 0) throw refusal('not_requested');
}

async function requestedAfter(
  { state }: LiveRequest,
  decision: Exclude<ScopesDecision, { choice: 'no' }>,
): Promise<string[]> {
  const { integration } = state.subject;
  if (decision.choice === 'update') {
    const { credentials } = decision;
    return await updateIntegrationScopes({ integration, scopes: scopesToRequest(state), credentials });
  }
  const { scopes } = await getIntegrationScopes({ integration });
  if (scopes !== undefined) return scopes;
  const scope = 'environment:integrations:read_credentials';
  throw nangoFailure('Nango.Forbidden', { scope, hint: lacksScope(scope) });
}

async function inTime<T>(live: LiveRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    live.apply({ type: 'updateFailed', now: Date.now() });
    if (isCancellation(error)) throw error;
    throw findNangoFailure(error) ?? nangoFailure('Nango.Unavailable');
  }
}
