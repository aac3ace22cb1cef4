import { LRUCache } from 'lru-cache';
import type { Inventory } from '../nango/inventory';

/** Nango's own advice is an action from the third call on; whoever makes so many has not heard it. */
const MANY_CALLS = 10;
/** From here on the list of what is deployed is read, so that it is there when it is of use. */
const SOME_CALLS = 5;
/** A list that could not be read is left alone for so long: the key may lack the scope. */
const PAUSE_MS = 600_000;
const MAX_RUNS = 10_000;
const MAX_NAMES = 5;
const MAX_NAME_CHARS = 100;
const SAID = -Infinity;

/**
 * Counts the proxied calls of workflow runs, and knows when one has made many through an integration that has deployed
 * actions. No call waits for it.
 */
export class ActionAdvice {
  private readonly calls = new LRUCache<string, number>({ max: MAX_RUNS });
  private pausedUntil = 0;

  constructor(private readonly inventory: Pick<Inventory, 'functionsOf' | 'knownFunctionsOf'>) {}

  /** @returns names of actions, five at most, after a call of a run: once, and only where there are any */
  afterCall(runId: string, integration: string): string[] | undefined {
    const key = `${runId}\n${integration}`;
    const made = (this.calls.get(key) ?? 0) + 1;
    this.calls.set(key, made);
    if (made < SOME_CALLS) return undefined;
    const known = this.inventory.knownFunctionsOf(integration);
    if (known === undefined) this.read(integration);
    if (made < MANY_CALLS || known === undefined) return undefined;
    this.calls.set(key, SAID);
    const own = known.filter(({ kind, enabled }) => kind === 'action' && enabled);
    const names = own.map(({ name }) => name).filter((name) => /^[\w.-]+$/.test(name) && name.length <= MAX_NAME_CHARS);
    return names.length === 0 ? undefined : names.slice(0, MAX_NAMES);
  }

  private read(integration: string): void {
    if (performance.now() < this.pausedUntil) return;
    this.inventory.functionsOf(integration, false, {}).catch(() => {
      this.pausedUntil = performance.now() + PAUSE_MS;
    });
  }
}
