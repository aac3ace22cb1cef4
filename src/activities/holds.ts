import { LRUCache } from 'lru-cache';
import { nangoFailure } from '../contract/errors';
import { HOLD_SPREADS_MS, HOLDS_KEPT_MS } from '../contract/limits';
import { holdKey } from '../contract/request-id';
import type { ConnectionNames, HeldStatus, HoldsView } from '../contract/types';
import type { Bounds } from '../nango/http/bounds';
import type { CallGuard } from '../nango/http/observer';
import { Kept } from '../nango/kept';

/** Held connections that are read at one time. */
const MAX_CONNECTIONS = 10_000;
/** What is held has to be known within so long, or the call fails. */
const VIEW_PATIENCE_MS = 10_000;

/** What of the outside the holds of a worker need. */
export interface HoldsParts {
  /** reads what is held. @throws whatever kept it from being read */
  readView: () => Promise<HoldsView>;
  /** reads one connection at Nango; what it says is no older than the read */
  readStatus: (connection: ConnectionNames, bounds: Bounds) => Promise<HeldStatus>;
}

/** What was read, by the clock of the process when its reading began. */
interface View {
  held: ReadonlySet<string>;
  all: boolean;
  at: number;
}

/**
 * What a worker knows of connections that may have come into somebody else's hands. No call goes by a view of what is held
 * that is older than a second, and what is held is read anew for each: nothing is kept but what calls of one moment share.
 */
export class Holds implements CallGuard {
  private view: View | undefined;
  private reading: Promise<View> | undefined;
  /** reads of held connections; each gives when it began where the connection may be called through */
  private readonly reads = new LRUCache<string, Kept<number | 'unconfirmed'>>({ max: MAX_CONNECTIONS });
  /** when the read began that has cleared a held connection */
  private readonly clearedAt = new LRUCache<string, number>({ max: MAX_CONNECTIONS });

  constructor(private readonly parts: HoldsParts) {}

  /**
   * Has to precede each call, as closely as can be.
   *
   * @throws Nango.OwnerUnconfirmed; Nango.TemporalUnavailable if it cannot be known what is held; what the read of a held
   *   connection throws; the reason of the signal. Nothing has been sent then
   */
  async clear(connection: ConnectionNames, { deadlineMs, signal }: Bounds): Promise<void> {
    const view = this.current() ?? (await this.renewed(performance.now() + Math.min(deadlineMs, VIEW_PATIENCE_MS)));
    signal?.throwIfAborted();
    if (!isHeld(view, connection)) return;
    const key = holdKey(connection);
    const read = this.reads.get(key) ?? new Kept(async (within) => await this.read(connection, within));
    this.reads.set(key, read);
    const cleared = await read.get(true, { signal });
    if (cleared === 'unconfirmed') {
      this.clearedAt.delete(key);
      throw nangoFailure('Nango.OwnerUnconfirmed');
    }
    this.clearedAt.set(key, cleared);
  }

  /** At the first byte: a call may have waited for a connection to Nango since it was cleared. */
  mayStart(connection: ConnectionNames): boolean {
    const { view } = this;
    if (view === undefined || !isWithin(HOLD_SPREADS_MS, view.at)) return false;
    return !isHeld(view, connection) || isWithin(HOLDS_KEPT_MS, this.clearedAt.get(holdKey(connection)) ?? -Infinity);
  }

  private current(): View | undefined {
    return this.view !== undefined && isWithin(HOLDS_KEPT_MS, this.view.at) ? this.view : undefined;
  }

  /** One reading for all that come while it is under way. */
  private async renewed(until: number): Promise<View> {
    for (;;) {
      this.reading ??= this.readView().finally(() => (this.reading = undefined));
      await this.reading;
      const view = this.current();
      if (view !== undefined) return view;
      if (performance.now() >= until) throw nangoFailure('Nango.TemporalUnavailable', { code: 'DEADLINE_EXCEEDED' });
    }
  }

  private async readView(): Promise<View> {
    const at = performance.now();
    const { held, all = false } = await this.parts.readView();
    return (this.view = { held: new Set(held), all, at });
  }

  private async read(connection: ConnectionNames, within: Bounds): Promise<number | 'unconfirmed'> {
    const began = performance.now();
    const status = await this.parts.readStatus(connection, within);
    return status === 'unconfirmed' ? status : began;
  }
}

function isHeld({ held, all }: View, connection: ConnectionNames): boolean {
  return all || (held.size > 0 && held.has(holdKey(connection)));
}

function isWithin(ms: number, since: number): boolean {
  return performance.now() - since <= ms;
}
