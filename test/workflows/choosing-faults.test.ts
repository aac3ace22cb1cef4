import { TAG } from '../../src/contract/names';
import { choiceMark } from '../../src/contract/request-id';
import type { Connection, RequestView } from '../../src/contract/types';
import { createReconnectSession } from '../../src/nango/connect-sessions';
import { withApi } from '../../src/nango/http/with-api';
import { eventually } from '../support/eventually';
import { startRelay } from '../support/relay';
import { waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// What goes wrong while one of several connections is chosen.

let world: World;
let person = 0;

afterEach(async () => {
  await world?.close();
});

/** Somebody with two connections, and a workflow that waits until one was chosen. */
async function ambiguous() {
  const id = `u_${++person}`;
  const own: [string, string] = [`a-${id}`, `b-${id}`];
  for (const connectionId of own) {
    world.nango.addConnection({ integration: 'hubspot', connectionId, tags: { end_user_id: id } });
  }
  const wanted = { integration: 'hubspot', endUser: { id } };
  const request = `nango/default/hubspot/u:${id}`;
  const waiting = await world.start(waitFor, wanted);
  const { firstExecutionRunId = '' } = await eventually(async () => {
    const handle = world.client.workflow.getHandle(request);
    const view = await handle.query<RequestView>('nango.request').catch(() => undefined);
    return view?.question?.kind === 'choose-connection' ? view : undefined;
  });
  const asked = world.connections.request({ id: request, firstExecutionRunId });
  return { ...{ own, wanted, request, waiting, asked }, mark: choiceMark({ owner: { endUser: { id } } }) };
}

const tagsOf = (connectionId: string) => world.nango.connection('hubspot', connectionId)!.tags;

test('a key that may not update connections: the choice serves whoever waits, and that it is forgotten is said', async () => {
  world = await World.open('dev', { workers: false });
  const scopes = ['list', 'read', 'read_credentials'].map((what) => `environment:connections:${what}`);
  world.config.secretKey = world.nango.addKey({ scopes });
  await world.startWorkers();
  const { own, wanted, waiting, asked } = await ambiguous();
  await asked.choose(own[1], { by: 'Olga' });
  expect(await waiting.result()).toMatchObject({ connectionId: own[1] });
  expect((await asked.describe())?.view.notRemembered).toBe('forbidden');
  expect(tagsOf(own[1])).not.toHaveProperty(TAG.chosen);
  expect(await failureOf(world.execute(waitFor, { ...wanted, several: 'fail' }))).toMatchObject({
    type: 'Nango.ConnectionAmbiguous',
  });
});

test('a key that may only list connections will do as well', async () => {
  world = await World.open('dev', { workers: false });
  world.config.secretKey = world.nango.addKey({ scopes: ['environment:connections:list'] });
  await world.startWorkers();
  const { own, waiting, asked } = await ambiguous();
  await asked.choose(own[0], { by: 'Olga' });
  expect(await waiting.result()).toMatchObject({ connectionId: own[0] });
});

test('responses that are lost while the choice is marked change nothing: one is marked, and only once returned', async () => {
  world = await World.open('dev', { workers: false });
  const lost = new Set<string>();
  let isChosen = false;
  const loseOnce = (what: string): boolean => isChosen && !lost.has(what) && Boolean(lost.add(what));
  const relay = await startRelay({
    upstream: world.nango.url,
    respond: ({ method }) => (method === 'GET' && loseOnce('a read') ? 'reset' : undefined),
    change: (response, { method }) => {
      // The write was carried out.
      if (method === 'PATCH' && loseOnce('a write')) throw new Error('lost');
      return response;
    },
  });
  world.config.baseUrl = relay.url;
  await world.startWorkers();
  const { own, wanted, waiting, asked, mark } = await ambiguous();
  isChosen = true;
  await asked.choose(own[1], { by: 'Olga' });
  expect(await waiting.result()).toMatchObject({ connectionId: own[1], tags: { [TAG.chosen]: mark } });
  expect([...lost].sort()).toEqual(['a read', 'a write']);
  expect(tagsOf(own[0])).not.toHaveProperty(TAG.chosen);
  expect(await world.execute(waitFor, wanted)).toMatchObject({ connectionId: own[1] });
  await relay.close();
});

test('what somebody connects anew while the choice is marked keeps the mark of that, and is no choice any more', async () => {
  world = await World.open('dev', { workers: false });
  let isRead = false;
  let next: { connectionId: string; link: string } | undefined;
  const relay = await startRelay({
    upstream: world.nango.url,
    respond: ({ method, url = '' }) => {
      if (next === undefined || method !== 'GET') return undefined;
      if (url.startsWith(`/connections/${next.connectionId}`)) isRead = true;
      // The others are looked up next, and the choice is written after that.
      else if (isRead) {
        world.nango.complete(next.link, { as: 'stranger' });
        next = undefined;
      }
      return undefined;
    },
  });
  world.config.baseUrl = relay.url;
  await world.startWorkers();
  const { own, waiting, asked } = await ambiguous();
  const tags = { ...tagsOf(own[1]), tn_nonce: 'another.1', tn_owner: 'unconfirmed' };
  const connection = { integration: 'hubspot', connectionId: own[1] };
  const nango = { baseUrl: world.nango.url, secretKey: world.nango.secretKey };
  const session = await withApi(nango, (api) =>
    createReconnectSession(api, { connection, tags }, { deadlineMs: 5_000 }),
  );
  next = { connectionId: own[1], link: session.connectLink };
  await asked.choose(own[1], { by: 'Olga' });
  expect(await waiting.result()).toMatchObject({ connectionId: own[0] });
  expect(next).toBeUndefined();
  expect(tagsOf(own[1])).toEqual(tags);
  await relay.close();
});

test('a worker that is gone between the decision and the mark: the next one carries it out', async () => {
  world = await World.open('dev', { workers: false });
  const first = await world.startNangoWorker();
  await world.startUserWorker();
  const { own, waiting, asked } = await ambiguous();
  world.nango.outage(true);
  await asked.choose(own[1], { by: 'Olga' });
  await eventually(async () => ((await asked.view()).decision !== undefined ? true : undefined));
  expect(await failureOf(asked.choose(own[0], { by: 'Omar' }))).toMatchObject({ reason: 'no_open_question' });
  first.shutdown();
  await eventually(() => Promise.resolve(first.getState() === 'STOPPED' ? true : undefined));
  world.nango.outage(false);
  await world.startNangoWorker();
  expect(await waiting.result()).toMatchObject({ connectionId: own[1] });
});

test('two who choose at the same moment: the first counts, and the second is told and leaves no trace', async () => {
  world = await World.open('dev', { workers: false });
  const first = await world.startNangoWorker();
  await world.startUserWorker();
  const { own, waiting, asked } = await ambiguous();
  first.shutdown();
  await eventually(() => Promise.resolve(first.getState() === 'STOPPED' ? true : undefined));
  // Both wait for a worker, and are validated in one workflow task.
  const both = ['Olga', 'Omar'].map((by, n) => asked.choose(own[n as 0 | 1], { by }));
  const settled = Promise.allSettled(both);
  await world.startNangoWorker();
  const results = await settled;
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const n = results[0]?.status === 'fulfilled' ? 0 : 1;
  const { connectionId } = (await waiting.result()) as Connection;
  expect(connectionId).toBe(own[n]);
  const decided = (await asked.timeline()).filter(({ what }) => what === 'decided');
  expect(decided).toMatchObject([{ connectionId, by: ['Olga', 'Omar'][n] }]);
});

test('whoever has to choose is reminded after days; before the next reminder it is seen that one only is left', async () => {
  world = await World.open('timeSkipping');
  const { own, request, waiting } = await ambiguous();
  await world.notified(request, 'opened');
  await world.atRest(request);
  await world.env.sleep('25 hours');
  const { question, reminders } = await world.notified(request, 'reminder');
  expect([question.kind, question.candidates?.length, reminders]).toEqual(['choose-connection', 2, 1]);
  await world.atRest(request);
  const headers = { authorization: `Bearer ${world.nango.secretKey}` };
  const address = `${world.nango.url}/connections/${own[0]}?provider_config_key=hubspot`;
  expect((await fetch(address, { method: 'DELETE', headers })).status).toBe(200);
  await world.env.sleep('49 hours');
  expect(await waiting.result()).toMatchObject({ connectionId: own[1] });
  expect(world.questionNotices.filter(({ occasion }) => occasion === 'reminder')).toHaveLength(1);
});
