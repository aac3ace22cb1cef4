import { Hono } from 'hono';
import { fail, json } from '../responses';
import type { Env } from '../env';
import { providerView } from '../provider-view';
import type { State } from '../state';

/** What integrations can be of. https://nango.dev/docs/reference/api/providers/list */
export function providerRoutes(state: State): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/providers', (c) => {
    const search = new RegExp(c.req.query('search') ?? '', 'i');
    const found = [...state.providers.values()].filter(({ name }) => search.test(name));
    return json(200, { data: found.map((provider) => providerView(provider, c.var.origin)) });
  });

  app.get('/providers/:provider', (c) => {
    const provider = state.providers.get(c.req.param('provider'));
    if (provider === undefined) return fail(404, { code: 'not_found', message: 'No such provider.' });
    return json(200, { data: providerView(provider, c.var.origin) });
  });

  // There are none, and none of a provider that is unknown.
  app.get('/providers/:provider/templates', () => json(200, { data: [] }));

  return app;
}
