import { LRUCache } from 'lru-cache';
import { findNangoFailure } from '../contract/errors';
import type { Connection, DeployedFunction, DiscoveredProvider } from '../contract/types';
import { listConnections } from './connections';
import type { ConnectionQuery } from './connections';
import { listFunctions } from './functions';
import { listIntegrations, unknownIntegration } from './integrations';
import type { Integration } from './integrations';
import { Kept } from './kept';
import { describeProvider, unknownProvider } from './providers';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

/** Of a caller: what is read is for others too, so only its waiting ends with it. */
type Waiting = Pick<Bounds, 'signal'>;

/** Memory stays bounded whatever is wanted: the names and filters are the caller's. A page has up to a megabyte or so. */
const MAX_PROVIDERS = 200;
const MAX_PAGES = 20;
const MAX_INTEGRATIONS = 200;

/**
 * What an environment has: its integrations, what is deployed to them, its connections; and what Nango knows of providers.
 * Read when it is wanted, and kept for a minute. A name that is not in what is kept is looked up anew before it is refused.
 */
export class Inventory {
  private readonly integrationList: Kept<Integration[]>;
  private readonly functionLists = new LRUCache<string, Kept<DeployedFunction[]>>({ max: MAX_INTEGRATIONS });
  private readonly providers = new LRUCache<string, Kept<DiscoveredProvider>>({ max: MAX_PROVIDERS });
  private readonly pages = new LRUCache<string, Kept<Connection[]>>({ max: MAX_PAGES });

  constructor(private readonly api: NangoApi) {
    this.integrationList = new Kept((bounds) => listIntegrations(api, bounds));
  }

  /**
   * All integrations, in Nango's order.
   *
   * @param fresh past what is kept
   * @throws Nango.Forbidden (`environment:integrations:list`), Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable
   */
  async integrations(fresh: boolean, waiting: Waiting): Promise<Integration[]> {
    return await this.integrationList.get(fresh, waiting);
  }

  /**
   * Whether there is an integration.
   *
   * @throws Nango.IntegrationNotFound, with the names that may have been meant; and as {@link integrations}
   */
  async requireIntegration(key: string, waiting: Waiting): Promise<void> {
    const isIt = (one: Integration): boolean => one.key === key;
    if ((await this.integrations(false, waiting)).some(isIt)) return;
    const all = await this.integrations(true, waiting);
    if (all.some(isIt)) return;
    throw unknownIntegration(key, all);
  }

  /**
   * What is deployed to an integration, switched off as well, in Nango's order.
   *
   * @param fresh past what is kept
   * @throws Nango.IntegrationNotFound, with the names that may have been meant; Nango.Forbidden
   *   (`environment:functions:list`), Nango.Misconfigured, Nango.RateLimited, Nango.Unavailable
   */
  async functionsOf(integration: string, fresh: boolean, waiting: Waiting): Promise<DeployedFunction[]> {
    const read = (bounds: Bounds) => listFunctions(this.api, integration, bounds);
    try {
      return await keptOf(this.functionLists, integration, read).get(fresh, waiting);
    } catch (error) {
      if (findNangoFailure(error)?.type !== 'Nango.IntegrationNotFound') throw error;
      // A key that may not read the names has to do without.
      const all = await this.integrations(true, waiting).catch(() => []);
      throw unknownIntegration(integration, all);
    }
  }

  /** The same, as far as it is kept. */
  knownFunctionsOf(integration: string): DeployedFunction[] | undefined {
    return this.functionLists.get(integration)?.known;
  }

  /**
   * What Nango knows of a provider.
   *
   * @param fresh past what is kept
   * @throws Nango.InvalidRequest with the field `provider` and the names that may have been meant; Nango.Misconfigured,
   *   Nango.RateLimited, Nango.Unavailable
   */
  async provider(name: string, fresh: boolean, waiting: Waiting): Promise<DiscoveredProvider> {
    const read = async (bounds: Bounds): Promise<DiscoveredProvider> => {
      const known = await describeProvider(this.api, name, bounds);
      if (known !== undefined) return known;
      throw await unknownProvider(this.api, name, bounds);
    };
    return await keptOf(this.providers, name, read).get(fresh, waiting);
  }

  /**
   * A page of connections, newest first. An empty one is not kept: somebody waits for what is not there.
   *
   * @param fresh past what is kept
   * @throws Nango.IntegrationNotFound, with the names that may have been meant; Nango.Forbidden
   *   (`environment:connections:list`; where there are none `environment:integrations:list` too), Nango.Misconfigured,
   *   Nango.RateLimited, Nango.Unavailable
   */
  async connections(query: ConnectionQuery, fresh: boolean, waiting: Waiting): Promise<Connection[]> {
    const key = JSON.stringify([query.integration, query.page, query.limit, Object.entries(query.tags ?? {}).sort()]);
    const read = async (bounds: Bounds) => (await listConnections(this.api, query, bounds)).connections;
    const found = await keptOf(this.pages, key, read).get(fresh, waiting);
    if (found.length > 0) return found;
    this.pages.delete(key);
    if (query.integration !== undefined) await this.requireIntegration(query.integration, waiting);
    return found;
  }
}

function keptOf<T>(cache: LRUCache<string, Kept<T>>, key: string, read: (bounds: Bounds) => Promise<T>): Kept<T> {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const kept = new Kept(read);
  cache.set(key, kept);
  return kept;
}
