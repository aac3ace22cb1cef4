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
/** More than anybody makes of one connection. */
const MOST_REPLACEMENTS = 100;

export const disconnectActivities = defineActivity(
  'nango.deleteConnection',
  connectionRefSchema,
  checkConnectionRef,
  async (ref, { api }) => {
    // Made after its request had ended, say: it would come to be used. In the place of one that is gone, it is in use.
    if ((await existing(api, ref, bounds())) !== undefined) {
      for (const made of await replacements(api, ref, bounds())) await deleteConnection(api, made, bounds());
    }
    await disconnect(api, ref, bounds());
  },
);

/** Deletes a connection, and before it the extras of its link; what was made in its place stays. */
export async function disconnect(api: NangoApi, ref: ConnectionRef, within: Bounds): Promise<void> {
  for (const extra of await extrasLeftBehind(api, ref, within)) await deleteConnection(api, extra, within);
  await deleteConnection(api, ref, within);
}

/**
 * With its first connection gone, an extra of the same link would pass for the connection of that owner. One that was
 * made in its place is none.
 */
async function extrasLeftBehind(api: NangoApi, ref: ConnectionRef, within: Bounds): Promise<Connection[]> {
  const connection = await existing(api, ref, within);
  const origin = nonceOrigin(connection?.tags[TAG.nonce]);
  if (connection === undefined || origin === undefined) return [];
  const tags = { ...ownerTags(ownerOf(connection.tags)), [TAG.managedBy]: MANAGED_BY };
  const query = { integration: ref.integration, tags, limit: MOST_EXTRAS };
  const { connections } = await listConnections(api, query, within);
  const made = connections.filter(
    ({ tags }) => nonceOrigin(tags[TAG.nonce]) === origin && tags[TAG.replaces] !== ref.connectionId,
  );
  // What nobody has confirmed was never the connection, however early it was made.
  const [first] = earliestFirst(made.filter(({ unconfirmed }) => !unconfirmed));
  return first?.connectionId === ref.connectionId ? made.filter((one) => one !== first) : [];
}

/** What was made in the place of a connection. */
export async function replacements(
  api: NangoApi,
  { integration, connectionId }: ConnectionRef,
  within: Bounds,
): Promise<Connection[]> {
  const query = { integration, tags: { [TAG.replaces]: connectionId }, limit: MOST_REPLACEMENTS };
  const { connections } = await listConnections(api, query, within);
  return connections.filter((made) => made.connectionId !== connectionId);
}

/** @returns nothing if it is gone */
export async function existing(api: NangoApi, ref: ConnectionRef, within: Bounds): Promise<Connection | undefined> {
  try {
    return await getConnection(api, ref, within);
  } catch (error) {
    if (findNangoFailure(error)?.type === 'Nango.ConnectionNotFound') return undefined;
    throw error;
  }
}
