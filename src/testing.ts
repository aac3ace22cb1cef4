/**
 * For tests of programs that use this package.
 *
 * @packageDocumentation
 */
export {
  FakeNango,
  FakeActionError,
  FakeUpstreamError,
  FakeCompilationError,
  FakeJobError,
  signTestWebhook,
} from './testing/fake-nango';
export { withFakeNango } from './testing/with-fake-nango';
export type { FakeNangoSetting, TestTemporal, WithFakeNangoOptions } from './testing/with-fake-nango';
export type {
  ActionConnection,
  ActionHandler,
  ActionRuntime,
  CodeHandler,
  CodeIssue,
  CompiledFunction,
  AddedConnection,
  AddedIntegration,
  AddedKey,
  AuthMode,
  Completion,
  Credentials,
  Delivery,
  DeveloperApp,
  FailedCompletion,
  FakeConnection,
  FakeConnectionRef,
  FakeFunction,
  FakeJob,
  FakeNangoOptions,
  FunctionSchemas,
  FunctionSource,
  JobHandler,
  FakeWebhooks,
  LoggedRequest,
  ProxiedResponse,
  ProxiedRequest,
  Provider,
  ProviderField,
  ProviderFields,
  ProxyHandler,
  RefreshMode,
  RuntimeCall,
  RuntimeResponse,
  WebhookBody,
} from './testing/fake-nango';
