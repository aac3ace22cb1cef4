/** What became of calls that asked for room. */
export type Admission =
  | {
      /** so many may be sent, 1 or more */
      admitted: number;
    }
  | {
      /** none: when to try again, in milliseconds */
      retryAfterMs: number;
      /** whose limit it is */
      limitOf: 'account' | 'connection';
    };

/** Calls that wait for room. */
export interface Waiter {
  /** the workflow and connection that they are of */
  claimant: string;
  count: number;
  /** milliseconds since the epoch; turned away then */
  until: number;
  admit(count: number): void;
  turnAway(): void;
}

/** Those that wait, in the order in which they come, but each claimant in its turn. */
export class Waiters {
  private readonly byClaimant = new Map<string, Waiter[]>();

  get claimants(): number {
    return this.byClaimant.size;
  }

  get all(): Waiter[] {
    return [...this.byClaimant.values()].flat();
  }

  add(waiter: Waiter): void {
    const own = this.byClaimant.get(waiter.claimant);
    if (own === undefined) this.byClaimant.set(waiter.claimant, [waiter]);
    else own.push(waiter);
  }

  remove(waiter: Waiter): void {
    const own = this.byClaimant.get(waiter.claimant)?.filter((one) => one !== waiter);
    if (own === undefined) return;
    if (own.length > 0) this.byClaimant.set(waiter.claimant, own);
    else this.byClaimant.delete(waiter.claimant);
  }

  /** Takes out the next; its claimant goes to the end of the line. */
  next(): Waiter | undefined {
    for (const [claimant, [first, ...rest]] of this.byClaimant) {
      this.byClaimant.delete(claimant);
      if (rest.length > 0) this.byClaimant.set(claimant, rest);
      return first;
    }
    return undefined;
  }
}
