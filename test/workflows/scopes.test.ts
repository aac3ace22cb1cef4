import type { Connection, EnsureConnectionInput, RequestView } from '../../src/contract/types';
import { joinRequest } from '../../src/requests/join';
import { eventually } from '../support/eventually';
import { waitFor } from '../support/user-workflows';
import { failureOf, World } from '../support/world';

// What a connection was granted decides for whom it is; what it lacks is asked for, once.

let world: World;
let person = 0;

beforeAll(async () => {
  world = await World.open('dev');
  world.nango.addProvider({ name: 'keyed', authMode: 'API_KEY' });
  world.nango.addIntegration({ key: 'keyed', provider: 'keyed' });
});

afterAll(async () => {
  await world?.close();
});

const METADATA = { folder: 'inbox' };

function oauth(scope?: unknown) {
  return { type: 'OAUTH2' as const, access_token: 'a', raw: { scope } };
}

/** Somebody whose connection was granted this when they connected. */
function granted(scope: unknown, integration = 'hubspot') {
  const id = `u_${++person}`;
  const connectionId = `c-${id}`;
  const tags = { end_user_id: id, team: 'red' };
  const credentials = integration === 'keyed' ? { type: 'API_KEY' as const, apiKey: 'k' } : oauth(scope);
  world.nango.addConnection({ integration, connectionId, tags, metadata: METADATA, credentials });
  return {
    id,
    connectionId,
    tags,
    wanted: { integration, endUser: { id } },
    request: `nango/default/${integration}/u:${id}`,
  };
}

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

/** The request, once it asks for scopes. */
async function approvalOf(request: string) {
  return await eventually(async () => {
    const view = await viewOf(request).catch(() => undefined);
    return view?.question?.kind === 'approve-scopes' ? view : undefined;
  });
}

/** The person clicks and grants this, and Nango's webhook says so. */
async function connect(request: string, ...grant: string[]): Promise<string> {
  const { firstExecutionRunId = '' } = await viewOf(request);
  const link = await world.connections.request({ id: request, firstExecutionRunId }).connectLink();
  const made = world.nango.complete(link, { as: 'anna', grant });
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook', ...made });
  return made.connectionId;
}

function nowAtNango(connectionId: string) {
  return world.nango.connection('hubspot', connectionId)!;
}

test.each(doors)('%s: granted read, wanted write: asked for, and returned once it is granted', async (_, ensure) => {
  const { connectionId, tags, wanted, request } = granted('read');
  const waiting = ensure({ ...wanted, scopes: ['write'] });
  const view = await approvalOf(request);
  expect(view.question?.scopes).toEqual({ granted: ['read'], missing: ['write'] });
  expect(await connect(request, 'read', 'write')).toBe(connectionId);

  expect(await waiting).toMatchObject({ connectionId, grantedScopes: ['read', 'write'], tags });
  expect(await waiting).not.toHaveProperty('scopesChecked');
  expect(nowAtNango(connectionId)).toMatchObject({ tags, metadata: METADATA });
});

test.each(doors)('%s: what was granted is returned at once, and nobody is asked', async (_, ensure) => {
  const { connectionId, wanted } = granted('read write');
  const asked = world.notices.length;
  expect(await ensure({ ...wanted, scopes: ['write'] })).toMatchObject({
    connectionId,
    grantedScopes: ['read', 'write'],
  });
  expect(await ensure(wanted)).not.toHaveProperty('scopesChecked');
  expect(world.notices).toHaveLength(asked);
});

test.each([
  ['by commas', 'read,write'],
  ['as a list', ['read', 'write']],
  ['as a list whose items are several', ['read write', 'read']],
  ['by spaces and line breaks', ' read\nwrite  '],
  ['without what is no scope', 'read \u202ewrite \u0007x write "quoted" ' + 'w'.repeat(256)],
])('granted scopes are understood %s', async (_, scope) => {
  const { wanted } = granted(scope);
  const connection = await world.execute(waitFor, { ...wanted, scopes: ['write', 'read'] });
  expect(connection).toMatchObject({ grantedScopes: ['read', 'write'] });
});

