import type { IncomingMessage } from 'node:http';
import { Client } from '@temporalio/client';
import { NangoConnections } from '../../src/client';
import { STARTER } from '../../src/cli/functions/starter';
import { codeDigest } from '../../src/contract/code-digest';
import { MAX_CODE_BYTES } from '../../src/contract/limits';
import { deploymentId } from '../../src/contract/request-id';
import type { DeployFunctionInput, DeploymentView } from '../../src/contract/types';
import type { Deployment } from '../../src/requests/deployments/deployment';
import { FakeJobError } from '../../src/testing';
import { eventually } from '../support/eventually';
import { startRelay } from '../support/relay';
import type { Relay, RelayedResponse } from '../support/relay';
import { failureOf, World } from '../support/world';

// A function is compiled, tried, agreed to, deployed, found, and run once; whatever fails on the way is typed, and nothing is
// deployed twice, nor half.

const NOTES = 'notes';
const DEPLOYMENTS = '/functions/deployments';
const by = { by: 'olive' };

let world: World;
let relay: Relay;
let count = 0;
/** what comes between the worker and Nango; a test puts in something of its own */
let respond: (request: IncomingMessage) => RelayedResponse | 'reset' | undefined;
let change: (response: RelayedResponse, request: IncomingMessage) => RelayedResponse;

beforeAll(async () => {
  world = await World.open('dev', { workers: false });
  relay = await startRelay({
    upstream: world.nango.url,
    respond: (request) => respond(request),
    change: (response, request) => change(response, request),
  });
  world.config.baseUrl = relay.url;
  await world.startNangoWorker();
  world.nango.addProvider({ name: NOTES, authMode: 'API_KEY' });
  world.nango.addIntegration({ key: NOTES, provider: NOTES });
  world.nango.addConnection({ integration: NOTES, connectionId: 'c-1' });
});

beforeEach(() => {
  respond = () => undefined;
  change = (response) => response;
  world.nango.onJob(() => undefined);
});

afterAll(async () => {
  await relay?.close();
  await world?.close();
});

/** One of a name of its own. */
function wanted(given: Partial<DeployFunctionInput> = {}): DeployFunctionInput {
  const input = { name: 'Ann' };
  return { integration: NOTES, name: `greet-${++count}`, code: STARTER, connectionId: 'c-1', input, ...given };
}

async function deploy(given: Partial<DeployFunctionInput> = {}): Promise<Deployment> {
  return await world.connections.deployFunction(wanted(given));
}

async function until(deployment: Deployment, status: DeploymentView['status']): Promise<DeploymentView> {
  return await eventually(async () => {
    const view = await deployment.view();
    return view.status === status ? view : undefined;
  });
}

/** Lets whatever job has begun by then go on, until it is deployed. */
async function ended(deployment: Deployment, go: () => void): Promise<void> {
  await eventually(async () => {
    go();
    return (await deployment.view()).status === 'deployed' || undefined;
  });
}

const requests = (method: string, part: string) =>
  world.nango.count((request) => request.method === method && request.path.includes(part));

/** How many were started since. */
function startedSince(part = DEPLOYMENTS): () => number {
  const before = requests('POST', part);
  return () => requests('POST', part) - before;
}

test('what the dry run has shown waits for a yes; then it is deployed, and an action is run once', async () => {
  const started = startedSince();
  const run = startedSince('/action/trigger');
  const input = wanted();
  const { name } = input;
  const deployment = await world.connections.deployFunction(input);
  const view = await until(deployment, 'waiting');
  expect(view).toMatchObject({
    integration: NOTES,
    kind: 'action',
    name,
    dryRun: { result: { greeting: 'Hello, Ann!' } },
  });
  expect(view.dryRun?.output).toContain('Greeting Ann');
  expect(view.deadline).toBeGreaterThan(Date.now());
  expect(started()).toBe(0);
  await deployment.approve(by);
  expect(await deployment.result()).toEqual({
    ...{ integration: NOTES, kind: 'action', name, version: 'v1.0.0' },
    run: { status: 200, data: { greeting: 'Hello, Ann!' } },
  });
  expect(await deployment.view()).toMatchObject({ status: 'deployed', approvedBy: 'olive' });
  expect(started()).toBe(1);
  expect(run()).toBe(1);
});

