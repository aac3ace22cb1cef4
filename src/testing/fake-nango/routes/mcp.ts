import { Hono } from 'hono';
import type { Context } from 'hono';
import { z } from 'zod';
import { runAction } from '../actions';
import type { ActionRuntime } from '../action-runtime';
import type { DeployedFunctions } from '../deployed-functions';
import type { Env } from '../env';
import { connectionId, integrationKey } from '../fields';
import { descriptionOf, parametersOf } from '../function-view';
import { fail, json, parse } from '../responses';
import type { Connection, State } from '../state';

const headersSchema = z.object({ 'provider-config-key': integrationKey, 'connection-id': connectionId });
const callSchema = z.object({
  id: z.union([z.string(), z.number()]),
  method: z.string(),
  params: z.object({ name: z.string().optional(), arguments: z.unknown().optional() }).optional(),
});

const METHOD_NOT_FOUND = -32_601;
const INVALID_PARAMS = -32_602;

/** The actions of a connection as tools: they are listed and called, and nothing else of MCP is there. */
export function mcpRoutes(
  state: State,
  functions: DeployedFunctions,
  runtimeOf: (connection: Connection) => ActionRuntime,
): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/mcp', async (c) => {
    const connection = connectionOf(c);
    const { id, method, params } = parse(callSchema, c.var.body, 'invalid_body');
    const actions = functions.of(connection.integration).filter(({ kind }) => kind === 'action');
    if (method === 'tools/list') {
      const tools = actions.map((one) => ({
        name: one.name,
        inputSchema: parametersOf(one),
        description: descriptionOf(one),
      }));
      return event({ result: { tools }, jsonrpc: '2.0', id });
    }
    if (method !== 'tools/call') return error(id, METHOD_NOT_FOUND, 'Method not found');
    const handler = actions.find(({ name }) => name === params?.name)?.handler;
    if (handler === undefined) return error(id, INVALID_PARAMS, 'There is no such tool');
    const { status, body } = await runAction(handler, params?.arguments, connection, runtimeOf(connection));
    const content = [{ type: 'text', text: JSON.stringify(body, null, 2) }];
    return event({ result: { content, ...(status !== 200 && { isError: true }) }, jsonrpc: '2.0', id });
  });

  app.get('/mcp', () => json(405, { jsonrpc: '2.0', error: { code: -32_000, message: 'Only POST.' }, id: null }));

  function connectionOf(c: Context<Env>): Connection {
    const headers = parse(headersSchema, c.req.header(), 'invalid_headers');
    return (
      state.find(headers['provider-config-key'], headers['connection-id']) ??
      fail(400, { code: 'unknown_connection', message: 'No such connection.' })
    );
  }

  return app;
}

function error(id: string | number, code: number, message: string): Response {
  return event({ error: { code, message }, jsonrpc: '2.0', id });
}

/** The one event of a stream that ends with it. */
function event(data: object): Response {
  const text = `event: message\ndata: ${JSON.stringify(data)}\n\n`;
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
}
