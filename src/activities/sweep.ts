import { MANAGED_BY, TAG } from '../contract/names';
import { sweepInputSchema } from '../contract/schemas/links';
import type { Connection, ConnectionRef } from '../contract/types';
import { listConnections } from '../nango/connections';
import type { NangoActivities } from '../contract/activities';
import { bounds, parse } from './context';
import type { ActivityDependencies } from './context';

/** Newest first, so that this many may be made between two sweeps. */
const NEWEST = 200;

export function sweepActivities({ api, config }: ActivityDependencies): Pick<NangoActivities, 'nango.sweep'> {
  /** From the list, since reading a single connection makes Nango refresh its token, and count a failure. */
  async function byId({ integration, connectionId }: ConnectionRef): Promise<Connection[]> {
    const { connections } = await listConnections(api, { integration, connectionId, limit: 1 }, bounds());
    return connections;
  }

  return {
    async 'nango.sweep'(input) {
      const { since, reconnects = [] } = parse(sweepInputSchema, input);
      const tags = { [TAG.managedBy]: MANAGED_BY, [TAG.environment]: config.environment };
      const { connections, limitPerMinute } = await listConnections(api, { tags, limit: NEWEST }, bounds());
      const made = connections.filter(({ createdAt }) => Date.parse(createdAt) >= since);
      for (const ref of reconnects) made.push(...(await byId(ref)));
      const seen = made.flatMap(({ connectionId, tags: { [TAG.nonce]: nonce } }) =>
        nonce ? [{ connectionId, nonce }] : [],
      );
      return { seen, limitPerMinute };
    },
  };
}
