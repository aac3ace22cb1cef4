import type { MiddlewareHandler } from 'hono';
import type { NangoConfig } from '../../config';

/**
 * The headers of every answer: only our own stylesheet and script run, nobody frames a page, nobody keeps it, and no site
 * that it leads to learns the link. They are set beforehand, so a `Response` of the host application is sent as it is.
 */
export function securityHeaders(config: NangoConfig): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action ${formAction(config)}`,
  ].join('; ');
  return async (c, next) => {
    c.header('Content-Security-Policy', policy);
    c.header('Referrer-Policy', 'no-referrer');
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cache-Control', 'no-store');
    await next();
  };
}

/**
 * Where forms may lead. Chromium holds the redirect after a form to this too, and the button's redirect leads to Nango's
 * connect page, whose host only Nango knows: so any host, and plain HTTP only where Nango itself is reached by it.
 */
function formAction({ baseUrl, publicBaseUrl }: NangoConfig): string {
  const isPlain = [baseUrl, publicBaseUrl].some((url) => url?.startsWith('http:'));
  return isPlain ? "'self' https: http:" : "'self' https:";
}
