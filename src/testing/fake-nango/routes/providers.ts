import { Hono } from 'hono';
import { z } from 'zod';
import { queryOf } from '../query';
import { fail, json, parse } from '../responses';
import type { Env } from '../env';
import { providerView } from '../provider-view';
import type { State } from '../state';

const listSchema = z.strictObject({ search: z.string().refine(isPattern, 'No regular expression.').optional() });

/** What integrations can be of. https://nango.dev/docs/reference/api/providers/list */
export function providerRoutes(state: State): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/providers', (c) => {
    const { search = '' } = parse(listSchema, queryOf(c), 'invalid_query_params');
    const pattern = new RegExp(search, 'i');
    const found = [...state.providers.values()].filter(({ name }) => pattern.test(name));
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

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'i') instanceof RegExp;
  } catch {
    return false;
  }
}
