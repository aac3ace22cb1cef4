import { STARTER } from '../../src/cli/functions/starter';
import type { DeploymentView } from '../../src/contract/types';
import type { Deployment } from '../../src/requests/deployments/deployment';
import { eventually } from '../support/eventually';
import { jsonResponse, startRelay } from '../support/relay';
import type { Relay, RelayedResponse } from '../support/relay';
import { failureOf, World } from '../support/world';

// A deployment that waits for what never comes ends, and nothing is begun anew that may still be under way.

const DEPLOYMENTS = '/functions/deployments';
const DRY_RUNS = '/functions/dryruns';
const NEVER = (): Promise<void> => new Promise(() => undefined);
const DAY_MS = 86_400_000;

let world: World;
let relay: Relay;
/** starts of a deployment that do not reach Nango, and nobody knows it */
let lost = 0;
/** what a start of a dry run is answered in Nango's place, if anything */
let inItsPlace: () => RelayedResponse | undefined;

beforeEach(async () => {
  inItsPlace = () => undefined;
  world = await World.open('timeSkipping', { workers: false });
  relay = await startRelay({
    upstream: world.nango.url,
    respond: ({ method, url }) => {
      if (method === 'POST' && url === DRY_RUNS) return inItsPlace();
      return method === 'POST' && url === DEPLOYMENTS && lost-- > 0 ? 'reset' : undefined;
    },
  });
  world.config.baseUrl = relay.url;
  await world.startNangoWorker();
  world.nango.addProvider({ name: 'notes', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'notes', provider: 'notes' });
  world.nango.addConnection({ integration: 'notes', connectionId: 'c-1' });
  // What takes its time outside Temporal would have its clock run on.
  world.nango.onJob(() => undefined);
});

afterEach(async () => {
  await relay?.close();
  await world?.close();
});

async function deploy(approvedBy?: string): Promise<Deployment> {
  const input = { name: 'Ann' };
  const greet = { integration: 'notes', name: 'greet', code: STARTER, connectionId: 'c-1', input };
  return await world.connections.deployFunction({ ...greet, approvedBy });
}

const started = () => world.nango.count(({ method, path }) => method === 'POST' && path === DEPLOYMENTS);

test('where nothing can be run for hours it is begun once it can be', async () => {
  let refusals = 15;
  const notNow = { error: { code: 'execution_environment_unavailable', message: 'Not now.' } };
  inItsPlace = () => (refusals-- > 0 ? jsonResponse(503, notNow) : undefined);
  const began = await world.env.currentTimeMs();
  const deployment = await deploy('olive');
  expect(await deployment.result()).toMatchObject({ version: 'v1.0.0' });
  expect((await world.env.currentTimeMs()) - began).toBeGreaterThan(3_600_000);
});

test('where nothing can be run for more than a day it fails as that', async () => {
  const notNow = { error: { code: 'execution_environment_unavailable', message: 'Not now.' } };
  inItsPlace = () => jsonResponse(503, notNow);
  const began = await world.env.currentTimeMs();
  const deployment = await deploy('olive');
  expect(await failureOf(deployment.result())).toMatchObject({
    type: 'Nango.Unavailable',
    code: 'execution_environment_unavailable',
  });
  expect((await world.env.currentTimeMs()) - began).toBeGreaterThan(DAY_MS);
});

test('a start that is lost in between does not begin the day anew', async () => {
  const notNow = { error: { code: 'execution_environment_unavailable', message: 'Not now.' } };
  let starts = 0;
  inItsPlace = () => (++starts === 40 ? jsonResponse(502, {}) : jsonResponse(503, notNow));
  const deployment = await deploy('olive');
  expect(await failureOf(deployment.result())).toMatchObject({ type: 'Nango.Unavailable' });
  // As many as a history has room for: 62 in a day, and what is lost.
  expect(starts).toBe(63);
});

test('a gateway that answers in the place of Nango: dry runs are begun with a pause, and the failure says it', async () => {
  let starts = 0;
  inItsPlace = () => {
    starts++;
    return jsonResponse(502, {});
  };
  const began = await world.env.currentTimeMs();
  const deployment = await deploy('olive');
  expect(await failureOf(deployment.result())).toMatchObject({
    ...{ type: 'Nango.DryRunFailed', reason: 'response_lost', status: 502 },
  });
  expect(starts).toBe(3);
  expect((await world.env.currentTimeMs()) - began).toBeGreaterThan(60_000);
});

test('a dry run that never ends', async () => {
  world.nango.onJob(NEVER);
  const deployment = await deploy('olive');
  expect(await failureOf(deployment.result())).toMatchObject({ type: 'Nango.DryRunFailed', reason: 'timed_out' });
  expect(started()).toBe(0);
});

test('nobody agrees within a day', async () => {
  const deployment = await deploy();
  const { deadline } = await eventually<DeploymentView>(async () => {
    const view = await deployment.view();
    return view.status === 'waiting' ? view : undefined;
  });
  expect(deadline! - (await world.env.currentTimeMs())).toBeLessThanOrEqual(DAY_MS);
  expect(await failureOf(deployment.result())).toMatchObject({ type: 'Nango.DeploymentFailed', reason: 'timed_out' });
  expect(started()).toBe(0);
});

test('a start of which nobody knows, and nothing came: once it cannot be under way any more there is another', async () => {
  lost = 1;
  const began = await world.env.currentTimeMs();
  const deployment = await deploy('olive');
  expect(await deployment.result()).toMatchObject({ version: 'v1.0.0', run: { status: 200 } });
  expect((await world.env.currentTimeMs()) - began).toBeGreaterThan(7 * 60_000);
  expect(started()).toBe(1);
});

test('the same again and again: it is given up, and nothing was deployed', async () => {
  lost = 100;
  const deployment = await deploy('olive');
  expect(await failureOf(deployment.result())).toMatchObject({
    type: 'Nango.DeploymentFailed',
    reason: 'not_deployed',
  });
  expect(100 - lost).toBe(3);
  expect(started()).toBe(0);
});

test('a deployment that never ends is given up, and what it was to replace is as before', async () => {
  world.nango.onJob(({ kind }) => (kind === 'deployment' ? NEVER() : undefined));
  const deployment = await deploy('olive');
  expect(await failureOf(deployment.result())).toMatchObject({
    type: 'Nango.DeploymentFailed',
    reason: 'not_deployed',
  });
});
