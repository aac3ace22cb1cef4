export { FakeNango } from './fake-nango';
export type { AddedConnection, FakeNangoOptions } from './fake-nango';
export { FakeActionError } from './actions';
export type { ActionHandler } from './actions';
export type { ProxiedAnswer, ProxiedRequest, ProxyHandler } from './proxy';
export type { LoggedRequest } from './request-log';
export type { AuthMode, Credentials, Provider, RefreshMode } from './state';
export { signTestWebhook } from './webhooks';
export type { Delivery, Webhooks } from './webhooks';
