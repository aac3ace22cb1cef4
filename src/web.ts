/**
 * For web servers: handlers for `fetch`, each a Hono application that can be mounted anywhere.
 *
 * @packageDocumentation
 */
export { publicWeb } from './web/public-web';
export type { PublicWebOptions } from './web/public-web';
export type { Authorize } from './web/public/connect-routes';
export type { WebhookReport } from './web/public/webhook-routes';
export { inboxWeb } from './web/inbox-web';
export type { InboxWebOptions, Operator } from './web/inbox-web';
