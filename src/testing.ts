/**
 * For tests of programs that use this package.
 *
 * @module
 */
export { FakeNango, FakeActionError, FakeUpstreamError, signTestWebhook } from './testing/fake-nango';
export { withFakeNango } from './testing/with-fake-nango';
export type { FakeNangoSetting, TestTemporal } from './testing/with-fake-nango';
export type {
  ActionHandler,
  AddedConnection,
  AuthMode,
  Completion,
  Credentials,
  Delivery,
  FailedCompletion,
  FakeNangoOptions,
  LoggedRequest,
  ProxiedAnswer,
  ProxiedRequest,
  Provider,
  ProxyHandler,
  RefreshMode,
  WebhookBody,
} from './testing/fake-nango';
