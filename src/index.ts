/**
 * For worker and client processes. Workflow code imports `temporal-nango/workflow` instead.
 *
 * @packageDocumentation
 */
export { NangoPlugin } from './plugin';
export type { NangoPluginOptions } from './plugin';
export type { ConnectionLimit } from './limits/declared';
export { consoleNotifier } from './notifier';
export type { Notifier } from './notifier';
export { NangoConnections } from './client';
export type { ExistingConnection, NangoConnectionsOptions } from './client';
export { BulkRun } from './bulk/bulk-run';
export type { ListedBulkRun } from './bulk/list';
export { ConnectionRequest } from './requests/connection-request';
export type { Poller } from './requests/pollers';
export type { RequestDescription } from './requests/description';
export type { TimelineEvent } from './requests/timeline';
export type { ConnectSession } from './requests/mint';
export type { OpenRequest, RequestFilter } from './requests/list';
export { webhookHandler } from './webhook';
export type { WebhookEvent, WebhookHandler, WebhookHandlerOptions, WebhookResult } from './webhook';
export type { DeliveryHeaders } from './webhook-signature';
export { resolveConfig } from './config';
export type { ConfigPlaces, NangoConfig } from './config';
export { requestId } from './contract/request-id';
export { detailsOf, findNangoFailure, MESSAGES, REASONS } from './contract/errors';
export type { NangoErrorDetails, NangoErrorType, NangoFailure, NangoReason } from './contract/errors';
export type {
  Action,
  ActionCall,
  Actor,
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
  CallResponse,
  Question,
  Decision,
  Call,
  Candidate,
  Connection,
  ConnectionNames,
  ConnectionRef,
  EnsureConnectionInput,
  Failure,
  RecordedDecision,
  Identity,
  Json,
  Method,
  Notice,
  Outcome,
  Owner,
  ProxyCall,
  RequestRef,
  RequestResult,
  RequestStatus,
  RequestView,
  Subject,
  Tags,
  Unwritten,
} from './contract/types';
