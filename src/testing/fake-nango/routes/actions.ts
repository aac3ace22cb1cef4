import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { z } from 'zod';
import { ActionQueue } from '../action-queue';
import { runAction } from '../actions';
import type { ActionRuntime } from '../action-runtime';
import { fail, json, parse } from '../responses';
import type { DeployedFunctions } from '../deployed-functions';
import type { Env } from '../env';
import { connectionId, integrationKey, noQuery, plainName } from '../fields';
import { queryOf } from '../query';
import type { Connection, State } from '../state';
import type { Webhooks } from '../webhooks';

const headersSchema = z.object({
  'provider-config-key': integrationKey,
  'connection-id': connectionId,
  'x-async': z.stringbool().optional(),
  // How often Nango runs a failing asynchronous one again; this fake does it once.
  'x-max-retries': z.coerce.number().min(0).max(5).optional(),
});
const bodySchema = z.object({ action_name: plainName, input: z.unknown().optional() });
const params = z.strictObject({ id: z.uuid() });

/** Deployed actions, and how they are run. https://nango.dev/docs/reference/api/action/trigger */
export function actionRoutes(
  state: State,
  webhooks: Webhooks,
  functions: DeployedFunctions,
  runtimeOf: (connection: Connection) => ActionRuntime,
): Hono<Env> {
  const app = new Hono<Env>();
  const queue = new ActionQueue();

  app.post('/action/trigger', async (c) => {
    const headers = parse(headersSchema, c.req.header(), 'invalid_headers');
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const { action_name: name, input } = parse(bodySchema, c.var.body, 'invalid_body');
    // An integration that is not there has no connections either. Credentials are not looked at.
    const connection = state.find(headers['provider-config-key'], headers['connection-id']);
    if (connection === undefined) return fail(400, { code: 'unknown_connection', message: 'No such connection.' });
    const handler = functions.find(connection.integration, name, 'action')?.handler;
    if (handler === undefined) return fail(404, { code: 'not_found', message: 'No such action.' });
    const run = () => runAction(handler, input, connection, runtimeOf(connection));
    if (headers['x-async'] !== true) {
      const { status, body } = await queue.now(run);
      return json(status, body);
    }
    const id = randomUUID();
    state.actionRuns.set(id, {});
    void queue.later(run).then((response) => {
      state.actionRuns.set(id, { response });
      webhooks.actionDone(connection, id);
    });
    return json(202, { id, statusUrl: `/action/${id}` }, { location: `/action/${id}` });
  });

  app.get('/action/:id', (c) => {
    const { id } = parse(params, { id: c.req.param('id') }, 'invalid_uri_params');
    const response = state.actionRuns.get(id)?.response;
    // Pending, unknown, and an output of null cannot be told apart.
    if (response === undefined || response.body === null)
      return fail(404, { code: 'not_found', message: 'No such run.' });
    return json(response.status, response.body);
  });

  return app;
}
