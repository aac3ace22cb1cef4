import { randomUUID } from 'node:crypto';
import type { QuestionNotice } from '../../src/contract/types';
import { eventually } from '../support/eventually';
import {
  approvedInVain,
  asked,
  BY,
  closeWorld,
  connect,
  connectionsOf,
  granted,
  METADATA,
  openWorld,
  relaying,
  requestOf,
  scopesOf,
  send,
  setScopes,
  update,
  viewOf,
} from '../support/fixed-scopes';
import { waitFor } from '../support/user-workflows';
import { failureOf } from '../support/world';
import type { World } from '../support/world';

// Where a link adds no scopes, an operator is asked to have the integration request more: when, and what comes of it.

let world: World;

beforeAll(async () => {
  world = await openWorld();
});

afterAll(closeWorld);

afterEach(() => {
  delete relaying.change;
});

describe('an operator', () => {
  test('who has changed the integration elsewhere is believed once it is so', async () => {
    const who = granted();
    const waiting = world.execute(waitFor, who.wanted);
    await approvedInVain(who);
    const request = await requestOf(who);
    expect(await failureOf(request.scopesUpdated(BY))).toMatchObject({
      type: 'Nango.InvalidRequest',
      reason: 'not_requested',
    });
    expect((await viewOf(who)).question?.kind).toBe('update-integration-scopes');
    await setScopes(who.integration, 'read,write,more');
    await request.scopesUpdated(BY);
    await asked(who, 'recreate-connection');
    const id = await connect(who);
    expect(await waiting).toMatchObject({ connectionId: id });
  });

  test('who says no ends it: whoever needs more is told so, and nothing is deleted', async () => {
    const who = granted();
    const waiting = world.execute(waitFor, who.wanted);
    await approvedInVain(who);
    await (await requestOf(who)).decide('no', BY);
    expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
    expect(await connectionsOf(who)).toMatchObject([
      { connectionId: who.connectionId, tags: who.tags, metadata: METADATA },
    ]);
    expect(await scopesOf(who.integration)).toBe('read');
  });

  test('whose yes is being carried out is the only one: a no meanwhile is refused, and the yes counts', async () => {
    const who = granted();
    const waiting = world.execute(waitFor, who.wanted);
    await approvedInVain(who);
    const request = await requestOf(who);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const begun = new Promise<void>((begin) => {
      relaying.change = async (response, { method, url }) => {
        if (method !== 'PATCH' || url !== `/integrations/${who.integration}`) return response;
        begin();
        await held;
        return response;
      };
    });
    const yes = update(who);
    await begun;
    for (const other of [() => request.decide('no', BY), () => request.scopesUpdated(BY), () => update(who)]) {
      expect(await failureOf(other())).toMatchObject({ type: 'Nango.InvalidRequest', reason: 'no_open_question' });
    }
    release();
    await yes;
    await asked(who, 'recreate-connection');
    const id = await connect(who);
    expect(await waiting).toMatchObject({ connectionId: id, grantedScopes: ['read', 'write'] });
  });

  /** The request ends before the worker has Nango's response. */
  async function endedMeanwhile(who: ReturnType<typeof granted>, method: string, say: () => Promise<void>) {
    const request = await requestOf(who);
    let ended: Promise<void> | undefined;
    relaying.change = async (response, { method: asked, url }) => {
      if (ended !== undefined || asked !== method || !url?.startsWith(`/integrations/${who.integration}`))
        return response;
      ended = request.decline();
      await eventually(async () => (await viewOf(who)).status === 'declined' || undefined);
      return response;
    };
    return await say().then(
      () => 'done',
      (error: unknown) => failureOf(Promise.reject(error as Error)),
    );
  }

  test.each([
    ['it is not so', 'read'],
    ['it is so', 'read,write'],
  ])(
    'who says that it is changed, of a request that ends meanwhile, is told that it has ended: %s',
    async (_, scopes) => {
      const who = granted();
      const waiting = world.execute(waitFor, who.wanted).catch(() => undefined);
      await approvedInVain(who);
      await setScopes(who.integration, scopes);
      const request = await requestOf(who);
      expect(await endedMeanwhile(who, 'GET', () => request.scopesUpdated(BY))).toMatchObject({
        type: 'Nango.InvalidRequest',
        reason: 'request_closed',
      });
      await waiting;
    },
  );

  test('whose yes is carried out as the request ends has changed the integration', async () => {
    const who = granted();
    const waiting = world.execute(waitFor, who.wanted).catch(() => undefined);
    await approvedInVain(who);
    expect(await endedMeanwhile(who, 'PATCH', () => update(who))).toBe('done');
    expect(await scopesOf(who.integration)).toBe('read,write');
    await waiting;
  });

  test('whose yes could not be carried out may say no', async () => {
    const who = granted();
    const waiting = world.execute(waitFor, who.wanted);
    await approvedInVain(who);
    expect(await failureOf(update(who, { clientId: 'other' }))).toMatchObject({ field: 'credentials.clientId' });
    await (await requestOf(who)).decide('no', BY);
    expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing' });
  });

  test.each([
    [
      'a secret in the place of its name',
      { clientSecret: { fromEnv: 's3cr3t-value' } },
      'credentials.clientSecret.fromEnv',
    ],
    ['a key of this package', { clientSecret: { fromEnv: 'NANGO_SECRET_KEY' } }, 'credentials.clientSecret.fromEnv'],
    ['the id of another app', { clientId: 'other' }, 'credentials.clientId'],
    ['a variable that is not there', { clientSecret: { fromEnv: 'NOT_THERE' } }, 'credentials.clientSecret.fromEnv'],
    ['a secret itself', { clientSecret: 'secret' }, 'credentials.clientSecret'],
  ])('who gives %s is told which field is wrong', async (_, change, field) => {
    const who = granted();
    const waiting = await world.start(waitFor, who.wanted);
    await approvedInVain(who);
    expect(await failureOf(update(who, change))).toMatchObject({ field });
    expect(await scopesOf(who.integration)).toBe('read');
    await waiting.cancel();
  });

  test.each([
    ['yes', {}],
    ['', {}],
    ['update', {}],
    ['updated', { credentials: { clientId: 'id', clientSecret: { fromEnv: 'APP_SECRET' } } }],
    ['update', { credentials: { clientId: 'id', clientSecret: { fromEnv: 's3cr3t' } } }],
  ])('what is none of the choices leaves nothing in the history: %j', async (choice, more) => {
    const who = granted();
    const waiting = await world.start(waitFor, who.wanted);
    await approvedInVain(who);
    const handle = world.client.workflow.getHandle(who.request);
    const given = { choice, ...BY, ...more };
    expect(await failureOf(handle.executeUpdate('nango.decide', { args: [given] }))).toMatchObject({
      type: 'Nango.InvalidRequest',
    });
    const history = JSON.stringify(await handle.fetchHistory());
    expect(history).not.toContain(Buffer.from(JSON.stringify(given)).toString('base64'));
    await waiting.cancel();
  });
});

