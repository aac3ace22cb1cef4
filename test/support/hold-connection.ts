import type { HeldConnection, HoldConnectionInput } from '../../src/contract/types';
import { holdConnections } from '../../src/requests/hold';
import type { Place } from '../../src/requests/start';

/** Has one connection held, as a worker does that holds no other at that moment. */
export async function holdConnection(place: Place, input: HoldConnectionInput): Promise<HeldConnection> {
  const [held] = await holdConnections(place, [input]);
  return held!;
}
