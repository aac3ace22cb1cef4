import type { ConnectionNames } from './connections';

/** A connection that may come into somebody's hands before anybody has confirmed whose they are. */
export interface HoldConnectionInput {
  /** which */
  connection: ConnectionNames;
  /** when the link dies by which it may be connected anew, in milliseconds since the epoch */
  until: number;
}

/** A link of which the owner was confirmed: what nobody has used yet of what was granted for its connection are the others. */
export interface ConfirmedLink {
  /** what it has connected anew */
  connection: ConnectionNames;
  /** when it dies, as it was held until, in milliseconds since the epoch */
  until: number;
}

/** A connection that is held: before each call every worker reads whether it is confirmed. */
export interface HeldConnection {
  /**
   * since when it has been held without a break, in milliseconds since the epoch, by the clock of Temporal. Until
   * `HOLD_SPREADS_MS` later a worker may not know it yet
   */
  since: number;
}

/** What is held in an environment, as every worker reads it in the memo `nango.holds`. */
export interface HoldsView {
  /** of each connection the key by `holdKey`; 1,000 at most */
  held: string[];
  /** there are more than `held` names: whatever is called through is to be read before. Default: there are not */
  all?: true;
}

/** Held connections that are to be read. */
export interface ReadHeldInput {
  /** which; 50 at most */
  connections: ConnectionNames[];
}

/**
 * What is known of a held connection: nobody has confirmed whose it is; it may be called through; it is not there any
 * more; or it could not be read.
 */
export type HeldStatus = 'unconfirmed' | 'clean' | 'gone' | 'unknown';
