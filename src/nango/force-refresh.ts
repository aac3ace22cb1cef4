import { z } from 'zod';
import type { ConnectionNames, ForcedRefresh } from '../contract/types';
import { classify } from './verdict/classify';
import { failureOf } from './verdict/fail';
import { parseJson } from './management-api';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

/** Only what expires is made new; an API key is read as it is. */
const refreshableSchema = z.looseObject({
  credentials: z.looseObject({ expires_at: z.union([z.string(), z.date()]) }),
});

/**
 * Makes Nango refresh a token now, whatever its age, and in spite of its own back-off.
 *
 * @returns `unknown` for a key that may not, and for credentials that are never refreshed
 * @throws Nango.Unavailable, Nango.RateLimited, Nango.Misconfigured
 */
export async function forceRefresh(
  api: NangoApi,
  { integration, connectionId }: ConnectionNames,
  bounds: Bounds,
): Promise<ForcedRefresh> {
  const query = new URLSearchParams({ provider_config_key: integration, force_refresh: 'true' });
  const path = `/connections/${encodeURIComponent(connectionId)}?${query.toString()}`;
  const outcome = await api.send({ method: 'GET', path }, bounds);
  const verdict = classify({ route: 'management', repeatable: true }, outcome, Date.now());
  if (verdict === undefined && outcome.kind === 'response') {
    return refreshableSchema.safeParse(parseJson(outcome.body)).success ? 'refreshed' : 'unknown';
  }
  if (typeof verdict !== 'object') return 'unknown';
  if (verdict.type === 'Nango.RefreshFailing') return 'failing';
  if (!verdict.retryable) return 'unknown';
  throw failureOf(verdict, api.keyName);
}
