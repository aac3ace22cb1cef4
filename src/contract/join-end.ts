import type { ApplicationFailure } from '@temporalio/common';
import { didYouMean, isNangoErrorType, lacksScope, nangoFailure } from './errors';
import type { NangoReason } from './errors';
import type { JoinEnd, JoinResolution } from './types';

/** What a resolution, whichever way it came, is for the one who waited. */
export function joinEndOf(resolution: JoinResolution): JoinEnd {
  const { requestId } = resolution;
  switch (resolution.status) {
    case 'connected':
      return { status: 'connected', connection: resolution.connection };
    case 'failed':
      return { status: 'failed', failure: resolution.failure, requestId };
    default:
      return { status: resolution.status, coolDownUntil: resolution.coolDownUntil, requestId };
  }
}

/** The typed failure of a wait that ended without a connection. */
export function joinFailure(end: Exclude<JoinEnd, { status: 'connected' }>): ApplicationFailure {
  const { requestId } = end;
  if (end.status === 'failed') {
    const { type, ...details } = end.failure;
    const hint = details.scope === undefined ? details.reason && HINTS[details.reason] : lacksScope(details.scope);
    const meant = didYouMean(details.suggestions);
    return nangoFailure(isNangoErrorType(type) ? type : 'Nango.Unavailable', {
      hint: hint ?? meant,
      requestId,
      ...details,
    });
  }
  const { coolDownUntil } = end;
  const hint =
    coolDownUntil === undefined ? undefined : 'Nobody is asked again for a while, unless ignoreCoolDown is set.';
  return nangoFailure(ENDED[end.status], { hint, coolDownUntil, requestId });
}

/** Why a connection may not be connected anew. */
const HINTS: Partial<Record<NangoReason, string>> = {
  other_owner: 'The connection belongs to another owner.',
  too_many_tags: 'It has ten tags of its own; a reconnect needs room for one.',
  identity_needed: 'Its account is recorded: say by `identity` how to compare it.',
};

const ENDED = {
  declined: 'Nango.ConnectionDeclined',
  timedOut: 'Nango.ConnectionTimedOut',
  cancelled: 'Nango.RequestCancelled',
} as const;
