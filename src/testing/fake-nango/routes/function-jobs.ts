import { Hono } from 'hono';
import { z } from 'zod';
import { runAction } from '../actions';
import type { ActionRuntime } from '../action-runtime';
import type { DeployedFunctions } from '../deployed-functions';
import type { Env } from '../env';
import { connectionId, integrationKey, noQuery, plainName } from '../fields';
import type { FunctionCompiler } from '../function-compiler';
import type { FunctionJobs, JobOutcome } from '../function-jobs';
import { FakeJobError } from '../function-jobs';
import type { FunctionSource } from '../function-source';
import { queryOf } from '../query';
import { fail, json, parse } from '../responses';
import type { Connection, State } from '../state';

const code = z.string().min(1);
const kind = z.enum(['action', 'sync']);
const compileSchema = z.strictObject({ code });
const dryRunSchema = z.strictObject({
  integration_id: integrationKey,
  function_type: kind,
  code,
  connection_id: connectionId,
  input: z.unknown().optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  checkpoint: z.record(z.string(), z.unknown()).optional(),
  last_sync_date: z.string().optional(),
});
const deploymentSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function'),
    integration_id: integrationKey,
    function_name: plainName,
    function_type: kind,
    code,
    version: z.string().optional(),
    allow_destructive: z.boolean().optional(),
  }),
  z.strictObject({
    type: z.literal('template'),
    integration_id: integrationKey,
    template: z.string(),
    function_type: kind.optional(),
  }),
]);
const params = z.strictObject({ id: z.uuid() });

/** What these routes are put together from. */
interface Parts {
  state: State;
  functions: DeployedFunctions;
  compiler: FunctionCompiler;
  jobs: FunctionJobs;
  runtimeOf: (connection: Connection, metadata?: Connection['metadata']) => ActionRuntime;
}

/** Functions compiled, tried and deployed. https://nango.dev/docs/reference/api/functions/compile */
export function functionJobRoutes({ state, functions, compiler, jobs, runtimeOf }: Parts): Hono<Env> {
  const app = new Hono<Env>();

  app.post('/functions/compile', async (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const source = parse(compileSchema, c.var.body, 'invalid_body');
    checkUp();
    try {
      await compiler.compile(source);
    } catch (error) {
      if (error instanceof FakeJobError) return fail(400, { code: error.code, message: error.message });
      throw error;
    }
    const bundled_js = source.code;
    const compiled_at = new Date(state.clock()).toISOString();
    return json(200, { bundle_size_bytes: Buffer.byteLength(bundled_js), bundled_js, compiled_at });
  });

  app.post('/functions/dryruns', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(dryRunSchema, c.var.body, 'invalid_body');
    const { integration_id: integration } = body;
    checkIntegration(integration);
    const connection =
      state.find(integration, body.connection_id) ??
      fail(404, { code: 'connection_not_found', message: `There is no connection '${body.connection_id}'.` });
    checkUp();
    const source = { integration, kind: body.function_type, code: body.code };
    const job = { kind: 'dryrun' as const, integration, functionKind: body.function_type, code: body.code };
    return json(
      202,
      jobs.begin(job, () => tryOut(source, connection, body.input, body.metadata)),
    );
  });

  app.post('/functions/deployments', (c) => {
    parse(noQuery, queryOf(c), 'invalid_query_params');
    const body = parse(deploymentSchema, c.var.body, 'invalid_body');
    const { integration_id: integration } = body;
    checkIntegration(integration);
    if (body.type === 'template') return fail(404, { code: 'template_not_found', message: 'There are no templates.' });
    const { function_name: name, function_type, code, version } = body;
    if (functions.find(integration, name, function_type)?.source === 'repo') {
      return fail(400, { code: 'invalid_request', message: 'The function is deployed from a repository.' });
    }
    checkUp();
    const source = { integration, name, kind: function_type, code };
    const job = { kind: 'deployment' as const, integration, name, functionKind: function_type, code };
    return json(
      202,
      jobs.begin(job, () => deploy(source, version)),
    );
  });

  app.get('/functions/dryruns/:id', (c) => {
    const { id } = parse(params, { id: c.req.param('id') }, 'invalid_uri_params');
    const view = jobs.view('dryrun', id);
    return json(200, view ?? fail(404, { code: 'dryrun_not_found', message: 'There is no such dry run.' }));
  });

  app.get('/functions/deployments/:id', (c) => {
    const { id } = parse(params, { id: c.req.param('id') }, 'invalid_uri_params');
    const view = jobs.view('deployment', id);
    return json(200, view ?? fail(404, { code: 'deployment_not_found', message: 'There is no such deployment.' }));
  });

  function checkIntegration(key: string): void {
    if (!state.integrations.has(key)) fail(404, { code: 'integration_not_found', message: `There is no '${key}'.` });
  }

  function checkUp(): void {
    if (compiler.isDown) fail(503, { code: 'execution_environment_unavailable', message: 'Nothing can be run now.' });
  }

  async function tryOut(
    source: FunctionSource,
    connection: Connection,
    input: unknown,
    metadata?: Connection['metadata'],
  ): Promise<JobOutcome> {
    const { handler } = await compiler.compile(source);
    if (handler === undefined) throw new FakeJobError('fake_nango_lacks_syncs', 'FakeNango runs no syncs.');
    const runtime = runtimeOf(connection, metadata);
    const { status, body } = await runAction(handler, input, connection, runtime);
    const output = [`Executing -> integration:"${source.integration}"`, ...runtime.logs, 'Done'].join('\n');
    if (status === 200) return { output, result: body };
    const { code: type, payload } = (body as { error: { code: string; payload: unknown } }).error;
    const said = `${output}\nAn error occurred during execution\n${JSON.stringify({ type, payload, status }, null, 2)}`;
    throw new FakeJobError('dryrun_error', said);
  }

  async function deploy(source: Required<FunctionSource>, version?: string): Promise<JobOutcome> {
    const { integration, name, code } = source;
    const { handler, ...compiled } = await compiler.compile(source);
    // What the code says of its version counts once: deployed again, it is the next.
    const said = functions.find(integration, name, source.kind) === undefined ? compiled.version : undefined;
    const given = { ...compiled, version: version ?? said, code };
    const deployed = functions.deploy(integration, name, handler, given);
    const deployed_functions = [{ name, version: `v${deployed.version}` }];
    const output = `✓ Deployed\n- ${name}@v${deployed.version}`;
    return { output, deployed: true, deployed_functions };
  }

  return app;
}
