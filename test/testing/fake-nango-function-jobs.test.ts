import { FakeCompilationError, FakeJobError } from '../../src/testing/fake-nango';
import { MINUTE, Playground } from './playground';

const CODE = `
import { createAction } from 'nango';
import { z } from 'zod';

interface Greeting { hello: string }

export default createAction({
  description: 'Greets',
  version: '1.2.0',
  input: z.object({ name: z.string() }),
  output: z.object({ hello: z.string() }),
  exec: async (nango, input): Promise<Greeting> => {
    await nango.log('greets', input.name);
    if (input.name === 'boom') throw new nango.ActionError({ why: 'because' });
    if (input.name === 'crash') throw new TypeError('plain crash');
    if (input.name === 'large') return { hello: 'x'.repeat(3_000_000) };
    const { data } = await nango.get({ endpoint: '/who', params: { name: input.name }, headers: { 'X-Of': 'code' } });
    return { hello: data.name };
  },
});
`;

let world: Playground;
let connectionId: string;

beforeEach(async () => {
  world = await Playground.open();
  world.nango.onJob(() => undefined);
  world.nango.onProxy('crm', ({ path, headers }) => {
    const name = new URLSearchParams(path.split('?')[1]).get('name');
    return name === '404' ? { status: 404, json: { gone: true } } : { json: { name: `${name} of ${headers['x-of']}` } };
  });
  ({ connectionId } = world.nango.addConnection({ integration: 'crm', metadata: { region: 'eu' } }));
});

afterEach(async () => {
  await world.close();
});

/** Begins one, and reads it once nothing else is to be done. */
async function ended(kind: 'dryruns' | 'deployments', body: object): Promise<{ [key: string]: unknown }> {
  const begun = await world.call('POST', `/functions/${kind}`, { body });
  expect(begun).toMatchObject({ status: 202, body: { status: 'running' } });
  const { id } = begun.body as { id: string };
  for (;;) {
    const { body: job } = await world.call('GET', `/functions/${kind}/${id}`);
    const { status } = job as { status: string };
    if (status !== 'running') return job as { [key: string]: unknown };
  }
}

const deployment = (more: object = {}) => ({
  ...{ type: 'function', integration_id: 'crm', function_name: 'greet', function_type: 'action', code: CODE, ...more },
});
const dryRun = (name: string, more: object = {}) => ({
  ...{ integration_id: 'crm', function_type: 'action', code: CODE, connection_id: connectionId, input: { name } },
  ...more,
});
const trigger = async (name: string) =>
  await world.call('POST', '/action/trigger', {
    headers: { 'provider-config-key': 'crm', 'connection-id': connectionId },
    body: { action_name: 'greet', input: { name } },
  });

test('what is deployed really runs, with the schemas that its code has', async () => {
  expect(await ended('deployments', deployment())).toMatchObject({
    status: 'success',
    deployed_functions: [{ name: 'greet', version: 'v1.2.0' }],
  });
  expect(await trigger('ann')).toMatchObject({ status: 200, body: { hello: 'ann of code' } });
  const { body } = await world.call('GET', '/integrations/crm/functions/greet');
  expect(body).toMatchObject({
    data: {
      description: 'Greets',
      source: 'standalone',
      json_schema: {
        definitions: {
          ActionInput_crm_greet: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
        },
      },
    },
  });
  const code = await world.call('GET', '/integrations/crm/functions/greet/code');
  expect(code.body).toEqual({ type: 'action', code: CODE });
});

test.each([
  ['boom', 500, { code: 'action_script_runtime_error', payload: { why: 'because' } }],
  ['crash', 500, { code: 'script_internal_error', payload: { name: 'TypeError', message: 'plain crash' } }],
  ['large', 500, { code: 'script_internal_error', payload: { message: 'Output size is too large' } }],
  ['404', 424, { code: 'script_http_error', upstream: { status: 404, body: { gone: true } } }],
])('deployed code that ends by %s fails the action, and a dry run of it', async (name, status, error) => {
  await ended('deployments', deployment());
  expect(await trigger(name)).toMatchObject({ status, body: { error } });
  const job = await ended('dryruns', dryRun(name));
  expect(job).toMatchObject({ status: 'failed', error: { code: 'dryrun_error' } });
  expect(job.output).toContain(error.code);
  expect(job).not.toHaveProperty('result');
});

test('a dry run shows output and log, and deploys nothing', async () => {
  const job = await ended('dryruns', dryRun('ann'));
  expect(job).toMatchObject({ status: 'success', result: { hello: 'ann of code' } });
  expect(job.output).toContain('greets ann\nhttp [200] GET /who\nDone');
  expect((await world.call('GET', '/integrations/crm/functions/greet')).status).toBe(404);
});

