import { findNangoFailure } from '../contract/errors';
import type { ConnectionRequest } from '../requests/connection-request';

/** The permanent link of a request; nothing where the worker's settings make none. */
export function linkTo(request: ConnectionRequest): string | undefined {
  try {
    return request.permanentLink();
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.Misconfigured') return undefined;
    throw error;
  }
}