test('a link is made only once the integration is set up', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  const request = await requestOf(who);
  expect(await failureOf(request.connectLink({ recreate: true }))).toMatchObject({ reason: 'no_open_question' });
  await waiting.cancel();
});

test.each([
  ['environment:integrations:update', ['connections:read_credentials', 'integrations:read_credentials']],
  ['environment:integrations:read_credentials', ['connections:read_credentials', 'integrations:read']],
])('a worker whose key lacks %s says so to the operator', async (scope, more) => {
  const who = granted();
  await who.ready();
  const waiting = await world.start(waitFor, who.wanted);
  await asked(who, 'approve-scopes');
  const all = ['connections:list', 'connections:update', 'integrations:list', 'connect_sessions:write', ...more];
  world.nango.addKey({ key: world.nango.secretKey, scopes: all.map((one) => `environment:${one}`) });
  try {
    await connect(who);
    await asked(who, 'update-integration-scopes');
    expect(await failureOf(update(who))).toMatchObject({ type: 'Nango.Forbidden', scope });
  } finally {
    world.nango.addKey({ key: world.nango.secretKey, scopes: ['environment:*'] });
  }
  expect(await scopesOf(who.integration)).toBe('read');
  await update(who);
  await asked(who, 'recreate-connection');
  await waiting.cancel();
});

