export { FakeNango } from './fake-nango';
export type {
  AddedConnection,
  AddedIntegration,
  AddedKey,
  Completion,
  FailedCompletion,
  FakeConnectionRef,
  FakeNangoOptions,
} from './options';
export { FakeActionError, FakeUpstreamError } from './actions';
export type { ActionConnection, ActionHandler } from './actions';
export type { ProxiedRequest, ProxyHandler } from './proxy';
export type { ProxiedResponse } from './proxied-response';
export type { LoggedRequest } from './request-log';
export type { AuthMode, Credentials, FakeConnection, Provider, RefreshMode } from './state';
export { signTestWebhook } from './webhooks';
export type { Delivery, FakeWebhooks, WebhookBody } from './webhooks';
