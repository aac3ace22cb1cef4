/**
 * For workflow code: a leaf that holds no HTTP, no zod and no Node.
 *
 * @module
 */
export { ensureConnection } from './workflows/ensure-connection';
export { nango, nangoOn } from './workflows/calls/calls';
export type { ActionOptions, Nango, ProxyCallOptions } from './workflows/calls/calls';
export type { PagingOptions } from './contract/rules/check-paging';
export { path } from './contract/rules/endpoint';
export { badResponse, detailsOf, findNangoFailure } from './contract/errors';
export { partOf } from './contract/part-of';
export type { NangoErrorDetails, NangoErrorType, NangoReason } from './contract/errors';
export type {
  ActionCall,
  Answer,
  Call,
  Connection,
  ConnectionRef,
  EnsureConnectionInput,
  Failure,
  Json,
  Outcome,
  Owner,
  Page,
  Pagination,
  ProxyCall,
} from './contract/types';
