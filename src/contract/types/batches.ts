import type { Outcome, ProxyCall } from './calls';
import type { ConnectionNames } from './connections';
import type { Failure } from './joins';

/** Calls that may be repeated, as one activity is given them. */
export interface BatchInput {
  /** whose account is used, for all of them */
  connection: ConnectionNames;
  /** what is sent, begun in this order; at most 500 */
  calls: BatchedCall[];
  /** at most so many of them are in flight */
  concurrency: number;
}

/** One call of a batch. */
export interface BatchedCall {
  /** a GET, or one whose caller says that it may be carried out twice */
  call: ProxyCall;
  /** sent to the provider as `Idempotency-Key`, unless `call.headers` has one; default: none */
  idempotencyKey?: string;
}

/** What a batch has done before its time was over. */
export interface BatchResult {
  /** one a call, in their order; null: it was not begun, or its response found no room. It is sent again */
  outcomes: (BatchOutcome | null)[];
  /** of the responses among them, as JSON */
  bytes: number;
  /** no call of this connection is begun for so many milliseconds: a limit is used up, or its token cannot be had */
  holdMs?: number;
}

/** How one call of a batch ended: as it did for good, or so that it may succeed if it is sent again. */
export type BatchOutcome = Outcome | RepeatableFailure;

/** A failure after which a call is sent again. */
interface RepeatableFailure {
  /** it failed */
  ok: false;
  /** why */
  error: Failure;
  /** it may succeed if it is sent again */
  repeatable: true;
  /** after so many milliseconds, because the server says so; default: the caller's own pause */
  retryAfterMs?: number;
}

/** How the calls of a `fanOut` are carried out. */
export interface FanOutOptions {
  /**
   * at most so many calls are in flight, 1 to 1,000; of one connection, by this `fanOut`. Default: as many as serve it
   * best, some 200
   */
  concurrency?: number;
  /**
   * what a failed call does to the others: `collect` nothing; after `stop` none is begun any more, and those not begun
   * end as `Nango.NotSent`. Default `collect`
   */
  onFailure?: 'collect' | 'stop';
}

/** How far a `fanOut` is; all numbers are of calls. */
export interface FanOutProgress {
  /** of the connection */
  integration: string;
  /** all that it was given */
  calls: number;
  /** succeeded */
  succeeded: number;
  /** failed for good, by the type of their failure */
  failed: { [type: string]: number };
  /** given to a worker and not returned yet */
  underWay: number;
  /** until when nothing more is begun, in milliseconds since the epoch: a limit, or a pause before repetitions */
  heldUntil?: number;
  /** it runs, it returned its outcomes, or it was cancelled */
  status: 'running' | 'completed' | 'cancelled';
}
