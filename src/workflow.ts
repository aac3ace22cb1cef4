/**
 * For workflow code: a leaf that holds no HTTP, no zod and no Node.
 *
 * @packageDocumentation
 */
export { ensureConnection } from './workflows/ensure-connection';
export { nango, nangoOn } from './workflows/calls';
export type { ActionOptions, Nango, ProxyCallOptions } from './workflows/calls';
export type { PagingOptions } from './contract/check-paging';
export { path } from './contract/endpoint';
export { badResponse, findNangoFailure } from './contract/errors';
export { partOf } from './contract/part-of';
export type { NangoErrorDetails, NangoErrorType, NangoFailure } from './contract/errors';
export type {
  Action,
  ActionCall,
  Answer,
  Call,
  Candidate,
  Connection,
  ConnectionRef,
  CursorPagination,
  EnsureConnectionInput,
  Failure,
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
} from './contract/types';
