/**
 * For workflow code: a leaf that holds no HTTP, no zod and no Node.
 *
 * @packageDocumentation
 */
export { ensureConnection } from './workflows/ensure-connection';
export { ensureIntegration } from './workflows/ensure-integration';
export { withReconnect } from './workflows/healing/with-reconnect';
export { nango, nangoOn } from './workflows/calls/calls';
export { defineAction } from './workflows/calls/define-action';
export type { Nango, ProxyCallOptions } from './workflows/calls/calls';
export type { Discovery } from './workflows/discovery';
export type { PagingOptions } from './contract/rules/check-paging';
export { path } from './contract/rules/endpoint';
export { badResponse, detailsOf, findNangoFailure } from './contract/errors';
export { partOf } from './contract/part-of';
export type { NangoErrorDetails, NangoErrorType, NangoFailure, NangoReason } from './contract/errors';
export type {
  Action,
  ActionArguments,
  ActionCall,
  ActionDefinition,
  ActionOptions,
  ActionOutput,
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
  Choose,
  Connection,
  ConnectionFilter,
  ConnectionRef,
  ConnectionsOptions,
  ConnectionsPage,
  CursorPagination,
  DeployedFunction,
  DiscoveredIntegration,
  DiscoveredProvider,
  DiscoveryOptions,
  DefinedAction,
  Failure,
  FanOutOptions,
  FanOutProgress,
  FunctionsOptions,
  Healing,
  Identity,
  Json,
  JsonSchema,
  LinkPagination,
  MadeIntegration,
  Method,
  OffsetPagination,
  Outcome,
  Owner,
  Page,
  Pagination,
  PaginationBase,
  PagingConnection,
  ProxyCall,
  ReadValue,
  Tags,
  EnsureConnectionInput,
  EnsureIntegrationInput,
  SetUpTerms,
  ValuePlace,
  ValueSchema,
  ValueTypes,
  WorkflowEnsureConnectionInput,
  WorkflowEnsureIntegrationInput,
} from './contract/types';