test('of a connection that works again what it was granted is known at once', async () => {
  const { connectionId, tags, wanted } = granted('read write');
  world.nango.refresh(connectionId, 'outage');
  expect(await byClient({ ...wanted, scopes: ['write'] })).toMatchObject({ scopesChecked: false });
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags, credentials: oauth('read write') });
  expect(await byClient({ ...wanted, scopes: ['write'] })).toMatchObject({ grantedScopes: ['read', 'write'] });
});

describe('that nobody can know is not a no', () => {
  test.each(doors)('%s: a provider that does not tell', async (_, ensure) => {
    const { connectionId, wanted } = granted(undefined);
    expect(await ensure({ ...wanted, scopes: ['write'] })).toMatchObject({ connectionId, scopesChecked: false });
  });

  test('names that nobody could keep', async () => {
    const { connectionId, wanted } = granted(Array.from({ length: 2_000 }, (_, i) => `scope-${i}`));
    expect(await byClient({ ...wanted, scopes: ['write'] })).toMatchObject({ connectionId, scopesChecked: false });
  });

  test('a kind of credentials without scopes', async () => {
    const { connectionId, wanted } = granted(undefined, 'keyed');
    expect(await byClient({ ...wanted, scopes: ['write'] })).toMatchObject({ connectionId, scopesChecked: false });
  });

  test.each(['outage', 'revoked'] as const)('a connection that fails: %s', async (mode) => {
    const { connectionId, wanted } = granted('read');
    world.nango.refresh(connectionId, mode);
    expect(await byClient({ ...wanted, scopes: ['write'] })).toMatchObject({ connectionId, scopesChecked: false });
  });
});

test('whoever does without is served while others wait for the approval', async () => {
  const { connectionId, wanted, request } = granted('read');
  const waiting = await world.start(waitFor, { ...wanted, scopes: ['write'] });
  await approvalOf(request);
  for (const scopes of [undefined, [], ['read']]) {
    expect(await byClient({ ...wanted, scopes })).toMatchObject({ connectionId });
    expect(await world.execute(waitFor, { ...wanted, scopes })).toMatchObject({ connectionId });
  }
  await waiting.cancel();
});

test('whoever grants less than was asked for when connecting is asked once more, and that is all', async () => {
  const id = `u_${++person}`;
  const request = `nango/default/hubspot/u:${id}`;
  const wanted = { integration: 'hubspot', endUser: { id }, scopes: ['read', 'write'] };
  const waiting = await world.start(waitFor, wanted);
  const content = await world.start(waitFor, { ...wanted, scopes: ['read'] });
  await eventually(async () => ((await viewOf(request).catch(() => undefined))?.subscribers === 2 ? true : undefined));
  const connectionId = await connect(request, 'read');
  expect(await content.result()).toMatchObject({ connectionId, grantedScopes: ['read'] });
  expect((await approvalOf(request)).question?.scopes).toEqual({ granted: ['read'], missing: ['write'] });
  await world.notified(request, 'opened', 2);

  await connect(request, 'read', 'other');
  expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
  expect(nowAtNango(connectionId).tags).toMatchObject({ end_user_id: id });

  // Nobody is asked again by a workflow, and whoever needs no more than there is has it.
  const asked = world.notices.length;
  expect(await failureOf(world.execute(waitFor, wanted))).toMatchObject({
    type: 'Nango.ScopesMissing',
    scopes: ['write'],
  });
  expect(await world.execute(waitFor, { ...wanted, scopes: ['other'] })).toMatchObject({ connectionId });
  expect(world.notices).toHaveLength(asked);
  // A person who has just pressed a button is.
  const again = await world.connections.ensureConnection(wanted);
  expect(again.kind).toBe('request');
});

