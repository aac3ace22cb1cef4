import type { FailingSign, HealthVerdict, HealthWaiter } from '../../contract/types';

/** What is known of the connections of one integration while some of them fail. */
export interface HealthState {
  /** those that were listed as failing when this began, by their keys; absent: Nango's list has not been read yet */
  stoodThere?: string[];
  /** those that are listed as failing since, and no call has met: by key, when it was first seen */
  news: { [key: string]: number };
  /** those that worked, by key: when that was last seen */
  working: { [key: string]: number };
  /** those whose calls fail */
  suspects: Suspect[];
  /** many have begun to fail together, and since when */
  outage?: Outage;
  /** when Nango's list was read last, and when it is again */
  lastReadAt?: number;
  readAt: number;
}

/** An outage, as far as anybody can know. */
export interface Outage {
  since: number;
  /** the first of them works again */
  recoveringSince?: number;
  /** when one of them is tried next */
  tryAt: number;
}

/** A connection whose calls fail. */
export interface Suspect {
  connectionId: string;
  key: string;
  sign: FailingSign;
  /** it was listed as failing before anybody met it */
  isOld: boolean;
  firstSeen: number;
  /** since when it counts against it that it fails: the time of an outage does not */
  since: number;
  /** when anybody last made Nango, or the provider, try */
  triedAt: number;
  /** tries since the first */
  tries: number;
  /** it was listed as failing since it is a suspect */
  listed: boolean;
  /** who has been sent to try, and when */
  trying?: { waiter: HealthWaiter; at: number };
  /** after a 401: whether its token has been made new since */
  refresh?: 'wanted' | 'made' | 'unknown';
  /** its owner has to connect it anew */
  isDead: boolean;
  /** when a call last met it */
  reportedAt: number;
  waiters: HealthWaiter[];
}

/** A verdict that is due to one who waits. */
export interface DueVerdict extends HealthWaiter {
  verdict: HealthVerdict;
}

export function begin(now: number): HealthState {
  return { news: {}, working: {}, suspects: [], readAt: now };
}
