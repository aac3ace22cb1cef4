export { FakeNango } from './fake-nango';
export type {
  AddedConnection,
  AddedIntegration,
  AddedKey,
  Completion,
  FailedCompletion,
  FakeConnectionRef,
  FakeFunction,
  FakeNangoOptions,
  FunctionSchemas,
} from './options';
export { FakeActionError, FakeUpstreamError } from './actions';
export type { ActionConnection, ActionHandler } from './actions';
export type { ActionRuntime, RuntimeCall, RuntimeResponse } from './action-runtime';
export { FakeJobError } from './function-jobs';
export type { FakeJob, JobHandler } from './function-jobs';
export { FakeCompilationError } from './function-source';
export type { CodeHandler, CodeIssue, CompiledFunction, FunctionSource } from './function-source';
export type { ProxiedRequest, ProxyHandler } from './proxy';
export type { ProxiedResponse } from './proxied-response';
export type { LoggedRequest } from './request-log';
export type { Credentials } from './modes/credentials';
export type { AuthMode, DeveloperApp, Provider, ProviderField, ProviderFields } from './provider';
export type { FakeConnection, RefreshMode } from './state';
export { signTestWebhook } from './webhooks';
export type { Delivery, FakeWebhooks, WebhookBody } from './webhooks';
