import { LRUCache } from 'lru-cache';
import { connectionKey } from '../contract/request-id';
import type { ConnectionNames } from '../contract/types';

const MAX_INTEGRATIONS = 200;
/** Three would prove as much. */
const MAX_CONNECTIONS = 1_000;

/**
 * Connections through which calls of this worker succeed: they prove that a provider is not down. Without times, since
 * the clock of a worker need not be that of its workflows: a reading takes what came since the one before.
 */
export class ConnectionsInUse {
  private readonly byIntegration = new LRUCache<string, Set<string>>({ max: MAX_INTEGRATIONS });

  add({ integration, connectionId }: ConnectionNames): void {
    const seen = this.byIntegration.get(integration) ?? new Set<string>();
    if (seen.size < MAX_CONNECTIONS) seen.add(connectionId);
    this.byIntegration.set(integration, seen);
  }

  /** Keys of those that have worked since the last time, 1,000 at most. */
  take(integration: string): string[] {
    const seen = this.byIntegration.get(integration) ?? [];
    this.byIntegration.delete(integration);
    return [...seen].map(connectionKey);
  }
}
