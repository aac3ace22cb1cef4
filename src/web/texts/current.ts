import { AsyncLocalStorage } from 'node:async_hooks';
import type { MiddlewareHandler } from 'hono';
import { ENGLISH_INBOX } from './inbox';
import type { InboxTexts } from './inbox';
import { ENGLISH_PUBLIC } from './public';
import type { PublicTexts } from './public';

/** Two handlers of a process may speak different languages; pages and what they are made of need not know. */
const serving = new AsyncLocalStorage<{ publicTexts?: PublicTexts; inboxTexts?: InboxTexts }>();

/** Has a handler of the public web speak so. */
export function withPublicTexts(replaced: Partial<PublicTexts>): MiddlewareHandler {
  const publicTexts = { ...ENGLISH_PUBLIC, ...replaced };
  return async (_, next) => await serving.run({ publicTexts }, next);
}

/** Has a handler of the inbox speak so. */
export function withInboxTexts(replaced: Partial<InboxTexts>): MiddlewareHandler {
  const inboxTexts = { ...ENGLISH_INBOX, ...replaced };
  return async (_, next) => await serving.run({ inboxTexts }, next);
}

/** What the public page that is being served says. */
export function publicTexts(): PublicTexts {
  return serving.getStore()?.publicTexts ?? ENGLISH_PUBLIC;
}

/** What the page of the inbox that is being served says. */
export function inboxTexts(): InboxTexts {
  return serving.getStore()?.inboxTexts ?? ENGLISH_INBOX;
}

/** The language of the page that is being served. */
export function language(): string {
  const { publicTexts: ofPublic, inboxTexts: ofInbox } = serving.getStore() ?? {};
  return (ofPublic ?? ofInbox ?? ENGLISH_PUBLIC).lang;
}
