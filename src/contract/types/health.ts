import type { ConnectionNames, Identity, Owner } from './connections';

/** What a call meets that may mean that its connection is dead. */
export type FailingSign =
  /** its token could not be refreshed, which an outage looks like too */
  | 'refresh'
  /** Nango has given its refresh up */
  | 'exhausted'
  /** its provider says 401 */
  | 'unauthorized';

/** What becomes of calls that wait for their connection. */
export type HealthVerdict =
  /** one is to be made again, to see whether the connection works */
  | 'try'
  /** it works */
  | 'works'
  /** its owner has to connect it anew */
  | 'reconnect';

/** A call, or several of one run, that wait for their connection. */
export interface HealthWaiter {
  /** of a running workflow in the same namespace, which gets the verdict by the signal `nango.health` */
  workflowId: string;
  /** names the wait */
  waitId: string;
}

/** A failed call, as its workflow reports it. */
export interface FailingReport {
  /** Nango's id of the connection */
  connectionId: string;
  /** what the call met */
  sign: FailingSign;
  /** Nango has been made to try: what is only said again is no further try */
  tried: boolean;
  /** who waits; default: nobody */
  waiter?: HealthWaiter;
}

/** The same, and where. */
export interface ReportFailingInput extends Omit<FailingReport, 'connectionId'> {
  /** which connection */
  connection: ConnectionNames;
}

/** Where the verdict comes from. */
export interface ReportedFailing {
  /** workflow id of the integration's health */
  healthId: string;
}

/** A connection that works again, as somebody says who has seen it. */
export interface WorksReport {
  /** Nango's id of the connection */
  connectionId: string;
}

/** The verdict on a connection, for one who waits. */
export interface HealthNews {
  /** of the wait */
  waitId: string;
  /** what it is to do */
  verdict: HealthVerdict;
}

/** What Nango, and the worker that reads it, know of the connections of an integration. Each is named by a short hash. */
export interface HealthReading {
  /** those whose last refresh or test failed; 2,000 at most */
  failing: string[];
  /** those through which a call of this worker has succeeded since it was last read; 1,000 at most */
  working: string[];
}

/** What came of making Nango refresh a token, whatever its age. `unknown`: the key may not, or there is nothing to refresh. */
export type ForcedRefresh = 'refreshed' | 'failing' | 'unknown';

/** Of an outage that an operator is notified of. */
export interface OutageNotice {
  /** `outage`: many connections of the integration have begun to fail together; nobody is bothered until it is over */
  reason: 'outage';
  /** key of the integration at Nango */
  integration: string;
  /** how many connections are known to fail */
  failing: number;
  /** since when, in milliseconds since the epoch */
  since: number;
}

/** How a connection is had again when it stops working, by whoever calls through it. Made by `ensureConnection`. */
export interface Healing {
  /** whose it is, as its caller named them */
  owner: Owner;
  /** which of several; default: the one without a slot */
  slot?: string;
  /** each wait for its owner ends after so many milliseconds */
  waitMs: number;
  /** as in {@link EnsureConnectionInput}: connected anew with less its owner is asked for the rest, once. Default: none */
  scopes?: string[];
  /** as in {@link EnsureConnectionInput} */
  identity?: Identity;
  /** as in {@link EnsureConnectionInput} */
  readsOnAccountChange?: boolean;
  /** the task queue of the worker that holds the key; default `nango` */
  taskQueue?: string;
  /** a call fails as `Nango.ReconnectRequired` once it is known, and asks nobody; default false */
  fails?: boolean;
}
