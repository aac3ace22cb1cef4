import { Hono } from 'hono';
import { fail, json } from '../responses';
import type { DeployedFunctions } from '../deployed-functions';
import type { Env } from '../env';

/** What is deployed. https://nango.dev/docs/reference/api/scripts/config */
export function scriptRoutes(functions: DeployedFunctions): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/scripts/config', (c) => {
    // Tools for a language model have another shape, which nothing here asks for.
    const isOther = c.req.query('format') === 'openai';
    if (isOther) return fail(501, { code: 'fake_nango_lacks_route', message: 'FakeNango lacks this format.' });
    return json(200, functions.view());
  });

  return app;
}
