import type { Call, Json } from '../../src/contract/types';
import { endpointOf } from './calls';
import type { CallSet } from './calls';

const PAGE = 500;

/** A source of `bulk`: the calls of a set, page by page; its cursor is the index of the next call. */
export function source({ cursor, input }: { cursor?: Json; input?: Json }): Promise<{ calls: Call[]; next?: Json }> {
  const set = input as unknown as CallSet;
  const first = Number(cursor ?? 0);
  const end = Math.min(first + PAGE, set.count);
  const calls = Array.from({ length: end - first }, (_, i): Call => {
    return { method: 'GET', endpoint: endpointOf(set, first + i) };
  });
  return Promise.resolve(end < set.count ? { calls, next: end } : { calls });
}
