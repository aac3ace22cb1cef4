import { pathOf } from '../contract/rules/endpoint';
import { checkBatch } from '../contract/rules/check-fan-out';
import { batchInputSchema } from '../contract/schemas/batches';
import type { BatchInput } from '../contract/types';
import { proxyBatch } from '../nango/proxy-batch';
import { roomFor } from './batch-room';
import { bounds, heartbeating, maxResponseBytes } from './context';
import { defineActivity } from './define';

/**
 * Every second: a sign of life is sent on at 0.8 of the heartbeat timeout, so one must be there even if the process was
 * busy for three seconds before.
 */
const HEARTBEAT_MS = 1_000;

export const batchActivities = defineActivity(
  'nango.proxyBatch',
  batchInputSchema,
  checkBatch,
  async (input, dependencies) => {
    const { api, limits, responseSizes } = dependencies;
    const key = kindOf(input);
    const within = bounds();
    const room = roomFor(limits, input.connection, input.calls.length, within.signal);
    const maxBytes = maxResponseBytes(dependencies);
    const work = proxyBatch(api, input, within, room, responseSizes.get(key), maxBytes);
    const { result, responseBytes } = await heartbeating(work, HEARTBEAT_MS);
    if (responseBytes !== undefined) responseSizes.set(key, responseBytes);
    return result;
  },
);

/**
 * What is likely to have responses of one size: of one connection, below one path, and picked from alike. Calls of a
 * fan-out are alike as a rule, so the first stands for all.
 */
function kindOf({ connection: { integration, connectionId }, calls }: BatchInput): string {
  const call = calls[0]?.call;
  const parent = call && pathOf(call.endpoint).replace(/\/[^/]*$/, '');
  return JSON.stringify([integration, connectionId, call?.method, parent, call?.pick]);
}
