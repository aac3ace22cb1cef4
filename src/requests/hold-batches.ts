import { MAX_HOLDS_AT_ONCE } from '../contract/limits';
import type { HeldConnection, HoldConnectionInput } from '../contract/types';
import { holdConnections } from './hold';
import type { Place } from './start';

/** A connection that waits to be held. */
interface Traveller {
  input: HoldConnectionInput;
  resolve: (held: HeldConnection) => void;
  reject: (error: unknown) => void;
}

/**
 * What this worker is to have held travels together, one update after the other: a server takes only ten updates of a
 * workflow at a time, and of two hundred people who click at once none would get a link.
 */
export class HoldBatches {
  private readonly waiting: Traveller[] = [];
  private isUnderWay = false;

  /** @throws what went wrong with the update */
  async hold(place: Place, input: HoldConnectionInput, deadlineMs: number): Promise<HeldConnection> {
    return await new Promise<HeldConnection>((resolve, reject) => {
      this.waiting.push({ input, resolve, reject });
      if (!this.isUnderWay) void this.run(place, deadlineMs);
    });
  }

  private async run(place: Place, deadlineMs: number): Promise<void> {
    this.isUnderWay = true;
    const { client } = place;
    // Whoever calls off its own hold does not call off those that travel along.
    const { signal } = new AbortController();
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, MAX_HOLDS_AT_ONCE);
      const inputs = batch.map(({ input }) => input);
      try {
        const held = await client.withAbortSignal(signal, () =>
          client.withDeadline(Date.now() + deadlineMs, () => holdConnections(place, inputs)),
        );
        for (const [i, one] of held.entries()) batch[i]?.resolve(one);
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.isUnderWay = false;
  }
}
