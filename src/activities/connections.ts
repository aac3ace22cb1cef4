import { belongsTo } from '../contract/choose';
import { ownerTags } from '../contract/tags';
import { nangoFailure } from '../contract/errors';
import { connectionRefSchema, findInputSchema } from '../contract/schemas';
import type { Connection } from '../contract/types';
import { checkConnectionRef } from '../contract/check-call';
import { checkOwner } from '../contract/check-request';
import { jsonBytes } from '../contract/json';
import { deleteConnection, getConnection, listConnections } from '../nango/connections';
import { integrationExists } from '../nango/integrations';
import type { NangoActivities } from '../contract/activities';
import { bounds, parse } from './context';
import type { ActivityDependencies } from './context';

/** More than anybody can tell apart; a lookup that finds so many is ambiguous. */
const MAX_CONNECTIONS = 1_000;
const MAX_RESULT_BYTES = 1024 * 1024;

export function connectionActivities({
  api,
}: ActivityDependencies): Pick<
  NangoActivities,
  'nango.findConnections' | 'nango.getConnection' | 'nango.deleteConnection'
> {
  return {
    async 'nango.findConnections'(input) {
      const { integration, owner, slot, anySlot } = parse(findInputSchema, input);
      checkOwner(owner);
      const query = { integration, tags: ownerTags(owner), limit: MAX_CONNECTIONS };
      const { connections: found } = await listConnections(api, query, bounds());
      if (found.length === 0 && integration !== undefined && !(await integrationExists(api, integration, bounds()))) {
        throw nangoFailure('Nango.IntegrationNotFound');
      }
      return affordable(anySlot ? found : found.filter((connection) => belongsTo(connection, owner, slot)));
    },

    async 'nango.getConnection'(input) {
      const ref = parse(connectionRefSchema, input);
      checkConnectionRef(ref);
      return await getConnection(api, ref, bounds());
    },

    async 'nango.deleteConnection'(input) {
      const ref = parse(connectionRefSchema, input);
      checkConnectionRef(ref);
      await deleteConnection(api, ref, bounds());
    },
  };
}

function affordable(connections: Connection[]): Connection[] {
  if (jsonBytes(connections) <= MAX_RESULT_BYTES) return connections;
  throw nangoFailure('Nango.ResponseTooLarge', { hint: 'Name an owner or an integration.' });
}
