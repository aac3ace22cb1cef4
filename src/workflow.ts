/**
 * For workflow code: a leaf that holds no HTTP, no zod and no Node.
 *
 * @packageDocumentation
 */
export { ensureConnection } from './workflows/ensure-connection';
export { nango, nangoOn } from './workflows/calls/calls';
export type { ActionOptions, Nango, ProxyCallOptions } from './workflows/calls/calls';
export type { PagingOptions } from './contract/rules/check-paging';
export { path } from './contract/rules/endpoint';
export { badResponse, detailsOf, findNangoFailure } from './contract/errors';
export { partOf } from './contract/part-of';
export type { NangoErrorDetails, NangoErrorType, NangoFailure, NangoReason } from './contract/errors';
export type {
  Action,
  ActionCall,
  BulkActivity,
  BulkInput,
  BulkOutcome,
  BulkPage,
  BulkResult,
  BulkSinkInput,
  BulkSourceInput,
  FailedByType,
  CallResponse,
  Call,
  Candidate,
  Connection,
  ConnectionRef,
  CursorPagination,
  Failure,
  FanOutOptions,
  FanOutProgress,
  Identity,
  Json,
  LinkPagination,
  Method,
  OffsetPagination,
  Outcome,
  Owner,
  Page,
  Pagination,
  PaginationBase,
  PagingConnection,
  ProxyCall,
  Tags,
  EnsureConnectionInput,
  WorkflowEnsureConnectionInput,
} from './contract/types';