test.each([
  ['export default createAction({', ["Cannot find name 'createAction'.", "'}' expected."]],
  ['export const a = 1;', ['exports none of createAction']],
  [
    "import { createAction } from 'nango';\nexport default createAction({ exec: 5 });",
    ['exports none of createAction'],
  ],
  ["import { createSync } from 'nango';\nexport default createSync({ exec: async () => {} });", ['no action']],
  ["import x from 'axios';\nx();", ["Cannot find module 'axios'"]],
])('%s is deployed by nobody', async (code, messages) => {
  const job = await ended('deployments', deployment({ code }));
  expect(job).toMatchObject({ status: 'failed', error: { code: 'compilation_error' } });
  for (const message of messages) expect(job.output).toContain(message);
  expect((await world.call('GET', '/integrations/crm/functions')).body).toMatchObject({ data: [] });
});

test('an error of form has line and column of the file as it was sent', async () => {
  const code = "import { createAction } from 'nango';\nconst a = ;\nexport default createAction({});";
  const { status, body } = await world.call('POST', '/functions/compile', { body: { code } });
  expect(status).toBe(400);
  expect((body as { error: { message: string } }).error.message).toContain(' function/functions/function.ts:2:11 ');
});

test('a test may compile in the place of the compiler', async () => {
  world.nango.onCode(({ code, kind, name, integration }) => {
    if (code === 'bad') throw new FakeCompilationError([{ line: 10, column: 37, message: 'Not assignable.' }]);
    return { handler: () => ({ kind, name, integration }), input: { type: 'object' } };
  });
  const bad = await ended('deployments', deployment({ code: 'bad' }));
  expect(bad.output).toBe(
    '\nerr - crm/actions/greet.ts:10:37 \r\n  Not assignable.\r\n\n✗ Typechecking\nFound 1 error',
  );
  expect(await ended('deployments', deployment({ code: 'good' }))).toMatchObject({ status: 'success' });
  expect((await trigger('x')).body).toEqual({ kind: 'action', name: 'greet', integration: 'crm' });
  expect(await world.call('POST', '/functions/compile', { body: { code: 'good' } })).toMatchObject({
    status: 200,
    body: { bundle_size_bytes: 4, bundled_js: 'good' },
  });
});

test('a job that is held is running until it is overdue; what it does later it does all the same', async () => {
  let go = (): void => undefined;
  world.nango.onJob(() => new Promise<void>((resolve) => (go = resolve)));
  const { id } = (await world.call('POST', '/functions/deployments', { body: deployment() })).body as { id: string };
  const read = async () => (await world.call('GET', `/functions/deployments/${id}`)).body;
  world.pass(5 * MINUTE);
  expect(await read()).toMatchObject({ status: 'running' });
  world.pass(MINUTE);
  expect(await read()).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
  go();
  while ((await trigger('ann')).status !== 200);
  expect(await read()).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
});

test('a job fails for a reason that a test gives', async () => {
  world.nango.onJob(({ kind, integration, name }) => {
    throw new FakeJobError('deployment_error', `${kind} ${integration} ${name}`);
  });
  expect(await ended('deployments', deployment())).toMatchObject({
    status: 'failed',
    error: { code: 'deployment_error', message: 'deployment crm greet' },
  });
});

test('of two deployments of one name that run at once the last that ends stays', async () => {
  const going = new Map<string, () => void>();
  world.nango.onJob(({ code }) => new Promise<void>((resolve) => going.set(code, resolve)));
  const begun: string[] = [];
  for (const word of ['one', 'two']) {
    const body = deployment({ code: CODE.replace('greets', word) });
    begun.push(((await world.call('POST', '/functions/deployments', { body })).body as { id: string }).id);
  }
  const status = async (id: string) =>
    ((await world.call('GET', `/functions/deployments/${id}`)).body as { status: string }).status;
  for (const [i, word] of [
    [1, 'two'],
    [0, 'one'],
  ] as const) {
    going.get(CODE.replace('greets', word))?.();
    while ((await status(begun[i] ?? '')) !== 'success');
  }
  const { body } = await world.call('GET', '/integrations/crm/functions/greet/code');
  expect((body as { code: string }).code).toContain('one');
});

test('a function that is deployed from a repository is neither deleted nor deployed over', async () => {
  world.nango.onAction('crm', 'greet', () => 'repo', { source: 'repo', code: '// of the repository' });
  expect(await world.call('POST', '/functions/deployments', { body: deployment() })).toMatchObject({
    status: 400,
    body: { error: { code: 'invalid_request' } },
  });
  expect(await world.call('DELETE', '/integrations/crm/functions/greet?type=action')).toMatchObject({
    status: 400,
    body: { error: { code: 'function_managed_by_deploy' } },
  });
  expect((await trigger('x')).body).toBe('repo');
});

