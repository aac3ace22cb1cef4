import { pathOf } from '../contract/rules/endpoint';
import { checkBatch } from '../contract/rules/check-fan-out';
import { batchInputSchema } from '../contract/schemas/batches';
import type { BatchInput, BatchResult } from '../contract/types';
import { proxyBatch } from '../nango/proxy-batch';
import { roomFor } from './batch-room';
import { bounds, heartbeating, maxResponseBytes } from './context';
import type { ActivityDependencies } from './context';
import { defineActivity } from './define';
import { integrationsMeant } from './with-suggestions';

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
    const { api, responseSizes, inUse } = dependencies;
    const key = kindOf(input);
    const within = bounds();
    const room = roomFor(dependencies, input.connection, input.calls.length, within.signal);
    const maxBytes = maxResponseBytes(dependencies);
    const work = proxyBatch(api, input, within, room, responseSizes.get(key), maxBytes);
    const { result, responseBytes } = await heartbeating(work, HEARTBEAT_MS);
    if (responseBytes !== undefined) {
      responseSizes.set(key, responseBytes);
      inUse.add(input.connection);
    }
    return await named(result, input, dependencies);
  },
);

/** Names are looked up once for all calls, and said of the first: a batch of them would say each thing a thousand times. */
async function named(
  result: BatchResult,
  { connection }: BatchInput,
  dependencies: ActivityDependencies,
): Promise<BatchResult> {
  const at = result.outcomes.findIndex((one) => one?.ok === false && one.error.type === 'Nango.IntegrationNotFound');
  const suggestions = at < 0 ? undefined : await integrationsMeant(dependencies, connection.integration);
  if (suggestions === undefined) return result;
  const outcomes = result.outcomes.map((one, i) =>
    i === at && one?.ok === false ? { ...one, error: { ...one.error, suggestions } } : one,
  );
  return { ...result, outcomes };
}

/**
 * What is likely to have responses of one size: of one connection, below one path, and picked from alike. Calls of a
 * fan-out are alike as a rule, so the first stands for all.
 */
function kindOf({ connection: { integration, connectionId }, calls }: BatchInput): string {
  const call = calls[0]?.call;
  const parent = call && pathOf(call.endpoint).replace(/\/[^/]*$/, '');
  return JSON.stringify([integration, connectionId, call?.method, parent, call?.pick]);
}
