import { Hono } from 'hono';
import { json } from '../responses';
import type { DeployedFunctions } from '../deployed-functions';
import type { Env } from '../env';
import { scriptsView, toolView } from '../function-view';
import type { State } from '../state';

/** What is deployed. https://nango.dev/docs/reference/api/scripts/config */
export function scriptRoutes(state: State, functions: DeployedFunctions): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/scripts/config', (c) => {
    if (c.req.query('format') !== 'openai') return json(200, scriptsView(functions.all(), state));
    const actions = functions.all().filter(({ kind }) => kind === 'action');
    return json(200, actions.length === 0 ? [] : { data: actions.map(toolView) });
  });

  return app;
}
