import { condition, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { MAX_FAN_OUT_CALLS } from '../../src/contract/limits';
import type { Call } from '../../src/contract/types';
import { ensureConnection, nango } from '../../src/workflow';
import { bodyOf, endpointOf } from './calls';
import type { CallSet, Tally } from './calls';

// Those of the package itself: `bulk` and what else it starts.
export * from '../../src/worker-workflows';

/** The same with this package. */
export async function calls(set: CallSet): Promise<Tally> {
  const { method, pick, connection, concurrency } = set;
  const all = Array.from({ length: set.count }, (_, i): Call => {
    return { method, endpoint: endpointOf(set, i), body: bodyOf(set, i), pick };
  });
  const tally = { ok: 0, failed: 0 };
  for (let first = 0; first < all.length; first += MAX_FAN_OUT_CALLS) {
    const outcomes = await nango.fanOut(connection, all.slice(first, first + MAX_FAN_OUT_CALLS), { concurrency });
    for (const { ok } of outcomes) tally[ok ? 'ok' : 'failed']++;
  }
  return tally;
}

export async function serve(connection: CallSet['connection']): Promise<void> {
  let ended = false;
  setHandler(defineUpdate<number, [string]>('call'), async (endpoint) => {
    return JSON.stringify(await nango.get(connection, endpoint)).length;
  });
  setHandler(defineSignal('end'), () => void (ended = true));
  await condition(() => ended);
}

export async function ensure(integration: string, endUserId: string): Promise<string> {
  const { connectionId } = await ensureConnection({ integration, endUser: { id: endUserId } });
  return connectionId;
}
