import { Hono } from 'hono';
import type { Env } from '../env';
import { drawLogo } from '../draw-logo';
import { html } from '../responses';
import type { State } from '../state';

/** Logos of providers, at the addresses that integrations and providers name. */
export function logoRoutes(state: State): Hono<Env> {
  const app = new Hono<Env>();
  app.get('/images/template-logos/:file', (c) => {
    const [, provider = ''] = /^(.*)\.svg$/.exec(c.req.param('file')) ?? [];
    // As every path that Nango does not know.
    if (!state.providers.has(provider)) return html(200, 'The dashboard');
    return c.body(drawLogo(provider), 200, { 'content-type': 'image/svg+xml' });
  });
  return app;
}
