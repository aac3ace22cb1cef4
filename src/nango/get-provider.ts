import type { z } from 'zod';
import { findNangoFailure } from '../contract/errors';
import { callManagementApi } from './management-api';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

/**
 * What Nango knows of a provider; any key may read it. https://nango.dev/docs/reference/api/providers/get
 *
 * @returns nothing if Nango does not know the provider, as none can be known by an empty name, `.` or `..`, which would
 *   lead elsewhere
 * @throws Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable; Nango.BadResponse if it is not of the shape
 */
export async function getProvider<T>(
  api: NangoApi,
  provider: string,
  shape: z.ZodType<T>,
  bounds: Bounds,
): Promise<T | undefined> {
  if (/^\.{0,2}$/.test(provider)) return undefined;
  try {
    const path = `/providers/${encodeURIComponent(provider)}`;
    return (await callManagementApi(api, { method: 'GET', path }, shape, bounds)).body;
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.ConnectionNotFound') return undefined;
    throw error;
  }
}
