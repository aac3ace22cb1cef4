import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { NangoConfig } from '../../config';
import { callManagementApi } from '../../nango/management-api';
import { NangoApi } from '../../nango/http/http';
import { shortened } from '../shortened';
import { within } from '../within';
import { fetchLogo } from './fetch-logo';
import { logoAddress } from './logo-address';
import type { Picture } from './picture';

/** By what people know an integration. */
export interface IntegrationFace {
  /** its display name, or its key */
  name: string;
  /** the way to its logo from the root of the handler; absent: there is none */
  logo?: string;
}

/** What Nango says of an integration. */
interface Known {
  name: string;
  /** as Nango names it */
  logo?: string;
}

/** A page waits for both together no longer than this. */
const DEADLINE_MS = 1_000;
const KEPT_MS = 600_000;
/** A Nango that does not answer is not asked for every page, nor a host that has no logo. */
const FAILURE_KEPT_MS = 60_000;
const MAX_KNOWN = 1_000;
const MAX_LOGOS = 200;
const MAX_LOGO_BYTES = 8 * 1024 * 1024;

const integrationSchema = z.looseObject({
  data: z.looseObject({ display_name: z.string().min(1), logo: z.string().optional().catch(undefined) }),
});

/**
 * Names and logos of integrations, from Nango, kept for ten minutes: within a second, or its key and no logo. A process that
 * has only the key that mints may lack the scope to read them (`environment:integrations:read`).
 * https://nango.dev/docs/reference/api/integration/get
 */
export class IntegrationFaces {
  private readonly known: LRUCache<string, Known>;
  private readonly logos: LRUCache<string, { picture?: Picture }>;

  /** @param pathOf the way from the root of the handler to the route that serves a logo */
  constructor(
    config: NangoConfig,
    private readonly pathOf: (key: string) => string,
  ) {
    this.known = new LRUCache({
      max: MAX_KNOWN,
      ttl: KEPT_MS,
      fetchMethod: async (key, _, { options }) => {
        const known = await readIntegration(config, key);
        if (known === undefined) options.ttl = FAILURE_KEPT_MS;
        return known ?? { name: shortened(key) };
      },
    });
    this.logos = new LRUCache({
      max: MAX_LOGOS,
      maxSize: MAX_LOGO_BYTES,
      sizeCalculation: ({ picture }) => picture?.bytes.length ?? 1,
      ttl: KEPT_MS,
      // One that is evicted while it is fetched is given to whoever waits for it all the same.
      ignoreFetchAbort: true,
      fetchMethod: async (key, _, { options }) => {
        const { logo = '' } = (await this.known.fetch(key)) ?? {};
        const address = logoAddress(logo, config);
        const picture = address && (await fetchLogo(address));
        if (picture === undefined) options.ttl = FAILURE_KEPT_MS;
        return { picture };
      },
    });
  }

  /** The face of an integration. A logo that takes longer than a page waits is there for the next page. */
  async of(key: string): Promise<IntegrationFace> {
    const logo = within(DEADLINE_MS, this.logo(key), undefined);
    const { name } = (await this.known.fetch(key)) ?? { name: shortened(key) };
    return (await logo) === undefined ? { name } : { name, logo: this.pathOf(key) };
  }

  /** Its logo itself, fetched where it is not kept. */
  async logo(key: string): Promise<Picture | undefined> {
    return (await this.logos.fetch(key))?.picture;
  }
}

async function readIntegration(
  { baseUrl, connectKey, secretKey }: NangoConfig,
  key: string,
): Promise<Known | undefined> {
  const reading = secretKey ?? connectKey;
  // The two names that a URL would take for a folder.
  if (reading === undefined || key === '.' || key === '..') return undefined;
  const api = new NangoApi({ baseUrl, secretKey: reading });
  try {
    const request = { method: 'GET', path: `/integrations/${encodeURIComponent(key)}` };
    const { body } = await callManagementApi(api, request, integrationSchema, { deadlineMs: DEADLINE_MS });
    return { name: shortened(body.data.display_name), logo: body.data.logo };
  } catch {
    return undefined;
  } finally {
    await api.close();
  }
}
