import { z } from 'zod';
import { MANAGED_BY, TAG } from '../contract/names';
import { listConnections } from '../nango/connections';
import type { NangoActivities } from '../contract/activities';
import { bounds, parse } from './context';
import type { ActivityDependencies } from './context';

/** Newest first, so that this many may be made between two sweeps. */
const NEWEST = 200;

const sweepInputSchema = z.strictObject({ since: z.number() });

export function sweepActivities({ api, environment }: ActivityDependencies): Pick<NangoActivities, 'nango.sweep'> {
  return {
    async 'nango.sweep'(input) {
      const { since } = parse(sweepInputSchema, input);
      const tags = { [TAG.managedBy]: MANAGED_BY, [TAG.environment]: environment };
      const { connections, limitPerMinute } = await listConnections(api, { tags, limit: NEWEST }, bounds());
      const seen = connections
        .filter(({ createdAt }) => Date.parse(createdAt) >= since)
        .flatMap(({ connectionId, tags: { [TAG.nonce]: nonce } }) => (nonce ? [{ connectionId, nonce }] : []));
      return { seen, limitPerMinute };
    },
  };
}
