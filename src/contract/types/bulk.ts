import type { Call, Outcome } from './calls';
import type { ConnectionNames, ConnectionRef } from './connections';
import type { Json } from './json';

/** An activity of the user's, which a bulk run calls. */
export interface BulkActivity {
  /** name under which its worker has it */
  activity: string;
  /** where that worker polls */
  taskQueue: string;
  /** handed to every call of it as it is; 16 KB of JSON at most. Default: nothing */
  input?: Json;
  /** how long one attempt may take, in milliseconds, 1 second to 1 hour; a killed worker is noticed no sooner. Default: a minute */
  timeoutMs?: number;
}

/** Calls by the hundred thousand: where they come from, and where their outcomes go. */
export interface BulkInput {
  /** whose account is used: the whole connection that `ensureConnection` returned */
  connection: ConnectionRef;
  /** gets {@link BulkSourceInput}, returns {@link BulkPage}. It is called again where its attempt failed, ten times at the most */
  source: BulkActivity;
  /**
   * Gets {@link BulkSinkInput}, at least once for each outcome, and in any order: so it keeps them by their index. It is
   * called until it succeeds, and holds the run back meanwhile. `discard`: outcomes are counted and forgotten
   */
  sink: BulkActivity | 'discard';
  /** most calls in flight at a time, 1 to 1,000; default 200 */
  concurrency?: number;
}

/** What a source is given. */
export interface BulkSourceInput {
  /** `next` of the page before; absent: the first page */
  cursor?: Json;
  /** that of {@link BulkActivity} */
  input?: Json;
}

/** What a source returns. */
export interface BulkPage {
  /**
   * The next calls, in their order; with the rest of the page 1 MB of JSON at most. A few hundred are a good page.
   * `null` stands for a call that is not to be made, since an earlier run has made it: it has an index and no outcome.
   * What is no call has an outcome `Nango.InvalidRequest`
   */
  calls: (Call | null)[];
  /** what leads to the next page, 16 KB of JSON at most, and never the same twice; absent: this was the last one */
  next?: Json;
  /** how many calls there are in all pages, for those who look when it will end; default: not known */
  total?: number;
}

/** How one call of a bulk run ended. */
export interface BulkOutcome {
  /** its place among all calls of the source, from 0 */
  index: number;
  /** how it ended */
  outcome: Outcome;
}

/** What a sink is given. */
export interface BulkSinkInput {
  /** some outcomes, below 1 MB of JSON */
  outcomes: BulkOutcome[];
  /** that of {@link BulkActivity} */
  input?: Json;
}

/** Numbers of failed calls by the type of their failure, such as `Nango.ProviderRejected`. */
export interface FailedByType {
  /** how many, by the type */
  [type: string]: number;
}

/** What a bulk run waits for: its source, calls, or its sink. */
export type BulkWait = 'source' | 'calls' | 'sink';

/** How a bulk run is: `stopping` while calls that were begun still end. */
export type BulkStatus = 'running' | 'paused' | 'stopping' | 'stopped' | 'completed' | 'failed';

/** How far a bulk run is, as its query says, and its memo, which is up to half a minute old. */
export interface BulkProgress {
  /** how it is */
  status: BulkStatus;
  /** whose account is used */
  connection: ConnectionNames;
  /** calls whose outcome the sink has, failed ones as well */
  done: number;
  /** those that failed, but for the `unknown` ones */
  failed: FailedByType;
  /** writes of which nobody knows whether they were carried out: `Nango.OutcomeUnknown`, never repeated */
  unknown: number;
  /** calls that an earlier run had made */
  skipped: number;
  /** how many there are in all, where the source says so */
  total?: number;
  /** calls a second, lately */
  rate: number;
  /** who has paused or stopped it, where they said so */
  by?: string;
  /** what holds it up, while it runs */
  waitsFor?: BulkWait;
  /** when it began, in milliseconds since the epoch */
  begunAt: number;
  /** when it will have ended at this rate, in milliseconds since the epoch; only where `total` is known */
  endsAt?: number;
}

/** What a bulk run completes with. */
export interface BulkResult {
  /** the source came to its end, or somebody stopped the run before */
  status: 'completed' | 'stopped';
  /** calls whose outcome the sink has, failed ones as well */
  done: number;
  /** those that failed, but for the `unknown` ones */
  failed: FailedByType;
  /** writes of which nobody knows whether they were carried out */
  unknown: number;
  /** calls that an earlier run had made */
  skipped: number;
}

/** Names a bulk run for ever; JSON-safe. */
export interface BulkRef {
  /** workflow id */
  id: string;
  /** run id of its first run */
  firstExecutionRunId: string;
}

/** What a page says to its run once it has been read. */
export interface PageRead {
  /** number of the page, from 0 */
  page: number;
  /** places in it: calls, and those that are not to be made */
  count: number;
  /** what leads to the next page; absent: there is none */
  next?: Json;
  /** of {@link BulkPage} */
  total?: number;
}

/** What a page says to its run when it is held up, and when it no longer is. */
export interface PageWaits {
  /** number of the page, from 0 */
  page: number;
  /** what for */
  for: BulkWait;
}

/** Whether pages may begin calls; sent by their run. */
export type Pace = 'go' | 'pause' | 'stop';