test('an approval requests what was granted, what was requested before, and what is missing', async () => {
  const id = `u_${++person}`;
  const request = `nango/default/hubspot/u:${id}`;
  const wanted = { integration: 'hubspot', endUser: { id } };
  const first = await world.start(waitFor, { ...wanted, scopes: ['read', 'offline_access'] });
  await world.notified(request, 'opened');
  const connectionId = await connect(request, 'read', 'openid');
  await first.result();
  const more = await world.start(waitFor, { ...wanted, scopes: ['write'], freshScopes: true });
  await approvalOf(request);
  await connect(request, 'read', 'openid', 'write');
  await more.result();
  expect(nowAtNango(connectionId).connectionConfig).toMatchObject({
    oauth_scopes_override: ['read', 'offline_access', 'openid', 'write'],
  });
});

test('of an integration with scopes of its own those are requested, too, where the key may read them', async () => {
  world.nango.addProvider({ name: 'mail', authMode: 'OAUTH2', defaultScopes: ['mail.read', 'offline_access'] });
  world.nango.addIntegration({ key: 'mail', provider: 'mail' });
  const id = `u_${++person}`;
  const wanted = { integration: 'mail', endUser: { id } };
  const tags = { end_user_id: id };
  world.nango.addConnection({ integration: 'mail', connectionId: `c-${id}`, tags, grant: ['mail.read'] });
  const request = `nango/default/mail/u:${id}`;
  const waiting = await world.start(waitFor, { ...wanted, scopes: ['mail.send'] });
  await approvalOf(request);
  await connect(request, 'mail.read', 'mail.send');
  await waiting.result();
  expect(world.nango.connection('mail', `c-${id}`)?.connectionConfig).toMatchObject({
    oauth_scopes_override: ['mail.read', 'offline_access', 'mail.send'],
  });
});

test('a provider that does not take the scopes: asked once, then a typed end', async () => {
  world.nango.addProvider({ name: 'fixed', authMode: 'OAUTH2', ignoresScopesOverride: true });
  world.nango.addIntegration({ key: 'fixed', provider: 'fixed' });
  const id = `u_${++person}`;
  const tags = { end_user_id: id };
  world.nango.addConnection({ integration: 'fixed', connectionId: `c-${id}`, tags, grant: ['read'] });
  const request = `nango/default/fixed/u:${id}`;
  const waiting = await world.start(waitFor, { integration: 'fixed', endUser: { id }, scopes: ['write'] });
  const { firstExecutionRunId = '' } = await approvalOf(request);
  const link = await world.connections.request({ id: request, firstExecutionRunId }).connectLink();
  const made = world.nango.complete(link, { as: 'anna' });
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook', ...made });
  expect(await failureOf(waiting.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
  expect(world.nango.connection('fixed', `c-${id}`)).toMatchObject({ tags });
});

test('a connection that its owner gave more by other means is returned', async () => {
  const { connectionId, tags, wanted, request } = granted('read');
  const waiting = await world.start(waitFor, { ...wanted, scopes: ['write'] });
  await approvalOf(request);
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags, credentials: oauth('read write') });
  await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook', connectionId });
  expect(await waiting.result()).toMatchObject({ connectionId, grantedScopes: ['read', 'write'] });
});

test('what was read is believed for a while, unless somebody wants it fresh', async () => {
  const { connectionId, tags, wanted } = granted('read write');
  await byClient({ ...wanted, scopes: ['write'] });
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags, credentials: oauth('read') });
  expect(await byClient({ ...wanted, scopes: ['write'] })).toMatchObject({ grantedScopes: ['read', 'write'] });
  const anew = await world.connections.ensureConnection({ ...wanted, scopes: ['write'], freshScopes: true });
  expect(anew.kind).toBe('request');
});

test.each(doors)(
  '%s: that less was granted before is no reason to ask whoever has granted it since',
  async (_, ensure) => {
    const { connectionId, tags, wanted } = granted('read');
    await byClient({ ...wanted, scopes: ['read'] });
    world.nango.addConnection({ integration: 'hubspot', connectionId, tags, credentials: oauth('read write') });
    const asked = world.notices.length;
    expect(await ensure({ ...wanted, scopes: ['write'] })).toMatchObject({ grantedScopes: ['read', 'write'] });
    expect(world.notices).toHaveLength(asked);
  },
);