test('a ref that was kept as JSON finds it in another process', async () => {
  const { ref } = await deploy();
  const again = world.connections.deployment(JSON.parse(JSON.stringify(ref)) as typeof ref);
  await until(again, 'waiting');
  await again.decline(by);
  expect(await failureOf(again.result())).toMatchObject({ type: 'Nango.DeploymentFailed', reason: 'declined' });
});

test('a sync has nothing to run, and without a connection nothing is tried', async () => {
  const code = STARTER.replaceAll('createAction', 'createSync');
  const tried = requests('POST', '/functions/dryruns');
  const deployment = await deploy({
    kind: 'sync',
    code,
    connectionId: undefined,
    input: undefined,
    approvedBy: 'olive',
  });
  expect(await deployment.result()).toMatchObject({ kind: 'sync', version: 'v1.0.0' });
  expect(await deployment.result()).not.toHaveProperty('run');
  expect(requests('POST', '/functions/dryruns')).toBe(tried);
});

test('code that does not compile: its errors with their places, and nothing more is done', async () => {
  const tried = requests('POST', '/functions/dryruns');
  const lines = STARTER.split('\n');
  const line = lines.findIndex((text) => text.includes('output:')) + 1;
  const code = STARTER.replace('z.object({ greeting', 'z.object(({ greeting');
  const deployment = await deploy({ code, approvedBy: 'olive' });
  const failure = await failureOf(deployment.result());
  expect(failure).toMatchObject({ type: 'Nango.CompilationFailed', message: 'The function does not compile.' });
  expect(failure.errors?.[0]?.column).toBeGreaterThan(0);
  expect(failure.errors![0]!.line).toBeGreaterThanOrEqual(line);
  expect(requests('POST', '/functions/dryruns')).toBe(tried);
  expect(await deployment.view()).toMatchObject({ status: 'failed', failure: { type: 'Nango.CompilationFailed' } });
});

test('a dry run that fails: typed by its code, what it printed is in the view, and nothing is deployed', async () => {
  const started = startedSince();
  const code = STARTER.replace('return {', "if (input.name) throw new nango.ActionError({ why: 'because' }); return {");
  const deployment = await deploy({ code, approvedBy: 'olive' });
  expect(await failureOf(deployment.result())).toMatchObject({ type: 'Nango.DryRunFailed', code: 'dryrun_error' });
  const { dryRun, status } = await deployment.view();
  expect(status).toBe('failed');
  expect(dryRun?.output).toContain('because');
  expect(started()).toBe(0);
});

test('a dry run that returns more than can be kept says how much it was', async () => {
  const code = STARTER.replace("'Hello, ' + input.name", "'Hello, ' + input.name.repeat(100_000)");
  const deployment = await deploy({ code });
  const { dryRun } = await until(deployment, 'waiting');
  expect(dryRun?.result).toBeUndefined();
  expect(dryRun?.resultBytes).toBe(JSON.stringify({ greeting: `Hello, ${'Ann'.repeat(100_000)}!` }).length);
  expect(dryRun?.output).toContain('Greeting Ann');
  await deployment.decline(by);
});

test('a dry run that returns what is nested too deeply to be kept: its end is there, without what it returned', async () => {
  change = (response, { method, url }) => {
    if (method !== 'GET' || !url?.startsWith('/functions/dryruns/')) return response;
    const { result, ...job } = JSON.parse(response.body.toString()) as { result?: unknown };
    const nested = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const body = result === undefined ? job : { ...job, result: '-' };
    return { ...response, body: Buffer.from(JSON.stringify(body).replace('"result":"-"', `"result":${nested}`)) };
  };
  const deployment = await deploy();
  const { dryRun } = await until(deployment, 'waiting');
  expect(dryRun).toEqual({ output: expect.any(String) as string });
  await deployment.decline(by);
});

test('a deployment that Nango fails: typed by its code', async () => {
  world.nango.onJob(({ kind }) => {
    if (kind === 'deployment') throw new FakeJobError('deployment_error', 'No.');
  });
  const run = startedSince('/action/trigger');
  const deployment = await deploy({ approvedBy: 'olive' });
  expect(await failureOf(deployment.result())).toMatchObject({
    type: 'Nango.DeploymentFailed',
    code: 'deployment_error',
  });
  expect(run()).toBe(0);
});

