import { nangoFailure } from '../contract/errors';
import { MAX_PAYLOAD_BYTES } from '../contract/limits';
import {
  checkDescribeProvider,
  checkDiscovery,
  checkListConnections,
  checkListFunctions,
} from '../contract/rules/check-discovery';
import { jsonBytes } from '../contract/rules/json';
import { ownerTags } from '../contract/rules/tags';
import {
  describeProviderInputSchema,
  discoveryOptionsSchema,
  listConnectionsInputSchema,
  listFunctionsInputSchema,
} from '../contract/schemas/discovery';
import type { Connection, ConnectionsPage, ListConnectionsInput } from '../contract/types';
import { displayNameOf } from '../nango/display-name';
import { bounds, maxResponseBytes } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';

/** Of Nango's list; one activity gives as many of them as fit. */
const PAGE = 500;

export const discoveryActivities = {
  ...defineActivity('nango.listIntegrations', discoveryOptionsSchema, checkDiscovery, async (input, dependencies) => {
    const all = await dependencies.inventory.integrations(input.fresh ?? false, bounds());
    const listed = all.map(({ key: integration, provider, displayName }) => ({
      ...{ integration, provider },
      displayName: displayNameOf(displayName),
    }));
    return fitting(listed, dependencies);
  }),

  ...defineActivity('nango.listConnections', listConnectionsInputSchema, checkListConnections, (input, dependencies) =>
    pageOf(input, dependencies),
  ),

  ...defineActivity(
    'nango.listFunctions',
    listFunctionsInputSchema,
    checkListFunctions,
    async (input, dependencies) => {
      const { integration, kind, schemas = true, fresh = false } = input;
      const all = await dependencies.inventory.functionsOf(integration, fresh, bounds());
      const wanted = all.filter((one) => kind === undefined || one.kind === kind);
      const listed = schemas ? wanted : wanted.map((one) => ({ ...one, input: undefined, output: undefined }));
      return fitting(listed, dependencies, schemas ? 'Their schemas can be left out: schemas: false.' : undefined);
    },
  ),

  ...defineActivity(
    'nango.describeProvider',
    describeProviderInputSchema,
    checkDescribeProvider,
    async ({ provider, fresh = false }, dependencies) =>
      fitting(await dependencies.inventory.provider(provider, fresh, bounds()), dependencies),
  ),
};

/** @throws Nango.ResponseTooLarge */
function fitting<T>(result: T, dependencies: ActivityDependencies, hint?: string): T {
  const most = maxResponseBytes(dependencies);
  if (jsonBytes(result) <= most) return result;
  throw nangoFailure('Nango.ResponseTooLarge', { hint: hint ?? `At most ${most} bytes.` });
}

async function pageOf(
  { integration, owner, tags, from = 0, fresh = false }: ListConnectionsInput,
  { inventory }: ActivityDependencies,
): Promise<ConnectionsPage> {
  const query = { integration, tags: { ...ownerTags(owner), ...tags }, limit: PAGE, page: Math.floor(from / PAGE) };
  const found = await inventory.connections(query, fresh, bounds());
  const skipped = from % PAGE;
  const connections = asManyAsFit(found.slice(skipped));
  const end = skipped + connections.length;
  // Past its end, where some were deleted since.
  const isLast = end >= found.length && found.length < PAGE;
  return { connections, next: isLast ? undefined : from + connections.length };
}

/** One has 64 KB at the most, so that there is always one. */
function asManyAsFit(connections: Connection[]): Connection[] {
  let bytes = 0;
  const first = connections.findIndex((connection) => {
    bytes += jsonBytes(connection) + 1;
    return bytes >= MAX_PAYLOAD_BYTES;
  });
  return first === -1 ? connections : connections.slice(0, first);
}
