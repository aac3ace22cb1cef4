import { Hono } from 'hono';
import { z } from 'zod';
import type { DeployedFunction, DeployedFunctions } from '../deployed-functions';
import type { Env } from '../env';
import { integrationKey, plainName } from '../fields';
import { listedView } from '../function-view';
import { queryOf } from '../query';
import { fail, json, parse } from '../responses';
import type { State } from '../state';

const kind = z.enum(['action', 'sync']);
const params = z.strictObject({ uniqueKey: integrationKey, name: plainName.optional() });
const listSchema = z.strictObject({
  type: kind.optional(),
  search: z.string().optional(),
  page: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
const kindSchema = z.strictObject({ type: kind.optional() });
const deleteSchema = z.strictObject({ type: kind });

/** What is deployed to one integration. https://nango.dev/docs/reference/api/functions/list */
export function deployedFunctionRoutes(state: State, functions: DeployedFunctions): Hono<Env> {
  const app = new Hono<Env>();

  app.get('/integrations/:key/functions', (c) => {
    const { type, search = '', page, limit } = parse(listSchema, queryOf(c), 'invalid_query_params');
    const key = integrationOf(c.req.param());
    const found = functions
      .of(key)
      .filter((one) => (type === undefined || one.kind === type) && one.name.includes(search));
    const data = found.slice(page * limit, (page + 1) * limit).map(listedView);
    return json(200, { data, pagination: { total: found.length, page, limit } });
  });

  app.get('/integrations/:key/functions/:name', (c) => {
    const { type } = parse(kindSchema, queryOf(c), 'invalid_query_params');
    return json(200, { data: listedView(theOne(c.req.param(), type)) });
  });

  app.get('/integrations/:key/functions/:name/code', (c) => {
    const { type } = parse(kindSchema, queryOf(c), 'invalid_query_params');
    const { kind, code } = theOne(c.req.param(), type);
    return json(200, { type: kind, code });
  });

  app.delete('/integrations/:key/functions/:name', (c) => {
    const { type } = parse(deleteSchema, queryOf(c), 'invalid_query_params');
    const one = theOne(c.req.param(), type);
    if (one.source === 'repo') {
      return fail(400, { code: 'function_managed_by_deploy', message: 'The function is deployed from a repository.' });
    }
    functions.remove(one);
    return json(200, { data: { success: true } });
  });

  function integrationOf({ key, name }: { key: string; name?: string }): string {
    parse(params, { uniqueKey: key, name }, 'invalid_uri_params');
    return state.integrations.has(key) ? key : fail(404, { code: 'not_found', message: 'No such integration.' });
  }

  /** Of two kinds with one name, neither is meant. */
  function theOne({ key, name }: { key: string; name: string }, type: DeployedFunction['kind'] | undefined) {
    const matches = functions
      .of(integrationOf({ key, name }))
      .filter((one) => one.name === name && (type === undefined || one.kind === type));
    const [one, another] = matches;
    if (one === undefined) return fail(404, { code: 'not_found', message: 'No such function.' });
    if (another === undefined) return one;
    const payload = { matches: matches.map(({ name, kind }) => ({ name, type: kind })) };
    return fail(409, { code: 'ambiguous_function', message: 'Several functions have this name.', payload });
  }

  return app;
}
