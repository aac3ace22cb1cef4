import { detailsOf } from '../../contract/errors';
import type { NangoErrorDetails } from '../../contract/errors';
import type { ApplicationFailure } from '@temporalio/common';
import type { FailingSign, Healing } from '../../contract/types';

const UNAUTHORIZED = 401;

/** What may be said of a call that failed. */
interface FailedCall {
  type?: string | null;
  details: Pick<NangoErrorDetails, 'status' | 'didNotRun'>;
  write: boolean;
  heal?: Healing;
}

/** What a failed call says of its connection, and what that is to the call. */
export interface Sign {
  /** `unconfirmed`: nobody has confirmed whose it is. No report of that reaches the health of an integration */
  sign: FailingSign | 'unconfirmed';
  /** it may be made again; a write whose outcome is not known never is */
  repeatable: boolean;
}

/**
 * What a failed call says of its connection. A 401 says that a call was not carried out,
 * https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2.
 *
 * @returns nothing for a failure like any other. Whoever does not heal gets a 401 as it is, what Nango has given up too, and
 *   at once a write whose outcome is not known
 */
export function signOf({ type, details: { status, didNotRun }, write, heal }: FailedCall): Sign | undefined {
  const repeatable = !write || didNotRun === true;
  if (type === 'Nango.RefreshFailing')
    return repeatable || heal !== undefined ? { sign: 'refresh', repeatable } : undefined;
  if (heal === undefined) return undefined;
  if (type === 'Nango.OwnerUnconfirmed') return { sign: 'unconfirmed', repeatable: true };
  if (type === 'Nango.ReconnectRequired') return { sign: 'exhausted', repeatable };
  const isRefused = type === 'Nango.ProviderRejected' && status === UNAUTHORIZED;
  return isRefused ? { sign: 'unauthorized', repeatable: true } : undefined;
}

export function signOfFailure(failure: ApplicationFailure, write: boolean, heal?: Healing): Sign | undefined {
  return signOf({ type: failure.type, details: detailsOf(failure), write, heal });
}

/** Whether a failure came back from the provider, so that there is a token which it takes. */
export function isOfProvider(type: string): boolean {
  return OF_PROVIDER.has(type);
}

const OF_PROVIDER = new Set(['Nango.ProviderRejected', 'Nango.ScopesMissing', 'Nango.ProviderRateLimited']);