test('a name that an action and a sync have is ambiguous without a type', async () => {
  world.nango.onAction('crm', 'items', () => 1);
  world.nango.addSync('crm', 'items');
  const read = async (query: string) => await world.call('GET', `/integrations/crm/functions/items/code${query}`);
  expect(await read('')).toMatchObject({
    status: 409,
    body: { error: { code: 'ambiguous_function', payload: { matches: [{ type: 'action' }, { type: 'sync' }] } } },
  });
  expect(await read('?type=sync')).toMatchObject({ status: 200, body: { type: 'sync' } });
});

test('functions of one integration are listed in pages, by kind and by name', async () => {
  for (const name of ['c', 'a', 'b']) world.nango.onAction('crm', name, () => 1);
  world.nango.addSync('crm', 'd');
  world.nango.onAction('other', 'e', () => 1);
  const list = async (query: string) => await world.call('GET', `/integrations/crm/functions${query}`);
  expect((await list('?limit=2&page=1')).body).toMatchObject({
    data: [{ name: 'c' }, { name: 'd' }],
    pagination: { total: 4, page: 1, limit: 2 },
  });
  expect((await list('?type=action&search=b')).body).toMatchObject({ data: [{ name: 'b' }] });
  for (const query of ['?limit=101', '?limit=0', '?nope=1', '?type=x']) expect((await list(query)).status).toBe(400);
});

test('functions stay with an integration that is renamed, and go with one that is deleted', async () => {
  world.nango.onAction('other', 'act', () => 1);
  const names = async (key: string) => (await world.call('GET', `/integrations/${key}/functions`)).body;
  await world.call('PATCH', '/integrations/other', { body: { unique_key: 'renamed' } });
  expect(await names('renamed')).toMatchObject({ data: [{ name: 'act' }] });
  await world.call('DELETE', '/integrations/renamed');
  world.nango.addIntegration({ key: 'renamed', provider: 'crm' });
  expect(await names('renamed')).toMatchObject({ data: [] });
});

test('integrations of one provider share an entry, under the key of the first', async () => {
  world.nango.onAction('crm', 'b', () => 1);
  world.nango.onAction('other', 'a', () => 1);
  expect((await world.call('GET', '/scripts/config')).body).toMatchObject([
    { providerConfigKey: 'other', provider: 'crm', actions: [{ name: 'a' }, { name: 'b' }] },
  ]);
});

test('nothing can be begun while there is no machine for it', async () => {
  world.nango.functionsOutage(true);
  const requests: [string, object][] = [
    ['compile', { code: CODE }],
    ['dryruns', dryRun('ann')],
    ['deployments', deployment()],
  ];
  for (const [route, body] of requests) {
    expect(await world.call('POST', `/functions/${route}`, { body })).toMatchObject({
      status: 503,
      body: { error: { code: 'execution_environment_unavailable' } },
    });
  }
  world.nango.functionsOutage(false);
  expect(await ended('deployments', deployment())).toMatchObject({ status: 'success' });
});

test.each([
  ['POST', '/functions/compile', 'functions:compile'],
  ['POST', '/functions/dryruns', 'functions:dryrun'],
  ['GET', '/functions/dryruns/00000000-0000-4000-8000-000000000000', 'functions:dryrun'],
  ['POST', '/functions/deployments', 'deploy'],
  ['GET', '/functions/deployments/00000000-0000-4000-8000-000000000000', 'deploy'],
  ['GET', '/integrations/crm/functions', 'functions:list'],
  ['GET', '/integrations/crm/functions/greet', 'functions:read'],
  ['GET', '/integrations/crm/functions/greet/code', 'functions:read'],
  ['DELETE', '/integrations/crm/functions/greet', 'functions:delete'],
])('%s %s wants the scope %s', async (method, path, scope) => {
  const all = [
    'functions:list',
    'functions:read',
    'functions:delete',
    'functions:compile',
    'functions:dryrun',
    'deploy',
  ];
  const without = all.filter((one) => one !== scope).map((one) => `environment:${one}`);
  const key = world.nango.addKey({ scopes: without });
  expect((await world.call(method, path, { key })).status).toBe(403);
  const sufficient = world.nango.addKey({ scopes: [`environment:${scope}`] });
  expect((await world.call(method, path, { key: sufficient })).status).not.toBe(403);
});
