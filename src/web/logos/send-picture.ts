import type { Context } from 'hono';
import type { Picture } from './picture';

/** A picture that is opened by itself is a page: a script in an SVG must not run there either. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'";
const KEPT_SECONDS = 600;

/** @param keptBy who may keep it for ten minutes: whoever stands in between, or only the browser */
export function sendPicture(c: Context, { type, bytes }: Picture, keptBy: 'public' | 'private'): Response {
  return c.body(Uint8Array.from(bytes), 200, {
    'Content-Type': type,
    'Content-Security-Policy': POLICY,
    'Content-Disposition': 'inline',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cache-Control': `${keptBy}, max-age=${KEPT_SECONDS}`,
  });
}
