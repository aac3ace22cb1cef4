import type { MiddlewareHandler } from 'hono';

/**
 * Lets what changes something pass only if it was sent from a page of this very host. Browsers say so in
 * `Sec-Fetch-Site`; older ones, and all of them over plain HTTP, in `Origin`. The scheme is not compared: behind a proxy
 * that ends TLS the server does not know it.
 */
export function sameOrigin(refuse: MiddlewareHandler): MiddlewareHandler {
  return async (c, next) => {
    const { method } = c.req;
    if (method === 'GET' || method === 'HEAD') return await next();
    const site = c.req.header('sec-fetch-site');
    const host = c.req.header('host') ?? new URL(c.req.url).host;
    const same = site === undefined ? hostOf(c.req.header('origin')) === host : site === 'same-origin';
    return same ? await next() : await refuse(c, next);
  };
}

function hostOf(origin = ''): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