test('of what was granted since an earlier read, no more is asked for than is missing', async () => {
  const { connectionId, tags, wanted, request } = granted('read');
  await byClient({ ...wanted, scopes: ['read'] });
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags, credentials: oauth('read write') });
  await world.connections.ensureConnection({ ...wanted, scopes: ['write', 'delete'] });
  expect((await approvalOf(request)).question?.scopes).toEqual({ granted: ['read', 'write'], missing: ['delete'] });
});

test('a workflow is told of what was granted since without any request', async () => {
  const { connectionId, tags, wanted, request } = granted('read');
  await world.execute(waitFor, { ...wanted, scopes: ['read'] });
  world.nango.addConnection({ integration: 'hubspot', connectionId, tags, credentials: oauth('read write') });
  expect(await world.execute(waitFor, { ...wanted, scopes: ['write'] })).toMatchObject({ connectionId });
  await expect(world.client.workflow.getHandle(request).describe()).rejects.toThrow();
});

describe('before somebody is reminded it is looked whether they have granted it by other means', () => {
  test('they have: the wait is over, and nobody is reminded', async () => {
    const { connectionId, tags, wanted, request } = granted('read');
    const waiting = await world.start(waitFor, { ...wanted, scopes: ['write'] });
    const { firstExecutionRunId = '' } = await approvalOf(request);
    await world.notified(request, 'opened');
    world.nango.addConnection({ integration: 'hubspot', connectionId, tags, credentials: oauth('read write') });
    await world.connections.request({ id: request, firstExecutionRunId }).remind();
    expect(await waiting.result()).toMatchObject({ connectionId, grantedScopes: ['read', 'write'] });
    expect(world.notices.filter(({ request: { id }, reason }) => id === request && reason === 'reminder')).toEqual([]);
  });

  test('they have not, or not all of it: they are', async () => {
    const { connectionId, tags, wanted, request } = granted('read');
    const waiting = await world.start(waitFor, { ...wanted, scopes: ['write', 'delete'] });
    const { firstExecutionRunId = '' } = await approvalOf(request);
    await world.notified(request, 'opened');
    world.nango.addConnection({ integration: 'hubspot', connectionId, tags, credentials: oauth('read write') });
    await world.connections.request({ id: request, firstExecutionRunId }).remind();
    await world.notified(request, 'reminder');
    await waiting.cancel();
  });
});

