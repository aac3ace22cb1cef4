/**
 * For tests of programs that use this package.
 *
 * @packageDocumentation
 */
export { FakeNango, FakeActionError, FakeUpstreamError, signTestWebhook } from './testing/fake-nango';
export { withFakeNango } from './testing/with-fake-nango';
export type { FakeNangoSetting, TestTemporal, WithFakeNangoOptions } from './testing/with-fake-nango';
export type {
  ActionConnection,
  ActionHandler,
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
  FakeNangoOptions,
  FakeWebhooks,
  LoggedRequest,
  ProxiedResponse,
  ProxiedRequest,
  Provider,
  ProviderField,
  ProviderFields,
  ProxyHandler,
  RefreshMode,
  WebhookBody,
} from './testing/fake-nango';
