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
export type { Credentials } from './modes/credentials';
export type { AuthMode, DeveloperApp, Provider, ProviderField, ProviderFields } from './provider';
export type { FakeConnection, RefreshMode } from './state';
export { signTestWebhook } from './webhooks';
export type { Delivery, FakeWebhooks, WebhookBody } from './webhooks';
