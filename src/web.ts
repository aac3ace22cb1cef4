/**
 * For web servers: handlers for `fetch`, each a Hono application that can be mounted anywhere.
 *
 * @packageDocumentation
 */
export { publicWeb } from './web/public-web';
export type { PublicWebOptions } from './web/public-web';
export type { Brand } from './web/brand/brand';
export type { Authorize } from './web/public/authorize';
export type { WebhookReport } from './web/public/webhook-routes';
export { inboxWeb } from './web/inbox-web';
export type { InboxWebOptions, Operator } from './web/inbox-web';
export { ENGLISH_PUBLIC } from './web/texts/public';
export type { PersonsQuestion, PublicTexts, QuestionTexts } from './web/texts/public';
export { ENGLISH_INBOX } from './web/texts/inbox';
export type { InboxTexts } from './web/texts/inbox';
export { foreign } from './web/foreign';
