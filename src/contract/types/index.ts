/**
 * The values that cross a boundary: what callers say and get, and what travels between workflows and activities.
 * Workflow code imports these; a process that must not trust what it is given parses it with a schema of `../schemas`,
 * and the compiler holds each schema to its interface. Nothing here exists at run time.
 */

export type { Json } from './json';
export type {
  AdoptConnectionInput,
  Candidate,
  Connection,
  ConnectionNames,
  ConnectionRef,
  FindHintedInput,
  FindInput,
  GetGrantedScopesInput,
  GrantedScopes,
  IdentifyAccountInput,
  Identity,
  Owner,
  RestoreConnectionInput,
  RestoredConnection,
  Snapshot,
  Subject,
  Tags,
  Unwritten,
} from './connections';
export type { BatchedCall, BatchInput, BatchOutcome, BatchResult, FanOutOptions, FanOutProgress } from './batches';
export type {
  Action,
  ActionCall,
  ActionResultInput,
  CallResponse,
  Call,
  Method,
  Outcome,
  ProxyCall,
  ProxyInput,
  StartedAction,
  TriggerActionInput,
} from './calls';
export type {
  CursorPagination,
  LinkPagination,
  OffsetPagination,
  Page,
  PageInput,
  Pagination,
  PaginationBase,
  PagingConnection,
} from './pages';
export type {
  Actor,
  Question,
  Decision,
  RecordedDecision,
  Notice,
  NotifyInput,
  RequestRef,
  RequestStatus,
  RequestView,
  Wanted,
} from './requests';
export type {
  EnsureConnectionInput,
  WorkflowEnsureConnectionInput,
  Failure,
  Join,
  JoinResponse,
  JoinEnd,
  JoinUpdateResult,
  JoinRequestInput,
  LeaveRequestInput,
  JoinResolution,
  RequestResult,
} from './joins';
export type { AccountFacts, KnownLimit, Lease, LeaseRequest, LimitFacts } from './leases';
export type {
  BulkActivity,
  BulkInput,
  BulkOutcome,
  BulkPage,
  BulkProgress,
  BulkRef,
  BulkResult,
  BulkSinkInput,
  BulkSourceInput,
  BulkStatus,
  BulkWait,
  FailedByType,
  Pace,
  PageRead,
  PageWaits,
} from './bulk';
export type { ForgottenLinks, Hint, LinkGrant, SweepInput, SweepResult, WatchedLink } from './links';