test('a deployment that is carried out while the worker may not ask for its end: nobody says that it is not deployed', async () => {
  respond = ({ method, url }) => {
    if (method !== 'GET' || !url?.startsWith(`${DEPLOYMENTS}/`)) return undefined;
    const error = { code: 'forbidden', message: 'Required: environment:deploy' };
    const headers = { 'content-type': 'application/json' };
    return { status: 403, headers, body: Buffer.from(JSON.stringify({ error })) };
  };
  const input = wanted({ approvedBy: 'olive' });
  const deployment = await world.connections.deployFunction(input);
  expect(await failureOf(deployment.result())).toMatchObject({ type: 'Nango.Forbidden' });
  const place = `${world.nango.url}/integrations/${NOTES}/functions/${input.name}?type=action`;
  const headers = { authorization: `Bearer ${world.nango.secretKey}` };
  await eventually(async () => (await fetch(place, { headers })).ok || undefined);
  const { currentDetails } = await world.client.workflow
    .getHandle(deployment.ref.id)
    .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  expect(currentDetails).toBe(`Deploying the action ${input.name} of notes has failed. Nango.Forbidden.`);
});

describe('a function that is managed elsewhere', () => {
  test('is refused before anything is compiled, tried or deployed', async () => {
    const { name, ...rest } = wanted({ approvedBy: 'olive' });
    world.nango.onAction(NOTES, name, () => 'theirs', { source: 'repo' });
    const before = requests('POST', '/functions/');
    const deployment = await world.connections.deployFunction({ name, ...rest });
    expect(await failureOf(deployment.result())).toMatchObject({ type: 'Nango.FunctionManagedElsewhere' });
    expect(requests('POST', '/functions/')).toBe(before);
  });

  test('since somebody deployed it in the meantime: before the deployment, or as Nango refuses it', async () => {
    const { name, ...rest } = wanted();
    const deployment = await world.connections.deployFunction({ name, ...rest });
    await until(deployment, 'waiting');
    world.nango.onAction(NOTES, name, () => 'theirs', { source: 'repo' });
    await deployment.approve(by);
    expect(await failureOf(deployment.result())).toMatchObject({ type: 'Nango.FunctionManagedElsewhere' });

    const late = wanted({ approvedBy: 'olive' });
    respond = ({ method, url = '' }) => {
      if (method === 'POST' && url === DEPLOYMENTS)
        world.nango.onAction(NOTES, late.name, () => 'theirs', { source: 'repo' });
      return undefined;
    };
    const refused = await world.connections.deployFunction(late);
    expect(await failureOf(refused.result())).toMatchObject({ type: 'Nango.FunctionManagedElsewhere' });
  });
});

describe('two deployments of one name at once', () => {
  test('the same code joins, and its yes counts; other code is refused', async () => {
    const input = wanted();
    const [first, second] = await Promise.all([
      world.connections.deployFunction(input),
      world.connections.deployFunction({ ...input, code: `${STARTER.replaceAll('\n', '\r\n')}\r\n` }),
    ]);
    expect(second.ref).toEqual(first.ref);
    const other = { ...input, code: STARTER.replace('Hello', 'Bye') };
    expect(await failureOf(world.connections.deployFunction(other))).toMatchObject({
      type: 'Nango.InvalidRequest',
      reason: 'other_code',
    });
    await until(first, 'waiting');
    const third = await world.connections.deployFunction({ ...input, approvedBy: 'ann' });
    expect(third.ref).toEqual(first.ref);
    expect(await first.result()).toMatchObject({ version: 'v1.0.0' });
    const next = await world.connections.deployFunction({ ...other, approvedBy: 'ann' });
    expect(next.ref.id).toBe(first.ref.id);
    expect(await next.result()).toMatchObject({ run: { data: { greeting: 'Bye, Ann!' } } });
    // What was meant for the first does not reach the next, and each shows its own.
    const digests = [(await first.view()).codeDigest, (await next.view()).codeDigest];
    expect(digests).toEqual([codeDigest(input.code), codeDigest(other.code)]);
    expect(await failureOf(first.approve(by))).toMatchObject({ reason: 'request_closed' });
  });

  test('a second yes, and one that comes too early, are refused', async () => {
    let go: () => void = () => undefined;
    world.nango.onJob(() => new Promise((resolve) => (go = resolve)));
    const deployment = await deploy();
    await until(deployment, 'dryRunning');
    expect(await failureOf(deployment.approve(by))).toMatchObject({ reason: 'no_open_question' });
    go();
    await until(deployment, 'waiting');
    await deployment.approve(by);
    expect(await failureOf(deployment.decline(by))).toMatchObject({ type: 'Nango.InvalidRequest' });
    await ended(deployment, () => go());
  });
});