describe('whoever joins while the owner is at the provider, by a link that does not request what they want', () => {
  async function joinedMeanwhile() {
    const { connectionId, wanted, request } = granted('read');
    const first = await world.start(waitFor, { ...wanted, scopes: ['write'] });
    const { firstExecutionRunId = '' } = await approvalOf(request);
    await world.notified(request, 'opened');
    const link = await world.connections.request({ id: request, firstExecutionRunId }).connectLink();
    const second = await world.start(waitFor, { ...wanted, scopes: ['admin'] });
    await eventually(async () => ((await viewOf(request)).subscribers === 2 ? true : undefined));
    const complete = async (...grant: string[]) => {
      world.nango.complete(link, { as: 'anna', grant });
      await world.client.workflow.getHandle(request).signal('nango.hint', { source: 'webhook', connectionId });
    };
    return { connectionId, request, first, second, complete, wanted };
  }

  test('waits on once the others are served, and its owner is asked for that', async () => {
    const { connectionId, request, first, second, complete } = await joinedMeanwhile();
    await complete('read', 'write');
    expect(await first.result()).toMatchObject({ connectionId, grantedScopes: ['read', 'write'] });
    const asked = await world.notified(request, 'opened', 2);
    expect(asked.question.scopes).toEqual({ granted: ['read', 'write'], missing: ['admin'] });
    await connect(request, 'read', 'write', 'admin');
    expect(await second.result()).toMatchObject({ connectionId, grantedScopes: ['read', 'write', 'admin'] });
    expect(nowAtNango(connectionId)).toMatchObject({ tags: { team: 'red' }, metadata: METADATA });
  });

  test('waits on, too, when the others are refused; and is asked for once, as they were', async () => {
    const { request, first, second, complete } = await joinedMeanwhile();
    await complete('read', 'other');
    expect(await failureOf(first.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['write'] });
    const asked = await world.notified(request, 'opened', 2);
    expect(asked.question.scopes).toEqual({ granted: ['read', 'other'], missing: ['admin'] });
    await connect(request, 'read');
    expect(await failureOf(second.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['admin'] });
    expect((await world.client.workflow.getHandle(request).result()) as object).toMatchObject({ status: 'cancelled' });
  });

  test.each(doors)(
    '%s: who was refused while others wait on is not asked for again on the same day',
    async (_, ensure) => {
      const { request, first, second, complete, wanted } = await joinedMeanwhile();
      await complete('read', 'other');
      await failureOf(first.result());
      await world.notified(request, 'opened', 2);
      const again = { ...wanted, scopes: ['write'], ignoreCoolDown: false };
      const refused = { type: 'Nango.ScopesMissing', scopes: ['write'] };
      expect(await failureOf(ensure(again))).toMatchObject(refused);
      expect(await viewOf(request)).toMatchObject({ subscribers: 1, missingScopes: ['write'] });
      await connect(request, 'read', 'admin');
      expect(await second.result()).toMatchObject({ grantedScopes: ['read', 'admin'] });
      await world.client.workflow.getHandle(request).result();
      expect(await failureOf(ensure(again))).toMatchObject(refused);
      expect(await ensure({ ...wanted, scopes: ['admin'] })).toMatchObject({ grantedScopes: ['read', 'admin'] });
      const asked = await world.start(waitFor, { ...again, ignoreCoolDown: true });
      await approvalOf(request);
      await asked.cancel();
    },
  );

  test.each([
    ['declined', 0],
    ['granted less', 0],
    ['granted less, and a backend that minds no cool-down asks for others', 2],
  ])('%s: after a request for others nobody is asked for the same on that day', async (how, door) => {
    const { wanted, request } = granted('read');
    const first = await world.start(waitFor, { ...wanted, scopes: ['write'] });
    const { firstExecutionRunId = '' } = await approvalOf(request);
    await world.notified(request, 'opened');
    if (how === 'declined') await world.connections.request({ id: request, firstExecutionRunId }).decline();
    else await connect(request, 'read', 'other');
    await failureOf(first.result());
    const second = doors[door]![1]({ ...wanted, scopes: ['admin'] });
    await eventually(async () =>
      (await approvalOf(request))?.question?.scopes?.missing[0] === 'admin' ? true : undefined,
    );
    const again = () => failureOf(world.execute(waitFor, { ...wanted, scopes: ['write'] }));
    const refused = { type: 'Nango.ScopesMissing', scopes: ['write'] };
    expect(await again()).toMatchObject(refused);
    await connect(request, 'read', 'admin');
    expect(await second).toMatchObject({ grantedScopes: ['read', 'admin'] });
    await world.client.workflow.getHandle(request).result();
    expect(await again()).toMatchObject(refused);
  });

  test('who minds no cool-down waits with the others', async () => {
    const { request, first, second, complete, wanted } = await joinedMeanwhile();
    await complete('read', 'other');
    await failureOf(first.result());
    await world.notified(request, 'opened', 2);
    const again = await world.start(waitFor, { ...wanted, scopes: ['write'], ignoreCoolDown: true });
    await eventually(async () => ((await viewOf(request)).subscribers === 2 ? true : undefined));
    await connect(request, 'read', 'admin', 'write');
    for (const one of [again, second]) {
      expect(await one.result()).toMatchObject({ grantedScopes: ['read', 'admin', 'write'] });
    }
  });

  test('where a backend is refused it hears so: the request ends', async () => {
    const { wanted } = granted('read');
    const request = await world.connections.ensureConnection({ ...wanted, scopes: ['write'] });
    if (request.kind !== 'request') throw new Error('connected already');
    const { id } = request.ref;
    const link = await request.connectLink();
    const second = await world.start(waitFor, { ...wanted, scopes: ['admin'] });
    await eventually(async () => ((await viewOf(id)).subscribers === 2 ? true : undefined));
    const { connectionId } = world.nango.complete(link, { as: 'anna', grant: ['read', 'other'] });
    await world.client.workflow.getHandle(id).signal('nango.hint', { source: 'webhook', connectionId });
    expect(await failureOf(request.result())).toMatchObject({
      type: 'Nango.ScopesMissing',
      scopes: expect.arrayContaining(['write']) as string[],
    });
    expect(await failureOf(second.result())).toMatchObject({ type: 'Nango.ScopesMissing', scopes: ['admin'] });
  });
});

