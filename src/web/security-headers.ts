import type { MiddlewareHandler } from 'hono';

/** In what the two handlers differ. */
export interface SecurityHeaders {
  /** what a site that a page leads to learns of it */
  referrerPolicy: 'no-referrer' | 'same-origin';
  /** where forms may lead, as Content-Security-Policy has it */
  formAction: string;
}

/**
 * The headers of every response: only our own stylesheets, script and pictures count, nobody frames a page or keeps it. They are
 * set before the page is made, so a `Response` of the host application is sent as it is.
 */
export function securityHeaders({ referrerPolicy, formAction }: SecurityHeaders): MiddlewareHandler {
  const policy = [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action ${formAction}`,
  ].join('; ');
  return async (c, next) => {
    c.header('Content-Security-Policy', policy);
    c.header('Referrer-Policy', referrerPolicy);
    c.header('X-Content-Type-Options', 'nosniff');
    c.header('Cache-Control', 'no-store');
    await next();
  };
}
