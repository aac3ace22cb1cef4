import type { Context, MiddlewareHandler } from 'hono';
import { printable } from '../contract/rules/printable';
import type { NangoConfig } from '../config';
import { loggedPath, withoutLinks } from './access-log';

const MAX_MESSAGE_CHARS = 200;
const CONNECT_TOKEN = /nango_connect_session_\w+/g;

/** Responds to what was thrown and meant for nobody. */
export type RespondToFault = (error: unknown, c: Context) => Response;

/**
 * Hono tells `onError` of what it knows as an `Error` only. What else is thrown, by a function of the host application or
 * in another realm, is caught here; without it the server would answer without a word.
 */
export function catching(respond: RespondToFault): MiddlewareHandler {
  return async (c, next) => {
    try {
      await next();
    } catch (error) {
      return respond(error, c);
    }
  };
}

/** Says on standard error what went wrong where: one line, without a stack, a link or a setting that is a secret. */
export function logFault(error: unknown, { req }: Context, config: NangoConfig): void {
  const path = loggedPath(req.url);
  console.error(`temporal-nango: ${req.method} ${path} failed: ${described(error, config)}`);
}

function described(error: unknown, config: NangoConfig): string {
  const { name = typeof error, message = typeof error === 'string' ? error : '' } = (error ?? {}) as Partial<Error>;
  let text = `${name}: ${message}`.replace(CONNECT_TOKEN, '<secret>');
  for (const secret of secretsOf(config)) text = text.replaceAll(secret, '<secret>');
  return printable(withoutLinks(text)).slice(0, MAX_MESSAGE_CHARS);
}

function secretsOf({ secretKey, connectKey, inboxToken, linkKeys, webhookSigningKeys }: NangoConfig): string[] {
  const all = [secretKey, connectKey, inboxToken, ...linkKeys, ...webhookSigningKeys];
  return all.filter((secret) => secret !== undefined && secret !== '') as string[];
}
