/**
 * For worker and client processes. Workflow code imports `temporal-nango/workflow` instead.
 *
 * @packageDocumentation
 */
export { NangoPlugin } from './plugin';
export type { NangoPluginOptions } from './plugin';
export type { ConnectionLimit } from './limits/declared';
export { consoleNotifier, consoleOperatorNotifier } from './notifier';
export type { Notifier, OperatorNotifier } from './notifier';
export { operatorWebhookNotifier, readNotice, webhookNotifier } from './notifier/webhook';
export type {
  DeliveredMessage,
  NoticeDelivery,
  OperatorDelivery,
  PersonDelivery,
  WebhookNotifierOptions,
} from './notifier/webhook';
export { operatorSmtpNotifier, smtpNotifier } from './notifier/smtp';
export type { SmtpNotifierOptions } from './notifier/smtp';
export type { Mail, MailContent, MailTransport, MailTransporter } from './notifier/mail-transport';
export { ENGLISH_NOTICES } from './notifier/texts';
export type { NoticeTexts, NoticeWords } from './notifier/texts';
export type { NoticeMessage } from './notifier/message';
export { NangoConnections } from './client';
export type { ExistingConnection, ExistingIntegration, NangoConnectionsOptions } from './client';
export { BulkRun } from './bulk/bulk-run';
export type { ListedBulkRun } from './bulk/list';
export { StandaloneCall } from './calls/standalone-call';
export type { CallOptions } from './calls/start';
export type { ActionTerms, CallsClient, ProxyTerms } from './calls/calls-client';
export type { DiscoveryClient } from './calls/discovery-client';
export { ConnectionRequest } from './requests/connection-request';
export type { LinkOptions } from './requests/connection-request';
export type { Poller } from './requests/pollers';
export type { RequestDescription } from './requests/description';
export type { TimelineEvent } from './requests/timeline';
export type { ConnectSession } from './requests/mint';
export type { OpenRequest, RequestFilter } from './requests/list';
export { IntegrationSetUp } from './requests/set-ups/integration-set-up';
export type { OpenSetUp } from './requests/set-ups/list';
export { Deployment } from './requests/deployments/deployment';
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
  CallRef,
  CallResponse,
  OAuthApp,
  Question,
  Decision,
  AccountDecision,
  ConnectionDecision,
  Call,
  Candidate,
  Choose,
  Connection,
  ConnectionNames,
  ConnectionFilter,
  ConnectionRef,
  ConnectionsOptions,
  ConnectionsPage,
  CursorPagination,
  DeployedFunction,
  DiscoveredIntegration,
  DiscoveredProvider,
  DiscoveryOptions,
  EnsureConnectionInput,
  Failure,
  FunctionsOptions,
  RecordedDecision,
  OwnerStatement,
  RecordedStatement,
  Healing,
  Identity,
  Json,
  JsonSchema,
  LinkPagination,
  Method,
  NotRemembered,
  OffsetPagination,
  Notice,
  OperatorNotice,
  OutageNotice,
  QuestionNotice,
  Outcome,
  Owner,
  Pagination,
  PaginationBase,
  ProxyCall,
  RequestRef,
  RequestResult,
  RequestStatus,
  RequestView,
  Subject,
  Tags,
  UnconfirmedConnection,
  Unwritten,
  CompilerError,
  DeployFunctionInput,
  DeploymentInput,
  DeploymentRef,
  DeploymentStatus,
  DeploymentView,
  DryRun,
  FailedRun,
  FunctionDeployment,
  FunctionKind,
  FunctionSubject,
  AppCredentials,
  AppField,
  EnsureIntegrationInput,
  FromEnvironment,
  MadeIntegration,
  RecordedSetUpDecision,
  SetUpChoice,
  SetUpDecision,
  SetUpEnd,
  SetUpNotice,
  SetUpQuestion,
  SetUpRef,
  SetUpStatus,
  SetUpSubject,
  SetUpTerms,
  SetUpView,
} from './contract/types';
