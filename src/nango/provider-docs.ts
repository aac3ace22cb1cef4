import { z } from 'zod';
import { findNangoFailure, invalid } from '../contract/errors';
import { ask } from './answer/ask';
import type { Bounds, NangoApi } from './http/http';

const providerSchema = z.looseObject({
  data: z.looseObject({
    display_name: z.string().optional().catch(undefined),
    docs: z.string().optional().catch(undefined),
  }),
});

/**
 * What Nango calls a provider, and where it says that its documentation is.
 * https://nango.dev/docs/reference/api/providers/get
 *
 * @returns nothing if Nango does not know the provider
 * @throws Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable
 */
export async function providerDocs(
  api: NangoApi,
  provider: string,
  bounds: Bounds,
): Promise<{ displayName?: string; docs?: string } | undefined> {
  if (/^\.{0,2}$/.test(provider)) throw invalid('provider', 'must not be empty, . or ..');
  try {
    const path = `/providers/${encodeURIComponent(provider)}`;
    const { body } = await ask(api, { method: 'GET', path }, providerSchema, bounds);
    return { displayName: body.data.display_name, docs: body.data.docs };
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.ConnectionNotFound') return undefined;
    throw error;
  }
}
