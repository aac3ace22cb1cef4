import type { Context, Next } from 'hono';
import type { Env } from './env';

/** What scripts of a browser may read of a response, besides its body. */
const EXPOSED = [
  'Authorization',
  'Etag',
  'Content-Type',
  'Content-Length',
  'X-Nango-Signature',
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
];
const HEADERS = { 'access-control-allow-origin': '*', 'access-control-expose-headers': EXPOSED.join(', ') };

/** What says that the server is up, and the connect page, which another server of Nango's has. */
const UNTOUCHED = ['/health', '/'];

/** Lets the pages of all sites call every route of the API. */
export async function crossOrigin(c: Context<Env>, next: Next): Promise<void> {
  await next();
  if (UNTOUCHED.includes(c.req.path)) return;
  // A provider's own headers of these names win.
  for (const [name, value] of Object.entries(HEADERS)) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value);
  }
}