describe('who has said no is not asked again on the same day', () => {
  async function declined(scopes: string[]) {
    const { wanted, request } = granted('read');
    const waiting = await world.start(waitFor, { ...wanted, scopes });
    const { firstExecutionRunId = '' } = await approvalOf(request);
    await world.notified(request, 'opened');
    await world.connections.request({ id: request, firstExecutionRunId }).decline();
    await failureOf(waiting.result());
    return wanted;
  }

  test.each([
    ['email', 'https://www.googleapis.com/auth/userinfo.email'],
    ['Mail.Send', 'https://graph.microsoft.com/mail.send'],
  ])('for %s by another of its names', async (scope, other) => {
    const wanted = await declined([scope]);
    expect(await failureOf(world.execute(waitFor, { ...wanted, scopes: [other] }))).toMatchObject({
      type: 'Nango.ConnectionDeclined',
    });
    const others = await world.start(waitFor, { ...wanted, scopes: ['other'] });
    await approvalOf(`nango/default/hubspot/u:${wanted.endUser.id}`);
    await others.cancel();
  });

  test('for so many that no memo holds them: for none of them', async () => {
    const scopes = Array.from({ length: 20 }, (_, i) => `scope-${i}-`.padEnd(100, 's'));
    const wanted = await declined(scopes);
    expect(await failureOf(world.execute(waitFor, { ...wanted, scopes: scopes.slice(-1) }))).toMatchObject({
      type: 'Nango.ConnectionDeclined',
    });
  });
});

test.each(doors.filter(([name]) => name !== 'the workflow'))(
  '%s: an adopted connection has to have them, too',
  async (_, ensure) => {
    const id = `u_${++person}`;
    const connectionId = `c-${id}`;
    world.nango.addConnection({ integration: 'hubspot', connectionId, credentials: oauth('read') });
    const wanted = { integration: 'hubspot', endUser: { id }, adopt: connectionId, scopes: ['write'] };
    const waiting = ensure(wanted);
    const request = `nango/default/hubspot/u:${id}`;
    await approvalOf(request);
    await connect(request, 'read', 'write');
    expect(await waiting).toMatchObject({ connectionId, grantedScopes: ['read', 'write'] });
  },
);

test('while somebody is asked to connect anew: whoever names more waits with them; whoever comes later has what was granted', async () => {
  const { connectionId, wanted, request, id } = granted('read');
  const since = Date.now();
  const anew = await world.connections.ensureConnection({ ...wanted, reconnect: connectionId });
  const more = await world.connections.ensureConnection({ ...wanted, scopes: ['write'] });
  expect([anew.kind, more.kind]).toEqual(['request', 'request']);
  expect(await byClient(wanted)).toMatchObject({ connectionId });
  await connect(request, 'read', 'write');
  if (more.kind === 'request') expect(await more.result()).toMatchObject({ grantedScopes: ['read', 'write'] });
  expect(nowAtNango(connectionId).connectionConfig).toMatchObject({ oauth_scopes_override: ['read', 'write'] });

  // Somebody whose response was lost in a crash joins again.
  const place = { client: world.client, taskQueue: 'nango', environment: 'default' };
  const subject = { integration: 'hubspot', owner: { endUser: { id } } };
  const again = async (scopes: string[]) => {
    const join = { joinId: 'again', reconnect: connectionId, scopes };
    return await joinRequest(place, subject, join, { ignoreCoolDown: false, at: Date.now(), since });
  };
  expect(await again(['write'])).toMatchObject({ status: 'connected' });
  expect(await again(['delete'])).toMatchObject({ status: 'pending' });
});
