/**
 * For tests of programs that use this package.
 *
 * @module
 */
export { FakeNango, FakeActionError, signTestWebhook } from './testing/fake-nango';
export type {
  ActionHandler,
  AddedConnection,
  AuthMode,
  Credentials,
  Delivery,
  FakeNangoOptions,
  LoggedRequest,
  ProxiedAnswer,
  ProxiedRequest,
  Provider,
  ProxyHandler,
  RefreshMode,
} from './testing/fake-nango';
