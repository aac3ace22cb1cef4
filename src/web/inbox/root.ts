import type { Context } from 'hono';
import { basePath } from 'hono/route';

/** The way from the page that was asked for to the root of the inbox, such as `../`: it may be mounted anywhere. */
export function rootOf(c: Context): string {
  const depth = belowRoot(c).split('/').length - 1;
  return depth > 0 ? '../'.repeat(depth) : './';
}

/** The path of that page below the root, without a slash in front. */
export function belowRoot(c: Context): string {
  return c.req.path.slice(basePath(c).length).replace(/^\//, '');
}