test('somebody who names a scope that the integration does not request opens the question for an operator again', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const more = await world.start(waitFor, { ...who.wanted, scopes: ['delete'] });
  const view = await asked(who, 'update-integration-scopes');
  expect(view.question?.scopes?.toRequest).toEqual(['read', 'write', 'delete']);
  const isTold = ({ request, question }: QuestionNotice): boolean =>
    request.id === who.request && question.kind === 'update-integration-scopes';
  await eventually(() => Promise.resolve(world.questionNotices.filter(isTold).length === 2 || undefined));
  await update(who);
  await asked(who, 'recreate-connection');
  const id = await connect(who);
  expect(await waiting.result()).toMatchObject({ connectionId: id });
  expect(await more.result()).toMatchObject({ connectionId: id, grantedScopes: ['read', 'write', 'delete'] });
});

test('whoever joins once the owner has gone to make the new connection is refused what it lacks', async () => {
  const who = granted();
  const waiting = await world.start(waitFor, who.wanted);
  await approvedInVain(who);
  await update(who);
  await asked(who, 'recreate-connection');
  const link = await (await requestOf(who)).connectLink({ recreate: true });
  const late = await world.start(waitFor, { ...who.wanted, scopes: ['admin'] });
  await asked(who, 'update-integration-scopes');
  const made = world.nango.complete(link, { as: 'anna' });
  await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', ...made });
  expect(await waiting.result()).toMatchObject({
    connectionId: made.connectionId,
    grantedScopes: ['read', 'write'],
  });
  expect(await failureOf(late.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['admin'] });
  await world.client.workflow.getHandle(who.request).result();
  expect(await connectionsOf(who)).toMatchObject([made]);
});

test('an earlier link that has requested nothing of what is missing says nothing of what links add', async () => {
  const who = granted({ requests: 'read,write' });
  await who.ready();
  const waiting = await world.start(waitFor, who.wanted);
  await asked(who, 'approve-scopes');
  const request = await requestOf(who);
  const [one, other] = [await request.connectLink(), await request.connectLink()];
  const late = await world.start(waitFor, { ...who.wanted, scopes: ['admin'] });
  await eventually(async () => (await viewOf(who)).subscribers === 2 || undefined);
  const { connectionId } = who;
  const complete = async (link: string) => {
    world.nango.complete(link, { as: 'anna', grant: ['read', 'write'] });
    await world.client.workflow.getHandle(who.request).signal('nango.hint', { source: 'webhook', connectionId });
  };
  await complete(one);
  expect(await waiting.result()).toMatchObject({ grantedScopes: ['read', 'write'] });
  await world.notified(who.request, 'opened', 2);
  await complete(other);
  await world.notified(who.request, 'opened', 3);
  expect((await viewOf(who)).question).toMatchObject({ kind: 'approve-scopes', scopes: { missing: ['admin'] } });
  await connect(who, ['read', 'write', 'admin']);
  expect(await late.result()).toMatchObject({ connectionId, grantedScopes: ['read', 'write', 'admin'] });
});

test('a connection whose tags leave no room ends as before', async () => {
  const who = granted();
  const tags = { end_user_id: who.id, ...Object.fromEntries(Array.from({ length: 8 }, (_, i) => [`own_${i}`, 'x'])) };
  await who.ready();
  await send('PATCH', `/connections/${who.connectionId}?provider_config_key=${who.integration}`, { tags });
  const waiting = world.execute(waitFor, who.wanted);
  await asked(who, 'approve-scopes');
  await connect(who);
  expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
});

test("an app of Nango's own requests what it requests: the end is as before", async () => {
  const who = granted();
  world.nango.addProvider({
    name: 'lent',
    authMode: 'OAUTH2',
    ignoresScopesOverride: true,
    developerApp: { scopes: ['read'] },
  });
  const lentKey = `lent-${randomUUID()}`;
  await send('POST', '/integrations/quickstart', { provider: 'lent', unique_key: lentKey });
  const credentials = { type: 'OAUTH2' as const, access_token: 'a', raw: { scope: 'read' } };
  world.nango.addConnection({
    integration: lentKey,
    connectionId: `c-${lentKey}`,
    tags: { end_user_id: who.id },
    credentials,
  });
  const lent = { ...who, integration: lentKey, request: `nango/default/${lentKey}/u:${who.id}` };
  const waiting = world.execute(waitFor, { ...who.wanted, integration: lentKey });
  await asked(lent, 'approve-scopes');
  await connect(lent);
  expect(await failureOf(waiting)).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
});
