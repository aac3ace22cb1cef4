/**
 * For worker and client processes. Workflow code imports `temporal-nango/workflow` instead.
 *
 * @module
 */
export { NangoPlugin } from './plugin';
export type { NangoPluginOptions } from './plugin';
export { consoleNotifier } from './notifier';
export type { Notifier } from './notifier';
export { NangoConnections } from './client';
export type { ExistingConnection, NangoConnectionsOptions } from './client';
export { ConnectionRequest } from './requests/connection-request';
export type { Poller } from './requests/pollers';
export type { Standing } from './requests/standing';
export type { Happening } from './requests/timeline';
export type { ConnectSession } from './requests/mint';
export type { OpenRequest, RequestFilter } from './requests/list';
export { webhookHandler } from './webhook';
export type { WebhookEvent, WebhookHandler, WebhookResult } from './webhook';
export { resolveConfig } from './config';
export type { NangoConfig } from './config';
export { requestId } from './contract/request-id';
export { detailsOf, findNangoFailure, MESSAGES } from './contract/errors';
export type { NangoErrorDetails, NangoErrorType, NangoReason } from './contract/errors';
export type {
  ActionCall,
  Answer,
  Ask,
  AskAnswer,
  Call,
  Candidate,
  Connection,
  ConnectionRef,
  EnsureConnectionInput,
  Failure,
  Identity,
  Json,
  Notice,
  Outcome,
  Owner,
  ProxyCall,
  RequestRef,
  RequestStatus,
  RequestView,
  Subject,
  Tags,
} from './contract/types';
