import { LRUCache } from 'lru-cache';
import { findNangoFailure } from '../contract/errors';
import { lacksScopes } from '../contract/rules/scopes';
import type { ConnectionNames, GrantedScopes } from '../contract/types';
import { getConnection } from './connections';
import type { Bounds } from './http/bounds';
import type { NangoApi } from './http/http';

const KEPT = { max: 10_000, ttl: 600_000 } as const;

/**
 * What connections of this worker were granted: read from their credentials, reduced to names, kept for ten minutes.
 * Needs `environment:connections:read_credentials`, and then makes Nango refresh a token that is about to expire.
 */
export class GrantedScopesReader {
  private readonly known = new LRUCache<string, GrantedScopes>(KEPT);
  private readonly warned = new Set<string>();

  /** @param onUnknown called once for each integration that the scopes of one of its connections cannot be known */
  constructor(
    private readonly api: NangoApi,
    private readonly onUnknown: (integration: string) => void,
  ) {}

  /**
   * That a key may not read, or that a connection fails, is no failure: then nothing is known.
   *
   * @param fresh past what is kept
   * @param wanted of somebody who is told no if it lacks some: that is read anew, for it may have been granted since, to
   *   another worker's knowledge or nobody's. Default: none
   * @throws Nango.Unavailable, Nango.RateLimited, Nango.Misconfigured
   */
  async of(
    connection: ConnectionNames,
    fresh: boolean,
    bounds: Bounds,
    wanted: readonly string[] = [],
  ): Promise<GrantedScopes> {
    const key = JSON.stringify([connection.integration, connection.connectionId]);
    const kept = fresh ? undefined : this.known.get(key);
    if (kept !== undefined && !lacksScopes({ grantedScopes: kept.granted }, wanted)) return kept;
    const { scopes, willDo } = await this.read(connection, bounds);
    const granted: GrantedScopes = scopes === undefined ? {} : { granted: scopes };
    if (willDo) this.known.set(key, granted);
    else this.known.delete(key);
    if (scopes === undefined) this.warn(connection.integration);
    return granted;
  }

  /** @returns `willDo`: it holds for a while; a connection that fails may work again at any time */
  private async read(connection: ConnectionNames, bounds: Bounds): Promise<{ scopes?: string[]; willDo: boolean }> {
    try {
      const { grantedScopes, health } = await getConnection(this.api, connection, bounds);
      return health === 'ok' ? { scopes: grantedScopes, willDo: true } : { willDo: false };
    } catch (error) {
      const type = findNangoFailure(error)?.type;
      if (type === 'Nango.Forbidden') return { willDo: true };
      // One that has gone since it was found is no worse than one that fails.
      if (type === 'Nango.ConnectionNotFound') return { willDo: false };
      throw error;
    }
  }

  private warn(integration: string): void {
    if (this.warned.has(integration)) return;
    this.warned.add(integration);
    this.onUnknown(integration);
  }
}
