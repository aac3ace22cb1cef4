import type { ApplicationFailure } from '@temporalio/common';
import { didYouMean, isNangoErrorType, lacksScope, nangoFailure, outcomeFailure, detailsOf } from './errors';
import type { NangoErrorType, NangoFailure } from './errors';
import type { Failure, SetUpEnd } from './types';

/** A failure as a set-up keeps it. */
export function keptFailure(failure: NangoFailure): Failure {
  return { ...outcomeFailure(failure), field: detailsOf(failure).field };
}

/** The failure that was kept, to be thrown. */
export function thrownFailure(
  { type, ...details }: Failure,
  more: { coolDownUntil?: number } = {},
): ApplicationFailure {
  const known = isNangoErrorType(type) ? type : 'Nango.Unavailable';
  return nangoFailure(known, { hint: hintOf(known, details), ...details, ...more });
}

function hintOf(type: NangoErrorType, { scope, field, suggestions }: Omit<Failure, 'type'>): string | undefined {
  if (scope !== undefined) return lacksScope(scope);
  if (field === undefined) return undefined;
  if (type === 'Nango.Misconfigured') return `${field} is not set where the worker runs.`;
  if (field !== 'provider') return `Nango refuses ${field}.`;
  return ['Nango knows no such provider.', didYouMean(suggestions)].filter(Boolean).join(' ');
}

/** The typed failure of a wait that ended without an integration. */
export function setUpFailure(end: Exclude<SetUpEnd, { status: 'ready' }>): ApplicationFailure {
  const { status, failure, coolDownUntil } = end;
  if (failure !== undefined) return thrownFailure(failure, { coolDownUntil });
  const hint =
    coolDownUntil === undefined ? undefined : 'Nobody is asked again for a while, unless ignoreCoolDown is set.';
  return nangoFailure(ENDED[status], { hint, coolDownUntil });
}

const ENDED = {
  declined: 'Nango.SetUpDeclined',
  timedOut: 'Nango.SetUpTimedOut',
  cancelled: 'Nango.SetUpCancelled',
} as const satisfies Record<string, NangoErrorType>;
