import { z } from 'zod';
import { getProvider } from './get-provider';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

const providerSchema = z.looseObject({
  data: z.looseObject({
    display_name: z.string().optional().catch(undefined),
    docs: z.string().optional().catch(undefined),
  }),
});

/**
 * What Nango calls a provider, and where it says that its documentation is.
 *
 * @returns nothing if Nango does not know the provider
 * @throws as {@link getProvider}
 */
export async function providerDocs(
  api: NangoApi,
  provider: string,
  bounds: Bounds,
): Promise<{ displayName?: string; docs?: string } | undefined> {
  const known = await getProvider(api, provider, providerSchema, bounds);
  return known && { displayName: known.data.display_name, docs: known.data.docs };
}