describe('the same after its end', () => {
  /** Jobs and runs since. */
  function workSince(): () => number[] {
    const counts = [startedSince('/functions/dryruns'), startedSince(), startedSince('/action/trigger')];
    return () => counts.map((count) => count());
  }

  test('is found, in place of being tried, deployed and run once more', async () => {
    const work = workSince();
    const input = wanted({ approvedBy: 'olive' });
    const first = await world.connections.deployFunction(input);
    const result = await first.result();
    const again = await world.connections.deployFunction({ ...input, approvedBy: undefined });
    expect([first.existing, again.existing]).toEqual([false, true]);
    expect(again.ref).toEqual(first.ref);
    expect(await again.result()).toEqual(result);
    expect(await again.view()).toMatchObject({ status: 'deployed', approvedBy: 'olive' });
    expect(work()).toEqual([1, 1, 1]);
  });

  test('is done once more for whoever says so', async () => {
    const work = workSince();
    const input = wanted({ approvedBy: 'olive' });
    const first = await world.connections.deployFunction(input);
    await first.result();
    const again = await world.connections.deployFunction({ ...input, again: true });
    expect(again.existing).toBe(false);
    expect(await again.result()).toMatchObject({ version: 'v1.0.1' });
    expect(work()).toEqual([2, 2, 2]);
  });

  test('is not the same with another input, nor once other code is there, or none', async () => {
    const input = wanted({ approvedBy: 'olive' });
    const versions: unknown[] = [];
    const deployed = async (given: DeployFunctionInput): Promise<void> => {
      versions.push((await (await world.connections.deployFunction(given)).result()).version);
    };
    await deployed(input);
    await deployed({ ...input, input: { name: 'Ben' } });
    await deployed({ ...input, input: { name: 'Ben' } });
    expect(versions).toEqual(['v1.0.0', 'v1.0.1', 'v1.0.1']);
    const started = startedSince();
    world.nango.onAction(NOTES, input.name, () => 'theirs', { source: 'standalone', code: 'theirs' });
    await deployed({ ...input, input: { name: 'Ben' } });
    expect(started()).toBe(1);
    const place = `${world.nango.url}/integrations/${NOTES}/functions/${input.name}?type=action`;
    const headers = { authorization: `Bearer ${world.nango.secretKey}` };
    expect(await fetch(place, { method: 'DELETE', headers })).toMatchObject({ ok: true });
    await deployed({ ...input, input: { name: 'Ben' } });
    expect(started()).toBe(2);
  });

  test('is done once more after one that failed', async () => {
    world.nango.onJob(() => Promise.reject(new FakeJobError('dryrun_error', 'No.')));
    const input = wanted({ approvedBy: 'olive' });
    const failed = await world.connections.deployFunction(input);
    expect(await failureOf(failed.result())).toMatchObject({ type: 'Nango.DryRunFailed' });
    world.nango.onJob(() => undefined);
    const again = await world.connections.deployFunction(input);
    expect(again.ref).not.toEqual(failed.ref);
    expect(await again.result()).toMatchObject({ version: 'v1.0.0' });
  });

  test('one that ends just when it was looked at is found all the same', async () => {
    const work = workSince();
    const input = wanted();
    const first = await world.connections.deployFunction(input);
    await until(first, 'waiting');
    const slow = afterEachLook(async () => {
      if ((await first.view()).status === 'waiting') await first.approve(by);
      await first.result();
    });
    const again = await slow.deployFunction(input);
    expect(again.ref).toEqual(first.ref);
    expect(work()).toEqual([1, 1, 1]);
  });

  test('so is one that somebody else has begun, and that has ended, since another one was looked at', async () => {
    const before = wanted({ approvedBy: 'olive' });
    await (await world.connections.deployFunction(before)).result();
    const input = { ...before, input: { name: 'Ben' } };
    const work = workSince();
    let theirs: Promise<Deployment> | undefined;
    const slow = afterEachLook(async () => {
      theirs ??= world.connections.deployFunction(input);
      await (await theirs).result();
    });
    const ours = await slow.deployFunction(input);
    expect(ours.ref).toEqual((await theirs)?.ref);
    expect(ours.existing).toBe(true);
    expect(work()).toEqual([1, 1, 1]);
  });

  /** A backend to which something else happens whenever it has looked at a workflow. */
  function afterEachLook(happens: () => Promise<void>): NangoConnections {
    const { namespace } = world.client.options;
    const describe = async <Input, Output>(given: Input, next: (given: Input) => Promise<Output>): Promise<Output> => {
      const described = await next(given);
      await happens();
      return described;
    };
    const client = new Client({
      connection: world.env.connection,
      namespace,
      interceptors: { workflow: [{ describe }] },
    });
    return new NangoConnections(client, { config: world.config });
  }
});

