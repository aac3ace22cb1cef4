import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { runAction } from '../actions';
import type { ActionHandler } from '../actions';
import { fail, parse } from '../answers';
import type { Env } from '../env';
import type { Connection, State } from '../state';

const bodySchema = z.strictObject({ action_name: z.string().min(1), input: z.unknown().optional() });
const headersSchema = z.object({ 'connection-id': z.string(), 'provider-config-key': z.string() });
const idSchema = z.object({ id: z.uuid() });

/** Deployed actions, and how they are run. https://nango.dev/docs/reference/api/action/trigger */
export function actionRoutes(
  state: State,
  handlerOf: (integration: string, action: string) => ActionHandler | undefined,
): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/action/trigger', async (c) => {
    const headers = parse(headersSchema, c.req.header(), 'invalid_headers');
    const { action_name: name, input } = parse(bodySchema, c.var.body, 'invalid_body');
    const connection = find(headers['provider-config-key'], headers['connection-id']);
    const handler = handlerOf(connection.integration, name);
    if (handler === undefined) return fail(404, { code: 'not_found', message: 'No such action.' });
    const running = runAction(handler, input, connection);
    return c.req.header('x-async') === 'true' ? begun(c, running) : answer(await running);
  });

  app.get('/action/:id', (c) => {
    const { id } = parse(idSchema, c.req.param(), 'invalid_uri_params');
    const done = state.actionRuns.get(id)?.answer;
    // Pending, unknown, and an output of null cannot be told apart.
    if (done === undefined || done.body === null) return fail(404, { code: 'not_found', message: 'No such run.' });
    return answer(done);
  });

  function find(integration: string, connectionId: string): Connection {
    if (!state.integrations.has(integration))
      return fail(400, { code: 'unknown_provider', message: 'No such integration.' });
    return (
      state.find(integration, connectionId) ?? fail(400, { code: 'unknown_connection', message: 'No such connection.' })
    );
  }

  function begun(c: Context<Env>, running: Promise<{ status: number; body: unknown }>): Response {
    const id = randomUUID();
    const run = { answer: undefined as Awaited<typeof running> | undefined };
    state.actionRuns.set(id, run);
    void running.then((done) => (run.answer = done));
    return c.json({ id, statusUrl: `/action/${id}` }, 202, { location: `/action/${id}` });
  }

  return app;
}

function answer({ status, body }: { status: number; body: unknown }): Response {
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  return new Response(JSON.stringify(body), { status, headers });
}
