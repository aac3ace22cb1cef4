import { LRUCache } from 'lru-cache';
import type { NangoActivities } from '../contract/activities';
import type { KnownLimit } from '../contract/types';
import { GrantedScopesReader } from '../nango/granted-scopes';
import { Inventory } from '../nango/inventory';
import { ProviderCatalog } from '../nango/provider-facts';
import { HoldBatches } from '../requests/hold-batches';
import { JoinBatches } from '../requests/join-batches';
import { ActionInputs } from './action-inputs/action-inputs';
import { ActionAdvice } from './action-advice';
import { actionActivities, warnOfUnchecked } from './actions';
import { adoptActivities } from './adopt';
import { choiceActivities } from './choices';
import { connectionActivities } from './connections';
import type { ActivityDependencies } from './context';
import type { ActivityDefinitions } from './define';
import { createHolds } from './create-holds';
import { deploymentActivities } from './deployments';
import { disconnectActivities } from './disconnect';
import { discoveryActivities } from './discovery';
import { healingReadActivities } from './healing-read';
import { healthActivities } from './health';
import { holdActivities } from './hold-connection';
import { ConnectionsInUse } from './in-use';
import { integrationScopesActivities } from './integration-scopes';
import { integrationActivities } from './integrations';
import { createLimits } from './limits';
import { notifyActivities } from './notify';
import { pageActivities } from './pages';
import { proxyActivities } from './proxy';
import { batchActivities } from './proxy-batch';
import { reconnectActivities } from './reconnect';
import { replaceConnectionActivities } from './replace-connection';
import { requestActivities } from './requests';
import { scopesActivities, warnOfUnknownScopes } from './scopes';
import { setUpActivities } from './set-ups';
import { sweepActivities } from './sweep';

const DEFINITIONS = {
  ...connectionActivities,
  ...choiceActivities,
  ...scopesActivities,
  ...adoptActivities,
  ...disconnectActivities,
  ...reconnectActivities,
  ...integrationScopesActivities,
  ...replaceConnectionActivities,
  ...requestActivities,
  ...sweepActivities,
  ...holdActivities,
  ...notifyActivities,
  ...healthActivities,
  ...proxyActivities,
  ...batchActivities,
  ...pageActivities,
  ...actionActivities,
  ...healingReadActivities,
  ...integrationActivities,
  ...setUpActivities,
  ...deploymentActivities,
  ...discoveryActivities,
} satisfies ActivityDefinitions;

/** What a worker is given, and makes the rest of. */
type Given = Omit<
  ActivityDependencies,
  | 'advice'
  | 'catalog'
  | 'inventory'
  | 'actionInputs'
  | 'scopes'
  | 'batches'
  | 'holdBatches'
  | 'limits'
  | 'responseSizes'
  | 'holds'
  | 'inUse'
> & {
  /** limits of connections, by integration; default: none is known before a provider has shown it */
  limits?: { [integration: string]: KnownLimit };
  /** hold inputs of actions against their schemas; default true */
  checkActionInputs?: boolean;
  /** default true: a workflow is told once that there are actions */
  advises?: boolean;
};

/** Kinds of calls whose size of response is remembered. */
const MAX_REMEMBERED = 1_000;

/** All activities of the package, for a worker that holds the key. */
export function createActivities({
  limits: declared = {},
  checkActionInputs = true,
  advises = true,
  ...given
}: Given): NangoActivities {
  const catalog = new ProviderCatalog(given.api);
  const inventory = new Inventory(given.api);
  const scopes = new GrantedScopesReader(given.api, warnOfUnknownScopes);
  const limits = createLimits(given.api, catalog, given.config.environment, declared);
  const responseSizes = new LRUCache<string, number>({ max: MAX_REMEMBERED });
  const dependencies = {
    ...given,
    catalog,
    inventory,
    actionInputs: checkActionInputs ? new ActionInputs(inventory, warnOfUnchecked) : undefined,
    advice: advises ? new ActionAdvice(inventory) : undefined,
    scopes,
    batches: new JoinBatches(),
    holdBatches: new HoldBatches(),
    limits,
    responseSizes,
    holds: createHolds(given.api, given.config.environment),
    inUse: new ConnectionsInUse(),
  };
  const made = Object.entries(DEFINITIONS).map(([name, define]) => [name, define(dependencies)]);
  return Object.fromEntries(made) as NangoActivities;
}
