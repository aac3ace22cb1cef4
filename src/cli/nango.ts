import { requireSecretKey, resolveConfig } from '../config';
import type { NangoApi } from '../nango/http/http';
import type { Bounds } from '../nango/http/bounds';
import { withApi } from '../nango/http/with-api';

const DEADLINE_MS = 15_000;

/**
 * Asks Nango itself, with the key of the environment or `.env`.
 *
 * @param signal ends it
 * @throws Nango.Misconfigured without a key, and what `work` throws
 */
export async function withNango<T>(
  signal: AbortSignal,
  work: (api: NangoApi, bounds: Bounds) => Promise<T>,
): Promise<T> {
  const config = resolveConfig();
  const { baseUrl, secretKeyName: keyName } = config;
  const own = { baseUrl, secretKey: requireSecretKey(config), keyName };
  return await withApi(own, (api) => work(api, { deadlineMs: DEADLINE_MS, signal }));
}