describe('what may have been deployed is looked up', () => {
  test('where the response to its start was lost: one deployment', async () => {
    const started = startedSince();
    change = (response, { method, url }) => {
      if (method === 'POST' && url === DEPLOYMENTS) throw new Error('lost');
      return response;
    };
    const deployment = await deploy({ approvedBy: 'olive' });
    expect(await deployment.result()).toMatchObject({ run: { data: { greeting: 'Hello, Ann!' } } });
    expect(started()).toBe(1);
  });

  test.each([
    ['where nothing was', false],
    ['where the same code was', true],
  ])('until it is there, %s: while it is under way there is no second one', async (_, isThere) => {
    const input = wanted({ approvedBy: 'olive', again: true });
    if (isThere) await (await world.connections.deployFunction(input)).result();
    let go: () => void = () => undefined;
    world.nango.onJob(({ kind }) => (kind === 'deployment' ? new Promise((resolve) => (go = resolve)) : undefined));
    const started = startedSince();
    let looks = 0;
    change = (response, { method, url }) => {
      if (method === 'POST' && url === DEPLOYMENTS) throw new Error('lost');
      if (started() > 0 && url?.includes(`/functions/${input.name}?`)) looks++;
      return response;
    };
    const deployment = await world.connections.deployFunction(input);
    await eventually(() => Promise.resolve(looks > 1 || undefined));
    expect([(await deployment.view()).status, started()]).toEqual(['deploying', 1]);
    go();
    expect(await deployment.result()).toMatchObject({ run: { data: { greeting: 'Hello, Ann!' } } });
    expect(started()).toBe(1);
  });

  test('where a dry run was lost another is made: it is there to be seen', async () => {
    let isLost = false;
    change = (response, { method, url }) => {
      if (isLost || method !== 'POST' || url !== '/functions/dryruns') return response;
      isLost = true;
      throw new Error('lost');
    };
    const deployment = await deploy({ approvedBy: 'olive' });
    expect(await deployment.result()).toMatchObject({ version: 'v1.0.0' });
    expect(isLost).toBe(true);
  });

  test('a cancellation does not break off what is under way', async () => {
    let go: () => void = () => undefined;
    world.nango.onJob(({ kind }) => (kind === 'deployment' ? new Promise((resolve) => (go = resolve)) : undefined));
    const deployment = await deploy({ approvedBy: 'olive' });
    await until(deployment, 'deploying');
    await world.client.workflow.getHandle(deployment.ref.id).cancel();
    await ended(deployment, () => go());
    expect(await deployment.result()).toMatchObject({ version: 'v1.0.0' });
  });
});

test('a cancellation before that is a no', async () => {
  const deployment = await deploy();
  await until(deployment, 'waiting');
  await world.client.workflow.getHandle(deployment.ref.id).cancel();
  expect(await failureOf(deployment.result())).toMatchObject({ type: 'Nango.DeploymentFailed', reason: 'declined' });
});

test('where nothing can be run just now it goes on later, with one deployment', async () => {
  const started = startedSince();
  world.nango.functionsOutage(true);
  const deployment = await deploy({ approvedBy: 'olive' });
  await eventually(() => Promise.resolve(requests('POST', '/functions/compile') > 0 || undefined));
  world.nango.functionsOutage(false);
  let refusals = 2;
  respond = ({ method, url }) => {
    if (method !== 'POST' || url !== DEPLOYMENTS || refusals-- <= 0) return undefined;
    const error = { code: 'execution_environment_unavailable', message: 'Not now.' };
    return {
      status: 503,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ error })),
    };
  };
  expect(await deployment.result()).toMatchObject({ version: 'v1.0.0' });
  expect(started()).toBe(1);
});

