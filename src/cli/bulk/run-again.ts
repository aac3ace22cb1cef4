import { isWrite } from '../../contract/rules/check-call';
import type { NangoErrorType } from '../../contract/errors';
import type { Call, Failure } from '../../contract/types';

/** Failures after which a write surely has not been carried out, or was refused by the provider. */
const NOT_CARRIED_OUT: ReadonlySet<string> = new Set<NangoErrorType>([
  'Nango.InvalidRequest',
  'Nango.Misconfigured',
  'Nango.Forbidden',
  'Nango.IntegrationNotFound',
  'Nango.ConnectionNotFound',
  'Nango.ActionNotFound',
  'Nango.ReconnectRequired',
  'Nango.AccountChanged',
  'Nango.OwnerUnconfirmed',
  // Of a call it says that it was not sent.
  'Nango.TemporalUnavailable',
  'Nango.PlanLimit',
  'Nango.RateLimited',
  'Nango.ProviderRateLimited',
  'Nango.ScopesMissing',
  'Nango.ProviderRejected',
]);

/** Whether a call that failed may be made again: what may be carried out twice, or was not carried out. */
export function mayRunAgain(call: Call | undefined, { type, status }: Failure): boolean {
  if (call === undefined || !isWrite(call)) return true;
  // A provider may redirect whoever has just written: 303 says so.
  if (type === 'Nango.ProviderRejected' && isRedirect(status)) return false;
  if (NOT_CARRIED_OUT.has(type)) return true;
  // Without a status it was not sent.
  return type === 'Nango.ResponseTooLarge' && status === undefined;
}

function isRedirect(status = 0): boolean {
  return status >= 300 && status < 400;
}
