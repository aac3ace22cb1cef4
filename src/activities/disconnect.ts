import { MANAGED_BY, TAG } from '../contract/names';
import { connectionRefSchema } from '../contract/schemas/connections';
import { checkConnectionRef } from '../contract/rules/check-call';
import { earliestFirst, nonceOrigin } from '../contract/rules/choose';
import { findNangoFailure } from '../contract/errors';
import { ownerOf, ownerTags } from '../contract/rules/tags';
import type { Connection, ConnectionRef } from '../contract/types';
import { deleteConnection, getConnection, listConnections } from '../nango/connections';
import type { Bounds } from '../nango/http/bounds';
import type { NangoApi } from '../nango/http/http';
import { bounds } from './context';
import { defineActivity } from './define';

/** More than anybody makes by one link. */
const MOST_EXTRAS = 100;

export const disconnectActivities = defineActivity(
  'nango.deleteConnection',
  connectionRefSchema,
  checkConnectionRef,
  async (ref, { api }) => {
    for (const extra of await extrasLeftBehind(api, ref, bounds())) await deleteConnection(api, extra, bounds());
    await deleteConnection(api, ref, bounds());
  },
);

/** With its first connection gone, an extra of the same link would pass for the connection of that owner. */
async function extrasLeftBehind(api: NangoApi, ref: ConnectionRef, within: Bounds): Promise<Connection[]> {
  const connection = await existing(api, ref, within);
  const origin = nonceOrigin(connection?.tags[TAG.nonce]);
  if (connection === undefined || origin === undefined) return [];
  const tags = { ...ownerTags(ownerOf(connection.tags)), [TAG.managedBy]: MANAGED_BY };
  const query = { integration: ref.integration, tags, limit: MOST_EXTRAS };
  const { connections } = await listConnections(api, query, within);
  const [first, ...extras] = earliestFirst(connections.filter((c) => nonceOrigin(c.tags[TAG.nonce]) === origin));
  return first?.connectionId === ref.connectionId ? extras : [];
}

async function existing(api: NangoApi, ref: ConnectionRef, within: Bounds): Promise<Connection | undefined> {
  try {
    return await getConnection(api, ref, within);
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.ConnectionNotFound') return undefined;
    throw error;
  }
}
