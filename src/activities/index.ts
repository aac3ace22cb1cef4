import { LRUCache } from 'lru-cache';
import type { NangoActivities } from '../contract/activities';
import { ProviderCatalog } from '../nango/provider-facts';
import { JoinBatches } from '../requests/join-batches';
import { actionActivities } from './actions';
import { adoptActivities } from './adopt';
import { connectionActivities } from './connections';
import type { ActivityDependencies } from './context';
import type { ActivityDefinitions } from './define';
import { disconnectActivities } from './disconnect';
import { notifyActivities } from './notify';
import { pageActivities } from './pages';
import { proxyActivities } from './proxy';
import { batchActivities } from './proxy-batch';
import { reconnectActivities } from './reconnect';
import { requestActivities } from './requests';
import { sweepActivities } from './sweep';

const DEFINITIONS = {
  ...connectionActivities,
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

type GivenDependencies = Omit<ActivityDependencies, 'catalog' | 'batches' | 'responseSizes'>;

/** Kinds of calls whose size of response is remembered. */
const MAX_REMEMBERED = 1_000;

/** All activities of the package, for a worker that holds the key. */
export function createActivities(given: GivenDependencies): NangoActivities {
  const dependencies = {
    ...given,
    catalog: new ProviderCatalog(given.api),
    batches: new JoinBatches(),
    responseSizes: new LRUCache<string, number>({ max: MAX_REMEMBERED }),
  };
  const made = Object.entries(DEFINITIONS).map(([name, define]) => [name, define(dependencies)]);
  return Object.fromEntries(made) as NangoActivities;
}
