import { LRUCache } from 'lru-cache';
import type { NangoActivities } from '../contract/activities';
import type { KnownLimit } from '../contract/types';
import { GrantedScopesReader } from '../nango/granted-scopes';
import { ProviderCatalog } from '../nango/provider-facts';
import { JoinBatches } from '../requests/join-batches';
import { actionActivities } from './actions';
import { adoptActivities } from './adopt';
import { connectionActivities } from './connections';
import type { ActivityDependencies } from './context';
import type { ActivityDefinitions } from './define';
import { disconnectActivities } from './disconnect';
import { createLimits } from './limits';
import { notifyActivities } from './notify';
import { pageActivities } from './pages';
import { proxyActivities } from './proxy';
import { batchActivities } from './proxy-batch';
import { reconnectActivities } from './reconnect';
import { requestActivities } from './requests';
import { scopesActivities, warnOfUnknownScopes } from './scopes';
import { sweepActivities } from './sweep';

const DEFINITIONS = {
  ...connectionActivities,
  ...scopesActivities,
  ...adoptActivities,
  ...disconnectActivities,
  ...reconnectActivities,
  ...requestActivities,
  ...sweepActivities,
  ...notifyActivities,
  ...proxyActivities,
  ...batchActivities,
  ...pageActivities,
  ...actionActivities,
} satisfies ActivityDefinitions;

/** What a worker is given, and makes the rest of. */
type Given = Omit<ActivityDependencies, 'catalog' | 'scopes' | 'batches' | 'limits' | 'responseSizes'> & {
  /** limits of connections, by integration; default: none is known before a provider has shown it */
  limits?: { [integration: string]: KnownLimit };
};

/** Kinds of calls whose size of response is remembered. */
const MAX_REMEMBERED = 1_000;

/** All activities of the package, for a worker that holds the key. */
export function createActivities({ limits: declared = {}, ...given }: Given): NangoActivities {
  const catalog = new ProviderCatalog(given.api);
  const scopes = new GrantedScopesReader(given.api, warnOfUnknownScopes);
  const limits = createLimits(given.api, catalog, given.config.environment, declared);
  const responseSizes = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  const dependencies = { ...given, catalog, scopes, batches: new JoinBatches(), limits, responseSizes };
  const made = Object.entries(DEFINITIONS).map(([name, define]) => [name, define(dependencies)]);
  return Object.fromEntries(made) as NangoActivities;
}
