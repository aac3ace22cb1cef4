import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { NangoConfig } from '../../config';
import { callManagementApi } from '../../nango/management-api';
import { NangoApi } from '../../nango/http/http';

const DEADLINE_MS = 1_000;
const KEPT_MS = 600_000;
/** A Nango that does not answer is not asked for every page. */
const FAILURE_KEPT_MS = 60_000;
const MAX_NAMES = 1_000;

const integrationSchema = z.looseObject({ data: z.looseObject({ display_name: z.string().min(1) }) });

/**
 * What people call an integration, from Nango, kept for ten minutes: within a second, or by its key. A process that has
 * only the key that mints may lack the scope to read it (`environment:integrations:read`); the page then shows the key too.
 * https://nango.dev/docs/reference/api/integration/get
 */
export class IntegrationNames {
  private readonly names: LRUCache<string, string>;

  constructor(config: NangoConfig) {
    this.names = new LRUCache({
      max: MAX_NAMES,
      ttl: KEPT_MS,
      fetchMethod: async (key, _, { options }) => {
        const name = await displayName(config, key);
        if (name === undefined) options.ttl = FAILURE_KEPT_MS;
        return name ?? key;
      },
    });
  }

  async of(key: string): Promise<string> {
    return (await this.names.fetch(key)) ?? key;
  }
}

async function displayName({ baseUrl, connectKey, secretKey }: NangoConfig, key: string): Promise<string | undefined> {
  const reading = secretKey ?? connectKey;
  // The two names that a URL would take for a folder.
  if (reading === undefined || key === '.' || key === '..') return undefined;
  const api = new NangoApi({ baseUrl, secretKey: reading });
  try {
    const request = { method: 'GET', path: `/integrations/${encodeURIComponent(key)}` };
    return (await callManagementApi(api, request, integrationSchema, { deadlineMs: DEADLINE_MS })).body.data
      .display_name;
  } catch {
    return undefined;
  } finally {
    await api.close();
  }
}
