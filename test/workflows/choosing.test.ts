import { TAG } from '../../src/contract/names';
import { choiceMark } from '../../src/contract/request-id';
import type { Connection, EnsureConnectionInput, RequestView, Tags } from '../../src/contract/types';
import type { ConnectionRequest } from '../../src/requests/connection-request';
import { eventually } from '../support/eventually';
import { waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// Of several connections that nothing tells apart somebody chooses one, once.

let world: World;
let person = 0;

beforeAll(async () => {
  world = await World.open('dev');
});

afterAll(async () => {
  await world?.close();
});

/** Somebody with several connections, each with such tags. */
function several(...tags: Tags[]) {
  const id = `u_${++person}`;
  const own = tags.map((more, n) => {
    const connectionId = `c${n}-${id}`;
    world.nango.addConnection({ integration: 'hubspot', connectionId, tags: { end_user_id: id, ...more } });
    return connectionId;
  }) as [string, string, ...string[]];
  return {
    ...{ id, own, wanted: { integration: 'hubspot', endUser: { id } } },
    request: `nango/default/hubspot/u:${id}`,
    mark: choiceMark({ owner: { endUser: { id } } }),
  };
}

const berlinAndParis = () => several({ place: 'berlin' }, { place: 'paris' });

async function byClient(wanted: EnsureConnectionInput): Promise<Connection> {
  const request = await world.connections.ensureConnection(wanted);
  return request.kind === 'connection' ? request.connection : await request.result();
}

async function byWorkflow(wanted: EnsureConnectionInput): Promise<Connection> {
  const ended: unknown = await world.client.workflow.execute('ensureConnection', {
    workflowId: `ensure-${++person}`,
    taskQueue: 'nango',
    args: [wanted],
  });
  return (ended as { connection: Connection }).connection;
}

const doors: [string, (wanted: EnsureConnectionInput) => Promise<Connection>][] = [
  ['the function', (wanted) => world.execute(waitFor, wanted)],
  ['the workflow', byWorkflow],
  ['the client', byClient],
];

function viewOf(request: string): Promise<RequestView> {
  return world.client.workflow.getHandle(request).query<RequestView>('nango.request');
}

/** The request, once it asks which is meant, and so many wait. */
async function choice(request: string, subscribers = 1): Promise<ConnectionRequest & { asked: RequestView }> {
  const asked = await eventually(async () => {
    const view = await viewOf(request).catch(() => undefined);
    return view?.question?.kind === 'choose-connection' && view.subscribers >= subscribers ? view : undefined;
  });
  const { firstExecutionRunId = '' } = asked;
  return Object.assign(world.connections.request({ id: request, firstExecutionRunId }), { asked });
}

function tagsOf(connectionId: string): Tags {
  return world.nango.connection('hubspot', connectionId)!.tags;
}

test.each(doors)('%s: somebody chooses, and it is remembered until it is forgotten', async (_, ensure) => {
  const { id, own, wanted, request, mark } = berlinAndParis();
  const waiting = ensure(wanted);
  const asking = await choice(request);
  expect(asking.asked.question?.candidates).toMatchObject([
    { connectionId: own[0], tags: { place: 'berlin' }, health: 'ok' },
    { connectionId: own[1], tags: { place: 'paris' }, health: 'ok' },
  ]);
  await asking.choose(own[1], { by: 'Olga' });
  expect(await waiting).toMatchObject({ connectionId: own[1] });
  expect(tagsOf(own[1])).toEqual({ end_user_id: id, place: 'paris', [TAG.chosen]: mark });
  expect(tagsOf(own[0])).not.toHaveProperty(TAG.chosen);
  expect((await asking.timeline()).map(({ what, by, connectionId }) => [what, by, connectionId])).toEqual(
    expect.arrayContaining([
      ['severalFound', undefined, undefined],
      ['decided', 'Olga', own[1]],
      ['connected', undefined, undefined],
    ]),
  );

  const asked = world.notices.length;
  for (const [, door] of doors) expect(await door(wanted)).toMatchObject({ connectionId: own[1] });
  expect(await byClient({ ...wanted, several: 'fail' })).toMatchObject({ connectionId: own[1] });
  expect(world.notices).toHaveLength(asked);

  expect(await world.connections.forgetChoice({ integration: 'hubspot', endUser: { id } })).toEqual([own[1]]);
  expect(tagsOf(own[1])).toEqual({ end_user_id: id, place: 'paris' });
  expect(await world.connections.forgetChoice({ integration: 'hubspot', endUser: { id } })).toEqual([]);
  const again = ensure(wanted);
  await (await choice(request)).choose(own[0], { by: 'Olga' });
  expect(await again).toMatchObject({ connectionId: own[0] });
});

test.each(doors)('%s: whoever names a tag has the one with it, and nobody is asked', async (_, ensure) => {
  const { own, wanted } = berlinAndParis();
  const asked = world.notices.length;
  expect(await ensure({ ...wanted, choose: { tag: { Place: 'paris' } } })).toMatchObject({ connectionId: own[1] });
  expect(await ensure({ ...wanted, several: 'fail', choose: { tag: { place: 'berlin' } } })).toMatchObject({
    connectionId: own[0],
  });
  expect(world.notices).toHaveLength(asked);
});

test.each(doors)('%s: with `several: fail` it is a failure, as before, with what differs', async (_, ensure) => {
  const { own, wanted } = several({ place: 'berlin', [TAG.account]: 'ann' }, { place: 'paris', [TAG.account]: 'bob' });
  const failure = await failureOf(ensure({ ...wanted, several: 'fail' }));
  expect(failure).toMatchObject({
    type: 'Nango.ConnectionAmbiguous',
    connections: [
      { connectionId: own[0], tags: { place: 'berlin' }, account: 'ann', health: 'ok' },
      { connectionId: own[1], tags: { place: 'paris' }, account: 'bob', health: 'ok' },
    ],
  });
});

test.each(doors)('%s: a tag that none has makes somebody choose, whatever was chosen before', async (_, ensure) => {
  const { own, wanted, request } = berlinAndParis();
  const waiting = byClient(wanted);
  await (await choice(request)).choose(own[0], { by: 'Olga' });
  await waiting;
  const choosy = ensure({ ...wanted, choose: { tag: { place: 'rome' } } });
  await (await choice(request)).choose(own[1], { by: 'Olga' });
  expect(await choosy).toMatchObject({ connectionId: own[1] });
  // The latest choice counts.
  expect(await ensure(wanted)).toMatchObject({ connectionId: own[1] });
});

test('joiners that say different things each get theirs', async () => {
  const { own, wanted, request } = berlinAndParis();
  const choosing = [await world.start(waitFor, wanted), await world.start(waitFor, wanted)];
  await choice(request, 2);
  expect(await failureOf(world.execute(waitFor, { ...wanted, several: 'fail' }))).toMatchObject({
    type: 'Nango.ConnectionAmbiguous',
  });
  expect(await failureOf(byClient({ ...wanted, several: 'fail' }))).toMatchObject({
    type: 'Nango.ConnectionAmbiguous',
    connections: [{ connectionId: own[0] }, { connectionId: own[1] }],
  });
  expect(await byClient({ ...wanted, choose: { tag: { place: 'berlin' } } })).toMatchObject({ connectionId: own[0] });
  const backend = await world.connections.ensureConnection(wanted);
  if (backend.kind !== 'request') throw new Error('expected a pending request');
  expect(await failureOf(byClient({ ...wanted, several: 'fail' }))).toMatchObject({
    type: 'Nango.ConnectionAmbiguous',
  });
  expect(await failureOf(backend.connectLink())).toMatchObject({ reason: 'other_question' });
  await (await choice(request, 3)).choose(own[1], { by: 'Olga' });
  for (const waiting of choosing) expect(await waiting.result()).toMatchObject({ connectionId: own[1] });
  expect(await backend.result()).toMatchObject({ connectionId: own[1] });
});

test('what is no answer is refused with the reason, and leaves nothing in the history', async () => {
  const { own, wanted, request } = berlinAndParis();
  const waiting = await world.start(waitFor, wanted);
  const asking = await choice(request);
  await world.notified(request, 'opened');
  const before = await eventually(async () => {
    const events = await world.events(request);
    // The lookup, the notice, and what each was granted.
    const isOver = events.filter((event) => event === 'activityTaskCompleted').length === 3;
    return isOver && events.at(-1) === 'workflowTaskCompleted' ? events : undefined;
  });
  const say = (given: object) =>
    world.client.workflow.getHandle(request).executeUpdate('nango.decide', { args: [given] });
  const refused: [unknown, object][] = [
    [asking.choose('c9', { by: 'Olga' }), { reason: 'not_a_candidate' }],
    [asking.choose('..', { by: 'Olga' }), { field: 'connectionId' }],
    [asking.choose(own[0], { by: '' }), { field: 'by' }],
    [asking.decide('yes', { by: 'Olga' }), { reason: 'no_open_question' }],
    [say({ connectionId: own[0], choice: 'yes', by: 'Olga' }), { field: 'choice' }],
    [say({ connectionId: 7, by: 'Olga' }), { field: 'connectionId' }],
    [say({ by: 'Olga' }), { field: 'choice' }],
    [say({ connectionId: own[0], by: 'Olga', firstExecutionRunId: 'earlier' }), { reason: 'request_closed' }],
  ];
  for (const [answer, why] of refused) {
    expect(await failureOf(answer as Promise<unknown>)).toMatchObject({ type: 'Nango.InvalidRequest', ...why });
  }
  expect(await world.events(request)).toEqual(before);

  const two = await Promise.allSettled(['Olga', 'Omar'].map((by, n) => asking.choose(own[n as 0 | 1], { by })));
  const [first, second] = two.toSorted((a) => (a.status === 'fulfilled' ? -1 : 1));
  expect([first?.status, second?.status]).toEqual(['fulfilled', 'rejected']);
  expect(await failureOf(Promise.reject((second as PromiseRejectedResult).reason as Error))).toMatchObject({
    reason: expect.stringMatching(/^(no_open_question|request_closed)$/) as string,
  });
  const won = own[two[0]?.status === 'fulfilled' ? 0 : 1];
  expect(await waiting.result()).toMatchObject({ connectionId: won });
  expect(await failureOf(asking.choose(own[0], { by: 'Olga' }))).toMatchObject({ reason: 'request_closed' });
  const decisions = (await asking.timeline()).filter(({ what }) => what === 'decided');
  expect(decisions).toMatchObject([{ connectionId: won }]);
});

test('one that has gone by the time is not returned: the one that is left is', async () => {
  const { own, wanted, request } = several({ place: 'berlin' }, { place: 'paris' }, { place: 'rome' });
  const waiting = await world.start(waitFor, wanted);
  const asking = await choice(request);
  await remove(own[2]!);
  await asking.choose(own[2]!, { by: 'Olga' });
  await eventually(async () => ((await viewOf(request)).question?.candidates?.length === 2 ? true : undefined));
  expect(await failureOf(asking.choose(own[2]!, { by: 'Olga' }))).toMatchObject({ reason: 'not_a_candidate' });
  await remove(own[0]);
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook' });
  expect(await waiting.result()).toMatchObject({ connectionId: own[1] });
});

test('all of them gone: the owner is asked to connect', async () => {
  const { own, wanted, request } = berlinAndParis();
  const waiting = await world.start(waitFor, wanted);
  await choice(request);
  for (const connectionId of own) await remove(connectionId);
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook', connectionId: own[0] });
  await eventually(async () => ((await viewOf(request)).question?.kind === 'connect' ? true : undefined));
  await world.notified(request, 'opened', 2);
  await waiting.cancel();
});

test('a hundred who wait get the same one, of one choice', async () => {
  const { own, wanted, request } = berlinAndParis();
  const waiting = await Promise.all(Array.from({ length: 100 }, () => world.start(waitFor, wanted)));
  await (await choice(request, 100)).choose(own[0], { by: 'Olga' });
  const ids = new Set(
    (await Promise.all(waiting.map((one) => one.result()))).map((one) => (one as Connection).connectionId),
  );
  expect([...ids]).toEqual([own[0]]);
});

test('nobody chooses in time: the failure says between what', async () => {
  const { own, wanted, request } = berlinAndParis();
  const hurried = await world.start(waitFor, { ...wanted, deadline: Date.now() + 8_000 });
  await choice(request);
  expect(await failureOf(hurried.result())).toMatchObject({
    type: 'Nango.ConnectionAmbiguous',
    connections: [{ connectionId: own[0] }, { connectionId: own[1] }],
  });
  await world.request(request, 'timedOut');
});

test('what each was granted is shown where it differs', async () => {
  const id = `u_${++person}`;
  for (const [name, grant] of Object.entries({ a: ['read'], b: ['read', 'write'] })) {
    const tags = { end_user_id: id };
    world.nango.addConnection({ integration: 'hubspot', connectionId: `${name}-${id}`, tags, grant });
  }
  const waiting = await world.start(waitFor, { integration: 'hubspot', endUser: { id } });
  const request = `nango/default/hubspot/u:${id}`;
  await eventually(async () => {
    const { candidates } = (await viewOf(request).catch(() => undefined))?.question ?? {};
    return candidates?.[1]?.grantedScopes?.join() === 'read,write' ? true : undefined;
  });
  const read = world.nango.requests.filter(({ path }) => path.startsWith(`/connections/a-${id}`));
  // A later lookup reads none of them once more.
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook' });
  await choice(request);
  expect(world.nango.requests.filter(({ path }) => path.startsWith(`/connections/a-${id}`))).toHaveLength(read.length);
  await waiting.cancel();
});

test('scopes that the chosen one lacks are asked for of its owner', async () => {
  const id = `u_${++person}`;
  const own = ['a', 'b'].map((name) => {
    const connectionId = `${name}-${id}`;
    const tags = { end_user_id: id, name };
    world.nango.addConnection({ integration: 'hubspot', connectionId, tags, grant: ['read'] });
    return connectionId;
  }) as [string, string];
  const request = `nango/default/hubspot/u:${id}`;
  const wanted = { integration: 'hubspot', endUser: { id }, scopes: ['write'] };
  const waiting = await world.start(waitFor, wanted);
  const asking = await choice(request);
  await asking.choose(own[1], { by: 'Olga' });
  await eventually(async () => ((await viewOf(request)).question?.kind === 'approve-scopes' ? true : undefined));
  const made = world.nango.complete(await asking.connectLink(), { as: 'ann', grant: ['read', 'write'] });
  expect(made.connectionId).toBe(own[1]);
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook', ...made });
  expect(await waiting.result()).toMatchObject({ connectionId: own[1], grantedScopes: ['read', 'write'] });
  // A reconnect wipes tags: the choice is among those that are put back.
  expect(tagsOf(own[1])).toMatchObject({ [TAG.chosen]: choiceMark({ owner: { endUser: { id } } }) });
  expect(await byClient(wanted)).toMatchObject({ connectionId: own[1] });
});

test('a choice is for one owner and slot: others are asked for themselves', async () => {
  const id = `u_${++person}`;
  const organization = { id: `org-${id}` };
  const own = ['a', 'b'].map((name) => {
    const connectionId = `${name}-${id}`;
    const tags = { end_user_id: id, organization_id: organization.id, name };
    world.nango.addConnection({ integration: 'hubspot', connectionId, tags });
    return connectionId;
  }) as [string, string];
  const wanted = { integration: 'hubspot', endUser: { id } };
  const theirs = { integration: 'hubspot', organization };
  const waiting = byClient(wanted);
  await (await choice(`nango/default/hubspot/u:${id}`)).choose(own[0], { by: 'Olga' });
  expect(await waiting).toMatchObject({ connectionId: own[0] });
  const others = byClient(theirs);
  await (await choice(`nango/default/hubspot/o:${organization.id}`)).choose(own[0], { by: 'Olga' });
  expect(await others).toMatchObject({ connectionId: own[0] });
  expect(tagsOf(own[0])[TAG.chosen]?.split(' ')).toHaveLength(2);
  await world.connections.forgetChoice(wanted);
  expect(await byClient(theirs)).toMatchObject({ connectionId: own[0] });
  expect(await failureOf(byClient({ ...wanted, several: 'fail' }))).toMatchObject({
    type: 'Nango.ConnectionAmbiguous',
  });
});

test('a connection with ten tags of its own is chosen all the same, and that it is not remembered is said', async () => {
  const nine = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`tag${n}`, 'x']));
  const { own, wanted, request } = several(nine, { place: 'paris' });
  const waiting = byClient(wanted);
  const asking = await choice(request);
  await asking.choose(own[0], { by: 'Olga' });
  expect(await waiting).toMatchObject({ connectionId: own[0] });
  expect((await asking.describe())?.view.notRemembered).toBe('too_many_tags');
  expect(tagsOf(own[0])).not.toHaveProperty(TAG.chosen);
});

test('adopting makes somebody choose where the owner has several already', async () => {
  const { own, wanted, request } = berlinAndParis();
  world.nango.addConnection({ integration: 'hubspot', connectionId: `orphan-${own[0]}`, tags: {} });
  const adopting = { ...wanted, adopt: `orphan-${own[0]}` };
  expect(await failureOf(byClient({ ...adopting, several: 'fail' }))).toMatchObject({
    type: 'Nango.ConnectionAmbiguous',
  });
  expect(await byClient({ ...adopting, choose: { tag: { place: 'paris' } } })).toMatchObject({ connectionId: own[1] });
  const waiting = [byClient(adopting), world.execute(waitFor, adopting)];
  await (await choice(request, 2)).choose(own[0], { by: 'Olga' });
  for (const one of waiting) expect(await one).toMatchObject({ connectionId: own[0] });
});

async function remove(connectionId: string): Promise<void> {
  const path = `/connections/${connectionId}?provider_config_key=hubspot`;
  const headers = { authorization: `Bearer ${world.nango.secretKey}` };
  const { status } = await fetch(`${world.nango.url}${path}`, { method: 'DELETE', headers });
  if (status !== 200) throw new Error(`not deleted: ${status}`);
}
