import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { paginationSchema } from '../contract/schemas/pages';
import type { ConnectionNames, PageInput, Pagination } from '../contract/types';
import { getProvider } from './get-provider';
import { getConnection } from './connections';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';
import type { RetryHeaders } from './limit-facts';

/** What Nango knows of a provider, as far as lists need it. */
export interface ProviderFacts {
  /** may hold `${…}` that differs from connection to connection */
  baseUrl?: string;
  pagination?: Pagination;
  /** items of a page */
  limit?: number;
  /** by which it says that its limit is reached */
  retry?: RetryHeaders;
}

/** More than Nango has providers; their names are the caller's, and memory stays bounded whatever is asked for. */
const KEPT = { max: 1_000, ttl: 600_000 } as const;

const text = z.string().min(1).optional().catch(undefined);
/** Headers are kept by their names in lower case. */
const header = z.string().min(1).toLowerCase().optional().catch(undefined);
const providerSchema = z.looseObject({
  data: z.looseObject({
    proxy: z
      .looseObject({
        base_url: text,
        paginate: z.record(z.string(), z.unknown()).optional().catch(undefined),
        retry: z.looseObject({ at: header, after: header, remaining: header }).optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  }),
});

/**
 * Reads what Nango knows of the provider of a connection, and keeps it for ten minutes: it changes with releases of
 * Nango. Where the connection does not name its provider, the key needs to read connections.
 */
export class ProviderCatalog {
  private readonly providers = new LRUCache<string, string>(KEPT);
  private readonly facts = new LRUCache<string, ProviderFacts>(KEPT);

  constructor(private readonly api: NangoApi) {}

  /** @throws what reading a connection throws */
  async factsOf(connection: PageInput['connection'], bounds: Bounds): Promise<ProviderFacts> {
    const { integration } = connection;
    const provider =
      connection.provider ??
      (await keep(
        this.providers,
        integration,
        async () => (await getConnection(this.api, connection, bounds)).provider,
      ));
    return await keep(this.facts, provider, () => readFacts(this.api, provider, bounds));
  }

  /** The same, as far as it was read before. */
  knownFacts({ integration }: ConnectionNames): ProviderFacts | undefined {
    const provider = this.providers.get(integration);
    return provider === undefined ? undefined : this.facts.get(provider);
  }
}

/** What failed is not kept; requests are not shared, since each has bounds of its own. */
async function keep<T extends object | string>(
  cache: LRUCache<string, T>,
  key: string,
  read: () => Promise<T>,
): Promise<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const value = await read();
  cache.set(key, value);
  return value;
}

/** One that Nango does not know is one that nothing is known of. */
async function readFacts(api: NangoApi, provider: string, bounds: Bounds): Promise<ProviderFacts> {
  const known = await getProvider(api, provider, providerSchema, bounds);
  const { base_url: baseUrl, paginate = {}, retry } = known?.data.proxy ?? {};
  const { limit } = paginate;
  return {
    baseUrl,
    pagination: paginationOf(paginate),
    limit: typeof limit === 'number' && Number.isSafeInteger(limit) && limit > 0 ? limit : undefined,
    retry: retry && { at: retry.at, after: retry.after, remaining: retry.remaining },
  };
}

/** Nango's names to ours. @returns undefined for one that cannot be followed by GET alone, or is none */
export function paginationOf(paginate: { [name: string]: unknown }): Pagination | undefined {
  if (paginate.in_body === true) return undefined;
  const common = {
    type: paginate.type,
    itemsPath: paginate.response_path || undefined,
    limitParam: paginate.limit_name_in_request || undefined,
  };
  const parsed = paginationSchema.safeParse({ ...common, ...kindOf(paginate) });
  return parsed.success ? parsed.data : undefined;
}

function kindOf(paginate: { [name: string]: unknown }): object {
  switch (paginate.type) {
    case 'cursor':
      return { cursorPath: paginate.cursor_path_in_response, cursorParam: paginate.cursor_name_in_request };
    case 'link':
      return { linkPath: paginate.link_path_in_response_body, linkRel: paginate.link_rel_in_response_header };
    case 'offset':
      return {
        offsetParam: paginate.offset_name_in_request,
        by: paginate.offset_calculation_method === 'per-page' ? 'page' : 'items',
        start: paginate.offset_start_value,
      };
    default:
      return {};
  }
}
