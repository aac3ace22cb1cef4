import { findNangoFailure } from '../contract/errors';
import type { ConnectionNames, HeldStatus } from '../contract/types';
import { getConnection } from './connections';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

const GONE = new Set(['Nango.ConnectionNotFound', 'Nango.IntegrationNotFound']);

/**
 * Whether somebody has confirmed whose a connection is. From where it is written: a list may lag, and show it as it was
 * before its tokens were replaced. That Nango refreshes its token for it the call does as well that follows.
 *
 * @throws what {@link getConnection} throws; Nango.Forbidden (`environment:connections:read`)
 */
export async function connectionStatus(
  api: NangoApi,
  connection: ConnectionNames,
  bounds: Bounds,
): Promise<Exclude<HeldStatus, 'unknown'>> {
  try {
    const { unconfirmed } = await getConnection(api, connection, bounds);
    return unconfirmed ? 'unconfirmed' : 'clean';
  } catch (error) {
    if (GONE.has(findNangoFailure(error)?.type ?? '')) return 'gone';
    throw error;
  }
}
