import { condition } from '@temporalio/workflow';
import { jsonBytes } from '../../../contract/rules/json';
import type { Outcome } from '../../../contract/types';

/** What the outcomes of one fan-out may weigh together. */
export interface Budget {
  isSpent(): boolean;
  /** Takes what several outcomes weigh together. @returns false: not all fit, and each is to be afforded by itself */
  takes(bytes: number): boolean;
  /** the outcome, or that it is too large */
  afford(outcome: Outcome): Outcome;
}

/** Once a response no longer fits, the budget is spent: what cannot be returned shall not fill the history either. */
export function budgetOf(maxBytes: number): Budget {
  let left = maxBytes;
  return {
    isSpent: () => left <= 0,
    takes(bytes) {
      if (bytes > left) return false;
      left -= bytes;
      return true;
    },
    afford(outcome) {
      if (!outcome.ok) return outcome;
      const bytes = jsonBytes(outcome);
      if (bytes > left) {
        left = 0;
        return { ok: false, error: { type: 'Nango.ResponseTooLarge', status: outcome.status } };
      }
      left -= bytes;
      return outcome;
    },
  };
}

/** Bytes on their way to activities, which leave in the commands of one workflow task. */
export interface Outgoing {
  /** at once where so many more fit, as anything does where there is nothing else; otherwise it is to be waited for */
  add(bytes: number): Promise<void> | undefined;
  remove(bytes: number): void;
}

export function outgoingOf(maxBytes: number): Outgoing {
  let underWay = 0;

  async function whenItFits(bytes: number, fits: () => boolean): Promise<void> {
    // All who wait are let go at once: the first of them takes the room.
    while (!fits()) await condition(fits);
    underWay += bytes;
  }

  return {
    add(bytes) {
      const fits = (): boolean => underWay === 0 || underWay + bytes <= maxBytes;
      if (!fits()) return whenItFits(bytes, fits);
      underWay += bytes;
    },
    remove(bytes) {
      underWay -= bytes;
    },
  };
}
