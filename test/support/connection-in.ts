import type { Connection } from '../../src/contract/types';

/** The connection in a state, a resolution or a result, whatever its status; undefined if there is none. */
export function connectionIn(holder: object): Connection | undefined {
  return 'connection' in holder ? (holder.connection as Connection | undefined) : undefined;
}