test('a run that fails does not undo the deployment, and is not repeated', async () => {
  respond = ({ method, url }) => (method === 'POST' && url === '/action/trigger' ? 'reset' : undefined);
  const deployment = await deploy({ approvedBy: 'olive' });
  expect(await deployment.result()).toMatchObject({
    version: 'v1.0.0',
    run: { failure: { type: 'Nango.OutcomeUnknown' } },
  });
  expect(await deployment.view()).toMatchObject({ status: 'deployed' });
});

test('polls leave no events, and the code stands in few of them', async () => {
  let go: () => void = () => undefined;
  world.nango.onJob(() => new Promise((resolve) => (go = resolve)));
  const deployment = await deploy({ approvedBy: 'olive' });
  const polled = requests('GET', '/functions/dryruns/');
  await eventually(() => Promise.resolve(requests('GET', '/functions/dryruns/') - polled >= 2 || undefined));
  go();
  await ended(deployment, () => go());
  const { events } = await world.client.workflow.getHandle(deployment.ref.id).fetchHistory();
  const scheduled = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes);
  expect(scheduled.map((event) => event.activityTaskScheduledEventAttributes?.activityType?.name)).toEqual([
    'nango.findFunction',
    'nango.compileFunction',
    'nango.startDryRun',
    'nango.awaitDryRun',
    'nango.findFunction',
    'nango.startDeployment',
    'nango.awaitDeployment',
    'nango.findFunction',
    'nango.triggerAction',
  ]);
  const payloads = (events ?? []).flatMap((event) => {
    const { activityTaskScheduledEventAttributes: activity, workflowExecutionStartedEventAttributes: start } = event;
    return (activity ?? start)?.input?.payloads ?? [];
  });
  const withCode = payloads.filter(({ data }) => Buffer.from(data ?? []).includes('createAction({'));
  expect(withCode).toHaveLength(4);
});

describe('what is refused before any I/O', () => {
  test.each<[string, Partial<DeployFunctionInput>, string]>([
    ['no code', { code: ' ' }, 'code'],
    ['code over the bound', { code: 'x'.repeat(MAX_CODE_BYTES + 1) }, 'code'],
    ['a name that is none', { name: '../x' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(256) }, 'name'],
    ['an integration that would change the path', { integration: '..' }, 'integration'],
    ['an unknown kind', { kind: 'webhook' as never }, 'kind'],
    ['an input for a sync', { kind: 'sync' }, 'input'],
    ['an input without a connection', { connectionId: undefined }, 'input'],
    ['an input that is no JSON', { input: { n: Number.NaN } }, 'input'],
    ['an unknown field', { codes: 'x' } as never, 'input'],
    ['a yes of nobody', { approvedBy: '' }, 'approvedBy'],
  ])('%s', async (_, given, field) => {
    expect(await failureOf(deploy(given))).toMatchObject({ type: 'Nango.InvalidRequest', field });
  });

  test('the same by whoever starts the workflow without the client', async () => {
    const input = wanted({ kind: 'action' });
    const options = { taskQueue: 'nango', workflowId: deploymentId('default', { ...input, kind: 'action' }) };
    for (const args of [[{ ...input, code: 5 }], [undefined], [{ ...input, name: '' }]]) {
      const handle = await world.client.workflow.start('deployFunction', { ...options, args });
      expect(await failureOf(handle.result())).toMatchObject({ type: 'Nango.InvalidRequest' });
    }
  });

  test('code of the bound is taken', async () => {
    const filler = `\n// ${'é'.repeat((MAX_CODE_BYTES - STARTER.length - 4) / 2)}`;
    const deployment = await deploy({ code: STARTER + filler.slice(0, filler.length), approvedBy: 'olive' });
    expect(await deployment.result()).toMatchObject({ version: 'v1.0.0' });
  });
});

test('an unknown connection or integration is named as such, and nothing is deployed', async () => {
  const started = startedSince();
  const unknown = await deploy({ connectionId: 'nope', approvedBy: 'olive' });
  expect(await failureOf(unknown.result())).toMatchObject({ type: 'Nango.ConnectionNotFound' });
  const bare = { connectionId: undefined, input: undefined, approvedBy: 'olive' };
  const elsewhere = await deploy({ integration: 'nope', ...bare });
  expect(await failureOf(elsewhere.result())).toMatchObject({ type: 'Nango.IntegrationNotFound' });
  expect(started()).toBeLessThanOrEqual(1);
});
